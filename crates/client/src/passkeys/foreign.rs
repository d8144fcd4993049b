//! Passkeys of other managers: their keys become ours, and ours theirs.

use rand_core::CryptoRng;
use roamkey_authenticator::{Algorithm, PrfSalts, PrfSeeds, PrivateKey, Verification};
use roamkey_interchange::import::{ForeignPasskey, Reason};
use roamkey_proto::Time;
use roamkey_vault::{
    SecretBytes,
    item::{Passkey, PasskeyFlags, PrfSeeds as SealedSeeds},
};
use zeroize::Zeroizing;

use super::convert;

/// Makes a passkey of a foreign one. Where the file has no PRF secrets, new ones are drawn: a site may ask for them later.
///
/// # Errors
/// Why it cannot serve here.
pub(crate) fn take_up(foreign: ForeignPasskey, created: Time, rng: &mut impl CryptoRng) -> Result<Passkey, Reason> {
    // Exposed to be parsed, and sealed again in our form.
    let mut key = PrivateKey::from_pkcs8(foreign.key.expose()).map_err(|_| Reason::UnknownKey)?;
    let mut flags = PasskeyFlags::BACKUP_ELIGIBLE;
    if foreign.is_discoverable {
        flags = flags.with(PasskeyFlags::DISCOVERABLE);
    }
    if foreign.serves_payments {
        flags = flags.with(PasskeyFlags::THIRD_PARTY_PAYMENT);
    }
    let mut large_blob_key = None;
    if let Some(own) = foreign.own {
        let algorithm = Algorithm::from_cose(own.algorithm).ok_or(Reason::UnknownKey)?;
        key = key.with_algorithm(algorithm).map_err(|_| Reason::UnknownKey)?;
        flags = PasskeyFlags::from_bits(own.flags);
        large_blob_key = own.large_blob_key;
    }
    let passkey = Passkey {
        rp_id: foreign.rp_id,
        credential_id: foreign.credential_id,
        user_handle: foreign.user_handle,
        user_name: foreign.user_name,
        display_name: foreign.display_name,
        cose_key: SecretBytes::new(key.to_cose().to_vec()),
        prf_seeds: Some(foreign.prf_seeds.unwrap_or_else(|| make_seeds(rng))),
        cred_blob: foreign.cred_blob,
        large_blob: foreign.large_blob,
        large_blob_key,
        flags,
    };
    // What the authenticator could not load is no passkey.
    convert::credential(&passkey, created).map_err(|_| Reason::Unreadable)?;
    Ok(passkey)
}

/// Returns the key in the form of others, and the algorithm's number, if this version can read it.
pub(crate) fn key_for_others(passkey: &Passkey) -> Option<(Zeroizing<Vec<u8>>, i64)> {
    // Exposed to be written to a file that the person asked for.
    let key = PrivateKey::from_cose(passkey.cose_key.expose()).ok()?;
    Some((key.to_pkcs8(), key.algorithm().cose()))
}

fn make_seeds(rng: &mut impl CryptoRng) -> SealedSeeds {
    let seeds = PrfSeeds::make(rng);
    let verified = seeds.expose().first_chunk().expect("32 of 64 bytes");
    let unverified = seeds.expose().last_chunk().expect("32 of 64 bytes");
    SealedSeeds::new(verified, unverified)
}

/// Whether two passkeys serve alike.
pub(crate) enum Likeness {
    /// Every site takes the one for the other.
    Same,
    /// What differs first.
    Differs(&'static str),
}

/// Whether two passkeys have one name at one site.
pub(crate) fn is_same_credential(ours: &Passkey, theirs: &Passkey) -> bool {
    ours.rp_id == theirs.rp_id && ours.credential_id == theirs.credential_id
}

/// Compares two passkeys by what a site sees of them: what they sign, and how they answer PRF.
pub(crate) fn compare(ours: &Passkey, theirs: &Passkey, rng: &mut impl CryptoRng) -> Likeness {
    let credential = |passkey| convert::credential(passkey, Time(0)).ok();
    let (Some(left), Some(right)) = (credential(ours), credential(theirs)) else { return Likeness::Differs("key") };
    let mut challenge = [0; 32];
    rng.fill_bytes(&mut challenge);
    if left.key.public_key() != right.key.public_key() || !signs_alike(&left.key, &right.key, &challenge, rng) {
        return Likeness::Differs("signature");
    }
    let salts = PrfSalts::new(challenge, None);
    for verification in [Verification::Performed, Verification::NotPerformed] {
        let answer = |seeds: &PrfSeeds| seeds.evaluate(&salts, verification).concatenated();
        if answer(&left.prf) != answer(&right.prf) {
            return Likeness::Differs("prf");
        }
    }
    let differs = [
        ("user", left.user != right.user),
        ("credBlob", ours.cred_blob != theirs.cred_blob),
        ("largeBlob", ours.large_blob != theirs.large_blob),
        ("flags", ours.flags != theirs.flags || ours.large_blob_key != theirs.large_blob_key),
    ];
    differs.into_iter().find(|(_, differs)| *differs).map_or(Likeness::Same, |(field, _)| Likeness::Differs(field))
}

/// What draws randomness signs one message in many ways: ML-DSA, and ES256 by a native library. Of that both signatures are to be
/// verified, which equal public keys, each derived from its private one, say already.
fn signs_alike(left: &PrivateKey, right: &PrivateKey, message: &[u8], rng: &mut impl CryptoRng) -> bool {
    let is_hedged = matches!(
        left.algorithm(),
        Algorithm::Es256 | Algorithm::Esp256 | Algorithm::MlDsa44 | Algorithm::MlDsa65 | Algorithm::MlDsa87
    );
    match (left.sign(&[message], rng), right.sign(&[message], rng)) {
        (Ok(left), Ok(right)) => is_hedged || left == right,
        _ => false,
    }
}
