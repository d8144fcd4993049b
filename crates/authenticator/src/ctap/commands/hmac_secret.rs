//! The salts of `hmac-secret`, encrypted by the platform (CTAP 2.3 section 12.7).

use crate::{
    ManagedStore, PrfSalts,
    ctap::{
        Person, StateStore, Status,
        cbor::Map,
        device::Device,
        pin_uv::{Iv, Protocol, SharedSecret},
        request::Params,
    },
};

/// Salts, and the secret under which the results go back.
pub(super) struct EncryptedSalts {
    pub(super) salts: PrfSalts,
    secret: SharedSecret,
}

impl EncryptedSalts {
    /// Encrypts the results.
    pub(super) fn seal(&self, results: &[u8], iv: &Iv) -> Vec<u8> {
        self.secret.encrypt(results, iv)
    }
}

impl<C: ManagedStore, S: StateStore, P: Person> Device<C, S, P> {
    pub(super) fn open_salts(&self, input: &Map<'_>) -> Result<EncryptedSalts, Status> {
        let params = Params::new(input);
        let (salt_enc, salt_auth) = (params.bytes(SALT_ENC)?, params.bytes(SALT_AUTH)?);
        let platform = params.map(KEY_AGREEMENT)?;
        let number = params.optional_unsigned(PROTOCOL)?.unwrap_or(PROTOCOL_WHERE_NONE_IS_NAMED);
        let protocol = Protocol::from_number(number).ok_or(Status::InvalidParameter)?;
        if !salt_enc_lengths(protocol).contains(&salt_enc.len()) || salt_auth.len() != protocol.param_len() {
            return Err(Status::InvalidLength);
        }
        let secret = self.volatile.key_agreement(protocol).agree(protocol, platform)?;
        if !secret.verifies(&[salt_enc], salt_auth) {
            return Err(Status::PinAuthInvalid);
        }
        let salts = secret.decrypt(salt_enc).ok_or(Status::InvalidLength)?;
        let (first, second) = salts.split_first_chunk().ok_or(Status::InvalidLength)?;
        let second = match second.len() {
            0 => None,
            _ => Some(second.try_into().map_err(|_| Status::InvalidLength)?),
        };
        Ok(EncryptedSalts { salts: PrfSalts::new(*first, second), secret })
    }
}

/// One salt or two; under protocol two behind an IV.
fn salt_enc_lengths(protocol: Protocol) -> [usize; 2] {
    match protocol {
        Protocol::One => [32, 64],
        Protocol::Two => [48, 80],
    }
}

const PROTOCOL_WHERE_NONE_IS_NAMED: u64 = 1;

const KEY_AGREEMENT: i64 = 1;
const SALT_ENC: i64 = 2;
const SALT_AUTH: i64 = 3;
const PROTOCOL: i64 = 4;
