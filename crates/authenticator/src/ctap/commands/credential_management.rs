//! `authenticatorCredentialManagement` (CTAP 2.3 section 6.8).

use std::{collections::VecDeque, time::Duration};

use rand_core::CryptoRng;
use sha2::{Digest as _, Sha256};

use super::{
    authorization::Proof,
    entities::{Detail, descriptor, parse_descriptor, parse_user, user_entity},
};
use crate::{
    Credential, CredentialSummary, Discoverability, Found, ManagedStore, RpId, ThirdPartyPayment,
    ctap::{
        Person, Purpose, Question, StateStore, Status,
        cbor::{Map, Value},
        device::{Continuation, Device, Outcome, Surroundings},
        fault::{Failure, Fault},
        limits,
        pin_uv::{Permissions, Scope, authenticates},
        request::Params,
    },
};

/// Who may give a subcommand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Holders of the persistent token too.
    Look,
    /// Only those whose person has just been verified.
    Change,
}

impl<C: ManagedStore, S: StateStore, P: Person> Device<C, S, P> {
    pub(super) async fn credential_management<R: CryptoRng>(
        &mut self,
        params: Params<'_, '_>,
        continuation: Option<Continuation>,
        surroundings: &mut Surroundings<'_, R>,
    ) -> Outcome<C::Error, S::Error> {
        let none = Map::default();
        let parameters = params.optional_map(SUB_COMMAND_PARAMS)?;
        let details = Params::new(parameters.unwrap_or(&none));
        let relying_parties = self.volatile.relying_parties.take();
        match params.unsigned(SUB_COMMAND)? {
            0x01 => {
                self.admit_management(params, Access::Look, Scope::AllSites)?;
                self.metadata().await.map(Some)
            }
            0x02 => {
                self.admit_management(params, Access::Look, Scope::AllSites)?;
                self.first_relying_party(surroundings).await.map(Some)
            }
            0x03 => Ok(Some(self.next_relying_party(relying_parties, surroundings)?)),
            0x04 => {
                self.volatile.relying_parties = relying_parties;
                self.first_credential(params, details, surroundings).await.map(Some)
            }
            0x05 => {
                self.volatile.relying_parties = relying_parties;
                self.next_credential(continuation, surroundings).await.map(Some)
            }
            0x06 => self.delete_credential(params, details, surroundings).await,
            0x07 => self.update_user(params, details, surroundings).await,
            _ => Err(Status::InvalidSubcommand.into()),
        }
    }

    /// Lets those pass who hold the token with `cm`, or to look, the persistent one.
    fn admit_management(&mut self, params: Params<'_, '_>, access: Access, scope: Scope<'_>) -> Result<(), Status> {
        let proof = Proof::parse(params, PIN_UV_AUTH_PROTOCOL, PIN_UV_AUTH_PARAM)?.ok_or(Status::PuatRequired)?;
        let command = params.unsigned(SUB_COMMAND)?;
        let command = [u8::try_from(command).map_err(|_| Status::InvalidSubcommand)?];
        let parameters = params.optional_map(SUB_COMMAND_PARAMS)?;
        let parameters = parameters.map(|map| Value::Map(map.clone()).encode()).unwrap_or_default();
        let message: &[&[u8]] = &[&command, &parameters];
        let persistent = self.state.persistent_token.expose();
        if access == Access::Look && authenticates(proof.protocol, persistent, message, proof.param) {
            return Ok(());
        }
        self.admit(proof, Permissions::CREDENTIAL_MANAGEMENT, scope, message)
    }

    async fn metadata(&mut self) -> Result<Map<'static>, Failure<C::Error, S::Error>> {
        let mut existing = 0;
        for rp_id in self.relying_parties().await? {
            existing += self.discoverable(&rp_id).await?.len() as u64;
        }
        let remaining = self.credentials.remaining().await.map_err(broken)?;
        let remaining = remaining.map_or(limits::NOMINAL_CAPACITY.saturating_sub(existing), |left| left as u64);
        Ok(Map::default().with(EXISTING_COUNT, existing).with(MAX_POSSIBLE_REMAINING_COUNT, remaining))
    }

    async fn first_relying_party<R>(
        &mut self,
        surroundings: &Surroundings<'_, R>,
    ) -> Result<Map<'static>, Failure<C::Error, S::Error>> {
        let mut with_credentials = VecDeque::new();
        for rp_id in self.relying_parties().await? {
            if !self.discoverable(&rp_id).await?.is_empty() {
                with_credentials.push_back(rp_id);
            }
        }
        let total = with_credentials.len() as u64;
        let first = with_credentials.pop_front().ok_or(Status::NoCredentials)?;
        self.list_later(with_credentials, surroundings);
        Ok(relying_party(&first).with(TOTAL_RPS, total))
    }

    fn next_relying_party<R>(
        &mut self,
        relying_parties: Option<(VecDeque<RpId>, Duration)>,
        surroundings: &Surroundings<'_, R>,
    ) -> Result<Map<'static>, Status> {
        let (mut rest, _) = relying_parties.ok_or(Status::NotAllowed)?;
        let next = rest.pop_front().ok_or(Status::NotAllowed)?;
        self.list_later(rest, surroundings);
        Ok(relying_party(&next))
    }

    fn list_later<R>(&mut self, rest: VecDeque<RpId>, surroundings: &Surroundings<'_, R>) {
        self.volatile.relying_parties = (!rest.is_empty()).then(|| (rest, surroundings.now()));
    }

    async fn first_credential<R>(
        &mut self,
        params: Params<'_, '_>,
        details: Params<'_, '_>,
        surroundings: &Surroundings<'_, R>,
    ) -> Result<Map<'static>, Failure<C::Error, S::Error>> {
        Proof::parse(params, PIN_UV_AUTH_PROTOCOL, PIN_UV_AUTH_PARAM)?.ok_or(Status::PuatRequired)?;
        let hash = details.bytes(RP_ID_HASH)?;
        let rp_ids = self.relying_parties().await?;
        let rp_id = rp_ids.into_iter().find(|rp_id| Sha256::digest(rp_id.as_str()).as_slice() == hash);
        // A token bound to a site shows nothing of a site that is not here, either.
        let scope = rp_id.as_ref().map_or(Scope::AllSites, Scope::Site);
        self.admit_management(params, Access::Look, scope)?;
        let rp_id = rp_id.ok_or(Status::NoCredentials)?;
        let mut found = VecDeque::from(self.discoverable(&rp_id).await?);
        let total = found.len() as u64;
        let first = found.pop_front().ok_or(Status::NoCredentials)?;
        let answer = self.describe(&first).await?.with(TOTAL_CREDENTIALS, total);
        self.describe_later(found, surroundings);
        Ok(answer)
    }

    async fn next_credential<R>(
        &mut self,
        continuation: Option<Continuation>,
        surroundings: &Surroundings<'_, R>,
    ) -> Result<Map<'static>, Failure<C::Error, S::Error>> {
        let Some(Continuation::Credentials(mut rest)) = continuation else { return Err(Status::NotAllowed.into()) };
        let next = rest.pop_front().ok_or(Status::NotAllowed)?;
        let answer = self.describe(&next).await?;
        self.describe_later(rest, surroundings);
        Ok(answer)
    }

    async fn delete_credential<R: CryptoRng>(
        &mut self,
        params: Params<'_, '_>,
        details: Params<'_, '_>,
        surroundings: &mut Surroundings<'_, R>,
    ) -> Outcome<C::Error, S::Error> {
        let credential = self.named(params, details).await?;
        self.ask_for_change(Purpose::Delete, &credential).await?;
        let rng = &mut *surroundings.rng;
        self.change_state(|state| state.renew_credential_store_state(rng)).await?;
        let found = self.credentials.delete(&credential.rp_id, &credential.id).await.map_err(broken)?;
        done(found)
    }

    async fn update_user<R: CryptoRng>(
        &mut self,
        params: Params<'_, '_>,
        details: Params<'_, '_>,
        surroundings: &mut Surroundings<'_, R>,
    ) -> Outcome<C::Error, S::Error> {
        let user = details.optional_map(USER_PARAM)?;
        let credential = self.named(params, details).await?;
        let user = parse_user(user.ok_or(Status::MissingParameter)?)?;
        if user.handle != credential.user.handle {
            return Err(Status::InvalidParameter.into());
        }
        self.ask_for_change(Purpose::Rename, &credential).await?;
        let rng = &mut *surroundings.rng;
        self.change_state(|state| state.renew_credential_store_state(rng)).await?;
        let found = self.credentials.update_user(&credential.rp_id, &credential.id, &user).await.map_err(broken)?;
        done(found)
    }

    /// A token says that the person was verified some time ago, not that they know what a program does with it since.
    async fn ask_for_change(&mut self, purpose: Purpose, credential: &CredentialSummary) -> Result<(), Status> {
        if !self.profile.is_vault() {
            return Ok(());
        }
        let (rp_id, user_name) = (Some(credential.rp_id.as_str()), credential.user.name.as_deref());
        mutant!("ctap.changes-are-asked-for" => return Ok(()));
        self.ask(&Question { purpose, rp_id, user_name }).await
    }

    /// The credential that a change is about, once it is clear that the platform may change it.
    async fn named(
        &mut self,
        params: Params<'_, '_>,
        details: Params<'_, '_>,
    ) -> Result<CredentialSummary, Failure<C::Error, S::Error>> {
        Proof::parse(params, PIN_UV_AUTH_PROTOCOL, PIN_UV_AUTH_PARAM)?.ok_or(Status::PuatRequired)?;
        let id = parse_descriptor(details.map(CREDENTIAL_ID_PARAM)?)?;
        let found = match &id {
            Some(id) => self.credentials.find_by_id(id).await.map_err(broken)?,
            None => None,
        };
        let scope = found.as_ref().map_or(Scope::AllSites, |found| Scope::Site(&found.rp_id));
        self.admit_management(params, Access::Change, scope)?;
        Ok(found.ok_or(Status::NoCredentials)?)
    }

    async fn relying_parties(&self) -> Result<Vec<RpId>, Failure<C::Error, S::Error>> {
        self.credentials.relying_parties().await.map_err(broken)
    }

    async fn discoverable(&self, rp_id: &RpId) -> Result<Vec<CredentialSummary>, Failure<C::Error, S::Error>> {
        let mut found = self.credentials.find(rp_id, &[]).await.map_err(broken)?;
        found.retain(|found| found.rp_id == *rp_id && found.discoverability == Discoverability::Discoverable);
        Ok(found)
    }

    async fn describe(&self, summary: &CredentialSummary) -> Result<Map<'static>, Failure<C::Error, S::Error>> {
        let loaded = self.credentials.load(&summary.rp_id, &summary.id).await.map_err(broken)?;
        let (credential, _) = loaded.ok_or(Status::NoCredentials)?;
        if credential.rp_id != summary.rp_id || credential.id != summary.id {
            return Err(Failure::Fault(Fault::Relabelled));
        }
        Ok(describe(&credential))
    }

    fn describe_later<R>(&mut self, rest: VecDeque<CredentialSummary>, surroundings: &Surroundings<'_, R>) {
        if !rest.is_empty() {
            self.continue_later(Continuation::Credentials(rest), surroundings);
        }
    }
}

fn relying_party(rp_id: &RpId) -> Map<'static> {
    let rp = Map::default().with("id", rp_id.as_str().to_owned());
    Map::default().with(RP, rp).with(RP_ID_HASH_OUT, Sha256::digest(rp_id.as_str()).to_vec())
}

fn describe(credential: &Credential) -> Map<'static> {
    let public_key = credential.key.public_key().to_cose();
    let public_key = Value::decode(&public_key).expect("we write it canonically").into_owned();
    let payment = credential.third_party_payment == ThirdPartyPayment::Enabled;
    Map::default()
        .with_some(USER, user_entity(&credential.user, Detail::Names))
        .with(CREDENTIAL_ID, descriptor(&credential.id))
        .with(PUBLIC_KEY, public_key)
        .with(CRED_PROTECT, credential.protection.level())
        // Exposed to the platform, which tells by it whose the entries of the large-blob array are.
        .with_some(LARGE_BLOB_KEY, credential.large_blob_key.as_ref().map(|key| key.expose().to_vec()))
        .with(THIRD_PARTY_PAYMENT, payment)
}

fn done<C, S>(found: Found) -> Outcome<C, S> {
    match found {
        Found::It => Ok(None),
        Found::Nothing => Err(Status::NoCredentials.into()),
    }
}

fn broken<C, S>(error: C) -> Failure<C, S> {
    Failure::Fault(Fault::Credentials(error))
}

const SUB_COMMAND: i64 = 1;
const SUB_COMMAND_PARAMS: i64 = 2;
const PIN_UV_AUTH_PROTOCOL: i64 = 3;
const PIN_UV_AUTH_PARAM: i64 = 4;

const RP_ID_HASH: i64 = 1;
const CREDENTIAL_ID_PARAM: i64 = 2;
const USER_PARAM: i64 = 3;

const EXISTING_COUNT: i64 = 1;
const MAX_POSSIBLE_REMAINING_COUNT: i64 = 2;
const RP: i64 = 3;
const RP_ID_HASH_OUT: i64 = 4;
const TOTAL_RPS: i64 = 5;
const USER: i64 = 6;
const CREDENTIAL_ID: i64 = 7;
const PUBLIC_KEY: i64 = 8;
const TOTAL_CREDENTIALS: i64 = 9;
const CRED_PROTECT: i64 = 10;
const LARGE_BLOB_KEY: i64 = 11;
const THIRD_PARTY_PAYMENT: i64 = 12;
