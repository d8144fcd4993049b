//! The thread that owns CTAPHID: what readers, the device and signals have to say comes here, one by one.

use std::{
    collections::BTreeMap,
    io,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender},
    time::{Duration, Instant},
};

use roamkey_authenticator::transports::ctaphid::{Effect, Frame, Hid, Link, Speaker, Ticket, Version};

use super::person::Withdrawal;
use crate::report::progress;

/// What happens to a device.
pub(super) enum Event {
    /// A client is there.
    Opened(Link, Box<dyn Wire>),
    /// It sent a frame.
    Frame(Link, Frame),
    /// It is gone.
    Closed(Link),
    /// The device has an answer.
    Answer(Ticket, Vec<u8>),
    /// The device waits for the person, or no longer does.
    AwaitPerson(Ticket, bool),
    /// The device is to lose its power and to get it back. Whoever asks waits at the other end.
    #[cfg(feature = "test-hooks")]
    CyclePower(Sender<()>),
    /// It is over.
    Stop,
}

/// The way back to a client.
pub(super) trait Wire: Send {
    /// Sends a frame.
    fn send(&mut self, frame: &Frame) -> io::Result<()>;

    /// Lets the client see the device go. [`After::Gone`] if the connection ends with that.
    #[cfg(feature = "test-hooks")]
    fn unplug(&mut self) -> After;

    /// The device is gone for good.
    fn close(&mut self) {}
}

/// What is left of a connection when the device loses its power.
#[cfg(feature = "test-hooks")]
#[derive(PartialEq, Eq)]
pub(super) enum After {
    Gone,
    Stays,
}

/// What the device has to do.
pub(super) enum Job {
    Message(Ticket, Speaker, Vec<u8>),
    #[cfg(feature = "test-hooks")]
    CyclePower(Sender<()>),
}

/// CTAPHID between its clients and the device.
pub(super) struct Hub {
    hid: Hid,
    start: Instant,
    events: Receiver<Event>,
    jobs: Sender<Job>,
    withdrawal: Withdrawal,
    wires: BTreeMap<Link, Box<dyn Wire>>,
}

impl Hub {
    pub(super) fn new(events: Receiver<Event>, jobs: Sender<Job>, withdrawal: Withdrawal) -> Self {
        let hid = Hid::new(version());
        Self { hid, start: Instant::now(), events, jobs, withdrawal, wires: BTreeMap::new() }
    }

    /// Works until it is told to stop. The device's thread ends with it, as nobody has jobs for it then.
    pub(super) fn run(mut self) {
        while let Some(event) = self.next() {
            match event {
                Occurrence::Event(Event::Stop) => break,
                Occurrence::Event(event) => self.take_in(event),
                Occurrence::Due => self.hid.tick(self.now()),
            }
            self.act();
        }
        self.withdrawal.end();
        self.wires.values_mut().for_each(|wire| wire.close());
    }

    /// What is there already counts before the time that is up: a client is not late because we are.
    fn next(&self) -> Option<Occurrence> {
        if let Ok(event) = self.events.try_recv() {
            return Some(Occurrence::Event(event));
        }
        let Some(at) = self.hid.wake_at() else { return self.events.recv().ok().map(Occurrence::Event) };
        match self.events.recv_timeout(at.saturating_sub(self.now())) {
            Ok(event) => Some(Occurrence::Event(event)),
            Err(RecvTimeoutError::Timeout) => Some(Occurrence::Due),
            Err(RecvTimeoutError::Disconnected) => None,
        }
    }

    fn take_in(&mut self, event: Event) {
        let now = self.now();
        match event {
            Event::Opened(link, wire) => drop(self.wires.insert(link, wire)),
            Event::Frame(link, frame) if self.wires.contains_key(&link) => self.hid.receive(link, &frame, now),
            // What a client sent before it was cut off.
            Event::Frame(..) => {}
            Event::Closed(link) => self.forget(link),
            Event::Answer(ticket, answer) => self.hid.answer(ticket, &answer, now),
            Event::AwaitPerson(ticket, waits) => self.hid.await_person(ticket, waits, now),
            #[cfg(feature = "test-hooks")]
            Event::CyclePower(done) => self.cycle_power(done),
            Event::Stop => {}
        }
    }

    fn act(&mut self) {
        while let Some(effect) = self.hid.next_effect() {
            match effect {
                Effect::Send { link, frame } => {
                    let sent = self.wires.get_mut(&link).map(|wire| wire.send(&frame));
                    if sent.is_some_and(|sent| sent.is_err()) {
                        self.forget(link);
                    }
                }
                // Without a device, there is nothing to do but to wait for the end.
                Effect::Process { ticket, speaker, message } => {
                    drop(self.jobs.send(Job::Message(ticket, speaker, message)));
                }
                Effect::Cancel { ticket } => self.withdrawal.cancel(ticket),
                Effect::Wink => progress("A program asks which device this is: it is this one."),
            }
        }
    }

    fn forget(&mut self, link: Link) {
        if let Some(mut wire) = self.wires.remove(&link) {
            wire.close();
            self.hid.disconnect(link);
        }
    }

    /// Pulls the plug: clients lose the device, and the device all that it keeps in memory only.
    #[cfg(feature = "test-hooks")]
    fn cycle_power(&mut self, done: Sender<()>) {
        self.hid.cycle_power();
        self.act();
        self.wires.retain(|_, wire| wire.unplug() == After::Stays);
        let _ = self.jobs.send(Job::CyclePower(done));
    }

    fn now(&self) -> Duration {
        self.start.elapsed()
    }
}

/// What ends a wait.
enum Occurrence {
    Event(Event),
    Due,
}

/// Ours, where it fits into a byte each.
fn version() -> Version {
    let part = |text: &str| text.parse().unwrap_or(u8::MAX);
    Version {
        major: part(env!("CARGO_PKG_VERSION_MAJOR")),
        minor: part(env!("CARGO_PKG_VERSION_MINOR")),
        patch: part(env!("CARGO_PKG_VERSION_PATCH")),
    }
}
