//! `authenticatorGetAssertion` and `authenticatorGetNextAssertion` (CTAP 2.3 sections 6.2 and 6.3).

use std::collections::VecDeque;

use rand_core::CryptoRng;

use super::{
    authorization::Proof,
    entities::{Detail, descriptor, parse_ids, user_entity},
    extensions::GetInputs,
    verification::Options,
};
use crate::{
    AllowList, Approval, CredentialId, Discoverability, GetAssertion, ManagedStore, RequestId, RpId, Verification,
    applicable,
    ctap::{
        Person, Purpose, Question, StateStore, Status,
        cbor::Map,
        device::{Continuation, Device, Surroundings},
        fault::Failure,
        pin_uv::{Iv, Permissions},
        request::Params,
    },
};

/// A sign-in with more than one answer.
pub(in super::super) struct NextAssertion {
    sign_in: SignIn,
    rest: VecDeque<CredentialId>,
}

/// What all answers of a sign-in have in common.
struct SignIn {
    id: RequestId,
    rp_id: RpId,
    allow: AllowList,
    approval: Approval,
    extensions: GetInputs,
    detail: Detail,
}

impl<C: ManagedStore, S: StateStore, P: Person> Device<C, S, P> {
    pub(super) async fn get_assertion<R: CryptoRng>(
        &mut self,
        params: Params<'_, '_>,
        surroundings: &mut Surroundings<'_, R>,
    ) -> Result<Map<'static>, Failure<C::Error, S::Error>> {
        let rp_id = RpId::try_from(params.text(RP_ID)?).map_err(|_| Status::InvalidParameter)?;
        let site = rp_id.clone();
        let question = Question { purpose: Purpose::SignIn, rp_id: Some(site.as_str()), user_name: None };
        self.answer_probe(params.optional_bytes(PIN_UV_AUTH_PARAM)?, &question).await?;

        let proof = Proof::parse(params, PIN_UV_AUTH_PROTOCOL, PIN_UV_AUTH_PARAM)?;
        let id = params.bytes(CLIENT_DATA_HASH)?.try_into().map_err(|_| Status::InvalidLength)?;
        let id = RequestId::from_bytes(id);
        let allow = parse_allow_list(params)?;
        let options = Options::parse(params.optional_map(OPTIONS)?)?;
        if options.rk.is_some() {
            return Err(Status::UnsupportedOption.into());
        }
        let touches = options.up != Some(false);
        let no_extensions = Map::default();
        let extensions = params.optional_map(EXTENSIONS)?.unwrap_or(&no_extensions);
        let mut extensions = self.parse_get_inputs(extensions, touches)?;

        let means = self.choose_means(proof, options, self.state.always_uv && touches)?;
        let permission = Permissions::GET_ASSERTION;
        let known = self.verify_by(means, permission, &rp_id, &id, &question, surroundings).await?;
        let is_stranger = self.profile.is_vault() && !touches && known.verification == Verification::NotPerformed;
        // The standard tells whoever connects which accounts a site has. Platforms need that only for those they can name.
        if mutant!("ctap.vault-tells-nothing-silently", is_stranger => false) {
            if allow == AllowList::Any {
                return Err(Status::UpRequired.into());
            }
            extensions.keep_secrets();
        }
        let mut found = VecDeque::from(applicable(&self.credentials, &rp_id, &allow, known.verification).await?);
        let first = found.pop_front().ok_or(Status::NoCredentials)?;
        let user_name = first.user.name.as_deref().filter(|_| found.is_empty());
        let question = Question { user_name, ..question };
        let approval = if touches {
            Approval::Given(self.consent(known, &id, &question).await?)
        } else {
            Approval::Silent(known.verification)
        };

        if allow != AllowList::Any {
            // The platform chose by naming them: any one will do.
            found.clear();
        }
        let verified = known.verification == Verification::Performed;
        let detail = match (verified, found.is_empty()) {
            _ if is_stranger => Detail::Nothing,
            (true, false) => Detail::Names,
            _ => Detail::Handle,
        };
        let sign_in = SignIn { id, rp_id, allow, approval, extensions, detail };
        let answer = self.sign(&sign_in, &first.id, surroundings).await?;
        if found.is_empty() {
            return Ok(answer);
        }
        let total = found.len() as u64 + 1;
        let rest = found.into_iter().map(|credential| credential.id).collect();
        self.continue_later(Continuation::Assertions(Box::new(NextAssertion { sign_in, rest })), surroundings);
        Ok(answer.with(NUMBER_OF_CREDENTIALS, total))
    }

    pub(super) async fn get_next_assertion<R: CryptoRng>(
        &mut self,
        continuation: Option<Continuation>,
        surroundings: &mut Surroundings<'_, R>,
    ) -> Result<Map<'static>, Failure<C::Error, S::Error>> {
        let Some(Continuation::Assertions(mut next)) = continuation else { return Err(Status::NotAllowed.into()) };
        let credential = next.rest.pop_front().ok_or(Status::NotAllowed)?;
        let answer = self.sign(&next.sign_in, &credential, surroundings).await?;
        if !next.rest.is_empty() {
            self.continue_later(Continuation::Assertions(next), surroundings);
        }
        Ok(answer)
    }

    pub(super) fn continue_later<R>(&mut self, continuation: Continuation, surroundings: &Surroundings<'_, R>) {
        self.volatile.continuation = Some((continuation, surroundings.now()));
    }

    async fn sign<R: CryptoRng>(
        &mut self,
        sign_in: &SignIn,
        credential: &CredentialId,
        surroundings: &mut Surroundings<'_, R>,
    ) -> Result<Map<'static>, Failure<C::Error, S::Error>> {
        let iv = Iv::make(surroundings.rng);
        let seal = |results: &[u8]| sign_in.extensions.seal(results, &iv);
        let command = GetAssertion {
            rp_id: &sign_in.rp_id,
            request: &sign_in.id,
            allow: &sign_in.allow,
            credential,
            extensions: sign_in.extensions.for_core(&seal),
        };
        let assertion = command.run(&self.credentials, sign_in.approval, surroundings.rng).await?;
        // A site that names its credentials knows whom they are for.
        let user = match assertion.discoverability {
            Discoverability::Discoverable => user_entity(&assertion.user, sign_in.detail),
            Discoverability::NamedOnly => None,
        };
        let large_blob_key = assertion.large_blob_key.as_ref().map(|key| key.expose().to_vec());
        Ok(Map::default()
            .with(CREDENTIAL, descriptor(&assertion.id))
            .with(AUTH_DATA, assertion.authenticator_data)
            .with(SIGNATURE, assertion.signature)
            .with_some(USER, user)
            // Exposed to the platform, which decrypts the large blob with it.
            .with_some(LARGE_BLOB_KEY, large_blob_key))
    }
}

impl GetInputs {
    fn seal(&self, results: &[u8], iv: &Iv) -> Vec<u8> {
        self.salts.as_ref().map(|salts| salts.seal(results, iv)).unwrap_or_default()
    }
}

/// An empty list is none. One that names nothing we could have accepts nothing.
fn parse_allow_list(params: Params<'_, '_>) -> Result<AllowList, Status> {
    match params.optional_array(ALLOW_LIST)? {
        None | Some([]) => Ok(AllowList::Any),
        Some(items) => Ok(AllowList::Only(parse_ids(items)?)),
    }
}

const RP_ID: i64 = 1;
const CLIENT_DATA_HASH: i64 = 2;
const ALLOW_LIST: i64 = 3;
const EXTENSIONS: i64 = 4;
const OPTIONS: i64 = 5;
const PIN_UV_AUTH_PARAM: i64 = 6;
const PIN_UV_AUTH_PROTOCOL: i64 = 7;

const CREDENTIAL: i64 = 1;
const AUTH_DATA: i64 = 2;
const SIGNATURE: i64 = 3;
const USER: i64 = 4;
const NUMBER_OF_CREDENTIALS: i64 = 5;
const LARGE_BLOB_KEY: i64 = 7;
