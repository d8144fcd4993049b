//! The export under a passphrase of its own: PBKDF2 or Argon2id, HKDF, AES-256-CBC and HMAC-SHA-256.

use aes::Aes256;
use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use cbc::cipher::{BlockModeDecrypt as _, KeyIvInit as _, block_padding::Pkcs7};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::{
    import::{Fault, Format, ImportError, json::Members},
    limits,
};

/// Opens the document inside.
pub(super) fn open(document: &Members, secret: Option<&str>) -> Result<Zeroizing<Vec<u8>>, ImportError> {
    let secret = secret.ok_or(ImportError::NeedsSecret)?;
    let text = |name| document.get(name).and_then(Value::as_str).ok_or(broken(Fault::Missing(name)));
    let key = Key::derive(document, secret, text("salt")?)?;
    // The validation tells a wrong passphrase from a damaged file; both are authenticated.
    key.open(text("encKeyValidation_DO_NOT_EDIT")?)?;
    key.open(text("data")?)
}

/// The key of the file: one half encrypts, the other authenticates.
struct Key {
    cipher: Zeroizing<[u8; 32]>,
    mac: Zeroizing<[u8; 32]>,
}

impl Key {
    fn derive(document: &Members, secret: &str, salt: &str) -> Result<Self, ImportError> {
        let number = |name| {
            let number = document.get(name).and_then(Value::as_u64).ok_or(broken(Fault::Missing(name)))?;
            u32::try_from(number).map_err(|_| ImportError::TooCostly)
        };
        let mut stretched = Zeroizing::new([0; 32]);
        let rounds = number("kdfIterations")?;
        match number("kdfType")? {
            0 if rounds > limits::PBKDF2_ROUNDS => return Err(ImportError::TooCostly),
            0 => pbkdf2::pbkdf2_hmac::<Sha256>(secret.as_bytes(), salt.as_bytes(), rounds, stretched.as_mut_slice()),
            1 => {
                let kib = number("kdfMemory")?.checked_mul(1024).ok_or(ImportError::TooCostly)?;
                let is_bearable = kib <= limits::ARGON2_KIB
                    && rounds <= limits::ARGON2_PASSES
                    && u64::from(kib) * u64::from(rounds) <= limits::ARGON2_WORK;
                if !is_bearable {
                    return Err(ImportError::TooCostly);
                }
                let params = Params::new(kib, rounds, number("kdfParallelism")?, Some(32));
                let params = params.map_err(|_| broken(Fault::Method("kdfParallelism")))?;
                Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                    .hash_password_into(secret.as_bytes(), &Sha256::digest(salt.as_bytes()), stretched.as_mut_slice())
                    .map_err(|_| broken(Fault::Method("kdfParallelism")))?;
            }
            _ => return Err(broken(Fault::Method("kdfType"))),
        }
        let expand = Hkdf::<Sha256>::from_prk(stretched.as_slice()).expect("32 bytes are a key");
        let mut key = Self { cipher: Zeroizing::new([0; 32]), mac: Zeroizing::new([0; 32]) };
        expand.expand(b"enc", key.cipher.as_mut_slice()).expect("one block");
        expand.expand(b"mac", key.mac.as_mut_slice()).expect("one block");
        Ok(key)
    }

    /// Opens `2.IV|CIPHERTEXT|MAC`.
    fn open(&self, text: &str) -> Result<Zeroizing<Vec<u8>>, ImportError> {
        let parts = text.strip_prefix("2.").ok_or(broken(Fault::Method("data")))?;
        let mut parts = parts.split('|').map(|part| STANDARD.decode(part).ok());
        let (Some(Some(iv)), Some(Some(ciphertext)), Some(Some(mac))) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(broken(Fault::Syntax));
        };
        let check = Hmac::<Sha256>::new_from_slice(self.mac.as_slice()).expect("HMAC takes keys of any length");
        let check = check.chain_update(&iv).chain_update(&ciphertext);
        check.verify_slice(&mac).map_err(|_| ImportError::WrongSecret)?;
        let decrypt = cbc::Decryptor::<Aes256>::new_from_slices(self.cipher.as_slice(), &iv);
        let decrypt = decrypt.map_err(|_| broken(Fault::Syntax))?;
        let plain = decrypt.decrypt_padded_vec::<Pkcs7>(&ciphertext).map_err(|_| broken(Fault::Syntax))?;
        Ok(Zeroizing::new(plain))
    }
}

const fn broken(fault: Fault) -> ImportError {
    ImportError::Malformed { format: Format::BitwardenJson, place: None, fault }
}
