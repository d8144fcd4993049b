//! The sync engine: events and time in, effects out, no I/O.
//!
//! An [`Engine`] is one device's part of the protocol (sections 4 to 7): it verifies the trust log,
//! opens epochs, pulls and verifies commits and records, merges and pushes what the person did
//! here, and stops, with a typed reason, where the server shows what it cannot have got from
//! honest devices. A driver feeds it with [`Event`]s and runs its [`Effect`]s:
//!
//! ```ignore
//! engine.handle(Event::Sync, now, &mut rng)?;                         // decide
//! while let Some(effect) = engine.next_effect() { shell.run(effect).await; }   // do
//! ```
//!
//! # One pull, as a trace
//!
//! ```text
//! event   Sync
//! effect  Request(Heads)
//! event   Answered(heads)                       receipts verified, compared with the pins
//! effect  Request(Log { since: 7 })             only if the log went on
//! event   Answered(entries)                     each entry verified, epochs opened
//! effect  Persist(entries, epoch keys, pins)
//! effect  Request(Pull { target: 42, .. })      only if the vault went on
//! event   Answered(page)                        links, authors, signatures; record hashes
//! effect  Load(page 0x3f)                       the pages that the changed items are in
//! event   Loaded(..)                            revisions, seals; root and count equal the head's
//! effect  Persist(page 0x3f, summary, pins, commits, index)
//! effect  Changed([item])
//! effect  Idle(UpToDate)
//! ```
//!
//! # One push, as a trace
//!
//! ```text
//! event   Edit([create item])
//! effect  Persist(pending operation, index)     from here on the operation survives everything
//! effect  Changed([item])
//! effect  Request(Heads)                        as above: a push builds on the server's head
//! event   Answered(heads)
//! effect  Load(page 0x3f, pending operation)
//! event   Loaded(..)                            merged, sealed, a commit signed
//! effect  Persist(attempt)                      which commit would hold which operations
//! effect  Request(Push)
//! event   Answered(receipt)                     or 409: pull, and begin again at the load
//! effect  Persist(page 0x3f, summary, pins, commits, pending gone, attempt gone)
//! effect  Stored([item])
//! effect  Idle(UpToDate)
//! ```
//!
//! If the answer to a push is lost, the next pull finds the attempt's commit in the chain, and
//! settles its operations there: none is lost, none is done twice.
//!
//! # What the driver owes
//!
//! It runs effects in order and never one after a [`Effect::Persist`] before that is durable; it may drop
//! the engine at any moment and [`Engine::open`] it again from the store. It reads items through
//! [`Engine::reader`], which costs one page and the item's pending operations.

pub mod checkup;
mod contact;
mod distrust;
mod effect;
mod engine;
mod event;
mod histories;
mod invitation;
mod pins;
pub mod recovery;
pub mod replica;
mod request;
mod store;

pub use contact::Contact;
pub use distrust::{Distrust, RecordFault};
pub use effect::{CommandError, Effect, Ending, Idle, Outcome};
pub use engine::{Engine, EngineError, Founding, Joining, ShutOut, Standing, Status};
pub use event::{Command, Event, Failure};
pub use histories::{Histories, History};
pub use invitation::{Invitation, InvitationError};
pub use pins::Pins;
pub use replica::Reader;
pub use request::{Call, Method, Request};
pub use store::{Batch, StoreKey, Table};
