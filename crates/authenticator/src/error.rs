//! What can go wrong, by what the caller can do about it.

use crate::BadPrivateKey;

/// A ceremony that did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum Error<E> {
    /// The page gets the DOM exception that [`WebauthnError::dom_exception`] names.
    #[error(transparent)]
    Webauthn(#[from] WebauthnError),

    /// The store handed out a credential other than the one asked for. It was not used; the store is faulty or under
    /// attack, which the person should learn. The page gets a `NotAllowedError`, like for a credential that is not here.
    #[error("the store answered with another credential than the one asked for")]
    Relabelled,

    /// The store failed; the request may be repeated once it works again.
    #[error("the credential store failed")]
    Storage(#[source] E),
}

/// An authenticator command that did not succeed, whoever asked for it; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum CommandError<E> {
    /// A credential that the site excludes is here: `CTAP2_ERR_CREDENTIAL_EXCLUDED`, `InvalidStateError`.
    #[error("a credential that the site excludes is here")]
    Excluded,

    /// Nothing here may answer: `CTAP2_ERR_NO_CREDENTIALS`, `NotAllowedError`.
    #[error("no credential here may answer")]
    NoCredential,

    /// There is no room for another credential: `CTAP2_ERR_KEY_STORE_FULL`.
    #[error("there is no room for another credential")]
    StoreFull,

    /// As [`Error::Relabelled`].
    #[error("the store answered with another credential than the one asked for")]
    Relabelled,

    /// The credential's key does not work, though its record is sound: whoever wrote it was faulty.
    #[error(transparent)]
    BadKey(#[from] BadPrivateKey),

    /// The store failed; the request may be repeated once it works again.
    #[error("the credential store failed")]
    Storage(#[source] E),
}

impl<E> From<CommandError<E>> for Error<E> {
    fn from(error: CommandError<E>) -> Self {
        match error {
            CommandError::Excluded => WebauthnError::InvalidState.into(),
            CommandError::NoCredential => WebauthnError::NotAllowed("no credential for this request is here").into(),
            CommandError::StoreFull => WebauthnError::NotAllowed("there is no room for another credential").into(),
            CommandError::BadKey(_) => WebauthnError::NotAllowed("the credential's key does not work").into(),
            CommandError::Relabelled => Self::Relabelled,
            CommandError::Storage(error) => Self::Storage(error),
        }
    }
}

/// A ceremony's failure in the words of the WebAuthn standard; each variant is one DOM exception.
///
/// The reason is for a log: it holds nothing that the page or the person supplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebauthnError {
    /// `NotAllowedError`: refused, timed out, or nothing here can answer. The page may ask again later.
    #[error("not allowed: {0}")]
    NotAllowed(&'static str),
    /// `InvalidStateError`: the account already has a credential here. The page should offer signing in instead.
    #[error("a credential of this account is already here")]
    InvalidState,
    /// `SecurityError`: this origin may not use this relying party id.
    #[error("refused for security: {0}")]
    Security(&'static str),
    /// `NotSupportedError`: nothing of what the page asks for is supported.
    #[error("not supported: {0}")]
    NotSupported(&'static str),
    /// `SyntaxError`: an extension's input contradicts the request.
    #[error("bad extension input: {0}")]
    Syntax(&'static str),
    /// `EncodingError`: a member that should hold base64url does not.
    #[error("not base64url: {0}")]
    Encoding(&'static str),
    /// `TypeError`: the options are malformed.
    #[error("malformed options: {0}")]
    Type(&'static str),
    /// `AbortError`: the page withdrew the request.
    #[error("the page withdrew the request")]
    Abort,
}

impl WebauthnError {
    /// The name of the exception to raise in the page; `TypeError` is the one that is no `DOMException`.
    pub fn dom_exception(&self) -> &'static str {
        match self {
            Self::NotAllowed(_) => "NotAllowedError",
            Self::InvalidState => "InvalidStateError",
            Self::Security(_) => "SecurityError",
            Self::NotSupported(_) => "NotSupportedError",
            Self::Syntax(_) => "SyntaxError",
            Self::Encoding(_) => "EncodingError",
            Self::Type(_) => "TypeError",
            Self::Abort => "AbortError",
        }
    }
}
