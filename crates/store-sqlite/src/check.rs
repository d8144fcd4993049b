//! Whether a file is whole.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::schema;

/// Why a file cannot be checked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// It cannot be opened, or is no database.
    #[error("cannot read the database {path}")]
    Open {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        #[source]
        source: rusqlite::Error,
    },
    /// It was written by a newer server.
    #[error("the database has schema version {found}, this server knows up to {known}: update the server")]
    UpdateNeeded {
        /// The version of the file.
        found: usize,
        /// The newest that this server knows.
        known: usize,
    },
}

/// Looks for damage: pages, rows and indexes, what refers to what is not there, and counts that are
/// not those of the rows. Returns what is wrong, each with the table where there is one. A server
/// may serve from the file meanwhile.
///
/// # Errors
/// Every variant of [`CheckError`].
pub fn check(path: &Path) -> Result<Vec<String>, CheckError> {
    let failed = |source| CheckError::Open { path: path.to_owned(), source };
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(failed)?;
    let found = schema::version(&connection).map_err(failed)?;
    let known = schema::MIGRATIONS.len();
    if found > known {
        return Err(CheckError::UpdateNeeded { found, known });
    }
    let mut faults = Vec::new();
    for table in tables(&connection).map_err(failed)? {
        damage(&connection, &table, &mut faults);
    }
    // On damaged pages the rest would find nothing or everything.
    if faults.is_empty() {
        collect(&connection, "PRAGMA integrity_check(20)", "the file", &mut faults);
        collect(&connection, DANGLING, "rows", &mut faults);
        if found == known {
            collect(&connection, MISCOUNTED, "accounts", &mut faults);
        }
    }
    Ok(faults)
}

fn tables(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut select = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?;
    select.query_map([], |row| row.get(0))?.collect()
}

fn damage(connection: &Connection, table: &str, faults: &mut Vec<String>) {
    let sql = format!("PRAGMA integrity_check(\"{table}\")");
    collect(connection, &sql, &format!("table {table}"), faults);
}

/// Runs a statement whose rows say what is wrong, or `ok`.
fn collect(connection: &Connection, sql: &str, place: &str, faults: &mut Vec<String>) {
    let found: rusqlite::Result<Vec<String>> = (|| {
        let mut statement = connection.prepare(sql)?;
        statement.query_map([], |row| row.get(0))?.collect()
    })();
    match found {
        Ok(lines) => {
            faults.extend(lines.into_iter().filter(|line| line != "ok").map(|line| format!("{place}: {line}")))
        }
        Err(error) => faults.push(format!("{place}: {error}")),
    }
}

const DANGLING: &str =
    "SELECT \"table\" || ' has a row that belongs to no row of ' || parent FROM pragma_foreign_key_check";

const MISCOUNTED: &str = "
    SELECT lower(hex(a.account)) || ' is said to hold ' || a.records || ' records of ' || a.record_bytes
        || ' bytes and holds ' || count(r.item) || ' of ' || coalesce(sum(length(r.record)), 0)
    FROM accounts a LEFT JOIN records r ON r.account = a.account
    GROUP BY a.account HAVING a.records <> count(r.item) OR a.record_bytes <> coalesce(sum(length(r.record)), 0)";
