//! PIN/UV auth protocols one and two (CTAP 2.3 sections 6.5.6 and 6.5.7).

use aes::{Aes128, Aes256};
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _, block_padding::NoPadding};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rand_core::CryptoRng;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::TokenSecret;

/// Which of the two protocols a platform speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Protocol {
    One,
    Two,
}

impl Protocol {
    /// Both, the better one first: platforms take the first they know.
    pub(in super::super) const ALL: [Self; 2] = [Self::Two, Self::One];

    /// The protocol with this number.
    pub(in super::super) fn from_number(number: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|protocol| u64::from(protocol.number()) == number)
    }

    /// Its number.
    pub(in super::super) fn number(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }

    /// The length of its MACs.
    pub(in super::super) fn param_len(self) -> usize {
        match self {
            Self::One => 16,
            Self::Two => 32,
        }
    }

    /// The keys out of a Diffie-Hellman result `z`.
    ///
    /// One: SHA-256(z) for both uses. Two: HKDF-SHA-256 with 32 zero bytes as salt, and an info for each use, so that no key
    /// serves two purposes.
    pub(super) fn derive_secret(self, z: &[u8]) -> SharedSecret {
        let (hmac_key, aes_key) = match self {
            Self::One => {
                let key: [u8; 32] = Sha256::digest(z).into();
                (Zeroizing::new(key), Zeroizing::new(key))
            }
            Self::Two => (derive_key(z, b"CTAP2 HMAC key"), derive_key(z, b"CTAP2 AES key")),
        };
        SharedSecret { protocol: self, hmac_key, aes_key }
    }
}

/// What a platform and the device share for one command.
pub(in super::super) struct SharedSecret {
    protocol: Protocol,
    hmac_key: Zeroizing<[u8; 32]>,
    aes_key: Zeroizing<[u8; 32]>,
}

impl SharedSecret {
    /// AES-256-CBC without padding; under protocol two after a random IV, under one with an IV of zeroes.
    ///
    /// The plaintexts are our own and whole blocks: tokens and the outputs of `hmac-secret`.
    pub(in super::super) fn encrypt(&self, plaintext: &[u8], iv: &Iv) -> Vec<u8> {
        let (iv, mut bytes) = match self.protocol {
            Protocol::One => ([0; BLOCK], Vec::new()),
            Protocol::Two => (iv.0, iv.0.to_vec()),
        };
        let encryptor = cbc::Encryptor::<Aes256>::new((&*self.aes_key).into(), (&iv).into());
        bytes.extend(encryptor.encrypt_padded_vec::<NoPadding>(plaintext));
        bytes
    }

    /// The reverse; `None` where the length cannot be right.
    pub(in super::super) fn decrypt(&self, ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (iv, blocks) = match self.protocol {
            Protocol::One => (&[0; BLOCK], ciphertext),
            Protocol::Two => ciphertext.split_first_chunk::<BLOCK>()?,
        };
        let decryptor = cbc::Decryptor::<Aes256>::new((&*self.aes_key).into(), iv.into());
        decryptor.decrypt_padded_vec::<NoPadding>(blocks).ok().map(Zeroizing::new)
    }

    /// Whether the platform vouched for `message` with the shared secret.
    pub(in super::super) fn verifies(&self, message: &[&[u8]], param: &[u8]) -> bool {
        authenticates(self.protocol, &*self.hmac_key, message, param)
    }
}

/// A random IV, for one message.
pub(in super::super) struct Iv([u8; BLOCK]);

impl Iv {
    pub(in super::super) fn make(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = [0; BLOCK];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }
}

/// Encrypts a member of `getInfo` for those who hold the persistent token: AES-128-CBC after its IV, under a key that
/// HKDF-SHA-256 derives from the token for this member alone (CTAP 2.3 section 6.4).
pub(in super::super) fn encrypt_member(token: &TokenSecret, name: &str, value: &[u8; BLOCK], iv: &Iv) -> Vec<u8> {
    let mut key = Zeroizing::new([0; 16]);
    let hkdf = Hkdf::<Sha256>::new(Some(&[0; 32]), token.expose());
    hkdf.expand(name.as_bytes(), key.as_mut_slice()).expect("16 bytes are within HKDF's reach");
    let encryptor = cbc::Encryptor::<Aes128>::new((&*key).into(), (&iv.0).into());
    [&iv.0[..], &encryptor.encrypt_padded_vec::<NoPadding>(value)].concat()
}

/// Whether `param` is the protocol's MAC of `message`: HMAC-SHA-256, under protocol one its first half.
pub(in super::super) fn authenticates(protocol: Protocol, key: &[u8], message: &[&[u8]], param: &[u8]) -> bool {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    message.iter().for_each(|part| mac.update(part));
    let full = mac.finalize().into_bytes();
    let (expected, _) = full.split_at(protocol.param_len());
    // Of slices of different lengths, this says that they differ.
    mutant!("ctap.pin-uv-auth-param", expected.ct_eq(param).into())
}

fn derive_key(z: &[u8], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(Some(&[0; 32]), z).expand(info, key.as_mut_slice()).expect("32 bytes are within HKDF's reach");
    key
}

/// An AES block.
const BLOCK: usize = 16;

#[cfg(test)]
mod constant_time {
    use roamkey_taint::{taint, untaint};

    use super::*;

    #[test]
    fn the_parameter_of_a_token_is_compared() {
        let token = [7; 32];
        let mut mac = Hmac::<Sha256>::new_from_slice(&token).expect("HMAC takes keys of any length");
        mac.update(b"message");
        let right = mac.finalize().into_bytes();
        taint(&token);
        for protocol in Protocol::ALL {
            let (right, wrong) = (right.split_at(protocol.param_len()).0, vec![0; protocol.param_len()]);
            assert!(untaint(authenticates(protocol, &token, &[b"message"], right)));
            assert!(!untaint(authenticates(protocol, &token, &[b"message"], &wrong)));
        }
    }
}
