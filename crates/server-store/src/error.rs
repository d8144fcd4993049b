use core::{future::Future, pin::Pin};

/// What a method of the store gives: boxed, so that a server picks its backend at start.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Why the store could not do its work. Nothing of the request was kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// It cannot at the moment: the disk is full or gone, the database is shut. Trying later helps.
    #[error("the store is not available")]
    Unavailable(#[source] Box<dyn core::error::Error + Send + Sync>),
    /// What is stored is not what this program writes, or a statement is wrong: a bug.
    #[error("the store is at fault")]
    Internal(#[source] Box<dyn core::error::Error + Send + Sync>),
}
