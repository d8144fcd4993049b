use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use roamkey_proto::Time;

/// The time of a world, which a test moves, and how far the server's clock is off.
#[derive(Clone)]
pub(super) struct HandClock {
    now: Arc<AtomicU64>,
    server_ahead: Arc<AtomicI64>,
}

impl HandClock {
    pub(super) fn new(start: Time) -> Self {
        Self { now: Arc::new(AtomicU64::new(start.0)), server_ahead: Arc::default() }
    }

    pub(super) fn now(&self) -> Time {
        Time(self.now.load(Ordering::SeqCst))
    }

    pub(super) fn pass(&self, ms: u64) {
        self.now.fetch_add(ms, Ordering::SeqCst);
    }

    /// What the server takes the time to be, or says that it is.
    pub(super) fn server_now(&self) -> Time {
        Time(self.now().0.saturating_add_signed(self.server_ahead.load(Ordering::SeqCst)))
    }

    pub(super) fn set_server_ahead(&self, ms: i64) {
        self.server_ahead.store(ms, Ordering::SeqCst);
    }
}
