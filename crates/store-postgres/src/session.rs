use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use tokio::task::JoinHandle;
use tokio_postgres::{Client, Error, Row, SimpleQueryMessage, Statement, error::SqlState, types::ToSql};

use crate::failure::{Cure, cure};

/// Values for a statement.
pub(crate) type Values<'a> = &'a [&'a (dyn ToSql + Sync)];

/// One connection, and the statements that it has prepared.
///
/// Statements that do not need each other's answers go out together: whoever polls several of these
/// futures in order (`try_join!(biased; ..)`) pays for one round trip. That holds only for
/// statements that are prepared, which is why they are by then.
pub(crate) struct Session {
    client: Client,
    statements: Mutex<HashMap<&'static str, Statement>>,
    /// Reads and writes the socket; ends with the client.
    driver: JoinHandle<()>,
}

impl Session {
    pub(crate) fn new(client: Client, driver: JoinHandle<()>) -> Self {
        Self { client, statements: Mutex::default(), driver }
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed() || self.driver.is_finished()
    }

    /// Prepares statements, those that are not yet.
    pub(crate) async fn prepare<const N: usize>(&self, sql: [&'static str; N]) -> Result<[Statement; N], Error> {
        for sql in sql {
            self.prepared(sql).await?;
        }
        let statements = self.statements.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(sql.map(|sql| statements.get(sql).expect("it was prepared just now").clone()))
    }

    async fn prepared(&self, sql: &'static str) -> Result<(), Error> {
        let lock = || self.statements.lock().unwrap_or_else(PoisonError::into_inner);
        if lock().contains_key(sql) {
            return Ok(());
        }
        let statement = self.client.prepare(sql).await?;
        lock().insert(sql, statement);
        Ok(())
    }

    /// Begins a transaction that changes something, at the isolation that the database is set to.
    pub(crate) async fn begin(&self) -> Result<(), Error> {
        self.client.batch_execute("BEGIN").await
    }

    /// Begins a transaction that reads as of one moment.
    pub(crate) async fn begin_read(&self) -> Result<(), Error> {
        self.client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await
    }

    /// Ends a transaction. When this is polled together with statements before it, one that failed
    /// turned it into a roll-back without a word: their errors come first.
    pub(crate) async fn commit(&self) -> Result<(), Error> {
        self.client.batch_execute("COMMIT").await
    }

    /// Ends a transaction, and notes whether it is in doubt that it was made: its answer did not come.
    pub(crate) async fn commit_noting(&self, in_doubt: &mut bool) -> Result<(), Error> {
        // Whoever waits may give up waiting.
        *in_doubt = true;
        let committed = self.commit().await;
        *in_doubt = committed.as_ref().is_err_and(leaves_doubt);
        committed
    }

    pub(crate) async fn rollback(&self) -> Result<(), Error> {
        self.client.batch_execute("ROLLBACK").await
    }

    /// Runs several statements without values.
    pub(crate) async fn batch(&self, sql: &str) -> Result<(), Error> {
        self.client.batch_execute(sql).await
    }

    /// The number of the process that serves this connection. Not prepared: a pooler may give it to another one.
    pub(crate) async fn process(&self) -> Result<Option<String>, Error> {
        let answers = self.client.simple_query("SELECT pg_backend_pid()").await?;
        let row = answers.into_iter().find_map(|answer| match answer {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        Ok(row.and_then(|row| row.get(0).map(str::to_owned)))
    }

    pub(crate) async fn rows(&self, statement: &Statement, values: Values<'_>) -> Result<Vec<Row>, Error> {
        self.client.query(statement, values).await
    }

    pub(crate) async fn row(&self, statement: &Statement, values: Values<'_>) -> Result<Option<Row>, Error> {
        self.client.query_opt(statement, values).await
    }

    pub(crate) async fn execute(&self, statement: &Statement, values: Values<'_>) -> Result<u64, Error> {
        self.client.execute(statement, values).await
    }

    /// Runs one statement: by itself it is a transaction.
    pub(crate) async fn execute_one(&self, sql: &'static str, values: Values<'_>) -> Result<u64, Error> {
        let [statement] = self.prepare([sql]).await?;
        self.execute(&statement, values).await
    }

    /// Asks one question: by itself it is a transaction.
    pub(crate) async fn row_of(&self, sql: &'static str, values: Values<'_>) -> Result<Option<Row>, Error> {
        let [statement] = self.prepare([sql]).await?;
        self.row(&statement, values).await
    }

    /// Asks one question: by itself it is a transaction.
    pub(crate) async fn rows_of(&self, sql: &'static str, values: Values<'_>) -> Result<Vec<Row>, Error> {
        let [statement] = self.prepare([sql]).await?;
        self.rows(&statement, values).await
    }
}

impl Drop for Session {
    /// Closes the socket at once: whoever gave up waiting leaves nothing behind that waits on.
    fn drop(&mut self) {
        self.driver.abort();
    }
}

/// Whether a commit that failed so may have been made: all but what the database itself refused.
fn leaves_doubt(error: &Error) -> bool {
    error
        .code()
        .is_none_or(|state| cure(state) == Cure::Reconnect || *state == SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN)
}
