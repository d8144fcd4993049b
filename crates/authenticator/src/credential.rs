//! A passkey and the words that name it.

use std::fmt;

use rand_core::CryptoRng;

use crate::{Algorithm, CredBlob, LargeBlob, LargeBlobKey, PrfSeeds, PrivateKey, limits};

/// A passkey: the key, whom it is for, and the secrets of its extensions.
///
/// There is no `Clone` and no serde: whoever stores one takes it apart deliberately.
#[derive(Debug)]
pub struct Credential {
    /// The name by which relying parties ask for it.
    pub id: CredentialId,
    /// The only relying party it may answer.
    pub rp_id: RpId,
    /// Whom it is for.
    pub user: User,
    /// The signing key.
    pub key: PrivateKey,
    /// The secrets behind the `hmac-secret` and `prf` extensions.
    pub prf: PrfSeeds,
    /// When it was created, in milliseconds since 1970.
    pub created_ms: u64,
    /// Whether it may leave this device; fixed for life.
    pub eligibility: BackupEligibility,
    /// Whether a site finds it without naming it.
    pub discoverability: Discoverability,
    /// When it may answer a person who was not verified.
    pub protection: Protection,
    /// What the site put beside it at creation.
    pub cred_blob: Option<CredBlob>,
    /// The key with which a platform encrypts what the site keeps with it (CTAP's `largeBlobKey`).
    pub large_blob_key: Option<LargeBlobKey>,
    /// What the site keeps with it (WebAuthn's `largeBlob`).
    pub large_blob: Option<LargeBlob>,
    /// Whether it serves payments that another site starts.
    pub third_party_payment: ThirdPartyPayment,
}

impl Credential {
    /// What a chooser may show.
    pub fn summary(&self) -> CredentialSummary {
        CredentialSummary {
            id: self.id.clone(),
            rp_id: self.rp_id.clone(),
            user: self.user.clone(),
            algorithm: self.key.algorithm(),
            created_ms: self.created_ms,
            eligibility: self.eligibility,
            discoverability: self.discoverability,
            protection: self.protection,
        }
    }
}

/// What a chooser may show of a [`Credential`]; holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialSummary {
    /// The credential's id.
    pub id: CredentialId,
    /// The only relying party it may answer.
    pub rp_id: RpId,
    /// Whom it is for.
    pub user: User,
    /// What its key signs with.
    pub algorithm: Algorithm,
    /// When it was created, in milliseconds since 1970.
    pub created_ms: u64,
    /// Whether it may leave this device.
    pub eligibility: BackupEligibility,
    /// Whether a site finds it without naming it.
    pub discoverability: Discoverability,
    /// When it may answer a person who was not verified.
    pub protection: Protection,
}

/// Whom a credential is for, as the relying party says. Only web sites must say all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// The relying party's name for the account.
    pub handle: Option<UserHandle>,
    /// The account's name as the person knows it.
    pub name: Option<String>,
    /// The person's name as the relying party shows it.
    pub display_name: Option<String>,
}

/// Whether a site finds a credential without naming it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discoverability {
    /// It is offered to whoever visits the site.
    Discoverable,
    /// Only a site that names its id gets to use it.
    NamedOnly,
}

/// When a credential may answer a person who was not verified: the levels of `credProtect` (CTAP 2.3 section 12.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protection {
    /// Always: `userVerificationOptional`.
    #[default]
    Optional,
    /// Where the site names it: `userVerificationOptionalWithCredentialIDList`.
    OptionalWhereNamed,
    /// Never: `userVerificationRequired`.
    Required,
}

impl Protection {
    /// The level with this number.
    pub fn from_level(level: u64) -> Option<Self> {
        match level {
            1 => Some(Self::Optional),
            2 => Some(Self::OptionalWhereNamed),
            3 => Some(Self::Required),
            _ => None,
        }
    }

    /// The number of the level.
    pub fn level(self) -> u8 {
        match self {
            Self::Optional => 1,
            Self::OptionalWhereNamed => 2,
            Self::Required => 3,
        }
    }
}

/// Whether a credential serves payments that another site than its own starts (CTAP's `thirdPartyPayment`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThirdPartyPayment {
    /// It does.
    Enabled,
    /// It does not.
    #[default]
    Disabled,
}

/// Whether a credential may be copied to other devices (the BE flag), decided once, at creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupEligibility {
    /// It follows the person.
    Synced,
    /// It never leaves this device.
    ThisDeviceOnly,
}

/// Whether a copy exists elsewhere right now (the BS flag), as the store knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupState {
    /// A copy is known to have arrived.
    BackedUp,
    /// No copy is known.
    NotBackedUp,
}

/// A credential's id: 1 to 1023 bytes, ours 16 random ones.
///
/// It does not mix with the relying party's name for the account, which is bytes as well:
///
/// ```compile_fail
/// # use roamkey_authenticator::{CredentialId, UserHandle};
/// fn forget(_: CredentialId) {}
/// forget(UserHandle::try_from(&b"alice"[..]).unwrap());
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CredentialId(Vec<u8>);

impl CredentialId {
    /// The length of the ids we make: 128 bits do not collide.
    const OWN_LEN: usize = 16;

    /// Draws a new id.
    pub fn make(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = vec![0; Self::OWN_LEN];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<&[u8]> for CredentialId {
    type Error = OutOfBounds;

    fn try_from(bytes: &[u8]) -> Result<Self, OutOfBounds> {
        OutOfBounds::check("credential id", bytes.len(), limits::CREDENTIAL_ID_LEN)?;
        Ok(Self(bytes.to_vec()))
    }
}

impl fmt::Debug for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_hex(f, "CredentialId", &self.0)
    }
}

/// A relying party's name for an account: 1 to 64 bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserHandle(Vec<u8>);

impl UserHandle {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<&[u8]> for UserHandle {
    type Error = OutOfBounds;

    fn try_from(bytes: &[u8]) -> Result<Self, OutOfBounds> {
        OutOfBounds::check("user handle", bytes.len(), limits::USER_HANDLE_LEN)?;
        Ok(Self(bytes.to_vec()))
    }
}

impl fmt::Debug for UserHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_hex(f, "UserHandle", &self.0)
    }
}

/// A relying party id: 1 to 253 bytes.
///
/// Only its length is checked here, because CTAP callers may use ids that are no domains (OpenSSH's `ssh:`). Whether a
/// web origin may use it is decided in [`crate::webauthn`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RpId(String);

impl RpId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for RpId {
    type Error = OutOfBounds;

    fn try_from(text: &str) -> Result<Self, OutOfBounds> {
        OutOfBounds::check("relying party id", text.len(), limits::RP_ID_LEN)?;
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for RpId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An identifier is empty or longer than its standard allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a {what} has 1 to {max} bytes, not {len}")]
pub struct OutOfBounds {
    what: &'static str,
    len: usize,
    max: usize,
}

impl OutOfBounds {
    pub(crate) fn check(what: &'static str, len: usize, max: usize) -> Result<(), Self> {
        if (1..=max).contains(&len) { Ok(()) } else { Err(Self { what, len, max }) }
    }
}

fn debug_hex(f: &mut fmt::Formatter<'_>, name: &str, bytes: &[u8]) -> fmt::Result {
    write!(f, "{name}(")?;
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
    f.write_str(")")
}
