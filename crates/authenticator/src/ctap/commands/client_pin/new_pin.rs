//! Setting and changing the PIN (CTAP 2.3 sections 6.5.5.5 and 6.5.5.6).

use rand_core::CryptoRng;

use super::{NEW_PIN_ENC, PIN_HASH_ENC, PIN_UV_AUTH_PARAM, PROTOCOL, give_back_tries};
use crate::{
    ManagedStore,
    ctap::{
        Person, Purpose, Question, StateStore, Status,
        commands::authorization::parse_protocol,
        device::{Device, Outcome, Surroundings},
        pin_uv::{NewPin, SharedSecret, TokenSecret},
        request::Params,
    },
};

impl<C: ManagedStore, S: StateStore, P: Person> Device<C, S, P> {
    pub(super) async fn set_pin(&mut self, params: Params<'_, '_>) -> Outcome<C::Error, S::Error> {
        let (new_pin_enc, param) = (params.bytes(NEW_PIN_ENC)?, params.bytes(PIN_UV_AUTH_PARAM)?);
        let protocol = parse_protocol(params, PROTOCOL)?;
        if self.state.pin.is_some() {
            return Err(Status::PinAuthInvalid.into());
        }
        let secret = self.shared_secret(protocol, params)?;
        if !secret.verifies(&[new_pin_enc], param) {
            return Err(Status::PinAuthInvalid.into());
        }
        let pin = self.open_new_pin(&secret, new_pin_enc)?.keep();
        // A vault has no PIN at first, and whoever sets one speaks for the person from then on.
        if self.profile.is_vault() {
            self.ask(&Question { purpose: Purpose::SetPin, rp_id: None, user_name: None }).await?;
        }
        self.change_state(|state| {
            state.pin = Some(pin);
            state.force_pin_change = false;
            give_back_tries(state);
        })
        .await?;
        self.volatile.pin_mismatches = 0;
        Ok(None)
    }

    pub(super) async fn change_pin<R: CryptoRng>(
        &mut self,
        params: Params<'_, '_>,
        surroundings: &mut Surroundings<'_, R>,
    ) -> Outcome<C::Error, S::Error> {
        let (new_pin_enc, pin_hash_enc) = (params.bytes(NEW_PIN_ENC)?, params.bytes(PIN_HASH_ENC)?);
        let param = params.bytes(PIN_UV_AUTH_PARAM)?;
        let protocol = parse_protocol(params, PROTOCOL)?;
        self.may_try_pin()?;
        let secret = self.shared_secret(protocol, params)?;
        if !secret.verifies(&[new_pin_enc, pin_hash_enc], param) {
            return Err(Status::PinAuthInvalid.into());
        }
        self.try_pin(&secret, protocol, pin_hash_enc, surroundings).await?;

        let pin = self.open_new_pin(&secret, new_pin_enc)?.keep();
        let unchanged = self.state.pin.as_ref().is_some_and(|old| old.matches(pin.expose().0));
        if self.state.force_pin_change && unchanged {
            return Err(Status::PinPolicyViolation.into());
        }
        // Whoever got a token by the old PIN, even one for good, must show the new one.
        let persistent_token = TokenSecret::make(surroundings.rng);
        self.change_state(|state| {
            state.pin = Some(pin);
            state.force_pin_change = false;
            state.persistent_token = persistent_token;
        })
        .await?;
        mutant!("ctap.new-pin-ends-tokens" => return Ok(None));
        self.volatile.token = None;
        Ok(None)
    }

    fn open_new_pin(&self, secret: &SharedSecret, new_pin_enc: &[u8]) -> Result<NewPin, Status> {
        let padded = secret.decrypt(new_pin_enc).ok_or(Status::PinAuthInvalid)?;
        NewPin::parse(&padded, self.state.pin_policy)
    }
}
