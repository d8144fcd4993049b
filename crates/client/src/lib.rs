//! A device: session, driver loop, stores, and the passkeys glue.
//!
//! [`Client::open`] looks at a store and finds a [`Vacant`] device, which creates or joins an
//! account, or a [`Locked`] one, which unlocks; both lead to a [`Session`], which reads and changes
//! items, syncs, pairs and revokes. What it runs on is a [`Host`]: a browser or a command line.
//! Whoever wants the protocol without I/O uses `roamkey-sync`.

mod api;
mod client;
mod error;
mod files;
mod fold;
pub mod generate;
mod home;
mod host;
mod login_page;
pub mod pairing;
mod passkeys;
mod quarantine;
pub mod recovery;
mod server_url;
mod session;
pub mod store;
mod transport;

pub use client::{Client, KeptSession, Locked, Stayed, Vacant};
pub use error::Error;
pub use files::open_file;
pub use home::{Contact, Home};
pub use host::Host;
pub use login_page::{BadPage, LoginPage};
pub use passkeys::Passkeys;
pub use quarantine::{Quarantine, Remedy, Safe, Saw};
pub use server_url::{BadServerUrl, ServerUrl};
pub use session::{
    Counts, Device, DeviceStatus, Difference, Duplicates, Fate, FileComparison, Found, Generated, ImportPlan,
    ImportSummary, Imported, ItemDraft, Kind, Order, Page, Planned, Profile, Query, Revocation, Session, Summary,
    Synced, Typed, Unapplied, UnappliedId, Waiting, Wake, WayBack, Weighed, Where,
};
pub use store::{LocalStore, MemoryStore, Row, StoreError};
pub use transport::{HttpRequest, HttpResponse, Transport, Unreachable};
