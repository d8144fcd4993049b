use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use rand_core::CryptoRng;
use roamkey_proto::{AccountId, Time};
use roamkey_realm::{Command, Effect, Mark, Outcome, Realm, Refusal, Run, Step};
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use crate::{OpenError, files::Files};

/// A realm on its folder.
#[derive(Debug)]
pub struct RealmStore {
    accounts: Mutex<Connection>,
    marks: Mutex<Connection>,
    realm: Realm,
}

/// Why a command was not carried out. Nothing came of it, and it may be tried again.
#[derive(Debug, thiserror::Error)]
#[error("the realm's files cannot be read or written")]
pub struct StoreError(#[from] rusqlite::Error);

impl RealmStore {
    /// Opens a folder, and makes it if it is not there.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(folder: &Path, origin: &str, rng: &mut impl CryptoRng) -> Result<Self, OpenError> {
        Files::open(folder, origin, false, rng).map(Self::on)
    }

    /// As [`open`](Self::open), for an operator who says that the marks are lost: guesses that were made since the backup from which
    /// the accounts come are forgotten.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open_without_marks(folder: &Path, origin: &str, rng: &mut impl CryptoRng) -> Result<Self, OpenError> {
        Files::open(folder, origin, true, rng).map(Self::on)
    }

    fn on(files: Files) -> Self {
        Self { accounts: Mutex::new(files.accounts), marks: Mutex::new(files.marks), realm: files.realm }
    }

    /// Returns the realm, which commands name.
    #[must_use]
    pub fn realm(&self) -> &Realm {
        &self.realm
    }

    /// Carries a command out; what comes of it is synced to both files.
    ///
    /// # Errors
    /// [`StoreError`]; what the realm refuses is within.
    pub fn run<C: Command>(
        &self,
        account: AccountId,
        command: C,
        now: Time,
    ) -> Result<Result<C::Output, Refusal>, StoreError> {
        let mut run = Run::new(account, command, now);
        loop {
            let outcome = self.apply(account, run.effect())?;
            match run.handle(outcome) {
                Step::Next(next) => run = next,
                Step::Done(result) => return Ok(result),
            }
        }
    }

    fn apply(&self, account: AccountId, effect: Effect) -> Result<Outcome, StoreError> {
        Ok(match effect {
            Effect::Load => Outcome::Loaded { row: self.row(account)?, mark: self.mark(account)? },
            Effect::Save { over, revision, row } => match self.save(account, over, revision, &row)? {
                true => Outcome::Saved,
                false => Outcome::Conflict,
            },
            Effect::Raise(mark) => {
                self.raise(account, mark)?;
                Outcome::Raised
            }
        })
    }

    fn row(&self, account: AccountId) -> rusqlite::Result<Option<Vec<u8>>> {
        lock(&self.accounts)
            .prepare_cached("SELECT kept FROM accounts WHERE account = ?1")?
            .query_row([account.as_bytes()], |row| row.get(0))
            .optional()
    }

    /// Writes a row in the place of the one with revision `over`; tells whether that one was there.
    fn save(&self, account: AccountId, over: u64, revision: u64, row: &[u8]) -> rusqlite::Result<bool> {
        let accounts = lock(&self.accounts);
        let written = match over {
            0 => accounts
                .prepare_cached(
                    "INSERT INTO accounts (account, revision, kept) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                )?
                .execute(params![account.as_bytes(), revision, row])?,
            over => accounts
                .prepare_cached("UPDATE accounts SET revision = ?2, kept = ?3 WHERE account = ?1 AND revision = ?4")?
                .execute(params![account.as_bytes(), revision, row, over])?,
        };
        Ok(written == 1)
    }

    fn mark(&self, account: AccountId) -> rusqlite::Result<Mark> {
        mark(&lock(&self.marks), account)
    }

    fn raise(&self, account: AccountId, raised: Mark) -> rusqlite::Result<()> {
        let mut marks = lock(&self.marks);
        let transaction = marks.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let joined = mark(&transaction, account)?.join(raised);
        transaction
            .prepare_cached(
                "INSERT INTO marks (account, number, evaluated, forgiven) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (account) DO UPDATE
                 SET number = excluded.number, evaluated = excluded.evaluated, forgiven = excluded.forgiven",
            )?
            .execute(params![account.as_bytes(), joined.number, joined.evaluated, joined.forgiven])?;
        transaction.commit()
    }
}

fn mark(connection: &Connection, account: AccountId) -> rusqlite::Result<Mark> {
    let found = connection
        .prepare_cached("SELECT number, evaluated, forgiven FROM marks WHERE account = ?1")?
        .query_row([account.as_bytes()], |row| {
            Ok(Mark { number: row.get(0)?, evaluated: row.get(1)?, forgiven: row.get(2)? })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}
