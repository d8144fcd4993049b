//! The device: one command at a time, from its bytes to those of the answer.

mod volatile;

use std::time::Duration;

use rand_core::CryptoRng;

use super::{
    Clock, DeviceState, Person, Profile, StateStore, Status,
    cbor::{Map, Value},
    commands::Command,
    fault::{Failure, Fault},
    limits,
};
use crate::ManagedStore;

pub(super) use volatile::{Continuation, Volatile};

/// A CTAP authenticator between two power cycles.
///
/// Whatever it remembers for less than that (tokens, key agreement, a half-finished enumeration) dies with the value; to
/// cycle the power, take it apart and switch it on again.
pub struct Device<C, S, P> {
    pub(super) profile: Profile,
    pub(super) credentials: C,
    state_store: S,
    pub(super) person: P,
    /// What the state store holds.
    pub(super) state: DeviceState,
    pub(super) volatile: Volatile,
}

/// What a command may need besides the device.
pub(super) struct Surroundings<'a, R> {
    pub(super) clock: &'a dyn Clock,
    pub(super) rng: &'a mut R,
}

impl<R> Surroundings<'_, R> {
    pub(super) fn now(&self) -> Duration {
        self.clock.monotonic()
    }
}

/// The outcome of a command: the answer's map, if it has one.
pub(super) type Outcome<C, S> = Result<Option<Map<'static>>, Failure<C, S>>;

impl<C: ManagedStore, S: StateStore, P: Person> Device<C, S, P> {
    /// Switches a device on: reads its state, and makes it anew at the very first time.
    ///
    /// # Errors
    /// [`Fault::State`] where the state cannot be read or first written, [`Fault::BadState`] where it is not one.
    pub async fn power_on(
        profile: Profile,
        credentials: C,
        mut state_store: S,
        person: P,
        clock: &impl Clock,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, Fault<C::Error, S::Error>> {
        let state = match state_store.load().await.map_err(Fault::State)? {
            Some(state) => state,
            None => {
                let state = DeviceState::make(rng);
                state_store.save(&state).await.map_err(Fault::State)?;
                state
            }
        };
        let volatile = Volatile::make(clock.monotonic(), rng);
        Ok(Self { profile, credentials, state_store, person, state, volatile })
    }

    /// Answers one message: a command byte and its CBOR in, a status byte and CBOR out.
    ///
    /// It never panics, and always has an answer for the platform; a failure of a store is in the reply besides.
    ///
    /// Do not drop the future before it is done: what was begun then stays undone, tries that were counted stay counted. A
    /// platform's cancel goes to the [`Person`] instead.
    pub async fn process(
        &mut self,
        request: &[u8],
        clock: &impl Clock,
        rng: &mut impl CryptoRng,
    ) -> Reply<Fault<C::Error, S::Error>> {
        let mut surroundings = Surroundings { clock, rng };
        match self.answer(request, &mut surroundings).await {
            Ok(map) => {
                let body = map.map(|map| Value::from(map).encode()).unwrap_or_default();
                Reply { bytes: [&[Status::Ok.code()][..], &body].concat(), fault: None }
            }
            Err(Failure::Refused(status)) => Reply { bytes: vec![status.code()], fault: None },
            Err(Failure::Fault(fault)) => Reply { bytes: vec![Status::Other.code()], fault: Some(fault) },
        }
    }

    /// Tells platforms that know this device that its credentials have changed by another way than its commands: a
    /// synchronisation, say.
    ///
    /// # Errors
    /// [`Fault::State`]; platforms then go on with what they remember.
    pub async fn credentials_changed(&mut self, rng: &mut impl CryptoRng) -> Result<(), Fault<C::Error, S::Error>> {
        let mut next = self.state.copy();
        next.renew_credential_store_state(rng);
        self.replace_state(next).await
    }

    /// Switches it off, and gives back what survives that.
    pub fn power_off(self) -> (Profile, C, S, P) {
        (self.profile, self.credentials, self.state_store, self.person)
    }

    /// Ends what a platform was being told bit by bit: another one speaks now (section 6: state of stateful commands is of
    /// a channel).
    pub fn end_sequences(&mut self) {
        self.volatile.end_sequences();
    }

    /// The person's side, for what a transport tells it (a cancel, a wink).
    pub fn person_mut(&mut self) -> &mut P {
        &mut self.person
    }

    /// The credentials, for what their owner does to them beside the commands.
    pub fn credentials_mut(&mut self) -> &mut C {
        &mut self.credentials
    }

    async fn answer<R: CryptoRng>(
        &mut self,
        request: &[u8],
        surroundings: &mut Surroundings<'_, R>,
    ) -> Outcome<C::Error, S::Error> {
        if request.len() > limits::MESSAGE_LEN {
            return Err(Status::RequestTooLarge.into());
        }
        let (command, parameters) = request.split_first().ok_or(Status::InvalidLength)?;
        let command = Command::from_byte(*command).ok_or(Status::InvalidCommand)?;
        let parameters = decode(parameters)?;
        self.volatile.forget_what_is_over(surroundings.now());
        self.run(command, &parameters, surroundings).await
    }

    /// Changes the state: on disk first, in memory once it is there.
    pub(super) async fn change_state(
        &mut self,
        change: impl FnOnce(&mut DeviceState),
    ) -> Result<(), Failure<C::Error, S::Error>> {
        let mut next = self.state.copy();
        change(&mut next);
        self.replace_state(next).await.map_err(Failure::Fault)
    }

    async fn replace_state(&mut self, next: DeviceState) -> Result<(), Fault<C::Error, S::Error>> {
        self.state_store.save(&next).await.map_err(Fault::State)?;
        self.state = next;
        Ok(())
    }
}

/// An answer, and what the device's owner should know besides.
#[derive(Debug)]
pub struct Reply<F> {
    /// A status byte, and CBOR where the status is 0.
    pub bytes: Vec<u8>,
    /// Why a store let the device down, where it did. The platform learns `CTAP1_ERR_OTHER` and no more.
    pub fault: Option<F>,
}

/// The parameters: one canonical map, or no bytes at all for a command without any.
fn decode(bytes: &[u8]) -> Result<Map<'_>, Status> {
    if bytes.is_empty() {
        return Ok(Map::default());
    }
    match Value::decode(bytes) {
        Ok(Value::Map(map)) => Ok(map),
        Ok(_) => Err(Status::CborUnexpectedType),
        Err(_) => Err(Status::InvalidCbor),
    }
}
