//! What a person was asked and answered, for one request.

use std::fmt;

use crate::{WebauthnError, webauthn::UserVerification};

/// A person's answer to one request.
///
/// It names the request it was given for, so that an answer kept across a restart, or mixed up with another tab's, cannot
/// release a different signature.
#[derive(Clone, Copy, Debug)]
pub struct Consent {
    /// The request that was put before the person, from its prompt.
    pub request: RequestId,
    /// Whether the person agreed.
    pub presence: Presence,
    /// Whether the person was verified while answering.
    pub verification: Verification,
}

impl Consent {
    /// Checks that the person agreed to this very request, verified if it must be.
    ///
    /// # Errors
    /// [`WebauthnError::NotAllowed`] if not; [`WebauthnError::Abort`] if the page withdrew the request.
    pub fn accept(self, request: &RequestId, verification: UserVerification) -> Result<Accepted, WebauthnError> {
        if !mutant!("consent.for-this-request", self.request == *request) {
            return Err(WebauthnError::NotAllowed("the consent is for another request"));
        }
        match self.presence {
            Presence::Given => {}
            Presence::Refused => return Err(WebauthnError::NotAllowed("the person declined")),
            Presence::Aborted => return Err(WebauthnError::Abort),
        }
        let is_verified = verification != UserVerification::Required || self.verification == Verification::Performed;
        if !mutant!("consent.verified-where-required", is_verified) {
            return Err(WebauthnError::NotAllowed("the person was not verified"));
        }
        Ok(Accepted { verification: self.verification })
    }
}

/// Proof that the person agreed to the request at hand, with which to make a credential or to sign in.
#[derive(Clone, Copy, Debug)]
pub struct Accepted {
    verification: Verification,
}

impl Accepted {
    /// Whether the person was verified.
    pub fn verification(self) -> Verification {
        self.verification
    }
}

/// What allows a signature: a person's agreement, or a platform's wish to look without asking anyone.
#[derive(Clone, Copy, Debug)]
pub enum Approval {
    /// The person agreed.
    Given(Accepted),
    /// Nobody was asked (CTAP's option `up` is false): the UP flag is 0, and no site takes it for a sign-in.
    Silent(Verification),
}

impl Approval {
    /// Whether the person was verified.
    pub fn verification(self) -> Verification {
        match self {
            Self::Given(accepted) => accepted.verification(),
            Self::Silent(verification) => verification,
        }
    }
}

impl From<Accepted> for Approval {
    fn from(accepted: Accepted) -> Self {
        Self::Given(accepted)
    }
}

/// Whether a person agreed to the request: the UP flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The person agreed by a deliberate act.
    Given,
    /// The person declined, or did not answer in time.
    Refused,
    /// The page withdrew the request while the person was asked.
    Aborted,
}

/// Whether a person was verified within this request: the UV flag.
///
/// Record what happened, not what was configured: unlocking the vault for this request counts, a vault that was already
/// open does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verification {
    /// A check (platform biometrics, passphrase, PIN) was made for this request and passed.
    Performed,
    /// No check was made, or it did not pass.
    NotPerformed,
}

/// The identity of one request: the SHA-256 of its client data.
///
/// The client data holds the ceremony, the challenge and the origin, and is what will be signed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RequestId([u8; Self::LEN]);

impl RequestId {
    /// The length in bytes.
    pub const LEN: usize = 32;

    /// Takes back an id that was kept while a person was asked.
    pub fn from_bytes(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    /// The bytes, to keep while a person is asked.
    pub fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestId(")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}
