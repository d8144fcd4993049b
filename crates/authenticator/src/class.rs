//! Classes of authenticators: what sites may expect of a key, by its AAGUID.

use crate::BackupEligibility;

/// What kind of authenticator makes a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AuthenticatorClass {
    /// A person's vault: its keys follow the person.
    Synced,
    /// One device: its keys stay there.
    DeviceBound,
    /// A store that forgets.
    Ephemeral,
}

impl AuthenticatorClass {
    /// The make and model: the same for every copy, for it names the software and never a person or a device.
    pub fn aaguid(self) -> [u8; 16] {
        match self {
            Self::Synced => *b"\x52\xf7\xce\x54\x10\xa5\x41\x0e\xae\x84\xe4\x1a\x66\x71\x08\x77",
            Self::DeviceBound => *b"\x1c\x0b\x3f\x0e\x6d\x52\x4b\x6a\x9f\x1d\x27\xe5\x8a\xc4\x93\x2e",
            Self::Ephemeral => *b"\xe2\x94\x5d\x8b\x07\x3c\x4c\xf1\xb6\x58\x4f\xa1\x0d\x79\x6e\x35",
        }
    }

    /// Whether its keys may have copies.
    pub fn eligibility(self) -> BackupEligibility {
        match self {
            Self::Synced => BackupEligibility::Synced,
            Self::DeviceBound | Self::Ephemeral => BackupEligibility::ThisDeviceOnly,
        }
    }
}

/// The class that a person's choice for one credential asks for.
impl From<BackupEligibility> for AuthenticatorClass {
    fn from(eligibility: BackupEligibility) -> Self {
        match eligibility {
            BackupEligibility::Synced => Self::Synced,
            BackupEligibility::ThisDeviceOnly => Self::DeviceBound,
        }
    }
}
