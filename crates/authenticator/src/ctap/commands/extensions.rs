//! The inputs of extensions as CTAP carries them (CTAP 2.3 section 12).

use super::hmac_secret::EncryptedSalts;
use crate::{
    CreateExtensions, Discoverability, GetExtensions, ManagedStore, PrfDelivery, PrfRequest, Protection, RpId,
    ctap::{
        Person, StateStore, Status,
        cbor::Map,
        device::Device,
        request::{as_bool, as_bytes, as_map, as_unsigned},
    },
};

/// The extensions that are served, by name. Any other is nobody's error.
pub(super) const EXTENSIONS: [&str; 8] = [
    CRED_BLOB,
    CRED_PROTECT,
    HMAC_SECRET,
    HMAC_SECRET_MC,
    LARGE_BLOB_KEY,
    MIN_PIN_LENGTH,
    PIN_COMPLEXITY_POLICY,
    THIRD_PARTY_PAYMENT,
];

/// What a platform asks of the extensions at a creation.
#[derive(Default)]
pub(super) struct CreateInputs<'m> {
    protection: Option<Protection>,
    cred_blob: Option<&'m [u8]>,
    large_blob_key: bool,
    min_pin_length: Option<u8>,
    pin_complexity_policy: Option<bool>,
    hmac_secret: bool,
    pub(super) salts: Option<EncryptedSalts>,
    third_party_payment: bool,
}

/// What a platform asks of the extensions at a sign-in; kept for `getNextAssertion`.
#[derive(Default)]
pub(super) struct GetInputs {
    cred_blob: bool,
    large_blob_key: bool,
    pub(super) salts: Option<EncryptedSalts>,
    third_party_payment: bool,
}

impl<C: ManagedStore, S: StateStore, P: Person> Device<C, S, P> {
    pub(super) fn parse_create_inputs<'m>(
        &self,
        extensions: &'m Map<'_>,
        rp_id: &RpId,
        discoverability: Discoverability,
    ) -> Result<CreateInputs<'m>, Status> {
        let may_know_policy = self.state.pin_policy_rp_ids.contains(rp_id);
        let tells = |name| Ok::<_, Status>(flag(extensions, name)? && may_know_policy);
        let policy = self.state.pin_policy;
        let large_blob_key = large_blob_key(extensions)?;
        if large_blob_key && discoverability == Discoverability::NamedOnly {
            return Err(Status::InvalidOption);
        }
        let hmac_secret = flag(extensions, HMAC_SECRET)?;
        let salts = extensions.word(HMAC_SECRET_MC).map(as_map).transpose()?;
        if salts.is_some() && !hmac_secret {
            return Err(Status::MissingParameter);
        }
        Ok(CreateInputs {
            protection: protection(extensions)?,
            cred_blob: extensions.word(CRED_BLOB).map(as_bytes).transpose()?,
            large_blob_key,
            min_pin_length: tells(MIN_PIN_LENGTH)?.then_some(policy.min_length),
            pin_complexity_policy: tells(PIN_COMPLEXITY_POLICY)?.then_some(policy.refuses_obvious),
            hmac_secret,
            salts: salts.map(|salts| self.open_salts(salts)).transpose()?,
            third_party_payment: flag(extensions, THIRD_PARTY_PAYMENT)?,
        })
    }

    pub(super) fn parse_get_inputs(&self, extensions: &Map<'_>, touches: bool) -> Result<GetInputs, Status> {
        let salts = extensions.word(HMAC_SECRET).map(as_map).transpose()?;
        if salts.is_some() && !touches {
            return Err(Status::UnsupportedOption);
        }
        Ok(GetInputs {
            cred_blob: flag(extensions, CRED_BLOB)?,
            large_blob_key: large_blob_key(extensions)?,
            salts: salts.map(|salts| self.open_salts(salts)).transpose()?,
            third_party_payment: flag(extensions, THIRD_PARTY_PAYMENT)?,
        })
    }
}

impl CreateInputs<'_> {
    /// The same for the authenticator, whose results `seal` encrypts.
    pub(super) fn for_core<'s>(&'s self, seal: &'s dyn Fn(&[u8]) -> Vec<u8>) -> CreateExtensions<'s> {
        CreateExtensions {
            protection: self.protection,
            cred_blob: self.cred_blob,
            large_blob_key: self.large_blob_key,
            min_pin_length: self.min_pin_length,
            pin_complexity_policy: self.pin_complexity_policy,
            hmac_secret: self.hmac_secret,
            prf: prf(self.salts.as_ref(), seal),
            third_party_payment: self.third_party_payment,
        }
    }
}

impl GetInputs {
    /// Forgets that what sites and platforms keep here was asked for.
    pub(super) fn keep_secrets(&mut self) {
        self.cred_blob = false;
        self.large_blob_key = false;
    }

    /// The same for the authenticator, whose results `seal` encrypts.
    pub(super) fn for_core<'s>(&'s self, seal: &'s dyn Fn(&[u8]) -> Vec<u8>) -> GetExtensions<'s> {
        GetExtensions {
            cred_blob: self.cred_blob,
            large_blob_key: self.large_blob_key,
            prf: prf(self.salts.as_ref(), seal),
            third_party_payment: self.third_party_payment,
        }
    }
}

fn prf<'s>(salts: Option<&'s EncryptedSalts>, seal: &'s dyn Fn(&[u8]) -> Vec<u8>) -> Option<PrfRequest<'s>> {
    salts.map(|input| PrfRequest { salts: &input.salts, delivery: PrfDelivery::InAuthenticatorData(seal) })
}

fn flag(extensions: &Map<'_>, name: &str) -> Result<bool, Status> {
    Ok(extensions.word(name).map(as_bool).transpose()?.unwrap_or_default())
}

/// It is asked for, or not mentioned: section 12.3 has no other way.
fn large_blob_key(extensions: &Map<'_>) -> Result<bool, Status> {
    match extensions.word(LARGE_BLOB_KEY).map(as_bool).transpose()? {
        Some(false) => Err(Status::InvalidOption),
        Some(true) => Ok(true),
        None => Ok(false),
    }
}

fn protection(extensions: &Map<'_>) -> Result<Option<Protection>, Status> {
    let level = extensions.word(CRED_PROTECT).map(as_unsigned).transpose()?;
    level.map(|level| Protection::from_level(level).ok_or(Status::InvalidOption)).transpose()
}

const CRED_BLOB: &str = "credBlob";
const CRED_PROTECT: &str = "credProtect";
const HMAC_SECRET: &str = "hmac-secret";
const HMAC_SECRET_MC: &str = "hmac-secret-mc";
const LARGE_BLOB_KEY: &str = "largeBlobKey";
const MIN_PIN_LENGTH: &str = "minPinLength";
const PIN_COMPLEXITY_POLICY: &str = "pinComplexityPolicy";
const THIRD_PARTY_PAYMENT: &str = "thirdPartyPayment";
