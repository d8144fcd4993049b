//! What time it is.

use std::time::Duration;

/// The time, for timers and for the date of a new credential.
pub trait Clock {
    /// The time since some fixed point in the past; it never goes backwards.
    fn monotonic(&self) -> Duration;

    /// Milliseconds since 1970, as the person's clock shows.
    fn unix_ms(&self) -> u64;
}
