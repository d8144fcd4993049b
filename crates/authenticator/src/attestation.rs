//! Attestation: what an authenticator says about the key it made (WebAuthn sections 6.5, 8.2 and 8.7).

mod attester;
mod enterprise;
#[cfg(feature = "organisation")]
mod organisation;

use std::convert::Infallible;

use minicbor::{Encoder, encode};
use rand_core::CryptoRng;

use crate::{AuthenticatorClass, PrivateKey, RequestId};

pub use attester::{Attester, CertifiedKey, Claim};
pub use enterprise::{Enterprise, EnterpriseRequest, PlatformLists};
#[cfg(feature = "organisation")]
pub use organisation::{Names, Organisation, OrganisationError, Subject, Validity};

/// What a new credential is to be vouched for with.
#[derive(Clone, Copy)]
pub enum Attestation<'a> {
    /// Nothing.
    None,
    /// The credential's own key: it proves possession and says nothing about the authenticator.
    ItsOwnKey,
    /// Someone else's key, with certificates.
    Attester(&'a dyn Attester),
    /// The same, naming the very device to an organisation (`epAtt`).
    Enterprise(&'a dyn Attester),
}

/// The attestation statement formats we write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttestationFormat {
    /// `none`: no statement.
    None,
    /// `packed`: signed by the credential's own key, or by an attester's.
    Packed,
}

impl AttestationFormat {
    /// Its name in the IANA registry.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Packed => "packed",
        }
    }

    /// The first of a site's preferred formats that is ours; none of them if it prefers others, or says nothing.
    pub fn first_of<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        names.into_iter().find_map(|name| [Self::None, Self::Packed].into_iter().find(|format| format.as_str() == name))
    }
}

/// What a new credential was vouched for with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The format.
    pub format: AttestationFormat,
    /// The `attStmt`, a CBOR map.
    pub att_stmt: Vec<u8>,
    /// Whether it names the very device (`epAtt`).
    pub is_enterprise: bool,
}

impl Statement {
    /// The attestation object over `authenticator_data`, in canonical order.
    pub fn object(&self, authenticator_data: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(authenticator_data.len() + self.att_stmt.len() + 64);
        // A map of three; the short text of `fmt`, then of `attStmt`, whose value is CBOR already.
        bytes.push(0xa3);
        write(&mut bytes, |encoder| encoder.str("fmt")?.str(self.format.as_str())?.str("attStmt")?.ok());
        bytes.extend_from_slice(&self.att_stmt);
        write(&mut bytes, |encoder| encoder.str("authData")?.bytes(authenticator_data)?.ok());
        bytes
    }

    fn none() -> Self {
        Self { format: AttestationFormat::None, att_stmt: vec![0xa0], is_enterprise: false }
    }

    fn packed(alg: i64, signature: &[u8], certificates: &[Vec<u8>]) -> Self {
        let mut att_stmt = Vec::new();
        write(&mut att_stmt, |encoder| {
            encoder.map(if certificates.is_empty() { 2 } else { 3 })?;
            encoder.str("alg")?.i64(alg)?.str("sig")?.bytes(signature)?;
            if !certificates.is_empty() {
                encoder.str("x5c")?.array(certificates.len() as u64)?;
                certificates.iter().try_for_each(|der| encoder.bytes(der)?.ok())?;
            }
            Ok(())
        });
        Self { format: AttestationFormat::Packed, att_stmt, is_enterprise: false }
    }
}

impl Attestation<'_> {
    /// Vouches for a new key.
    ///
    /// An attester that is not for this class of key, or that fails, is passed over: the key then speaks for itself. That is
    /// no failure, because the credential exists by now, and every site must bear a self attestation where it asked for more.
    pub(crate) fn state(
        self,
        class: AuthenticatorClass,
        key: &PrivateKey,
        authenticator_data: &[u8],
        request: &RequestId,
        rng: &mut impl CryptoRng,
    ) -> Statement {
        let message: &[&[u8]] = &[authenticator_data, request.as_bytes()];
        let certified = match self {
            Self::None => return Statement::none(),
            Self::ItsOwnKey => None,
            Self::Attester(attester) => attester::certify(attester, class, message, rng),
            Self::Enterprise(attester) => attester::certify(attester, class, message, rng)
                .map(|statement| Statement { is_enterprise: true, ..statement }),
        };
        certified.unwrap_or_else(|| match key.sign(message, rng) {
            Ok(signature) => Statement::packed(key.algorithm().cose(), &signature, &[]),
            Err(_) => Statement::none(),
        })
    }
}

fn write(
    bytes: &mut Vec<u8>,
    entries: impl FnOnce(&mut Encoder<&mut Vec<u8>>) -> Result<(), encode::Error<Infallible>>,
) {
    entries(&mut Encoder::new(bytes)).expect("writing to a vector does not fail");
}
