use std::thread;

use roamkey_server_store::StoreError;
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::failure::{failure, rolled_back, shut_down};

/// The one thread that writes, in batches: group commit.
#[derive(Debug)]
pub(crate) struct Writer {
    changes: Option<mpsc::Sender<Box<dyn Change>>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(connection: Connection) -> Result<Self, std::io::Error> {
        let (changes, queue) = mpsc::channel(QUEUE);
        let thread = thread::Builder::new().name("store-writer".into()).spawn(move || run(&connection, queue))?;
        Ok(Self { changes: Some(changes), thread: Some(thread) })
    }

    /// Runs a change in a savepoint and answers when it is durable. A change that returns an error
    /// leaves nothing behind.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let change = Pending { work: Some(work), outcome: None, answer };
        let changes = self.changes.as_ref().ok_or_else(shut_down)?;
        changes.send(Box::new(change)).await.map_err(|_| shut_down())?;
        answered.await.map_err(|_| shut_down())?
    }
}

impl Drop for Writer {
    /// Waits until what is queued is on the disk and the file is closed.
    fn drop(&mut self) {
        drop(self.changes.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the writing thread panicked");
        }
    }
}

/// A change on its way through a batch.
trait Change: Send {
    /// Does the work; tells whether it is to be kept.
    fn run(&mut self, connection: &Connection) -> bool;
    /// Answers: the batch is durable.
    fn committed(self: Box<Self>);
    /// Answers: nothing of the batch is kept.
    fn lost(self: Box<Self>);
}

struct Pending<W, T> {
    work: Option<W>,
    outcome: Option<rusqlite::Result<T>>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

impl<W, T> Change for Pending<W, T>
where
    W: FnOnce(&Connection) -> rusqlite::Result<T> + Send,
    T: Send,
{
    fn run(&mut self, connection: &Connection) -> bool {
        self.outcome = self.work.take().map(|work| work(connection));
        matches!(self.outcome, Some(Ok(_)))
    }

    fn committed(self: Box<Self>) {
        let result = self.outcome.map_or_else(|| Err(rolled_back()), |outcome| outcome.map_err(failure));
        // Whoever asked may be gone; the change stands all the same.
        let _ = self.answer.send(result);
    }

    fn lost(self: Box<Self>) {
        let error = match self.outcome {
            Some(Err(error)) => failure(error),
            _ => rolled_back(),
        };
        let _ = self.answer.send(Err(error));
    }
}

fn run(connection: &Connection, mut queue: mpsc::Receiver<Box<dyn Change>>) {
    let mut waiting = Vec::with_capacity(BATCH);
    while queue.blocking_recv_many(&mut waiting, BATCH) > 0 {
        let mut batch = waiting.drain(..);
        while batch.len() > 0 {
            transact(connection, &mut batch);
        }
    }
}

/// Runs changes in one transaction until they are all done or SQLite rolled it back by itself.
fn transact(connection: &Connection, changes: &mut impl Iterator<Item = Box<dyn Change>>) {
    let mut done = Vec::new();
    if let Err(error) = begin(connection) {
        tracing::error!(%error, "cannot begin a transaction");
        changes.for_each(Change::lost);
        return;
    }
    for mut change in changes {
        let kept = in_savepoint(connection, change.as_mut());
        done.push(change);
        // A full disk or a failed read can end the whole transaction, not only the savepoint.
        if kept.is_err() {
            // The savepoint may hold half a change: none of the batch is kept.
            let _ = execute(connection, "ROLLBACK");
        }
        if connection.is_autocommit() {
            break;
        }
    }
    finish(connection, done);
}

fn finish(connection: &Connection, done: Vec<Box<dyn Change>>) {
    let committed = match connection.is_autocommit() {
        true => Err(None),
        false => execute(connection, "COMMIT").map_err(Some),
    };
    match committed {
        Ok(()) => done.into_iter().for_each(Change::committed),
        Err(error) => {
            tracing::warn!(?error, changes = done.len(), "a batch was rolled back");
            if !connection.is_autocommit()
                && let Err(error) = execute(connection, "ROLLBACK")
            {
                tracing::error!(%error, "cannot roll back");
            }
            done.into_iter().for_each(Change::lost);
        }
    }
}

fn in_savepoint(connection: &Connection, change: &mut dyn Change) -> rusqlite::Result<()> {
    execute(connection, "SAVEPOINT change")?;
    if !change.run(connection) && !connection.is_autocommit() {
        execute(connection, "ROLLBACK TO change")?;
    }
    match connection.is_autocommit() {
        true => Ok(()),
        false => execute(connection, "RELEASE change"),
    }
}

fn begin(connection: &Connection) -> rusqlite::Result<()> {
    execute(connection, "BEGIN IMMEDIATE")
}

fn execute(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}

/// Changes in one transaction: more would make the first one wait without saving much.
const BATCH: usize = 256;

/// Changes that may wait; a caller beyond waits for a place.
const QUEUE: usize = 1024;
