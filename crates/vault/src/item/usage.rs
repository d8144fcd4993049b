use minicbor::{Decode, Encode};
use roamkey_proto::{DecodeError, DeviceId, Time};

use super::content::key;
use crate::fields::Fields;

/// When and where passkeys were used from one device: one record a device, written in batches.
pub struct Usage {
    /// The device; never changes.
    pub device: DeviceId,
    /// The latest uses, ascending; the oldest make room.
    pub uses: Vec<Use>,
}

/// One use of a passkey.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct Use {
    /// When.
    #[n(1)]
    pub time: Time,
    /// Where: the relying party.
    #[n(2)]
    pub site: String,
    /// How the person was verified.
    #[n(3)]
    pub verification: Verification,
}

/// How a person was verified for a use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
#[non_exhaustive]
pub enum Verification {
    /// Not at all: presence was enough.
    #[n(1)]
    None,
    /// By the device's passphrase.
    #[n(2)]
    Passphrase,
    /// By the platform.
    #[n(3)]
    Platform,
}

impl Usage {
    /// The most uses that are kept.
    pub const USES: usize = 500;

    /// Adds uses: those that are there already count once, the latest stay.
    pub(crate) fn add(&mut self, uses: &[Use]) {
        self.uses.extend_from_slice(uses);
        self.uses.sort();
        self.uses.dedup();
        let over = self.uses.len().saturating_sub(Self::USES);
        self.uses.drain(..over);
    }

    pub(super) fn take(fields: &mut Fields) -> Result<Self, DecodeError> {
        Ok(Self { device: fields.need(key::SUBJECT)?, uses: fields.need(key::USES)? })
    }

    pub(super) fn put(&self, fields: &mut Fields) {
        fields.put(key::SUBJECT, &self.device);
        fields.put(key::USES, &self.uses);
    }
}

impl core::fmt::Debug for Use {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Use(redacted)")
    }
}
