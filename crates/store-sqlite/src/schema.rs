use rusqlite::Connection;

/// Every step of the schema; `PRAGMA user_version` counts those that a file has taken.
/// A released step never changes.
pub(crate) const MIGRATIONS: [&str; 4] = [
    include_str!("schema/0001_start.sql"),
    include_str!("schema/0002_operations.sql"),
    include_str!("schema/0003_tree.sql"),
    include_str!("schema/0004_history.sql"),
];

pub(crate) fn version(connection: &Connection) -> rusqlite::Result<usize> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Takes the steps after `from`, each whole or not at all.
pub(crate) fn migrate(connection: &mut Connection, from: usize) -> rusqlite::Result<()> {
    for (step, sql) in MIGRATIONS.iter().enumerate().skip(from) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", step + 1)?;
        transaction.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;
    use crate::{OpenError, Options, SqliteStore};

    #[test]
    fn every_earlier_schema_opens_as_the_newest() {
        for earlier in 0..=MIGRATIONS.len() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("server.db");
            write_schema(&path, earlier);
            drop(SqliteStore::open(&Options::new(&path)).unwrap());
            assert_eq!(version(&Connection::open(&path).unwrap()).unwrap(), MIGRATIONS.len());
        }
    }

    /// A command beside a server of another version changes nothing.
    #[test]
    fn only_who_may_migrates_or_makes_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("server.db");
        let as_it_is = Options { migrate: false, ..Options::new(&path) };
        assert!(matches!(SqliteStore::open(&as_it_is).unwrap_err(), OpenError::Sqlite { .. }));
        assert!(!path.exists());
        write_schema(&path, 1);
        let before = std::fs::read(&path).unwrap();
        let error = SqliteStore::open(&as_it_is).unwrap_err();
        assert!(matches!(error, OpenError::Outdated { found: 1, .. }), "{error}");
        assert!(std::fs::read(&path).unwrap() == before, "the file was changed");
        drop(SqliteStore::open(&Options::new(&path)).unwrap());
        drop(SqliteStore::open(&as_it_is).unwrap());
    }

    #[test]
    fn a_file_of_a_newer_server_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("server.db");
        let newer = MIGRATIONS.len() + 1;
        Connection::open(&path).unwrap().pragma_update(None, "user_version", newer).unwrap();
        let error = SqliteStore::open(&Options::new(&path)).unwrap_err();
        assert!(matches!(error, OpenError::UpdateNeeded { found, .. } if found == newer));
        assert_eq!(version(&Connection::open(&path).unwrap()).unwrap(), newer);
    }

    fn write_schema(path: &std::path::Path, steps: usize) {
        let connection = Connection::open(path).unwrap();
        for sql in MIGRATIONS.iter().take(steps) {
            connection.execute_batch(sql).unwrap();
        }
        connection.pragma_update(None, "user_version", steps).unwrap();
    }
}
