use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// HKDF-SHA256 (RFC 5869): a key for one purpose from a uniform secret.
pub(crate) fn derive<const N: usize>(secret: &[u8], salt: &[u8], info: &[u8]) -> Zeroizing<[u8; N]> {
    let mut out = Zeroizing::new([0; N]);
    Hkdf::<Sha256>::new(Some(salt), secret)
        .expand(info, out.as_mut_slice())
        .expect("a few blocks, far below the 255 that HKDF gives");
    out
}

/// HMAC-SHA256 (RFC 2104).
pub(crate) fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// `HMAC-SHA256(hedge, 32 random ‖ SHA-256(context) ‖ SHA-256(plaintext))`.
///
/// A fresh salt even from a generator that repeats itself, as long as what is sealed differs: a
/// repeated single-use key would give the XOR of two plaintexts away.
pub(crate) fn hedged_salt(hedge: &[u8], rng: &mut impl CryptoRng, context: &[u8], plaintext: &[u8]) -> [u8; 32] {
    let mut random = Zeroizing::new([0; 32]);
    rng.fill_bytes(random.as_mut_slice());
    mac(hedge, &[random.as_slice(), &Sha256::digest(context), &Sha256::digest(plaintext)])
}
