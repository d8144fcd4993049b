//! Where a device keeps its things: sealed rows in tables.

#[cfg(feature = "contract")]
pub mod contract;
mod memory;

pub use memory::MemoryStore;
use roamkey_sync::{Batch, StoreKey, Table};

/// A key-value store with tables and atomic batches.
///
/// Everything secret arrives sealed; a store never sees plaintext. The functions of `contract`
/// (feature `contract`) say in tests what a backend must do.
#[expect(async_fn_in_trait, reason = "browsers' futures are not Send, and no caller needs them to be")]
pub trait LocalStore {
    /// Reads rows, in the order asked for and as of one moment.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn load(&self, keys: &[StoreKey]) -> Result<Vec<Option<Vec<u8>>>, StoreError>;

    /// Reads rows of a table in the order of their keys: those with a key greater than `after`, or
    /// from the first on, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn scan(&self, table: Table, after: Option<&[u8]>, limit: usize) -> Result<Vec<Row>, StoreError>;

    /// Writes all of a batch or nothing, and returns when it is durable.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was written then.
    async fn apply(&self, batch: Batch) -> Result<(), StoreError>;

    /// Removes every row of every table.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was removed then.
    async fn clear(&self) -> Result<(), StoreError>;
}

/// A row of a table: its key and its value.
pub type Row = (Vec<u8>, Vec<u8>);

/// Why a store did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no room to write: make some. Nothing was written.
    #[error("the disk is full")]
    Full,
    /// What is there cannot be read: it is damaged, or not ours.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// It was written by a newer version: update.
    #[error("the store was written by a newer version")]
    UpdateNeeded,
    /// The system refused, for a reason that may pass.
    #[error("the store cannot be used: {0}")]
    Unavailable(String),
}
