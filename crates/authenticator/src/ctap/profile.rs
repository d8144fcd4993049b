//! What kind of device this is.

use crate::{AuthenticatorClass, BackupEligibility};

/// What a device is built and set up as; none of it changes while it runs.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its make and model.
    pub aaguid: [u8; 16],
    /// Whether its new credentials follow the person.
    pub eligibility: BackupEligibility,
    /// How platforms reach it.
    pub transports: Vec<Transport>,
    /// Its firmware's version, rising with each release.
    pub firmware_version: u64,
}

impl Profile {
    /// A device on USB whose credentials follow the person.
    pub fn synced() -> Self {
        Self {
            aaguid: AuthenticatorClass::Synced.aaguid(),
            eligibility: BackupEligibility::Synced,
            transports: vec![Transport::Usb],
            firmware_version: 1,
        }
    }
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
