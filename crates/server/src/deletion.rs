//! The end of accounts whose log has closed them, once their time has come.

use std::time::{Duration, Instant};

use roamkey_proto::{AccountId, Time};
use roamkey_server_store::{Deleted, StoreError};
use tokio::{sync::watch, time::sleep};

use crate::state::{App, stopped};

/// Deletes what is due, until the server stops. Several instances may do so at once.
pub(crate) async fn keep_up(app: App, mut stopping: watch::Receiver<bool>) {
    let mut clock = Clock::new(app.now());
    loop {
        if !clock.is_steady(app.now(), clock.since.elapsed()) {
            tracing::warn!("the clock went ahead by itself: nothing is deleted for a day");
        } else if let Err(error) = delete_due(&app, &stopping).await {
            tracing::warn!(%error, "cannot delete what is due");
        }
        tokio::select! {
            () = stopped(&mut stopping) => return,
            () = sleep(LOOK_EVERY) => {}
        }
    }
}

/// Compares the clock that can be set with the one that cannot. An account that is deleted a week too early is gone all the
/// same, so after a jump nothing is deleted until somebody had a day to look.
struct Clock {
    since: Instant,
    /// What the clock showed when it was looked at first, or jumped last.
    start: Time,
    /// How long ago, by the other one.
    start_at: Duration,
    not_before: Duration,
}

impl Clock {
    fn new(now: Time) -> Self {
        Self { since: Instant::now(), start: now, start_at: Duration::ZERO, not_before: Duration::ZERO }
    }

    /// Tells whether `now`, after so long by the clock that nobody sets, is what it ought to be.
    fn is_steady(&mut self, now: Time, elapsed: Duration) -> bool {
        let passed = Duration::from_millis(now.millis_since(self.start));
        if passed > elapsed.saturating_sub(self.start_at) + TOLERANCE {
            (self.start, self.start_at, self.not_before) = (now, elapsed, elapsed + REFLECTION);
        }
        elapsed >= self.not_before
    }
}

async fn delete_due(app: &App, stopping: &watch::Receiver<bool>) -> Result<(), StoreError> {
    for account in app.store.due(app.now(), ACCOUNTS).await? {
        if *stopping.borrow() {
            return Ok(());
        }
        delete(app, account).await?;
    }
    Ok(())
}

/// Deletes an account in slices, between which others write.
async fn delete(app: &App, account: AccountId) -> Result<(), StoreError> {
    loop {
        match app.store.delete(account, app.now(), ROWS).await? {
            Deleted::More => {}
            Deleted::Done => {
                app.metrics.accounts_deleted.add(1);
                return Ok(());
            }
            // Another instance was faster, or the closing was called off.
            Deleted::NotDue => return Ok(()),
        }
    }
}

/// A clock that is corrected by less is a clock that is corrected.
const TOLERANCE: Duration = Duration::from_secs(10 * 60);

/// How long nothing is deleted after a jump.
const REFLECTION: Duration = Duration::from_secs(24 * 60 * 60);

/// How often to look. Whoever waits a week waits a minute more.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Accounts at a time.
const ACCOUNTS: usize = 100;

/// Rows of a slice: a few milliseconds.
const ROWS: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: u64 = 60 * 60 * 1_000;

    fn after(hours: u64) -> Duration {
        Duration::from_secs(hours * 60 * 60)
    }

    #[test]
    fn a_clock_that_jumps_ahead_deletes_nothing_for_a_day() {
        let at = |hours: u64| Time(hours * HOUR_MS);
        let mut clock = Clock::new(at(1_000));
        assert!(clock.is_steady(at(1_005), after(5)));
        assert!(!clock.is_steady(at(1_200), after(6)));
        assert!(!clock.is_steady(at(1_223), after(29)));
        assert!(clock.is_steady(at(1_225), after(31)));
        assert!(!clock.is_steady(at(1_400), after(32)));
    }

    #[test]
    fn a_clock_that_goes_back_or_drifts_is_no_reason_to_wait() {
        let mut clock = Clock::new(Time(1_000 * HOUR_MS));
        assert!(clock.is_steady(Time(900 * HOUR_MS), after(1)));
        assert!(clock.is_steady(Time(1_002 * HOUR_MS + 60_000), after(2)));
    }
}
