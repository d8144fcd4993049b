use tokio_postgres::{Error, error::SqlState};

use crate::{
    failure::Failure,
    row::{int, number},
    session::Session,
    work::Work,
};

/// Every step of the schema; the table `roamkey_schema` counts those that a database has taken.
/// A released step never changes.
pub(crate) const MIGRATIONS: [&str; 3] = [
    include_str!("schema/0001_start.sql"),
    include_str!("schema/0002_tree.sql"),
    include_str!("schema/0003_history.sql"),
];

/// Brings a database to the newest schema. The outcome is its version, which may be newer than ours.
pub(crate) struct Migrate;

impl Work for Migrate {
    type Outcome = usize;

    async fn attempt(&mut self, session: &Session) -> Result<usize, Failure> {
        session.batch(COUNTER).await.map_err(made_at_once)?;
        session.begin().await?;
        // Whoever holds the row takes the steps; others wait here and find them taken.
        let row = session.row_of("SELECT version FROM roamkey_schema FOR UPDATE", &[]).await?;
        let row = row.ok_or(Failure::Corrupt("version"))?;
        let found = usize::try_from(number(&row, 0)?).map_err(|_| Failure::Corrupt("version"))?;
        for sql in MIGRATIONS.iter().skip(found) {
            session.batch(sql).await?;
        }
        if found < MIGRATIONS.len() {
            let version = int(MIGRATIONS.len() as u64);
            session.execute_one("UPDATE roamkey_schema SET version = $1", &[&version]).await?;
        }
        session.commit().await?;
        Ok(found.max(MIGRATIONS.len()))
    }
}

/// Finds the version of a database and changes nothing: 0 where there is none.
pub(crate) struct Look;

impl Work for Look {
    type Outcome = usize;

    async fn attempt(&mut self, session: &Session) -> Result<usize, Failure> {
        let row = session.row_of("SELECT to_regclass('roamkey_schema') IS NOT NULL", &[]).await?;
        if !row.map_or(Ok(false), |row| row.try_get(0))? {
            return Ok(0);
        }
        let row = session.row_of("SELECT version FROM roamkey_schema", &[]).await?;
        let version = row.map_or(Ok(0), |row| number(&row, 0))?;
        usize::try_from(version).map_err(|_| Failure::Corrupt("version"))
    }
}

/// `IF NOT EXISTS` does not hold between two that look at the same time: one of them looks again.
fn made_at_once(error: Error) -> Failure {
    match error.code() {
        Some(&SqlState::UNIQUE_VIOLATION | &SqlState::DUPLICATE_TABLE | &SqlState::DUPLICATE_OBJECT) => {
            Failure::Overtaken
        }
        _ => error.into(),
    }
}

const COUNTER: &str = "
    CREATE TABLE IF NOT EXISTS roamkey_schema (
        id      BIGINT PRIMARY KEY CHECK (id = 1),
        version BIGINT NOT NULL CHECK (version >= 0)
    );
    INSERT INTO roamkey_schema (id, version) VALUES (1, 0) ON CONFLICT DO NOTHING";
