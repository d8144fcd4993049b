//! A passkey as the vault keeps it, and as the authenticator uses it.

use roamkey_authenticator::{
    BackupEligibility, CredBlob, Credential, CredentialId, CredentialSummary, Discoverability, LargeBlob, LargeBlobKey,
    PrfSeeds, PrivateKey, Protection, RpId, ThirdPartyPayment, User, UserHandle,
};
use roamkey_proto::Time;
use roamkey_vault::{
    SecretBytes,
    item::{Passkey, PasskeyFlags, PrfSeeds as SealedSeeds},
};
use zeroize::Zeroizing;

use crate::Error;

/// The passkey to seal. Each secret is exposed for that.
pub(super) fn passkey(credential: &Credential) -> Passkey {
    let sealed = |bytes: &[u8]| SecretBytes::new(bytes.to_vec());
    let seeds = credential.prf.expose();
    let verified = seeds.first_chunk().expect("32 of 64 bytes");
    let unverified = seeds.last_chunk().expect("32 of 64 bytes");
    Passkey {
        rp_id: credential.rp_id.as_str().to_owned(),
        credential_id: credential.id.as_bytes().to_vec(),
        user_handle: credential.user.handle.as_ref().map(|handle| handle.as_bytes().to_vec()),
        user_name: credential.user.name.clone(),
        display_name: credential.user.display_name.clone(),
        cose_key: sealed(&credential.key.to_cose()),
        prf_seeds: Some(SealedSeeds::new(verified, unverified)),
        cred_blob: credential.cred_blob.as_ref().map(|blob| sealed(blob.expose())),
        large_blob: credential.large_blob.as_ref().map(|blob| sealed(blob.expose())),
        large_blob_key: credential.large_blob_key.as_ref().map(|key| sealed(key.expose())),
        flags: flags(credential),
    }
}

/// The credential to use, its secrets exposed for that.
///
/// # Errors
/// [`UNREADABLE`].
pub(super) fn credential(passkey: &Passkey, created: Time) -> Result<Credential, Error> {
    let CredentialSummary { id, rp_id, user, eligibility, discoverability, protection, .. } =
        summary(passkey, created)?;
    Ok(Credential {
        id,
        rp_id,
        user,
        key: PrivateKey::from_cose(passkey.cose_key.expose()).map_err(|_| UNREADABLE)?,
        prf: prf_seeds(passkey)?,
        created_ms: created.0,
        eligibility,
        discoverability,
        protection,
        cred_blob: read(&passkey.cred_blob, |bytes| CredBlob::try_from(bytes).ok())?,
        large_blob_key: read(&passkey.large_blob_key, |bytes| bytes.try_into().ok().map(LargeBlobKey::from_bytes))?,
        large_blob: read(&passkey.large_blob, |bytes| LargeBlob::try_from(bytes).ok())?,
        third_party_payment: if passkey.flags.has(PasskeyFlags::THIRD_PARTY_PAYMENT) {
            ThirdPartyPayment::Enabled
        } else {
            ThirdPartyPayment::Disabled
        },
    })
}

/// What a chooser may show. Of the key only its algorithm is looked at: a list of many costs little.
///
/// # Errors
/// [`UNREADABLE`].
pub(super) fn summary(passkey: &Passkey, created: Time) -> Result<CredentialSummary, Error> {
    let handle = passkey.user_handle.as_deref().map(UserHandle::try_from).transpose();
    Ok(CredentialSummary {
        id: CredentialId::try_from(passkey.credential_id.as_slice()).map_err(|_| UNREADABLE)?,
        rp_id: RpId::try_from(passkey.rp_id.as_str()).map_err(|_| UNREADABLE)?,
        user: User {
            handle: handle.map_err(|_| UNREADABLE)?,
            name: passkey.user_name.clone(),
            display_name: passkey.display_name.clone(),
        },
        algorithm: PrivateKey::algorithm_of(passkey.cose_key.expose()).map_err(|_| UNREADABLE)?,
        created_ms: created.0,
        eligibility: if passkey.flags.has(PasskeyFlags::BACKUP_ELIGIBLE) {
            BackupEligibility::Synced
        } else {
            BackupEligibility::ThisDeviceOnly
        },
        discoverability: if passkey.flags.has(PasskeyFlags::DISCOVERABLE) {
            Discoverability::Discoverable
        } else {
            Discoverability::NamedOnly
        },
        protection: protection(passkey.flags),
    })
}

fn flags(credential: &Credential) -> PasskeyFlags {
    let mut flags = PasskeyFlags::default();
    if credential.eligibility == BackupEligibility::Synced {
        flags = flags.with(PasskeyFlags::BACKUP_ELIGIBLE);
    }
    if credential.discoverability == Discoverability::Discoverable {
        flags = flags.with(PasskeyFlags::DISCOVERABLE);
    }
    if credential.third_party_payment == ThirdPartyPayment::Enabled {
        flags = flags.with(PasskeyFlags::THIRD_PARTY_PAYMENT);
    }
    match credential.protection {
        Protection::Optional => flags,
        Protection::OptionalWhereNamed => flags.with(PasskeyFlags::PROTECT_UNLESS_NAMED),
        Protection::Required => flags.with(PasskeyFlags::PROTECT_ALWAYS),
    }
}

/// Both bits are the stricter of the two.
fn protection(flags: PasskeyFlags) -> Protection {
    if flags.has(PasskeyFlags::PROTECT_ALWAYS) {
        Protection::Required
    } else if flags.has(PasskeyFlags::PROTECT_UNLESS_NAMED) {
        Protection::OptionalWhereNamed
    } else {
        Protection::Optional
    }
}

fn prf_seeds(passkey: &Passkey) -> Result<PrfSeeds, Error> {
    let seeds = passkey.prf_seeds.as_ref().ok_or(UNREADABLE)?;
    let mut both = Zeroizing::new([0; PrfSeeds::LEN]);
    let (verified, unverified) = both.split_at_mut(32);
    verified.copy_from_slice(seeds.expose_verified());
    unverified.copy_from_slice(seeds.expose_unverified());
    Ok(PrfSeeds::from_bytes(&both))
}

/// What is there must be readable: to serve without it would answer a site wrongly.
fn read<T>(sealed: &Option<SecretBytes>, parse: impl Fn(&[u8]) -> Option<T>) -> Result<Option<T>, Error> {
    sealed.as_ref().map(|bytes| parse(bytes.expose()).ok_or(UNREADABLE)).transpose()
}

/// A passkey of a newer version, or of a kind that this authenticator does not make.
const UNREADABLE: Error = Error::Internal("a passkey that this version cannot use");
