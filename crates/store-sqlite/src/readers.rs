use std::sync::{Arc, Mutex, PoisonError};

use roamkey_server_store::StoreError;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::Semaphore;

use crate::failure::{failure, shut_down};

/// Connections that only read; each read sees one moment.
#[derive(Debug)]
pub(crate) struct Readers {
    idle: Arc<Mutex<Vec<Connection>>>,
    /// As many permits as there are connections.
    free: Arc<Semaphore>,
}

impl Readers {
    pub(crate) fn connect(
        count: usize,
        connect: impl FnMut() -> rusqlite::Result<Connection>,
    ) -> rusqlite::Result<Self> {
        let idle: Vec<_> = std::iter::repeat_with(connect).take(count.max(1)).collect::<Result<_, _>>()?;
        Ok(Self { free: Arc::new(Semaphore::new(idle.len())), idle: Arc::new(Mutex::new(idle)) })
    }

    /// Runs a read in a transaction of its own, away from the threads that answer requests.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let permit = Arc::clone(&self.free).acquire_owned().await.map_err(|_| shut_down())?;
        let idle = Arc::clone(&self.idle);
        let task = tokio::task::spawn_blocking(move || {
            let mut connection = take(&idle).ok_or_else(shut_down)?;
            let result = transact(&mut connection, work).map_err(failure);
            put(&idle, connection);
            drop(permit);
            result
        });
        task.await.map_err(|error| StoreError::Internal(Box::new(error)))?
    }
}

fn transact<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
    let value = work(&transaction)?;
    transaction.finish()?;
    Ok(value)
}

fn take(idle: &Mutex<Vec<Connection>>) -> Option<Connection> {
    idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
}

fn put(idle: &Mutex<Vec<Connection>>, connection: Connection) {
    idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
}
