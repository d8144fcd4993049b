use std::{fs, io, path::Path, time::Duration};

use rand_core::CryptoRng;
use roamkey_realm::Realm;
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use crate::{KeyError, key};

/// Why a realm's folder does not open.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The folder cannot be made.
    #[error("the folder cannot be made")]
    Folder(#[source] io::Error),
    /// A file of it does not open.
    #[error("a file of the realm does not open")]
    Sqlite(#[from] rusqlite::Error),
    /// The key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// There are accounts, and the key that they were kept with is gone: bring it back. A new one would help with no PIN.
    #[error("the realm's key is gone; bring it back from where it was kept")]
    KeyGone,
    /// There are accounts, and the marks are gone, or are those of another realm. Bring them back. If they are lost, say so: guesses that
    /// were made since the newest backup are forgotten then.
    #[error("the marks of this realm are gone, or are another realm's")]
    MarksGone,
    /// The files were written by a newer version.
    #[error("the files have version {found}, this program knows {VERSION}: update")]
    UpdateNeeded {
        /// Theirs.
        found: u32,
    },
    /// The origin is longer than a registration may name.
    #[error("the origin is too long")]
    Origin,
}

/// The opened files.
#[derive(Debug)]
pub(crate) struct Files {
    pub(crate) accounts: Connection,
    pub(crate) marks: Connection,
    pub(crate) realm: Realm,
}

impl Files {
    pub(crate) fn open(
        folder: &Path,
        origin: &str,
        marks_are_lost: bool,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, OpenError> {
        fs::create_dir_all(folder).map_err(OpenError::Folder)?;
        let mut accounts = connect(&folder.join("accounts.db"), ACCOUNTS)?;
        let mut marks = connect(&folder.join("marks.db"), MARKS)?;
        let (ours, theirs) = (pair(&accounts)?, pair(&marks)?);
        if ours.is_some() && ours != theirs && !marks_are_lost {
            return Err(OpenError::MarksGone);
        }
        let path = folder.join("key");
        let key = match key::read(&path)? {
            Some(key) => key,
            None if ours.is_some() => return Err(OpenError::KeyGone),
            None => key::make(&path, rng)?,
        };
        let both = ours.or(theirs).unwrap_or_else(|| {
            let mut drawn = [0; 16];
            rng.fill_bytes(&mut drawn);
            drawn
        });
        // The marks first: accounts that name a pair have their marks.
        put_pair(&mut marks, both)?;
        put_pair(&mut accounts, both)?;
        let realm = Realm::new(origin, key).map_err(|_| OpenError::Origin)?;
        Ok(Self { accounts, marks, realm })
    }
}

/// Opens a file so that what is committed survives a power cut.
fn connect(path: &Path, schema: &str) -> Result<Connection, OpenError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > VERSION {
        return Err(OpenError::UpdateNeeded { found });
    }
    connection.execute_batch(schema)?;
    connection.pragma_update(None, "user_version", VERSION)?;
    Ok(connection)
}

/// What the two files have in common.
fn pair(connection: &Connection) -> rusqlite::Result<Option<[u8; 16]>> {
    connection.query_row("SELECT id FROM pair", [], |row| row.get(0)).optional()
}

fn put_pair(connection: &mut Connection, pair: [u8; 16]) -> rusqlite::Result<()> {
    let transaction: Transaction<'_> = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute(
        "INSERT INTO pair (only, id) VALUES (1, ?1) ON CONFLICT (only) DO UPDATE SET id = excluded.id",
        params![pair],
    )?;
    transaction.commit()
}

/// How long one process waits for another's transaction.
const BUSY: Duration = Duration::from_secs(10);

const VERSION: u32 = 1;

const ACCOUNTS: &str = "
    CREATE TABLE IF NOT EXISTS pair (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        id   BLOB NOT NULL CHECK (length(id) = 16)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS accounts (
        account  BLOB PRIMARY KEY CHECK (length(account) = 32),
        revision INTEGER NOT NULL CHECK (revision >= 1),
        kept     BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;";

const MARKS: &str = "
    CREATE TABLE IF NOT EXISTS pair (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        id   BLOB NOT NULL CHECK (length(id) = 16)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS marks (
        account   BLOB PRIMARY KEY CHECK (length(account) = 32),
        number    INTEGER NOT NULL CHECK (number >= 0),
        evaluated INTEGER NOT NULL CHECK (evaluated >= 0),
        forgiven  INTEGER NOT NULL CHECK (forgiven >= 0)
    ) STRICT, WITHOUT ROWID;";
