//! The commands beneath both faces, as the CTAP layer calls them.

use getrandom::SysRng;
use pollster::block_on;
use rand_core::UnwrapErr;
use roamkey_authenticator::{
    Accepted, Algorithm, AllowList, Approval, Assertion, Attestation, AuthenticatorClass, CommandError, Consent,
    CreateExtensions, CredentialId, CredentialStore, Discoverability, GetAssertion, GetExtensions, MadeCredential,
    MakeCredential, Presence, RequestId, RpId, User, Verification, webauthn::UserVerification,
};

use crate::sample::account;

/// A request for a credential, of which a test changes what it is about.
pub(crate) struct Create<'a> {
    pub(crate) user: User,
    pub(crate) algorithm: Algorithm,
    pub(crate) exclude: Vec<CredentialId>,
    pub(crate) discoverability: Discoverability,
    pub(crate) class: AuthenticatorClass,
    pub(crate) attestation: Attestation<'a>,
    pub(crate) extensions: CreateExtensions<'a>,
    pub(crate) verification: Verification,
}

impl Default for Create<'_> {
    fn default() -> Self {
        Self {
            user: account("alice"),
            algorithm: Algorithm::Es256,
            exclude: Vec::new(),
            discoverability: Discoverability::Discoverable,
            class: AuthenticatorClass::Synced,
            attestation: Attestation::None,
            extensions: CreateExtensions::default(),
            verification: Verification::Performed,
        }
    }
}

impl Create<'_> {
    pub(crate) fn run<S: CredentialStore>(self, store: &mut S) -> Result<MadeCredential, CommandError<S::Error>> {
        let command = MakeCredential {
            rp_id: &rp_id(),
            request: &request(),
            user: &self.user,
            algorithm: self.algorithm,
            exclude: &self.exclude,
            discoverability: self.discoverability,
            class: self.class,
            attestation: self.attestation,
            extensions: self.extensions,
            now_ms: 0,
        };
        block_on(command.run(store, accepted(self.verification), &mut UnwrapErr(SysRng)))
    }
}

/// A request for an assertion.
pub(crate) struct Get<'a> {
    pub(crate) allow: AllowList,
    pub(crate) extensions: GetExtensions<'a>,
    pub(crate) approval: Approval,
}

impl Default for Get<'_> {
    fn default() -> Self {
        Self {
            allow: AllowList::Any,
            extensions: GetExtensions::default(),
            approval: accepted(Verification::Performed).into(),
        }
    }
}

impl Get<'_> {
    pub(crate) fn run<S: CredentialStore>(
        self,
        store: &S,
        id: &CredentialId,
    ) -> Result<Assertion, CommandError<S::Error>> {
        let command = GetAssertion {
            rp_id: &rp_id(),
            request: &request(),
            allow: &self.allow,
            credential: id,
            extensions: self.extensions,
        };
        block_on(command.run(store, self.approval, &mut UnwrapErr(SysRng)))
    }
}

pub(crate) fn accepted(verification: Verification) -> Accepted {
    let consent = Consent { request: request(), presence: Presence::Given, verification };
    consent.accept(&request(), UserVerification::Discouraged).unwrap()
}

pub(crate) fn rp_id() -> RpId {
    RpId::try_from("example.com").unwrap()
}

pub(crate) fn request() -> RequestId {
    RequestId::from_bytes([7; RequestId::LEN])
}

/// The extension outputs in authenticator data without attested data.
pub(crate) fn outputs(assertion: &Assertion) -> &[u8] {
    &assertion.authenticator_data[37..]
}
