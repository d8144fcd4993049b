//! The authenticator's extensions: what they are asked, and what they say in the authenticator data (CTAP 2.3 section 12).

use std::convert::Infallible;

use minicbor::{Encoder, encode};

use crate::{CredBlob, Credential, PrfDelivery, PrfRequest, PrfResults, Protection, ThirdPartyPayment, Verification};

/// What a site asks of the extensions when a credential is created.
#[derive(Clone, Copy, Debug, Default)]
pub struct CreateExtensions<'a> {
    /// `credProtect`: when the credential may answer a person who was not verified.
    pub protection: Option<Protection>,
    /// `credBlob`: bytes to keep beside the credential. More than [`CRED_BLOB_LEN`](crate::limits::CRED_BLOB_LEN) are not kept, which is no error.
    pub cred_blob: Option<&'a [u8]>,
    /// `largeBlobKey`: whether the credential gets a key for its large blob.
    pub large_blob_key: bool,
    /// `minPinLength`: the length to tell, where the site asked and is one of those that may know.
    pub min_pin_length: Option<u8>,
    /// `pinComplexityPolicy`: whether obvious PINs are refused, where the site asked and is one of those that may know.
    pub pin_complexity_policy: Option<bool>,
    /// `hmac-secret`: whether the site wants to hear that the credential has PRFs; it has them in any case.
    pub hmac_secret: bool,
    /// `hmac-secret-mc` or `prf`: functions to compute at once.
    pub prf: Option<PrfRequest<'a>>,
    /// `thirdPartyPayment`: whether the credential may serve payments that another site starts.
    pub third_party_payment: bool,
}

/// What a site asks of the extensions at a sign-in.
#[derive(Clone, Copy, Debug, Default)]
pub struct GetExtensions<'a> {
    /// `credBlob`: whether the site wants the bytes that it put beside the credential.
    pub cred_blob: bool,
    /// `largeBlobKey`: whether the platform wants the key of the large blob.
    pub large_blob_key: bool,
    /// `hmac-secret` or `prf`: functions to compute.
    pub prf: Option<PrfRequest<'a>>,
    /// `thirdPartyPayment`: whether the site wants to know if the credential may serve another site's payments.
    pub third_party_payment: bool,
}

impl CreateExtensions<'_> {
    /// The blob to keep, if it is short enough.
    pub(crate) fn kept_blob(&self) -> Option<CredBlob> {
        self.cred_blob.and_then(|blob| CredBlob::try_from(blob).ok())
    }

    /// The outputs, and what goes to the client beside them.
    pub(crate) fn answer(&self, made: &Credential, verification: Verification) -> Outputs {
        let (sealed, prf) = evaluate(self.prf, made, verification);
        Outputs {
            encoded: Output::encode([
                self.cred_blob.map(|_| Output::CredBlobStored(made.cred_blob.is_some())),
                self.protection.map(Output::CredProtect),
                self.hmac_secret.then_some(Output::HmacSecretEnabled),
                self.min_pin_length.map(Output::MinPinLength),
                sealed.map(Output::HmacSecretMc),
                self.third_party_payment.then_some(Output::ThirdPartyPayment(made.third_party_payment)),
                self.pin_complexity_policy.map(Output::PinComplexityPolicy),
            ]),
            prf,
        }
    }
}

impl GetExtensions<'_> {
    /// The outputs, and what goes to the client beside them.
    pub(crate) fn answer(&self, used: &Credential, verification: Verification) -> Outputs {
        let (sealed, prf) = evaluate(self.prf, used, verification);
        let blob = used.cred_blob.as_ref().map_or(&[][..], CredBlob::expose);
        Outputs {
            encoded: Output::encode([
                self.cred_blob.then(|| Output::CredBlob(blob.to_vec())),
                sealed.map(Output::HmacSecret),
                self.third_party_payment.then_some(Output::ThirdPartyPayment(used.third_party_payment)),
            ]),
            prf,
        }
    }
}

/// What the extensions answered.
pub(crate) struct Outputs {
    /// The CBOR map for the authenticator data; empty where there are no outputs.
    pub(crate) encoded: Vec<u8>,
    /// For the client that is part of us.
    pub(crate) prf: Option<PrfResults>,
}

/// One output.
enum Output {
    CredBlobStored(bool),
    CredBlob(Vec<u8>),
    CredProtect(Protection),
    HmacSecretEnabled,
    HmacSecret(Vec<u8>),
    MinPinLength(u8),
    HmacSecretMc(Vec<u8>),
    ThirdPartyPayment(ThirdPartyPayment),
    PinComplexityPolicy(bool),
}

impl Output {
    /// A map of outputs that come in canonical order: the shorter name first, then bytewise.
    fn encode<const N: usize>(outputs: [Option<Self>; N]) -> Vec<u8> {
        let outputs: Vec<_> = outputs.into_iter().flatten().collect();
        let mut bytes = Vec::new();
        if !outputs.is_empty() {
            let mut encoder = Encoder::new(&mut bytes);
            let map = encoder.map(outputs.len() as u64).map(drop);
            map.and_then(|()| outputs.iter().try_for_each(|output| output.write(&mut encoder)))
                .expect("writing to a vector does not fail");
        }
        bytes
    }

    fn write(&self, encoder: &mut Encoder<&mut Vec<u8>>) -> Result<(), encode::Error<Infallible>> {
        let encoder = encoder.str(self.name())?;
        match self {
            Self::CredBlobStored(flag) | Self::PinComplexityPolicy(flag) => encoder.bool(*flag)?,
            Self::CredProtect(protection) => encoder.u8(protection.level())?,
            Self::HmacSecretEnabled => encoder.bool(true)?,
            Self::MinPinLength(length) => encoder.u8(*length)?,
            Self::CredBlob(bytes) | Self::HmacSecret(bytes) | Self::HmacSecretMc(bytes) => encoder.bytes(bytes)?,
            Self::ThirdPartyPayment(payment) => encoder.bool(*payment == ThirdPartyPayment::Enabled)?,
        }
        .ok()
    }

    fn name(&self) -> &'static str {
        match self {
            Self::CredBlobStored(_) | Self::CredBlob(_) => "credBlob",
            Self::CredProtect(_) => "credProtect",
            Self::HmacSecretEnabled | Self::HmacSecret(_) => "hmac-secret",
            Self::MinPinLength(_) => "minPinLength",
            Self::HmacSecretMc(_) => "hmac-secret-mc",
            Self::ThirdPartyPayment(_) => "thirdPartyPayment",
            Self::PinComplexityPolicy(_) => "pinComplexityPolicy",
        }
    }
}

/// Computes the functions; the results come sealed for the platform, or open for the client.
fn evaluate(
    request: Option<PrfRequest<'_>>,
    credential: &Credential,
    verification: Verification,
) -> (Option<Vec<u8>>, Option<PrfResults>) {
    let Some(PrfRequest { salts, delivery }) = request else { return (None, None) };
    let results = credential.prf.evaluate(salts, verification);
    match delivery {
        PrfDelivery::ToClient => (None, Some(results)),
        PrfDelivery::InAuthenticatorData(seal) => (Some(seal(&results.concatenated())), None),
    }
}
