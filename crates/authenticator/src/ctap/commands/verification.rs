//! How the person is verified for a credential or an assertion, and what a touch is needed for besides (CTAP 2.3 sections
//! 6.1.2 and 6.2.2, which agree on this).

use rand_core::CryptoRng;

use super::authorization::Proof;
use crate::{
    Accepted, Consent, ManagedStore, Presence, RequestId, RpId, Verification,
    ctap::{
        BuiltIn, Person, Question, StateStore, Status,
        cbor::Map,
        device::{Device, Surroundings},
        fault::Failure,
        pin_uv::{Permissions, Scope},
        request::as_bool,
    },
    webauthn::UserVerification,
};

/// The options of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) rk: Option<bool>,
    pub(super) up: Option<bool>,
    uv: bool,
}

impl Options {
    pub(super) fn parse(options: Option<&Map<'_>>) -> Result<Self, Status> {
        let option = |name| options.and_then(|options| options.word(name)).map(as_bool).transpose();
        Ok(Self { rk: option("rk")?, up: option("up")?, uv: option("uv")?.unwrap_or_default() })
    }
}

/// How the person is to be verified.
#[derive(Clone, Copy)]
pub(super) enum Means<'m> {
    /// Not at all.
    None,
    /// The platform did it, and has a token to show.
    Token(Proof<'m>),
    /// By the device itself.
    BuiltIn,
}

/// What is known of the person by now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) verification: Verification,
    /// Whether they touched the device already.
    present: bool,
    by_token: bool,
}

impl<C: ManagedStore, S: StateStore, P: Person> Device<C, S, P> {
    /// An empty `pinUvAuthParam` asks for a touch and whether there is a PIN, as platforms of CTAP 2.0 choose a device.
    pub(super) async fn answer_probe(
        &mut self,
        param: Option<&[u8]>,
        question: &Question<'_>,
    ) -> Result<(), Failure<C::Error, S::Error>> {
        if param.is_none_or(|param| !param.is_empty()) {
            return Ok(());
        }
        self.ask(question).await?;
        Err(if self.state.pin.is_some() { Status::PinInvalid } else { Status::PinNotSet }.into())
    }

    /// Chooses the means: a token where there is one, else what the options and "always verify" want.
    pub(super) fn choose_means<'m>(
        &self,
        proof: Option<Proof<'m>>,
        options: Options,
        always: bool,
    ) -> Result<Means<'m>, Status> {
        let built_in = self.person.built_in() == BuiltIn::Ready;
        match proof {
            Some(_) if !self.is_protected() => Err(Status::PinNotSet),
            Some(proof) => Ok(Means::Token(proof)),
            None if options.uv && !built_in => Err(Status::InvalidOption),
            None if options.uv => Ok(Means::BuiltIn),
            None if always && built_in => Ok(Means::BuiltIn),
            None if mutant!("ctap.always-uv", always => false) => Err(Status::PuatRequired),
            None => Ok(Means::None),
        }
    }

    /// Verifies the person by these means.
    pub(super) async fn verify_by<R: CryptoRng>(
        &mut self,
        means: Means<'_>,
        permission: Permissions,
        rp_id: &RpId,
        request: &RequestId,
        question: &Question<'_>,
        surroundings: &mut Surroundings<'_, R>,
    ) -> Result<Known, Failure<C::Error, S::Error>> {
        match means {
            Means::None => Ok(Known { verification: Verification::NotPerformed, present: false, by_token: false }),
            Means::Token(proof) => {
                self.admit(proof, permission, Scope::Site(rp_id), &[request.as_bytes()])?;
                let token = self.volatile.token.as_mut().ok_or(Status::PinAuthInvalid)?;
                if !token.user_verified() {
                    return Err(Status::PinAuthInvalid.into());
                }
                token.bind(rp_id);
                let present = token.user_present(surroundings.now());
                Ok(Known { verification: Verification::Performed, present, by_token: true })
            }
            Means::BuiltIn => {
                self.verify(question).await.map_err(|failure| self.fall_back_to_pin(failure))?;
                Ok(Known { verification: Verification::Performed, present: true, by_token: false })
            }
        }
    }

    /// Where the device could not tell the person, the platform may still ask for the PIN.
    fn fall_back_to_pin(&self, failure: Failure<C::Error, S::Error>) -> Failure<C::Error, S::Error> {
        match failure {
            Failure::Refused(Status::UvBlocked | Status::UvInvalid) => {
                Failure::Refused(if self.state.pin.is_some() { Status::PuatRequired } else { Status::OperationDenied })
            }
            other => other,
        }
    }

    /// Asks for a touch unless there was one, and turns what is known of the person into consent to this request.
    ///
    /// A token that was good for it is used up: the next signature takes another.
    pub(super) async fn consent(
        &mut self,
        known: Known,
        request: &RequestId,
        question: &Question<'_>,
    ) -> Result<Accepted, Failure<C::Error, S::Error>> {
        if !known.present {
            self.ask(question).await?;
        }
        if let Some(token) = self.volatile.token.as_mut().filter(|_| known.by_token) {
            token.use_up();
        }
        let consent = Consent { request: *request, presence: Presence::Given, verification: known.verification };
        // Whatever verification the request wanted has been seen to above.
        let accepted = consent.accept(request, UserVerification::Discouraged);
        accepted.map_err(|_| Status::OperationDenied.into())
    }
}
