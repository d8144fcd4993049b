//! What a device's owner learns, and its platform does not.

use super::{BadState, Status};
use crate::{BadPrivateKey, CommandError};

/// A store's failure.
#[derive(Debug, thiserror::Error)]
pub enum Fault<C, S> {
    /// The credential store failed.
    #[error("the credential store failed")]
    Credentials(#[source] C),
    /// The credential store handed out another credential than the one asked for. It was not used.
    #[error("the store answered with another credential than the one asked for")]
    Relabelled,
    /// A credential's key does not work, though its record is sound.
    #[error(transparent)]
    BadKey(#[from] BadPrivateKey),
    /// The store of the device's state failed.
    #[error("the store of the device's state failed")]
    State(#[source] S),
    /// What the store of the device's state keeps is damaged.
    #[error(transparent)]
    BadState(#[from] BadState),
}

/// Why a command did not succeed.
pub(super) enum Failure<C, S> {
    /// It was refused; the platform learns why.
    Refused(Status),
    /// A store failed; the owner learns why.
    Fault(Fault<C, S>),
}

impl<C, S> From<Status> for Failure<C, S> {
    fn from(status: Status) -> Self {
        Self::Refused(status)
    }
}

impl<C, S> From<CommandError<C>> for Failure<C, S> {
    fn from(error: CommandError<C>) -> Self {
        match error {
            CommandError::Excluded => Self::Refused(Status::CredentialExcluded),
            CommandError::NoCredential => Self::Refused(Status::NoCredentials),
            CommandError::StoreFull => Self::Refused(Status::KeyStoreFull),
            CommandError::Relabelled => Self::Fault(Fault::Relabelled),
            CommandError::BadKey(error) => Self::Fault(Fault::BadKey(error)),
            CommandError::Storage(error) => Self::Fault(Fault::Credentials(error)),
        }
    }
}
