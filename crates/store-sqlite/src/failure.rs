use roamkey_server_store::StoreError;
use rusqlite::ErrorCode;

/// Sorts SQLite's errors: a machine that cannot right now, or a bug.
pub(crate) fn failure(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(
            ErrorCode::DiskFull
            | ErrorCode::SystemIoFailure
            | ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::CannotOpen
            | ErrorCode::ReadOnly
            | ErrorCode::OutOfMemory,
        ) => StoreError::Unavailable(Box::new(error)),
        _ => StoreError::Internal(Box::new(error)),
    }
}

/// A thread of the store is gone.
#[derive(Debug, thiserror::Error)]
#[error("the store has shut down")]
pub(crate) struct ShutDown;

/// The batch that a change was in did not reach the disk; SQLite's own reason is with the first.
#[derive(Debug, thiserror::Error)]
#[error("the transaction was rolled back")]
pub(crate) struct RolledBack;

pub(crate) fn shut_down() -> StoreError {
    StoreError::Unavailable(Box::new(ShutDown))
}

pub(crate) fn rolled_back() -> StoreError {
    StoreError::Unavailable(Box::new(RolledBack))
}
