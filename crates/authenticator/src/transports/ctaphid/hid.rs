//! The state machine.

use std::{collections::VecDeque, time::Duration};

use super::{
    MESSAGE_LEN,
    assembly::{Assembly, Message},
    channels::Channels,
    frame::{self, Channel, Frame, INITIAL_DATA, Packet},
    refusal::Refusal,
    transaction::{Stage, Status, Ticket, Transaction},
};

/// The device's end of CTAPHID.
///
/// The owner feeds it with [`Hid::receive`], [`Hid::answer`] and the rest, then does what [`Hid::next_effect`] says until there
/// is nothing left, and calls [`Hid::tick`] at [`Hid::wake_at`] at the latest.
#[derive(Debug)]
pub struct Hid {
    version: Version,
    channels: Channels,
    transaction: Option<Transaction>,
    /// The message that the device is at, which may be one that its client gave up.
    at_work: Option<Ticket>,
    tickets: u64,
    effects: VecDeque<Effect>,
}

/// What [`Hid`] wants done.
#[derive(Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send a frame.
    Send {
        /// To whom.
        link: Link,
        /// What.
        frame: Box<Frame>,
    },
    /// Process a message of CTAP2 and give its answer to [`Hid::answer`].
    Process {
        /// The name under which to answer.
        ticket: Ticket,
        /// Who sent it: what one of them is being told bit by bit is not for another.
        speaker: Speaker,
        /// A command byte and CBOR: at least one byte.
        message: Vec<u8>,
    },
    /// Nobody waits for this answer: stop asking the person. The answer is wanted all the same, soon.
    Cancel {
        /// The message that was withdrawn.
        ticket: Ticket,
    },
    /// Show the person which device this is.
    Wink,
}

/// A channel of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speaker(Link, Channel);

/// A client's connection, as its owner numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link(pub u64);

/// The version of the device, which clients show and do not interpret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// As in `major.minor.patch`.
    pub major: u8,
    /// As in `major.minor.patch`.
    pub minor: u8,
    /// As in `major.minor.patch`.
    pub patch: u8,
}

impl Hid {
    /// A device that was just switched on.
    pub fn new(version: Version) -> Self {
        Self {
            version,
            channels: Channels::new(),
            transaction: None,
            at_work: None,
            tickets: 0,
            effects: VecDeque::new(),
        }
    }

    /// Loses its power and gets it back: channels and what clients asked for are forgotten. What its owner is at is not
    /// taken back, so that no answer is mistaken for a later one.
    pub fn cycle_power(&mut self) {
        self.abandon();
        self.channels = Channels::new();
    }

    /// Takes a frame in.
    pub fn receive(&mut self, link: Link, frame: &Frame, now: Duration) {
        match Packet::parse(frame) {
            Packet::Initial { channel, command, length, data } => {
                let refused = self.begin(link, channel, command, length, data, now).err();
                refused.into_iter().for_each(|refusal| self.refuse(link, channel, refusal));
            }
            Packet::Continued { channel, sequence, data } => {
                // Frames that continue nothing are ignored (section 11.2.5.4).
                let Some(mut assembly) = self.take_assembly(link, channel) else { return };
                match assembly.add(sequence, data) {
                    Ok(()) => self.proceed(link, channel, assembly, now),
                    Err(refusal) => self.refuse(link, channel, refusal),
                }
            }
        }
    }

    /// Takes the answer to a message in. One that was given up, or was answered before, goes nowhere.
    pub fn answer(&mut self, ticket: Ticket, answer: &[u8], now: Duration) {
        if self.at_work != Some(ticket) {
            return;
        }
        self.at_work = None;
        match self.transaction.take() {
            Some(Transaction { channel, link, stage: Stage::Processing { .. } }) => {
                if answer.len() > MESSAGE_LEN {
                    self.refuse(link, channel, Refusal::Other);
                } else {
                    self.send(link, channel, CBOR, answer);
                }
            }
            Some(Transaction { channel, link, stage: Stage::Queued { message, .. } }) => {
                self.process(link, channel, message, now);
            }
            other => self.transaction = other,
        }
    }

    /// Learns whether a message waits for the person or for the device. A client hears of a change at once.
    pub fn await_person(&mut self, ticket: Ticket, waits: bool, now: Duration) {
        let Some(Transaction { channel, link, stage }) = &mut self.transaction else { return };
        let (channel, link) = (*channel, *link);
        let Stage::Processing { ticket: current, status, next_keepalive } = stage else { return };
        let new = if waits { Status::PresenceNeeded } else { Status::Processing };
        if *current == ticket && *status != new {
            (*status, *next_keepalive) = (new, now + KEEPALIVE_EVERY);
            self.send(link, channel, KEEPALIVE, &[new.code()]);
        }
    }

    /// Learns that a connection is gone: what its client asked for last is withdrawn.
    pub fn disconnect(&mut self, link: Link) {
        if self.transaction.as_ref().is_some_and(|transaction| transaction.link == link) {
            self.abandon();
        }
    }

    /// Does what the time demands: keepalives, and an end to messages that stay incomplete.
    pub fn tick(&mut self, now: Duration) {
        let Some(Transaction { channel, link, stage }) = &mut self.transaction else { return };
        let (channel, link) = (*channel, *link);
        let keepalive = match stage {
            Stage::Receiving { deadline, .. } => {
                if *deadline <= now {
                    self.transaction = None;
                    self.refuse(link, channel, Refusal::Timeout);
                }
                return;
            }
            Stage::Processing { status, next_keepalive, .. } => (*status, next_keepalive),
            Stage::Queued { next_keepalive, .. } => (Status::Processing, next_keepalive),
        };
        let (status, next_keepalive) = keepalive;
        if *next_keepalive <= now {
            *next_keepalive = now + KEEPALIVE_EVERY;
            self.send(link, channel, KEEPALIVE, &[status.code()]);
        }
    }

    /// When [`Hid::tick`] has something to do next.
    pub fn wake_at(&self) -> Option<Duration> {
        self.transaction.as_ref().map(|transaction| match &transaction.stage {
            Stage::Receiving { deadline, .. } => *deadline,
            Stage::Processing { next_keepalive, .. } | Stage::Queued { next_keepalive, .. } => *next_keepalive,
        })
    }

    /// What to do next.
    pub fn next_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// Begins a message, or says why not. `INIT` is served whatever goes on (section 11.2.9.1.3).
    fn begin(
        &mut self,
        link: Link,
        channel: Channel,
        command: u8,
        length: usize,
        data: &[u8; INITIAL_DATA],
        now: Duration,
    ) -> Result<(), Refusal> {
        match command {
            _ if channel == Channel::RESERVED => return Err(Refusal::Channel),
            INIT => return self.synchronise(link, channel, length, data),
            _ if channel == Channel::BROADCAST => return Err(Refusal::Channel),
            CANCEL => {
                self.cancel(link, channel);
                return Ok(());
            }
            _ => self.admit(link, channel)?,
        }
        match command {
            _ if length > MESSAGE_LEN => Err(Refusal::Length),
            CBOR if length == 0 => Err(Refusal::Length),
            WINK if length != 0 => Err(Refusal::Length),
            CBOR | PING | WINK => {
                self.proceed(link, channel, Assembly::begin(command, length, data), now);
                Ok(())
            }
            _ => Err(Refusal::Command),
        }
    }

    /// Answers `INIT`: a new channel to those who have none, a fresh start to those who have.
    fn synchronise(
        &mut self,
        link: Link,
        channel: Channel,
        length: usize,
        data: &[u8; INITIAL_DATA],
    ) -> Result<(), Refusal> {
        let nonce = data.first_chunk::<NONCE_LEN>().filter(|_| length == NONCE_LEN).ok_or(Refusal::Length)?;
        let own = if channel == Channel::BROADCAST {
            self.channels.allocate().ok_or(Refusal::Busy)?
        } else {
            if self.transaction.as_ref().is_some_and(|busy| busy.ends_with_a_fresh_start(link, channel)) {
                self.abandon();
            }
            self.channels.note(channel);
            channel
        };
        let Version { major, minor, patch } = self.version;
        let about = [PROTOCOL_VERSION, major, minor, patch, CAPABILITIES];
        self.send(link, channel, INIT, &[&nonce[..], &own.0.to_be_bytes(), &about].concat());
        Ok(())
    }

    /// Checks that a message may begin on this channel now.
    fn admit(&mut self, link: Link, channel: Channel) -> Result<(), Refusal> {
        match &self.transaction {
            None => {
                self.channels.note(channel);
                Ok(())
            }
            Some(busy) if busy.is_of(link, channel) && matches!(busy.stage, Stage::Receiving { .. }) => {
                self.transaction = None;
                Err(Refusal::Sequence)
            }
            Some(_) => Err(Refusal::Busy),
        }
    }

    /// Goes on with a message: waits for the next fragment, or acts where there is none.
    fn proceed(&mut self, link: Link, channel: Channel, assembly: Assembly, now: Duration) {
        match assembly.finish() {
            Err(assembly) => {
                let stage = Stage::Receiving { assembly, deadline: now + FRAGMENT_WITHIN };
                self.transaction = Some(Transaction { channel, link, stage });
            }
            Ok(Message { command: CBOR, bytes }) => self.process(link, channel, bytes, now),
            Ok(Message { command, bytes }) => {
                if command == WINK {
                    self.effects.push_back(Effect::Wink);
                }
                self.send(link, channel, command, &bytes);
            }
        }
    }

    fn process(&mut self, link: Link, channel: Channel, message: Vec<u8>, now: Duration) {
        let next_keepalive = now + KEEPALIVE_EVERY;
        let stage = if self.at_work.is_some() {
            Stage::Queued { message, next_keepalive }
        } else {
            let ticket = Ticket(self.tickets);
            self.tickets += 1;
            self.at_work = Some(ticket);
            self.effects.push_back(Effect::Process { ticket, speaker: Speaker(link, channel), message });
            Stage::Processing { ticket, status: Status::Processing, next_keepalive }
        };
        self.transaction = Some(Transaction { channel, link, stage });
    }

    /// Serves `CANCEL`, which has no answer of its own and counts only while something can be cancelled.
    fn cancel(&mut self, link: Link, channel: Channel) {
        let Some(transaction) = self.transaction.take_if(|busy| busy.is_of(link, channel)) else { return };
        match transaction.stage {
            Stage::Processing { ticket, .. } => {
                self.effects.push_back(Effect::Cancel { ticket });
                self.transaction = Some(transaction);
            }
            Stage::Queued { .. } => self.send(link, channel, CBOR, &[KEEPALIVE_CANCEL]),
            Stage::Receiving { .. } => self.transaction = Some(transaction),
        }
    }

    /// Ends the transaction without an answer.
    fn abandon(&mut self) {
        if let Some(Transaction { stage: Stage::Processing { ticket, .. }, .. }) = self.transaction.take() {
            self.effects.push_back(Effect::Cancel { ticket });
        }
    }

    fn take_assembly(&mut self, link: Link, channel: Channel) -> Option<Assembly> {
        let receives =
            |busy: &mut Transaction| busy.is_of(link, channel) && matches!(busy.stage, Stage::Receiving { .. });
        match self.transaction.take_if(receives)? {
            Transaction { stage: Stage::Receiving { assembly, .. }, .. } => Some(assembly),
            _ => None,
        }
    }

    fn refuse(&mut self, link: Link, channel: Channel, refusal: Refusal) {
        self.send(link, channel, ERROR, &[refusal.code()]);
    }

    fn send(&mut self, link: Link, channel: Channel, command: u8, message: &[u8]) {
        let frames = frame::frames(channel, command, message);
        self.effects.extend(frames.map(|frame| Effect::Send { link, frame: Box::new(frame) }));
    }
}

const PING: u8 = 0x01;
const INIT: u8 = 0x06;
const WINK: u8 = 0x08;
const CBOR: u8 = 0x10;
const CANCEL: u8 = 0x11;
const KEEPALIVE: u8 = 0x3b;
const ERROR: u8 = 0x3f;

const NONCE_LEN: usize = 8;

/// Of CTAPHID.
const PROTOCOL_VERSION: u8 = 2;

/// `WINK`, `CBOR`, and `NMSG`: no messages of U2F.
const CAPABILITIES: u8 = 0x01 | 0x04 | 0x08;

/// The answer to what was cancelled before it began: `CTAP2_ERR_KEEPALIVE_CANCEL`.
const KEEPALIVE_CANCEL: u8 = 0x2d;

/// How often a waiting client hears of us: the standard wants it at least every 100 ms (section 11.2.9.1.7).
const KEEPALIVE_EVERY: Duration = Duration::from_millis(75);

/// How long the next fragment may take. Clients are known to expect the error between 0.4 and 1 second.
const FRAGMENT_WITHIN: Duration = Duration::from_millis(700);
