//! What a device runs on: a store, a network, a clock and randomness, as traits.

use rand_core::CryptoRng;
use roamkey_proto::Time;

use crate::{LocalStore, Transport};

/// The machine that a client runs on.
///
/// Futures are not `Send`: a browser's are not, and nothing here needs threads.
pub trait Host {
    /// Where the device keeps its things.
    type Store: LocalStore;
    /// How it reaches the server.
    type Transport: Transport;
    /// A source of unpredictable bytes.
    type Rng: CryptoRng;

    /// Returns the store.
    fn store(&self) -> &Self::Store;

    /// Returns the network.
    fn transport(&self) -> &Self::Transport;

    /// Returns a source of unpredictable bytes.
    fn rng(&self) -> Self::Rng;

    /// Returns the present time.
    fn now(&self) -> Time;

    /// Returns what this device calls its platform, such as `Linux`; other devices show it.
    fn platform(&self) -> &str;
}
