//! Items, operations and merge.
//!
//! What a vault holds and how it changes (protocol section 6), without keys and without I/O:
//! [`item`] gives the bodies of records, [`operation`] what a person does to them, [`merge`] what
//! comes of it whatever happened meanwhile. The formats are in `spec/vault.md`, frozen in `vectors/`.

pub mod exposure;
mod fields;
pub mod item;
pub mod merge;
pub mod operation;
mod replay;
mod secret;
#[cfg(any(test, feature = "vectors"))]
pub mod vectors;

pub use item::{Body, BodyError, Content, Item, Kind};
pub use merge::{MergeError, Outcome, apply};
pub use operation::{Action, Change, Operation};
pub use replay::replay;
pub use roamkey_proto::merkle;
pub use secret::{SecretBytes, SecretText};
