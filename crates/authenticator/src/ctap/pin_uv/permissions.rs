//! What a token may be used for (CTAP 2.3 section 6.5.5.7).

/// A set of permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Permissions(u8);

impl Permissions {
    /// `mc`: making credentials.
    pub(in super::super) const MAKE_CREDENTIAL: Self = Self(0x01);
    /// `ga`: getting assertions.
    pub(in super::super) const GET_ASSERTION: Self = Self(0x02);
    /// `cm`: managing credentials.
    pub(in super::super) const CREDENTIAL_MANAGEMENT: Self = Self(0x04);
    /// `be`: managing fingerprints, which nobody can here.
    pub(in super::super) const BIO_ENROLLMENT: Self = Self(0x08);
    /// `lbw`: writing large blobs.
    pub(in super::super) const LARGE_BLOB_WRITE: Self = Self(0x10);
    /// `acfg`: configuring the device.
    pub(in super::super) const AUTHENTICATOR_CONFIGURATION: Self = Self(0x20);
    /// `pcmr`: looking at credentials, for good.
    pub(in super::super) const PERSISTENT_CREDENTIAL_MANAGEMENT_READ_ONLY: Self = Self(0x40);

    /// What a token has that was asked for without permissions (`getPinToken`).
    pub(in super::super) const LEGACY: Self = Self(0x01 | 0x02);

    /// The permissions a platform asks for. Bits without a meaning are left out, as section 6.5.5.7 says.
    pub(in super::super) fn from_bits(bits: u64) -> Self {
        Self((bits & 0x7f) as u8)
    }

    /// Whether any of `others` is in the set.
    pub(in super::super) fn has_any(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    /// What is in both.
    pub(in super::super) fn only(self, others: Self) -> Self {
        Self(self.0 & others.0)
    }

    /// Whether `pcmr`, whose token is kept for good, stands alone, as section 6.5.5.7 wants it, or is not there.
    pub(in super::super) fn is_persistent_alone_or_not_at_all(self) -> bool {
        let persistent = Self::PERSISTENT_CREDENTIAL_MANAGEMENT_READ_ONLY;
        self == persistent || !self.has_any(persistent)
    }

    /// Whether there is none.
    pub(in super::super) fn is_empty(self) -> bool {
        self.0 == 0
    }
}
