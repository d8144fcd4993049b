//! `roamkey authenticator`
//!
//! One thread owns the device and answers one message at a time; one owns CTAPHID ([`hub`]); each transport has threads that
//! only read. They talk through channels, so nothing here is locked but what the person was asked.

mod address;
mod attestation;
mod clock;
#[cfg(feature = "test-hooks")]
mod control;
mod device;
mod hub;
#[cfg(target_os = "linux")]
mod peer;
mod person;
mod stream;
mod udp;
#[cfg(target_os = "linux")]
mod uhid;
mod vault;

use std::{
    io::{self, Write as _},
    path::PathBuf,
    sync::mpsc,
    thread,
};

use roamkey_authenticator::{
    BackupState, MemoryStore,
    ctap::{MemoryState, Profile},
};
use serde_json::json;

use self::{
    address::{Address, Bound},
    clock::ShellClock,
    device::{Changed, Served},
    hub::{Event, Hub},
    person::{Asking, Finger},
};
use super::unlocked;
use crate::{Global, Report, explain::Explanation};

/// `roamkey authenticator --transport ADDRESS`
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Where clients connect: tcp:127.0.0.1:PORT, udp:127.0.0.1:PORT, unix:PATH or uhid. Port 0 picks a free one.
    #[arg(long, value_name = "ADDRESS")]
    transport: Address,
    /// Serve the passkeys of the vault. This is the default.
    #[arg(long, conflicts_with = "ephemeral")]
    vault: bool,
    /// Serve passkeys that are forgotten at the end.
    #[arg(long)]
    ephemeral: bool,
    /// Forget the PIN that guards the vault here, and the settings with it. The passkeys stay.
    #[arg(long, conflicts_with = "ephemeral")]
    forget_pin: bool,
    /// Vouch for new passkeys with the keys and certificates in this folder.
    #[arg(long, value_name = "FOLDER")]
    attestation: Option<PathBuf>,
    /// Who touches the device: `ask` asks in this terminal each time, `always` agrees to everything.
    #[arg(long, value_name = "HOW", default_value = "ask")]
    presence: Asking,
}

impl Arguments {
    pub(super) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        self.presence.check_possible()?;
        self.check_guarded()?;
        let mut profile = if self.ephemeral { Profile::ephemeral() } else { Profile::synced() };
        if let Some(folder) = &self.attestation {
            attestation::Folder(folder).equip(&mut profile)?;
        }
        let session = if self.ephemeral { None } else { Some(unlocked(global).await?) };
        let (events, incoming) = mpsc::channel();
        let (jobs, work) = mpsc::channel();
        let clock = ShellClock::default();

        let bound = address::bind(&self.transport, events.clone())?;
        let finger = Finger::new(self.presence.clone(), events.clone(), &clock)?;
        end_on_signal(events.clone())?;
        let hub = Hub::new(incoming, jobs, finger.withdrawal());
        let hub = thread::spawn(move || hub.run());

        let served = match &session {
            Some(session) => {
                if self.forget_pin {
                    session.forget_authenticator_state().await?;
                }
                let (credentials, state) = (vault::Credentials::new(session), vault::State::new(session));
                let mut sync = vault::Sync::new(session);
                let served = Served::power_on(profile, credentials, state, finger, clock).await?;
                announce(&bound, global.json);
                served.serve(&work, &events, async |pause| sync.take_turn(pause).await).await
            }
            None => {
                let (credentials, state) = (MemoryStore::new(BackupState::NotBackedUp), MemoryState::default());
                let served = Served::power_on(profile, credentials, state, finger, clock).await?;
                announce(&bound, global.json);
                served.serve(&work, &events, async |_| Changed::Nothing).await
            }
        };
        // A device that failed leaves clients nothing to talk to.
        let _ = events.send(Event::Stop);
        let _ = hub.join();
        drop(bound);
        served.map(|()| Report::nothing())
    }

    /// Whoever reaches a vault that agrees to everything is its owner. Where strangers cannot be told apart, that is everybody.
    fn check_guarded(&self) -> Result<(), Explanation> {
        let agrees = !self.ephemeral && matches!(self.presence, Asking::Always);
        if agrees && self.transport.is_open_to_all() { Err(Explanation::open_to_all()) } else { Ok(()) }
    }
}

/// Says where the device can be reached, now that it can.
fn announce(bound: &Bound, json: bool) {
    let address = bound.name();
    let line = if json { json!({ "listening": address }).to_string() } else { format!("listening on {address}") };
    // Whoever started us may not read it.
    let _ = writeln!(io::stdout(), "{line}").and_then(|()| io::stdout().flush());
}

fn end_on_signal(events: mpsc::Sender<Event>) -> Result<(), Explanation> {
    let ended = ctrlc::set_handler(move || {
        let _ = events.send(Event::Stop);
    });
    ended.map_err(|error| Explanation::cannot_serve(&error))
}
