//! The thread that owns the device.

use std::{
    error::Error,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender},
    time::Duration,
};

use rand_core::UnwrapErr;
use roamkey_authenticator::{
    ManagedStore,
    ctap::{Device, Profile, StateStore},
};

use super::{
    clock::ShellClock,
    hub::{Event, Job},
    person::Finger,
};
use crate::{explain::Explanation, report::progress};

/// A device that is switched on, and its clock.
pub(super) struct Served<C, S> {
    device: Device<C, S, Finger>,
    clock: ShellClock,
}

/// Why there is time for something else than messages.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pause {
    /// A message was answered just now.
    Answered,
    /// None came for a while.
    Idle,
}

/// What happened to the passkeys in such a pause.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Changed {
    /// Another device changed some.
    Passkeys,
    Nothing,
}

impl<C: ManagedStore, S: StateStore> Served<C, S> {
    pub(super) async fn power_on(
        profile: Profile,
        credentials: C,
        state: S,
        finger: Finger,
        clock: ShellClock,
    ) -> Result<Self, Explanation> {
        let device = Device::power_on(profile, credentials, state, finger, &clock, &mut rng()).await;
        Ok(Self { device: device.map_err(|fault| Explanation::cannot_serve(&told(&fault)))?, clock })
    }

    /// Answers messages until nobody has any more; between them `pause` has its turn.
    pub(super) async fn serve(
        mut self,
        jobs: &Receiver<Job>,
        events: &Sender<Event>,
        mut pause: impl AsyncFnMut(Pause) -> Changed,
    ) -> Result<(), Explanation> {
        let mut last = None;
        loop {
            let paused = match jobs.recv_timeout(IDLE_AFTER) {
                Ok(Job::Message(ticket, speaker, message)) => {
                    if last.replace(speaker).is_some_and(|last| last != speaker) {
                        self.device.end_sequences();
                    }
                    self.device.person_mut().begin(ticket);
                    let reply = self.device.process(&message, &self.clock, &mut rng()).await;
                    let _ = events.send(Event::Answer(ticket, reply.bytes));
                    if let Some(fault) = reply.fault {
                        progress(&format!("A request failed: {}.", told(&fault)));
                    }
                    Pause::Answered
                }
                #[cfg(feature = "test-hooks")]
                Ok(Job::CyclePower(done)) => {
                    let (profile, credentials, state, finger) = self.device.power_off();
                    self = Self::power_on(profile, credentials, state, finger, self.clock).await?;
                    let _ = done.send(());
                    continue;
                }
                Err(RecvTimeoutError::Timeout) => Pause::Idle,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            };
            if pause(paused).await == Changed::Passkeys {
                let noted = self.device.credentials_changed(&mut rng()).await;
                noted.map_err(|fault| Explanation::cannot_serve(&told(&fault)))?;
            }
        }
    }
}

fn rng() -> UnwrapErr<getrandom::SysRng> {
    UnwrapErr(getrandom::SysRng)
}

/// An error with its causes.
fn told(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// How often somebody who has nothing to answer looks after the rest.
const IDLE_AFTER: Duration = Duration::from_secs(30);
