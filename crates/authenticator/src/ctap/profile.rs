//! What kind of device this is.

use std::fmt;

use crate::{Attester, AuthenticatorClass, Enterprise};

/// What a device is built and set up as; none of it changes while it runs.
pub struct Profile {
    /// Its make and model, and whether its new credentials follow the person.
    pub class: AuthenticatorClass,
    /// How platforms reach it.
    pub transports: Vec<Transport>,
    /// Whether a platform may erase it.
    pub reset: ResetRule,
    /// Its firmware's version, rising with each release.
    pub firmware_version: u64,
    /// Who vouches for its credentials; where nobody does, they vouch for themselves.
    pub attester: Option<Box<dyn Attester>>,
    /// The organisation to whom it names itself, if there is one (`ep`).
    pub enterprise: Option<Enterprise>,
}

impl Profile {
    /// A device on USB that serves a person's vault. No platform may erase it: that would take the passkeys from all the
    /// person's devices.
    pub fn synced() -> Self {
        Self {
            class: AuthenticatorClass::Synced,
            transports: vec![Transport::Usb],
            reset: ResetRule::Refused,
            firmware_version: 1,
            attester: None,
            enterprise: None,
        }
    }

    /// Whether what platforms do here reaches everything a person has. The standard lets them do some of it without a word
    /// to the person, who is there to be asked.
    pub(super) fn is_vault(&self) -> bool {
        self.class == AuthenticatorClass::Synced
    }

    /// A device on USB with a store that forgets.
    pub fn ephemeral() -> Self {
        Self { class: AuthenticatorClass::Ephemeral, reset: ResetRule::Allowed, ..Self::synced() }
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile")
            .field("class", &self.class)
            .field("transports", &self.transports)
            .finish_non_exhaustive()
    }
}

/// Whether `authenticatorReset` is served (CTAP 2.3 section 6.6 leaves it to the transport).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetRule {
    /// Shortly after power-up and with a touch, as specified.
    Allowed,
    /// Not at all.
    Refused,
}

/// How a platform reaches a device, in the words of WebAuthn's `AuthenticatorTransport`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Transport {
    /// CTAPHID.
    Usb,
    /// A part of the platform.
    Internal,
    /// Another device of the person's.
    Hybrid,
}

impl Transport {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Usb => "usb",
            Self::Internal => "internal",
            Self::Hybrid => "hybrid",
        }
    }
}
