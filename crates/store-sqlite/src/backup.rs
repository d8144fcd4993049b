//! Copies of a database: taken while it serves, and put back.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, backup::Backup};

use crate::check::{CheckError, check};

/// Why a copy was not made. What was there before is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// There is a file in the place of the copy.
    #[error("{path} is there already")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The source cannot be read, or the copy not be written.
    #[error("cannot copy the database {path}")]
    Copy {
        /// The source.
        path: PathBuf,
        /// What SQLite says.
        #[source]
        source: rusqlite::Error,
    },
    /// The file system refuses.
    #[error("cannot write {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The copy cannot be checked.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// The source is not whole, so its copy is not either.
    #[error("the database is damaged: {}", faults.join("; "))]
    Damaged {
        /// What is wrong.
        faults: Vec<String>,
    },
}

/// Copies a database as of one moment while a server writes to it. The copy is checked before it
/// gets its name.
///
/// # Errors
/// Every variant of [`BackupError`].
pub fn backup(from: &Path, to: &Path) -> Result<(), BackupError> {
    place(from, to)
}

/// Puts a copy in the place of a database that is not there: the server is stopped, and what was
/// left of the old one is moved away, with its `-wal` and `-shm`.
///
/// # Errors
/// Every variant of [`BackupError`].
pub fn restore(from: &Path, to: &Path) -> Result<(), BackupError> {
    for rest in [beside(to, "-wal"), beside(to, "-shm")] {
        // A log of another database would be played into this one.
        refuse_existing(&rest)?;
    }
    place(from, to)
}

fn place(from: &Path, to: &Path) -> Result<(), BackupError> {
    refuse_existing(to)?;
    let parts = beside(to, ".part");
    let _ = fs::remove_file(&parts);
    let placed = write(from, &parts).and_then(|()| keep(&parts, to));
    if placed.is_err() {
        // There is nothing to do about a part that cannot be removed; its name says what it is.
        let _ = fs::remove_file(&parts);
    }
    placed
}

fn write(from: &Path, to: &Path) -> Result<(), BackupError> {
    let failed = |source| BackupError::Copy { path: from.to_owned(), source };
    let unwritable = |source| BackupError::File { path: to.to_owned(), source };
    // It holds the key of the server's receipts.
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(to).map_err(unwritable)?;
    copy(from, to).map_err(failed)?;
    match check(to)? {
        faults if faults.is_empty() => Ok(()),
        faults => Err(BackupError::Damaged { faults }),
    }
}

fn copy(from: &Path, to: &Path) -> rusqlite::Result<()> {
    let source = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    source.busy_timeout(BUSY)?;
    let mut target = Connection::open(to)?;
    // One transaction on the source: the copy is of one moment, however long it takes.
    let moment = source.unchecked_transaction()?;
    // It begins with its first read; before that each step of the copy would be one of its own, and a writer between two
    // of them would send the copy back to its first page.
    moment.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Backup::new(&moment, &mut target)?.run_to_completion(PAGES, Duration::ZERO, None)?;
    moment.finish()?;
    // The copy is one file, and stays one while nobody serves from it.
    target.pragma_update(None, "journal_mode", "DELETE")
}

/// Makes sure that the copy is on the disk, and gives it its name.
fn keep(parts: &Path, to: &Path) -> Result<(), BackupError> {
    let failed = |source| BackupError::File { path: to.to_owned(), source };
    File::open(parts).and_then(|file| file.sync_all()).map_err(failed)?;
    // Unlike a rename, a link does not replace what someone put there meanwhile.
    fs::hard_link(parts, to).map_err(failed)?;
    fs::remove_file(parts).map_err(failed)?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}

fn refuse_existing(path: &Path) -> Result<(), BackupError> {
    match path.try_exists() {
        Ok(false) => Ok(()),
        Ok(true) => Err(BackupError::Exists { path: path.to_owned() }),
        Err(source) => Err(BackupError::File { path: path.to_owned(), source }),
    }
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Pages between two looks at whether to go on: the source is not locked either way.
const PAGES: i32 = 4_096;

const BUSY: Duration = Duration::from_secs(10);
