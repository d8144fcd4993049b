use aes::{
    Aes256,
    cipher::{BlockCipherEncrypt as _, KeyInit as _},
};
use argon2::{Algorithm, Argon2, ParamsBuilder, Version};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::{
    binary::{Reader, length, number},
    broken,
};
use crate::{
    import::{Fault, ImportError},
    limits,
};

/// How a passphrase is made slow to guess.
pub(super) enum Kdf<'b> {
    /// The file does not say.
    None,
    /// Rounds of AES.
    Aes { seed: &'b [u8], rounds: u64 },
    /// Argon2.
    Argon2 { algorithm: Algorithm, version: u64, salt: &'b [u8], passes: u64, bytes: u64, lanes: u64 },
}

impl<'b> Kdf<'b> {
    /// Reads KDBX 4's dictionary: entries of a type, a name and a value.
    pub(super) fn read(bytes: &'b [u8]) -> Result<Self, ImportError> {
        let mut reader = Reader::new(bytes);
        reader.take(2)?;
        let (mut id, mut salt, mut rounds, mut passes, mut memory, mut lanes, mut version) =
            (&[][..], &[][..], 0, 0, 0, 0, 0);
        while reader.byte()? != 0 {
            let name_length = length(reader.take(4)?)?;
            let name = reader.take(name_length)?;
            let value_length = length(reader.take(4)?)?;
            let value = reader.take(value_length)?;
            match name {
                b"$UUID" => id = value,
                b"S" => salt = value,
                b"R" => rounds = number(value)?,
                b"I" => passes = number(value)?,
                b"M" => memory = number(value)?,
                b"P" => lanes = number(value)?,
                b"V" => version = number(value)?,
                _ => {}
            }
        }
        let argon2 = |algorithm| Self::Argon2 { algorithm, version, salt, passes, bytes: memory, lanes };
        match id {
            AES => Ok(Self::Aes { seed: salt, rounds }),
            ARGON2D => Ok(argon2(Algorithm::Argon2d)),
            ARGON2ID => Ok(argon2(Algorithm::Argon2id)),
            _ => Err(broken(Fault::Method("key derivation"))),
        }
    }

    /// Derives the key of a passphrase.
    pub(super) fn transform(&self, secret: &str) -> Result<Zeroizing<[u8; 32]>, ImportError> {
        // One hash for each part of a key; a passphrase is one part.
        let composite = Zeroizing::new(Sha256::digest(Sha256::digest(secret)));
        match self {
            Self::None => Err(broken(Fault::Missing("key derivation"))),
            Self::Aes { seed, rounds } => aes(&composite, seed, *rounds),
            Self::Argon2 { algorithm, version, salt, passes, bytes, lanes } => {
                let kib = u32::try_from(bytes / 1024).unwrap_or(u32::MAX);
                let passes = u32::try_from(*passes).unwrap_or(u32::MAX);
                let is_bearable = kib <= limits::ARGON2_KIB
                    && passes <= limits::ARGON2_PASSES
                    && u64::from(kib) * u64::from(passes) <= limits::ARGON2_WORK;
                if !is_bearable {
                    return Err(ImportError::TooCostly);
                }
                let unknown = broken(Fault::Method("key derivation"));
                let version = match version {
                    0x10 => Version::V0x10,
                    0x13 => Version::V0x13,
                    _ => return Err(unknown),
                };
                let lanes = u32::try_from(*lanes).unwrap_or(u32::MAX);
                let params = ParamsBuilder::new().m_cost(kib).t_cost(passes).p_cost(lanes).output_len(32).build();
                let Ok(params) = params else { return Err(unknown) };
                let mut key = Zeroizing::new([0; 32]);
                let derived =
                    Argon2::new(*algorithm, version, params).hash_password_into(&composite, salt, key.as_mut_slice());
                derived.map_err(|_| unknown).map(|()| key)
            }
        }
    }
}

/// Each half of the key goes through AES again and again.
fn aes(composite: &[u8], seed: &[u8], rounds: u64) -> Result<Zeroizing<[u8; 32]>, ImportError> {
    if rounds > limits::AES_ROUNDS {
        return Err(ImportError::TooCostly);
    }
    let cipher = Aes256::new_from_slice(seed).map_err(|_| broken(Fault::Missing("transform seed")))?;
    let (left, right) = composite.split_at(16);
    let block = |half: &[u8]| <[u8; 16]>::try_from(half).map(Into::into).map_err(|_| broken(Fault::Syntax));
    let mut blocks = [block(left)?, block(right)?];
    for _ in 0..rounds {
        cipher.encrypt_blocks(&mut blocks);
    }
    let hash = blocks.iter().fold(Sha256::new(), |hash, block| hash.chain_update(block));
    Ok(Zeroizing::new(hash.finalize().into()))
}

const AES: &[u8] = b"\xc9\xd9\xf3\x9a\x62\x8a\x44\x60\xbf\x74\x0d\x08\xc1\x8a\x4f\xea";
const ARGON2D: &[u8] = b"\xef\x63\x6d\xdf\x8c\x29\x44\x4b\x91\xf7\xa9\xa4\x03\xe3\x0a\x0c";
const ARGON2ID: &[u8] = b"\x9e\x29\x8b\x19\x56\xdb\x47\x73\xb2\x3d\xfc\x3e\xc6\xf0\xa1\xe6";
