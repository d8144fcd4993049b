//! Secrets: epochs, records, pairing and the local key.
//!
//! Everything that is encrypted, wrapped or derived happens here, over primitives of well-kept
//! crates; nothing here does I/O, reads a clock or draws its own randomness. A server never links
//! this crate. The formats are in `spec/{epochs,records,pairing,local,exports,recovery,realms}.md`, frozen in `vectors/`.

mod device;
pub mod epoch;
pub mod exported;
mod kem;
pub mod local;
pub mod pairing;
mod passphrase;
mod primitives;
pub mod record;
pub mod recovery;
pub mod unlock;
#[cfg(any(test, feature = "vectors"))]
pub mod vectors;

pub use device::DeviceSecrets;
pub use epoch::EpochKey;
pub use kem::{KemKey, KemKeyError};
pub use local::LocalKey;
pub use record::HedgeKey;
