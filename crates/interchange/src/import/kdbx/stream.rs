use cbc::cipher::{KeyIvInit as _, StreamCipher as _};
use chacha20::ChaCha20;
use salsa20::Salsa20;
use sha2::{Digest as _, Sha256, Sha512};
use zeroize::Zeroizing;

use super::broken;
use crate::import::{Fault, ImportError};

/// What hides the values that the XML calls protected: one stream, in their order.
pub(super) enum InnerStream {
    /// KDBX 3.
    Salsa20(Box<Salsa20>),
    /// KDBX 4.
    ChaCha20(Box<ChaCha20>),
}

impl InnerStream {
    pub(super) fn new(number: u64, key: &[u8]) -> Result<Self, ImportError> {
        match number {
            2 => {
                let key = Zeroizing::new(Sha256::digest(key));
                Ok(Self::Salsa20(Box::new(Salsa20::new(&key, &SALSA20_NONCE.into()))))
            }
            3 => {
                let key = Zeroizing::new(Sha512::digest(key));
                let (key, rest) = key.split_at(32);
                let nonce = rest.get(..12).unwrap_or_default();
                let stream = ChaCha20::new_from_slices(key, nonce).map_err(|_| broken(Fault::Syntax))?;
                Ok(Self::ChaCha20(Box::new(stream)))
            }
            _ => Err(broken(Fault::Method("inner stream"))),
        }
    }

    /// Shows the next value, or hides it.
    pub(super) fn apply(&mut self, bytes: &mut [u8]) {
        match self {
            Self::Salsa20(stream) => stream.apply_keystream(bytes),
            Self::ChaCha20(stream) => stream.apply_keystream(bytes),
        }
    }
}

const SALSA20_NONCE: [u8; 8] = [0xe8, 0x30, 0x09, 0x4b, 0x97, 0x20, 0x5d, 0x2a];
