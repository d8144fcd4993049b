//! Records: one item, sealed (protocol section 6, `spec/records.md`).

mod padding;

use rand_core::CryptoRng;
use roamkey_proto::{ItemId, Label, Record, RecordHeader, SUITE, VERSION, encode, mutant};
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

pub use padding::{BODY_BYTES, padded_len};

use crate::{
    EpochKey,
    primitives::{context::Context, kdf, once::OnceKey, secret::secret},
};

secret!(
    /// A secret of this device alone that goes into every record's salt, so that a bad random
    /// generator repeats no key.
    HedgeKey,
    32
);

impl HedgeKey {
    /// Returns the bytes, for sealing them under the local key: nothing else may hold them.
    #[must_use]
    pub fn expose_bytes(&self) -> Zeroizing<[u8; 32]> {
        self.0.clone()
    }
}

/// The body is longer than any record may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the body is longer than the {BODY_BYTES} bytes a record holds")]
pub struct BodyTooLong;

/// The record does not open. There is one such error, whatever the cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the record does not open")]
pub struct OpenRecordError;

/// Seals a body as the record of `item` with this revision, in the epoch of `key`.
///
/// # Errors
/// [`BodyTooLong`].
pub fn seal(
    key: &EpochKey,
    hedge: &HedgeKey,
    item: ItemId,
    revision: u64,
    body: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<Record, BodyTooLong> {
    let padded = padding::pad(body).ok_or(BodyTooLong)?;
    let header =
        RecordHeader { version: VERSION, suite: SUITE, account: key.account(), item, revision, epoch: key.number() };
    let header_bytes = encode(&header);
    let salt = kdf::hedged_salt(hedge.0.as_slice(), rng, &header_bytes, body);
    let once = single_use_key(key, &salt, &header_bytes);
    let commitment = *once.commitment();
    Ok(Record { header, salt, commitment, ciphertext: once.seal(&header_bytes, &padded) })
}

/// Opens a record as that of `item` in the epoch of `key`. Its revision, which the seal covers, is
/// the header's.
///
/// Whatever is wrong, the same steps run and the same error comes out, but for a suite that is not
/// on the list: no key is touched for that.
///
/// # Errors
/// [`OpenRecordError`].
pub fn open(key: &EpochKey, item: ItemId, record: &Record) -> Result<Zeroizing<Vec<u8>>, OpenRecordError> {
    let header = &record.header;
    if !mutant!("record.known-suite", header.version == VERSION && header.suite == SUITE) {
        return Err(OpenRecordError);
    }
    let header_bytes = encode(header);
    let once = single_use_key(key, &record.salt, &header_bytes);
    let is_of_item = mutant!("record.of-this-item", header.item.as_bytes().ct_eq(item.as_bytes()) => Choice::from(1));
    let is_expected =
        header.account.as_bytes().ct_eq(key.account().as_bytes()) & is_of_item & header.epoch.ct_eq(&key.number());
    let is_committed = mutant!("record.key-commitment", once.commits_to(&record.commitment) => Choice::from(1));
    let padded = once.open(&header_bytes, &record.ciphertext);
    let is_sealed = Choice::from(u8::from(padded.is_some()));
    let body = padding::unpad(padded.unwrap_or_default());
    match body {
        Some(body) if bool::from(is_expected & is_committed & is_sealed) => Ok(body),
        _ => Err(OpenRecordError),
    }
}

/// `(k, c) = HKDF-SHA256(E, salt, "record" ‖ H)`.
fn single_use_key(key: &EpochKey, salt: &[u8; 32], header: &[u8]) -> OnceKey {
    OnceKey::derive(key.secret(), salt, &Context::new(Label::Record).last(header))
}

#[cfg(test)]
mod tests;
