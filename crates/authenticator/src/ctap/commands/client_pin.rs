//! `authenticatorClientPIN` (CTAP 2.3 section 6.5.5).

mod new_pin;
mod tokens;

use rand_core::CryptoRng;

use super::authorization::parse_protocol;
use crate::{
    ManagedStore,
    ctap::{
        BuiltIn, Person, StateStore, Status,
        cbor::Map,
        device::{Device, Outcome, Surroundings},
        fault::Failure,
        limits,
        pin_uv::{Protocol, SharedSecret},
        request::Params,
    },
};

impl<C: ManagedStore, S: StateStore, P: Person> Device<C, S, P> {
    pub(super) async fn client_pin<R: CryptoRng>(
        &mut self,
        params: Params<'_, '_>,
        surroundings: &mut Surroundings<'_, R>,
    ) -> Outcome<C::Error, S::Error> {
        match params.unsigned(SUB_COMMAND)? {
            0x01 => Ok(Some(self.pin_retries()?)),
            0x02 => Ok(Some(self.key_agreement(params)?)),
            0x03 => self.set_pin(params).await,
            0x04 => self.change_pin(params, surroundings).await,
            0x05 => self.pin_token(params, surroundings).await.map(Some),
            0x06 => self.token_using_uv(params, surroundings).await.map(Some),
            0x07 => Ok(Some(self.uv_retries()?)),
            0x09 => self.token_using_pin(params, surroundings).await.map(Some),
            _ => Err(Status::InvalidSubcommand.into()),
        }
    }

    fn pin_retries(&self) -> Result<Map<'static>, Status> {
        if self.state.pin.is_none() {
            return Err(Status::PinNotSet);
        }
        Ok(Map::default().with(PIN_RETRIES, self.state.pin_retries).with(POWER_CYCLE_STATE, self.needs_power_cycle()))
    }

    fn uv_retries(&self) -> Result<Map<'static>, Status> {
        if self.person.built_in() == BuiltIn::None {
            return Err(Status::InvalidSubcommand);
        }
        Ok(Map::default().with(UV_RETRIES, self.state.uv_retries))
    }

    fn key_agreement(&self, params: Params<'_, '_>) -> Result<Map<'static>, Status> {
        let protocol = parse_protocol(params, PROTOCOL)?;
        Ok(Map::default().with(KEY_AGREEMENT_OUT, self.volatile.key_agreement(protocol).public_key()))
    }

    /// What the device and this platform share.
    fn shared_secret(&self, protocol: Protocol, params: Params<'_, '_>) -> Result<SharedSecret, Status> {
        self.volatile.key_agreement(protocol).agree(protocol, params.map(KEY_AGREEMENT)?)
    }

    /// Whether so many wrong PINs came in a row that someone must touch the plug, which malware cannot.
    fn needs_power_cycle(&self) -> bool {
        self.volatile.pin_mismatches >= limits::PIN_RETRIES_PER_POWER_CYCLE
    }

    /// Whether a PIN may be tried at all.
    fn may_try_pin(&self) -> Result<(), Status> {
        if self.state.pin.is_none() {
            return Err(Status::PinNotSet);
        }
        if self.state.pin_retries == 0 {
            return Err(Status::PinBlocked);
        }
        if mutant!("ctap.three-wrong-pins-block", self.needs_power_cycle() => false) {
            return Err(Status::PinAuthBlocked);
        }
        Ok(())
    }

    /// Holds the platform's hash against the PIN (sections 6.5.5.6 and 6.5.5.7).
    ///
    /// The try is counted on disk before the PIN is looked at: pulling the plug in between costs a try and tells nothing.
    async fn try_pin<R: CryptoRng>(
        &mut self,
        secret: &SharedSecret,
        protocol: Protocol,
        pin_hash_enc: &[u8],
        surroundings: &mut Surroundings<'_, R>,
    ) -> Result<(), Failure<C::Error, S::Error>> {
        let left = self.state.pin_retries.checked_sub(1).ok_or(Status::PinBlocked)?;
        self.change_state(|state| state.pin_retries = left).await?;
        let hash = secret.decrypt(pin_hash_enc);
        let matches = hash.zip(self.state.pin.as_ref()).is_some_and(|(hash, pin)| pin.matches(&hash));
        if matches {
            self.volatile.pin_mismatches = 0;
            return self.change_state(give_back_tries).await;
        }
        self.volatile.regenerate(protocol, surroundings.rng);
        self.volatile.pin_mismatches = self.volatile.pin_mismatches.saturating_add(1);
        Err(if self.state.pin_retries == 0 {
            Status::PinBlocked
        } else if self.needs_power_cycle() {
            Status::PinAuthBlocked
        } else {
            Status::PinInvalid
        }
        .into())
    }
}

/// A right PIN makes good for whatever went wrong before.
fn give_back_tries(state: &mut crate::ctap::DeviceState) {
    state.pin_retries = limits::PIN_RETRIES;
    state.uv_retries = limits::UV_RETRIES;
    state.uv_count_since_pin = 0;
}

const PROTOCOL: i64 = 1;
const SUB_COMMAND: i64 = 2;
const KEY_AGREEMENT: i64 = 3;
const PIN_UV_AUTH_PARAM: i64 = 4;
const NEW_PIN_ENC: i64 = 5;
const PIN_HASH_ENC: i64 = 6;
const PERMISSIONS: i64 = 9;
const RP_ID: i64 = 10;

const KEY_AGREEMENT_OUT: i64 = 1;
const PIN_UV_AUTH_TOKEN: i64 = 2;
const PIN_RETRIES: i64 = 3;
const POWER_CYCLE_STATE: i64 = 4;
const UV_RETRIES: i64 = 5;
