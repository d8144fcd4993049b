//! `authenticatorMakeCredential` (CTAP 2.3 section 6.1).

use rand_core::CryptoRng;

use super::{
    authorization::Proof,
    entities::{parse_algorithm, parse_ids, parse_rp, parse_user},
    extensions::CreateInputs,
    verification::{Known, Means, Options},
};
use crate::{
    Algorithm, Attestation, AttestationFormat, CredentialId, Discoverability, EnterpriseRequest, MadeCredential,
    MakeCredential, ManagedStore, RequestId, RpId, User, any_excluded,
    ctap::{
        Person, Profile, Purpose, Question, StateStore, Status,
        cbor::{Map, Value},
        device::{Device, Surroundings},
        fault::Failure,
        pin_uv::{Iv, Permissions},
        request::{Params, as_text},
    },
    replaced,
};

/// A request, read.
struct Request<'m> {
    id: RequestId,
    rp_id: RpId,
    user: User,
    algorithm: Algorithm,
    exclude: Vec<CredentialId>,
    options: Options,
    proof: Option<Proof<'m>>,
    enterprise: Option<EnterpriseRequest>,
    format: Option<AttestationFormat>,
}

impl<C: ManagedStore, S: StateStore, P: Person> Device<C, S, P> {
    pub(super) async fn make_credential<R: CryptoRng>(
        &mut self,
        params: Params<'_, '_>,
        surroundings: &mut Surroundings<'_, R>,
    ) -> Result<Map<'static>, Failure<C::Error, S::Error>> {
        let rp_id = parse_rp(params.map(RP)?)?;
        let user = parse_user(params.map(USER)?)?;
        let (site, name) = (rp_id.clone(), user.name.clone());
        let question = Question { purpose: Purpose::Create, rp_id: Some(site.as_str()), user_name: name.as_deref() };
        self.answer_probe(params.optional_bytes(PIN_UV_AUTH_PARAM)?, &question).await?;

        let request = self.parse_make_credential(params, rp_id, user)?;
        let no_extensions = Map::default();
        let extensions = params.optional_map(EXTENSIONS)?.unwrap_or(&no_extensions);
        let extensions = self.parse_create_inputs(extensions, &request.rp_id, request.discoverability())?;
        let means = self.choose_means(request.proof, request.options, self.state.always_uv)?;
        self.refuse_unverified_passkey(means, request.discoverability())?;
        let question = Question { purpose: self.purpose(&request).await?, ..question };

        let permission = Permissions::MAKE_CREDENTIAL;
        let known = self.verify_by(means, permission, &request.rp_id, &request.id, &question, surroundings).await?;
        self.refuse_excluded(&request, known, &question).await?;
        let accepted = self.consent(known, &request.id, &question).await?;

        // Before the credential is there: a change too many is forgotten, a change unnoticed is not.
        let rng = &mut *surroundings.rng;
        self.change_state(|state| state.renew_credential_store_state(rng)).await?;
        let iv = Iv::make(surroundings.rng);
        let seal = |results: &[u8]| extensions.seal(results, &iv);
        let command = MakeCredential {
            rp_id: &request.rp_id,
            request: &request.id,
            user: &request.user,
            algorithm: request.algorithm,
            exclude: &request.exclude,
            discoverability: request.discoverability(),
            class: self.profile.class,
            attestation: attestation(&self.profile, &request),
            extensions: extensions.for_core(&seal),
            now_ms: surroundings.clock.unix_ms(),
        };
        let made = command.run(&mut self.credentials, accepted, surroundings.rng).await?;
        Ok(answer(&made))
    }

    fn parse_make_credential<'m>(
        &self,
        params: Params<'m, '_>,
        rp_id: RpId,
        user: User,
    ) -> Result<Request<'m>, Status> {
        let proof = Proof::parse(params, PIN_UV_AUTH_PROTOCOL, PIN_UV_AUTH_PARAM)?;
        let id = params.bytes(CLIENT_DATA_HASH)?.try_into().map_err(|_| Status::InvalidLength)?;
        let options = Options::parse(params.optional_map(OPTIONS)?)?;
        if options.up == Some(false) {
            return Err(Status::InvalidOption);
        }
        Ok(Request {
            id: RequestId::from_bytes(id),
            rp_id,
            user,
            algorithm: parse_algorithm(params.array(PUB_KEY_CRED_PARAMS)?)?,
            exclude: parse_ids(params.optional_array(EXCLUDE_LIST)?.unwrap_or_default())?,
            options,
            proof,
            enterprise: self.parse_enterprise(params)?,
            format: parse_format(params)?,
        })
    }

    /// What the person is asked for: whether something of theirs goes is for them to know.
    async fn purpose(&self, request: &Request<'_>) -> Result<Purpose, Failure<C::Error, S::Error>> {
        if request.discoverability() == Discoverability::NamedOnly {
            return Ok(Purpose::Create);
        }
        let (handle, eligibility) = (request.user.handle.as_ref(), self.profile.class.eligibility());
        let old = replaced(&self.credentials, &request.rp_id, handle, request.algorithm, eligibility).await?;
        Ok(if old.is_empty() { Purpose::Create } else { Purpose::Replace })
    }

    fn parse_enterprise(&self, params: Params<'_, '_>) -> Result<Option<EnterpriseRequest>, Status> {
        let Some(number) = params.optional_unsigned(ENTERPRISE_ATTESTATION)? else { return Ok(None) };
        if self.profile.enterprise.is_none() || !self.state.enterprise_attestation {
            return Err(Status::InvalidParameter);
        }
        EnterpriseRequest::from_number(number).map(Some).ok_or(Status::InvalidOption)
    }

    /// A device that knows its person makes nothing that is offered to whoever holds it without asking (`makeCredUvNotRqd`
    /// is for what sites must name).
    fn refuse_unverified_passkey(&self, means: Means<'_>, discoverability: Discoverability) -> Result<(), Status> {
        let unverified = matches!(means, Means::None) && discoverability == Discoverability::Discoverable;
        if mutant!("ctap.passkey-needs-uv", !(unverified && self.is_protected())) {
            return Ok(());
        }
        Err(if self.state.pin.is_some() { Status::PuatRequired } else { Status::OperationDenied })
    }

    /// Says that a credential is excluded once the person has had a chance to see the question, whatever they answered:
    /// else the time it took would tell.
    async fn refuse_excluded(
        &mut self,
        request: &Request<'_>,
        known: Known,
        question: &Question<'_>,
    ) -> Result<(), Failure<C::Error, S::Error>> {
        let verification = known.verification;
        if !any_excluded(&self.credentials, &request.rp_id, &request.exclude, verification).await? {
            return Ok(());
        }
        match self.consent(known, &request.id, question).await {
            Err(Failure::Refused(Status::KeepaliveCancel)) => Err(Status::KeepaliveCancel.into()),
            _ => Err(Status::CredentialExcluded.into()),
        }
    }
}

impl Request<'_> {
    fn discoverability(&self) -> Discoverability {
        match self.options.rk {
            Some(true) => Discoverability::Discoverable,
            _ => Discoverability::NamedOnly,
        }
    }
}

impl CreateInputs<'_> {
    fn seal(&self, results: &[u8], iv: &Iv) -> Vec<u8> {
        self.salts.as_ref().map(|salts| salts.seal(results, iv)).unwrap_or_default()
    }
}

/// Platforms show what vouches for a key only to sites that ask, so that it always does, unless they prefer nothing.
fn attestation<'p>(profile: &'p Profile, request: &Request<'_>) -> Attestation<'p> {
    let enterprise = request.enterprise.zip(profile.enterprise.as_ref());
    let named = enterprise.and_then(|(asked, enterprise)| enterprise.attester_for(asked, &request.rp_id));
    match (named, request.format, &profile.attester) {
        (Some(attester), _, _) => Attestation::Enterprise(attester),
        (None, Some(AttestationFormat::None), _) => Attestation::None,
        (None, _, Some(attester)) => Attestation::Attester(&**attester),
        (None, _, None) => Attestation::ItsOwnKey,
    }
}

fn parse_format(params: Params<'_, '_>) -> Result<Option<AttestationFormat>, Status> {
    let items = params.optional_array(ATTESTATION_FORMATS_PREFERENCE)?.unwrap_or_default();
    let names = items.iter().map(as_text).collect::<Result<Vec<_>, _>>()?;
    Ok(AttestationFormat::first_of(names))
}

fn answer(made: &MadeCredential) -> Map<'static> {
    let statement = &made.statement;
    let att_stmt = Value::decode(&statement.att_stmt).expect("we wrote it canonically");
    let large_blob_key = made.large_blob_key.as_ref().map(|key| key.expose().to_vec());
    Map::default()
        .with(FMT, statement.format.as_str())
        .with(AUTH_DATA, made.authenticator_data.clone())
        .with(ATT_STMT, att_stmt.into_owned())
        .with_some(EP_ATT, statement.is_enterprise.then_some(true))
        // Exposed to the platform, which encrypts the large blob with it.
        .with_some(LARGE_BLOB_KEY, large_blob_key)
}

const CLIENT_DATA_HASH: i64 = 1;
const RP: i64 = 2;
const USER: i64 = 3;
const PUB_KEY_CRED_PARAMS: i64 = 4;
const EXCLUDE_LIST: i64 = 5;
const EXTENSIONS: i64 = 6;
const OPTIONS: i64 = 7;
const PIN_UV_AUTH_PARAM: i64 = 8;
const PIN_UV_AUTH_PROTOCOL: i64 = 9;
const ENTERPRISE_ATTESTATION: i64 = 10;
const ATTESTATION_FORMATS_PREFERENCE: i64 = 11;

const FMT: i64 = 1;
const AUTH_DATA: i64 = 2;
const ATT_STMT: i64 = 3;
const EP_ATT: i64 = 4;
const LARGE_BLOB_KEY: i64 = 5;
