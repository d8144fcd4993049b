//! What a device signs to open a session with a server (protocol section 7).

use roamkey_proto::{DecodeError, Label, SessionProof, WritePublicKey, cbor, limits};

use crate::{
    SignWrite, TrustError,
    sign1::{self, PublicKey, Sign1},
};

/// Signs a proof with the device's write key.
#[must_use]
pub fn sign(proof: &SessionProof, key: &impl SignWrite) -> Vec<u8> {
    sign1::sign_by_write(Label::Session, *proof.member.as_bytes(), cbor::encode(proof), key)
}

/// A proof that says who it is by; nothing of it is verified.
#[derive(Clone, Debug)]
pub struct UnverifiedProof {
    signed: Sign1,
    proof: SessionProof,
}

impl UnverifiedProof {
    /// Reads a signed proof, for the server to look up whose key must have signed it.
    ///
    /// # Errors
    /// Those of [`cbor::decode_versioned`]; an origin over its limit is [`DecodeError::TooLong`].
    pub fn parse(bytes: &[u8]) -> Result<Self, DecodeError> {
        let signed = Sign1::parse(bytes, limits::SMALL_BODY_BYTES)?;
        let proof: SessionProof = cbor::decode_versioned(signed.unverified_payload(), limits::SMALL_BODY_BYTES)?;
        if proof.origin.len() > limits::ORIGIN_BYTES {
            return Err(DecodeError::TooLong { limit: limits::ORIGIN_BYTES });
        }
        Ok(Self { signed, proof })
    }

    /// Returns what the proof claims: to look up the account and the device by.
    #[must_use]
    pub fn claims(&self) -> &SessionProof {
        &self.proof
    }

    /// Returns the proof if the device's write key signed it.
    ///
    /// The caller compares origin, account and challenge with its own.
    ///
    /// # Errors
    /// [`TrustError::Signature`].
    pub fn verify(self, key: &WritePublicKey) -> Result<SessionProof, TrustError> {
        self.signed.verify(Label::Session, self.proof.member.as_bytes(), PublicKey::Write(key))?;
        Ok(self.proof)
    }
}

#[cfg(test)]
mod tests;
