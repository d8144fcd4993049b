//! Signed objects: COSE_Sign1 (RFC 9052 section 4.2), untagged, in the one form that we allow.
//!
//! `[protected {1: alg, 4: kid}, {}, payload, signature]`, the label as external data. Everything
//! but payload and signature follows from the label's purpose and the key, so there is nothing to
//! negotiate and nothing to confuse. Verified bytes are the ones that come out; nothing else of
//! the object is looked at again.

use minicbor::{
    Decode, Decoder, Encode, Encoder, decode,
    encode::{self, Write},
};
use roamkey_proto::{DecodeError, DeviceId, IdentityPublicKey, Label, WritePublicKey, cbor, mutant};

use crate::{SignIdentity, SignWrite, SignatureError, keys};

/// The two algorithms that sign, with their COSE numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256, -7.
    Es256,
    /// Ed25519, fully specified (RFC 9864), -19.
    Ed25519,
}

/// The key that a signature must be by.
#[derive(Clone, Copy, Debug)]
pub enum PublicKey<'a> {
    /// ES256.
    Identity(&'a IdentityPublicKey),
    /// Ed25519.
    Write(&'a WritePublicKey),
}

/// A signed object whose signature nobody has verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign1 {
    algorithm: Algorithm,
    kid: [u8; 32],
    payload: Vec<u8>,
    signature: [u8; 64],
}

impl Sign1 {
    /// Reads a signed object strictly.
    ///
    /// # Errors
    /// Those of [`cbor::decode`].
    pub fn parse(bytes: &[u8], limit: usize) -> Result<Self, DecodeError> {
        cbor::decode(bytes, limit)
    }

    /// Returns who is said to have signed: a device, or a server's receipt key.
    #[must_use]
    pub fn kid(&self) -> &[u8; 32] {
        &self.kid
    }

    /// Returns the payload before anyone has verified it: to find the key with, to act on never.
    #[must_use]
    pub fn unverified_payload(&self) -> &[u8] {
        &self.payload
    }

    /// Returns the payload if `key` signed it for this purpose under the name `kid`.
    ///
    /// # Errors
    /// [`SignatureError`], one for all causes.
    pub fn verify(self, label: Label, kid: &[u8; 32], key: PublicKey<'_>) -> Result<Vec<u8>, SignatureError> {
        let is_named = self.algorithm == key.algorithm() && self.kid == *kid;
        if !mutant!("signature.of-this-algorithm-and-key", is_named) {
            return Err(SignatureError);
        }
        verify_detached(label, kid, &self.payload, &self.signature, key)?;
        Ok(self.payload)
    }
}

impl PublicKey<'_> {
    fn algorithm(self) -> Algorithm {
        match self {
            Self::Identity(_) => Algorithm::Es256,
            Self::Write(_) => Algorithm::Ed25519,
        }
    }
}

/// Signs a payload with a device's identity key.
#[must_use]
pub fn sign_by_identity(label: Label, device: DeviceId, payload: Vec<u8>, signer: &impl SignIdentity) -> Vec<u8> {
    let kid = *device.as_bytes();
    let signature = signer.sign(&message(label, Algorithm::Es256, &kid, &payload));
    cbor::encode(&Sign1 { algorithm: Algorithm::Es256, kid, payload, signature })
}

/// Signs a payload with a write key, or a server's receipt key.
#[must_use]
pub fn sign_by_write(label: Label, kid: [u8; 32], payload: Vec<u8>, signer: &impl SignWrite) -> Vec<u8> {
    let signature = signer.sign(&message(label, Algorithm::Ed25519, &kid, &payload));
    cbor::encode(&Sign1 { algorithm: Algorithm::Ed25519, kid, payload, signature })
}

/// Verifies a signature that travels without its payload.
pub(crate) fn verify_detached(
    label: Label,
    kid: &[u8; 32],
    payload: &[u8],
    signature: &[u8; 64],
    key: PublicKey<'_>,
) -> Result<(), SignatureError> {
    let message = message(label, key.algorithm(), kid, payload);
    match key {
        PublicKey::Identity(key) => keys::verify_identity(key, &message, signature),
        PublicKey::Write(key) => keys::verify_write(key, &message, signature),
    }
}

/// Returns what is signed: the `Sig_structure` of RFC 9052 section 4.4.
pub(crate) fn message(label: Label, algorithm: Algorithm, kid: &[u8; 32], payload: &[u8]) -> Vec<u8> {
    struct SigStructure<'a>(&'a [u8], &'a [u8], &'a [u8]);

    impl Encode<()> for SigStructure<'_> {
        fn encode<W: Write>(&self, e: &mut Encoder<W>, (): &mut ()) -> Result<(), encode::Error<W::Error>> {
            e.array(4)?.str("Signature1")?.bytes(self.0)?.bytes(self.1)?.bytes(self.2)?.ok()
        }
    }

    let protected = cbor::encode(&Protected { algorithm, kid: *kid });
    cbor::encode(&SigStructure(&protected, label.tag().as_bytes(), payload))
}

/// The protected header: the algorithm and the key's name.
struct Protected {
    algorithm: Algorithm,
    kid: [u8; 32],
}

const ALGORITHM: u8 = 1;
const KID: u8 = 4;
const ES256: i8 = -7;
const ED25519: i8 = -19;

impl<C> Encode<C> for Protected {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        let number = match self.algorithm {
            Algorithm::Es256 => ES256,
            Algorithm::Ed25519 => ED25519,
        };
        e.map(2)?.u8(ALGORITHM)?.i8(number)?.u8(KID)?.bytes(&self.kid)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Protected {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let malformed = || decode::Error::message("a protected header of algorithm and key");
        if d.map()? != Some(2) || d.u8()? != ALGORITHM {
            return Err(malformed());
        }
        let algorithm = match d.i8()? {
            ES256 => Algorithm::Es256,
            ED25519 => Algorithm::Ed25519,
            _ => return Err(malformed()),
        };
        if d.u8()? != KID {
            return Err(malformed());
        }
        Ok(Self { algorithm, kid: fixed(d)? })
    }
}

impl<C> Encode<C> for Sign1 {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        let protected = cbor::encode(&Protected { algorithm: self.algorithm, kid: self.kid });
        e.array(4)?.bytes(&protected)?.map(0)?.bytes(&self.payload)?.bytes(&self.signature)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Sign1 {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, decode::Error> {
        if d.array()? != Some(4) {
            return Err(decode::Error::message("a signed object has four parts"));
        }
        let Protected { algorithm, kid } = Protected::decode(&mut Decoder::new(d.bytes()?), ctx)?;
        if d.map()? != Some(0) {
            return Err(decode::Error::message("an unprotected header is empty"));
        }
        Ok(Self { algorithm, kid, payload: d.bytes()?.to_vec(), signature: fixed(d)? })
    }
}

fn fixed<const N: usize>(d: &mut Decoder<'_>) -> Result<[u8; N], decode::Error> {
    d.bytes()?.try_into().map_err(|_| decode::Error::message("a byte string of fixed length"))
}

#[cfg(test)]
mod tests;
