//! Meeting the server between two messages.

use std::time::{Duration, Instant};

use roamkey_cli::machine::Machine;
use roamkey_client::Session;

use super::super::device::{Changed, Pause};
use crate::report::progress;

/// Sends what is new and fetches what others did.
pub(in super::super) struct Sync<'s> {
    session: &'s Session<Machine>,
    /// A server that did not answer is left alone until then: clients wait while we wait for it.
    not_before: Option<Instant>,
}

impl<'s> Sync<'s> {
    pub(in super::super) fn new(session: &'s Session<Machine>) -> Self {
        Self { session, not_before: None }
    }

    pub(in super::super) async fn take_turn(&mut self, pause: Pause) -> Changed {
        let waits = self.session.pending().is_ok_and(|pending| pending > 0);
        let due = self.not_before.is_none_or(|at| at <= Instant::now());
        if !due || (pause == Pause::Answered && !waits) {
            return Changed::Nothing;
        }
        match self.session.sync().await {
            Ok(synced) => {
                self.not_before = None;
                if synced.changed.is_empty() { Changed::Nothing } else { Changed::Passkeys }
            }
            Err(error) => {
                if self.not_before.is_none() {
                    progress(&format!("Kept on this device for now: {error}."));
                }
                self.not_before = Some(Instant::now() + AGAIN_AFTER);
                Changed::Nothing
            }
        }
    }
}

const AGAIN_AFTER: Duration = Duration::from_secs(60);
