//! The device's time.

#[cfg(feature = "test-hooks")]
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use roamkey_authenticator::ctap::Clock;

/// The system's clocks.
#[derive(Clone)]
pub(super) struct ShellClock {
    start: Instant,
    /// The seconds by which a test has put it forward.
    #[cfg(feature = "test-hooks")]
    ahead: Arc<AtomicU64>,
}

impl Default for ShellClock {
    fn default() -> Self {
        Self {
            start: Instant::now(),
            #[cfg(feature = "test-hooks")]
            ahead: Arc::default(),
        }
    }
}

impl Clock for ShellClock {
    fn monotonic(&self) -> Duration {
        self.start.elapsed() + self.ahead()
    }

    fn unix_ms(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + self.ahead();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }
}

impl ShellClock {
    #[cfg(feature = "test-hooks")]
    fn ahead(&self) -> Duration {
        Duration::from_secs(self.ahead.load(Ordering::Relaxed))
    }

    #[cfg(not(feature = "test-hooks"))]
    #[expect(clippy::unused_self, reason = "a clock that can be put forward has its own")]
    fn ahead(&self) -> Duration {
        Duration::ZERO
    }

    /// Puts the clock forward.
    #[cfg(feature = "test-hooks")]
    pub(super) fn advance(&self, seconds: u32) {
        self.ahead.fetch_add(u64::from(seconds), Ordering::Relaxed);
    }
}
