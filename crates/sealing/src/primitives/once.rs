//! Sealing under a key that serves once, with a commitment to that key.

use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit,
    aead::{Aead, Payload},
};
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

use super::kdf;

/// `(k, c) = HKDF-SHA256(secret, salt, info)`: a single-use ChaCha20-Poly1305 key and 32 bytes that
/// commit to it.
///
/// Poly1305 alone lets one ciphertext open under two keys, and so lets a server test guesses many
/// at a time (the partitioning oracle, attack 5); HKDF is collision-resistant, so `c` has one key.
/// As every salt gives its own key, the nonce can be zero.
pub(crate) struct OnceKey {
    key: Zeroizing<[u8; 32]>,
    commitment: [u8; 32],
}

impl OnceKey {
    pub(crate) fn derive(secret: &[u8], salt: &[u8], info: &[u8]) -> Self {
        let both: Zeroizing<[u8; 64]> = kdf::derive(secret, salt, info);
        let (mut key, mut commitment) = (Zeroizing::new([0; 32]), [0; 32]);
        let (left, right) = both.split_at(32);
        key.copy_from_slice(left);
        commitment.copy_from_slice(right);
        Self { key, commitment }
    }

    pub(crate) fn commitment(&self) -> &[u8; 32] {
        &self.commitment
    }

    pub(crate) fn commits_to(&self, commitment: &[u8; 32]) -> Choice {
        self.commitment.ct_eq(commitment)
    }

    /// Seals; consumes the key, which must not seal anything else.
    pub(crate) fn seal(self, aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
        seal(&self.key, [0; 12], aad, plaintext)
    }

    /// Opens; `None` for whatever reason.
    pub(crate) fn open(self, aad: &[u8], ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        open(&self.key, [0; 12], aad, ciphertext)
    }
}

/// ChaCha20-Poly1305 (RFC 8439). Whoever calls sees to it that no nonce serves twice.
pub(crate) fn seal(key: &[u8; 32], nonce: [u8; 12], aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
    ChaCha20Poly1305::new(key.into())
        .encrypt(&nonce.into(), Payload { msg: plaintext, aad })
        .expect("plaintexts are far below the cipher's 256 GiB")
}

/// Opens what [`seal`] sealed; `None` for whatever reason.
pub(crate) fn open(key: &[u8; 32], nonce: [u8; 12], aad: &[u8], ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    ChaCha20Poly1305::new(key.into()).decrypt(&nonce.into(), Payload { msg: ciphertext, aad }).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod constant_time {
    use roamkey_taint::{taint, untaint};

    use super::*;

    #[test]
    fn a_commitment_is_compared() {
        let (secret, salt) = ([7; 32], [1; 32]);
        let right = *OnceKey::derive(&secret, &salt, b"info").commitment();
        taint(&secret);
        let key = OnceKey::derive(&secret, &salt, b"info");
        for (commitment, is_right) in [(right, true), ([0; 32], false)] {
            assert_eq!(untaint(bool::from(key.commits_to(&commitment))), is_right);
        }
    }
}
