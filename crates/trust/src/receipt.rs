//! The server's signed word on where a chain is (protocol section 6).

use roamkey_proto::{Label, Receipt, ReceiptKey, WritePublicKey, cbor, limits};

use crate::{
    SignWrite, TrustError,
    sign1::{self, PublicKey, Sign1},
};

/// Signs a receipt with a server's receipt key.
#[must_use]
pub fn sign(receipt: &Receipt, key: &impl SignWrite) -> Vec<u8> {
    sign1::sign_by_write(Label::Receipt, *key.public().as_bytes(), cbor::encode(receipt), key)
}

/// Verifies a receipt by the key that was pinned for the server.
///
/// # Errors
/// [`TrustError::Malformed`], [`TrustError::UpdateNeeded`], [`TrustError::Signature`].
pub fn verify(bytes: &[u8], key: &ReceiptKey) -> Result<Receipt, TrustError> {
    let signed = Sign1::parse(bytes, limits::SMALL_BODY_BYTES)?;
    let payload = signed.verify(Label::Receipt, &key.0, PublicKey::Write(&WritePublicKey::new(key.0)))?;
    Ok(cbor::decode_versioned(&payload, limits::SMALL_BODY_BYTES)?)
}

/// Tells whether two receipts prove that the server lied: one place, two identifiers.
#[must_use]
pub fn contradict(one: &Receipt, other: &Receipt) -> bool {
    (one.account, one.chain, one.pin.seq) == (other.account, other.chain, other.pin.seq) && one.pin.id != other.pin.id
}

#[cfg(test)]
mod tests;
