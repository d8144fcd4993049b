//! The platform's side of the PIN protocols, after the text of CTAP 2.3 sections 6.5.6 and 6.5.7.

use aes::{Aes128, Aes256};
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _, block_padding::NoPadding};
use coset::cbor::Value;
use getrandom::SysRng;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::{
    PublicKey, SecretKey,
    ecdh::diffie_hellman,
    elliptic_curve::{
        Generate as _,
        sec1::{FromSec1Point as _, ToSec1Point as _},
    },
};
use rand_core::UnwrapErr;
use sha2::{Digest as _, Sha256};

use crate::wire::{as_bytes, bytes, int, member, numbered};

/// Which protocol a platform speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    One,
    Two,
}

impl Protocol {
    pub(crate) const BOTH: [Self; 2] = [Self::One, Self::Two];

    pub(crate) fn number(self) -> i64 {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }
}

/// What a platform agreed on with a device.
pub(crate) struct Session {
    pub(crate) protocol: Protocol,
    /// The platform's public key, for the device.
    pub(crate) key: Value,
    hmac_key: Vec<u8>,
    aes_key: Vec<u8>,
}

impl Session {
    pub(crate) fn new(protocol: Protocol, device_key: &Value) -> Self {
        let (x, y) = (as_bytes(member(device_key, -2)), as_bytes(member(device_key, -3)));
        assert_eq!(member(device_key, 3), Some(&int(-25)));
        let point = p256::Sec1Point::from_bytes([&[4], x, y].concat()).unwrap();
        let device_key = PublicKey::from_sec1_point(&point).unwrap();
        let secret = SecretKey::generate_from_rng(&mut UnwrapErr(SysRng));
        let own = secret.public_key().to_sec1_point(false);
        let key = numbered([
            (1, int(2)),
            (3, int(-25)),
            (-1, int(1)),
            (-2, bytes(own.x().unwrap())),
            (-3, bytes(own.y().unwrap())),
        ]);
        let z = diffie_hellman(secret.to_nonzero_scalar(), device_key.as_affine());
        let z = z.raw_secret_bytes();
        let (hmac_key, aes_key) = match protocol {
            Protocol::One => (Sha256::digest(z).to_vec(), Sha256::digest(z).to_vec()),
            Protocol::Two => (hkdf(z, b"CTAP2 HMAC key", 32), hkdf(z, b"CTAP2 AES key", 32)),
        };
        Self { protocol, key, hmac_key, aes_key }
    }

    pub(crate) fn encrypt(&self, plaintext: &[u8]) -> Vec<u8> {
        let iv = match self.protocol {
            Protocol::One => [0; 16],
            Protocol::Two => random(),
        };
        let encryptor = cbc::Encryptor::<Aes256>::new_from_slices(&self.aes_key, &iv).unwrap();
        let blocks = encryptor.encrypt_padded_vec::<NoPadding>(plaintext);
        match self.protocol {
            Protocol::One => blocks,
            Protocol::Two => [&iv[..], &blocks].concat(),
        }
    }

    pub(crate) fn decrypt(&self, ciphertext: &[u8]) -> Vec<u8> {
        let (iv, blocks) = match self.protocol {
            Protocol::One => (&[0; 16][..], ciphertext),
            Protocol::Two => ciphertext.split_at(16),
        };
        let decryptor = cbc::Decryptor::<Aes256>::new_from_slices(&self.aes_key, iv).unwrap();
        decryptor.decrypt_padded_vec::<NoPadding>(blocks).unwrap()
    }

    pub(crate) fn authenticate(&self, message: &[u8]) -> Vec<u8> {
        authenticate(self.protocol, &self.hmac_key, message)
    }
}

/// A token, as a platform holds it.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) protocol: Protocol,
    pub(crate) secret: Vec<u8>,
}

impl Token {
    pub(crate) fn authenticate(&self, message: &[u8]) -> Vec<u8> {
        authenticate(self.protocol, &self.secret, message)
    }

    /// Opens a member of `getInfo` with the persistent token.
    pub(crate) fn open_member(&self, name: &str, member: &[u8]) -> Vec<u8> {
        let key = hkdf(&self.secret, name.as_bytes(), 16);
        let (iv, blocks) = member.split_at(16);
        let decryptor = cbc::Decryptor::<Aes128>::new_from_slices(&key, iv).unwrap();
        decryptor.decrypt_padded_vec::<NoPadding>(blocks).unwrap()
    }
}

pub(crate) fn pin_hash(pin: &str) -> Vec<u8> {
    Sha256::digest(pin).as_slice()[..16].to_vec()
}

pub(crate) fn pad(pin: &str) -> Vec<u8> {
    let mut padded = pin.as_bytes().to_vec();
    padded.resize(64, 0);
    padded
}

pub(crate) fn random<const N: usize>() -> [u8; N] {
    use rand_core::Rng as _;
    let mut bytes = [0; N];
    UnwrapErr(SysRng).fill_bytes(&mut bytes);
    bytes
}

fn authenticate(protocol: Protocol, key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(message);
    let full = mac.finalize().into_bytes();
    match protocol {
        Protocol::One => full[..16].to_vec(),
        Protocol::Two => full.to_vec(),
    }
}

fn hkdf(input: &[u8], info: &[u8], len: usize) -> Vec<u8> {
    let mut key = vec![0; len];
    Hkdf::<Sha256>::new(Some(&[0; 32]), input).expand(info, &mut key).unwrap();
    key
}
