use roamkey_server_store::StoreError;
use tokio_postgres::{Error, error::SqlState};

/// Why one try of a change or a read came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The database or the way to it.
    #[error("the database says: {}", says(.0))]
    Database(#[from] Error),
    /// Someone else was first; the next try sees what they did.
    #[error("another transaction was first")]
    Overtaken,
    /// A value that this program does not write.
    #[error("the column {0} holds what it should not")]
    Corrupt(&'static str),
    /// No connection was free, or an answer did not come in its time.
    #[error("no answer in time")]
    Late,
}

/// What helps against a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cure {
    /// Another try on the same connection: the transaction is undone, or it is done and will be recognised.
    TryAgain,
    /// Another try on a new connection, perhaps to another host.
    Reconnect,
    /// Waiting: the disk is full, the database is not there.
    Wait,
    /// Nothing: a bug.
    None,
}

impl Failure {
    pub(crate) fn cure(&self) -> Cure {
        match self {
            Self::Overtaken => Cure::TryAgain,
            Self::Corrupt(_) => Cure::None,
            Self::Late => Cure::Reconnect,
            Self::Database(error) => match error.code() {
                Some(state) => cure(state),
                // The connection broke, or there never was one.
                None => Cure::Reconnect,
            },
        }
    }

    pub(crate) fn into_error(self) -> StoreError {
        match self.cure() {
            Cure::None => StoreError::Internal(Box::new(self)),
            _ => StoreError::Unavailable(Box::new(self)),
        }
    }
}

/// What helps against an error of the database.
pub(crate) fn cure(state: &SqlState) -> Cure {
    let again = [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        // CockroachDB's word for a commit whose outcome it does not know.
        SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN,
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::QUERY_CANCELED,
    ];
    let elsewhere = [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        // A standby: the primary is another host by now.
        SqlState::READ_ONLY_SQL_TRANSACTION,
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
        // A statement that was prepared before the schema moved on, or on another machine behind a pooler.
        SqlState::FEATURE_NOT_SUPPORTED,
        SqlState::INVALID_SQL_STATEMENT_NAME,
        // A connection that was left inside a transaction.
        SqlState::ACTIVE_SQL_TRANSACTION,
        SqlState::IN_FAILED_SQL_TRANSACTION,
    ];
    let class = state.code().get(..2).unwrap_or_default();
    match class {
        _ if again.contains(state) => Cure::TryAgain,
        _ if elsewhere.contains(state) => Cure::Reconnect,
        // Connection exceptions.
        "08" => Cure::Reconnect,
        // Insufficient resources, a system error; who may connect, and to what, is for the operator to mend.
        "53" | "58" | "28" | "3D" => Cure::Wait,
        _ => Cure::None,
    }
}

/// The driver's own text leaves out what the database said.
fn says(error: &Error) -> String {
    match error.as_db_error() {
        // Its detail could hold a row's values; the message names columns and constraints at most.
        Some(error) => format!("{} ({})", error.message(), error.code().code()),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_undone_or_recognised_is_tried_again() {
        let cures = [
            ("40001", Cure::TryAgain),
            ("40P01", Cure::TryAgain),
            ("40003", Cure::TryAgain),
            ("57P01", Cure::Reconnect),
            ("57P03", Cure::Reconnect),
            ("25006", Cure::Reconnect),
            ("08006", Cure::Reconnect),
            ("53100", Cure::Wait),
            ("58030", Cure::Wait),
            ("23505", Cure::None),
            ("23514", Cure::None),
            ("42P01", Cure::None),
        ];
        for (code, expected) in cures {
            assert_eq!(cure(&SqlState::from_code(code)), expected, "{code}");
        }
    }
}
