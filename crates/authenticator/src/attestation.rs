//! Attestation objects: `none` and `packed` with self attestation (WebAuthn sections 6.5.4, 8.2, 8.7).

use std::convert::Infallible;

use minicbor::{Encoder, encode};

use crate::{PrivateKey, RequestId};

/// The attestation statement formats we write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AttestationFormat {
    None,
    /// Signed by the credential's own key: proves possession, says nothing about the device.
    PackedSelf,
}

impl AttestationFormat {
    /// The attestation object over `authenticator_data`.
    pub(crate) fn object(self, key: &PrivateKey, authenticator_data: &[u8], request: &RequestId) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(authenticator_data.len() + 128);
        let mut encoder = Encoder::new(&mut bytes);
        match self {
            Self::None => none(&mut encoder, authenticator_data),
            Self::PackedSelf => {
                let signature = key.sign(&[authenticator_data, request.as_bytes()]);
                let alg = key.algorithm().cose();
                packed_self(&mut encoder, alg, &signature, authenticator_data)
            }
        }
        .expect("writing to a vector does not fail");
        bytes
    }
}

type Written = Result<(), encode::Error<Infallible>>;

// Keys stand in CTAP2 canonical order: the shorter first, then bytewise.

fn none(encoder: &mut Encoder<&mut Vec<u8>>, authenticator_data: &[u8]) -> Written {
    encoder.map(3)?.str("fmt")?.str("none")?;
    encoder.str("attStmt")?.map(0)?;
    encoder.str("authData")?.bytes(authenticator_data)?.ok()
}

fn packed_self(encoder: &mut Encoder<&mut Vec<u8>>, alg: i64, signature: &[u8], authenticator_data: &[u8]) -> Written {
    encoder.map(3)?.str("fmt")?.str("packed")?;
    encoder.str("attStmt")?.map(2)?;
    encoder.str("alg")?.i64(alg)?.str("sig")?.bytes(signature)?;
    encoder.str("authData")?.bytes(authenticator_data)?.ok()
}
