use minicbor::{
    Decode, Decoder, Encode, Encoder, decode,
    encode::{self, Write},
};
use roamkey_proto::DecodeError;
use zeroize::Zeroizing;

use crate::{SecretBytes, fields::Fields};

/// A passkey. The item's `created` belongs to it.
///
/// Its site, its identifier, its user handle and its keys never change: no operation names them.
pub struct Passkey {
    /// The relying party. The authenticator compares it with the request at every use.
    pub rp_id: String,
    /// The credential's identifier; compared as well.
    pub credential_id: Vec<u8>,
    /// The site's number for the user.
    pub user_handle: Option<Vec<u8>>,
    /// The user's name there.
    pub user_name: Option<String>,
    /// The user's name as shown there.
    pub display_name: Option<String>,
    /// The private key, as a COSE_Key.
    pub cose_key: SecretBytes,
    /// What PRF answers are computed from.
    pub prf_seeds: Option<PrfSeeds>,
    /// A small blob that the site set at creation.
    pub cred_blob: Option<SecretBytes>,
    /// A larger blob that the site may replace.
    pub large_blob: Option<SecretBytes>,
    /// The key with which platforms encrypt what they keep for the site elsewhere: CTAP's largeBlobKey, 32 bytes.
    pub large_blob_key: Option<SecretBytes>,
    /// What holds for it.
    pub flags: PasskeyFlags,
}

impl Passkey {
    pub(super) fn take(fields: &mut Fields) -> Result<Self, DecodeError> {
        let bytes = |blob: SecretBytes| blob.expose().to_vec();
        Ok(Self {
            rp_id: fields.need(key::RP_ID)?,
            credential_id: fields.need(key::CREDENTIAL_ID).map(bytes)?,
            user_handle: fields.take(key::USER_HANDLE)?.map(bytes),
            user_name: fields.take(key::USER_NAME)?,
            display_name: fields.take(key::DISPLAY_NAME)?,
            cose_key: fields.need(key::COSE_KEY)?,
            prf_seeds: fields.take(key::PRF_SEEDS)?,
            cred_blob: fields.take(key::CRED_BLOB)?,
            large_blob: fields.take(key::LARGE_BLOB)?,
            large_blob_key: fields.take(key::LARGE_BLOB_KEY)?,
            flags: fields.need(key::FLAGS)?,
        })
    }

    pub(super) fn put(&self, fields: &mut Fields) {
        let bytes = |plain: &Vec<u8>| SecretBytes::new(plain.clone());
        fields.put(key::RP_ID, &self.rp_id);
        fields.put(key::CREDENTIAL_ID, &bytes(&self.credential_id));
        fields.put_some(key::USER_HANDLE, self.user_handle.as_ref().map(bytes).as_ref());
        fields.put_some(key::USER_NAME, self.user_name.as_ref());
        fields.put_some(key::DISPLAY_NAME, self.display_name.as_ref());
        fields.put(key::COSE_KEY, &self.cose_key);
        fields.put_some(key::PRF_SEEDS, self.prf_seeds.as_ref());
        fields.put_some(key::CRED_BLOB, self.cred_blob.as_ref());
        fields.put_some(key::LARGE_BLOB, self.large_blob.as_ref());
        fields.put(key::FLAGS, &self.flags);
        fields.put_some(key::LARGE_BLOB_KEY, self.large_blob_key.as_ref());
    }
}

impl core::fmt::Debug for Passkey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Passkey(redacted)")
    }
}

/// The two seeds of a passkey's PRF: CTAP keeps one for uses with verification of the user and
/// another for those without, so that the one never answers for the other.
pub struct PrfSeeds(Zeroizing<[u8; 64]>);

impl PrfSeeds {
    /// Takes the seeds up.
    #[must_use]
    pub fn new(verified: &[u8; 32], unverified: &[u8; 32]) -> Self {
        let mut both = Zeroizing::new([0; 64]);
        let (left, right) = both.split_at_mut(32);
        left.copy_from_slice(verified);
        right.copy_from_slice(unverified);
        Self(both)
    }

    /// Returns the seed for uses with verification of the user, for computing the answer.
    #[must_use]
    pub fn expose_verified(&self) -> &[u8; 32] {
        self.0.first_chunk().expect("32 of 64 bytes")
    }

    /// Returns the seed for uses without, for computing the answer.
    #[must_use]
    pub fn expose_unverified(&self) -> &[u8; 32] {
        self.0.last_chunk().expect("32 of 64 bytes")
    }
}

impl<C> Encode<C> for PrfSeeds {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        e.bytes(self.0.as_slice())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for PrfSeeds {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let bytes: &[u8; 64] = d.bytes()?.try_into().map_err(|_| decode::Error::message("two seeds"))?;
        Ok(Self(Zeroizing::new(*bytes)))
    }
}

/// What holds for a passkey: a set of bits, of which unknown ones are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct PasskeyFlags(#[n(0)] u64);

impl PasskeyFlags {
    /// It may be on several devices (BE): fixed at creation.
    pub const BACKUP_ELIGIBLE: Self = Self(1);
    /// A site finds it without naming it.
    pub const DISCOVERABLE: Self = Self(1 << 1);
    /// It serves payments in a frame of another site.
    pub const THIRD_PARTY_PAYMENT: Self = Self(1 << 2);
    /// The site said that it does not know it; not offered until the person takes that back.
    pub const HIDDEN: Self = Self(1 << 3);
    /// credProtect 2: without verification only for a site that names it.
    pub const PROTECT_UNLESS_NAMED: Self = Self(1 << 4);
    /// credProtect 3: never without verification.
    pub const PROTECT_ALWAYS: Self = Self(1 << 5);

    /// Takes up what a file of ours says, unknown bits included.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// Returns all bits, for a file of ours.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Returns these and those.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns these without those.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Tells whether all of those are set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// The keys of a passkey's fields.
pub(crate) mod key {
    pub(crate) const RP_ID: u64 = 32;
    pub(crate) const CREDENTIAL_ID: u64 = 33;
    pub(crate) const USER_HANDLE: u64 = 34;
    pub(crate) const USER_NAME: u64 = 35;
    pub(crate) const DISPLAY_NAME: u64 = 36;
    pub(crate) const COSE_KEY: u64 = 37;
    pub(crate) const PRF_SEEDS: u64 = 38;
    pub(crate) const CRED_BLOB: u64 = 39;
    pub(crate) const LARGE_BLOB: u64 = 40;
    pub(crate) const FLAGS: u64 = 41;
    pub(crate) const LARGE_BLOB_KEY: u64 = 42;
}
