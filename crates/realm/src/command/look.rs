use roamkey_proto::Time;

use super::Command;
use crate::{Asked, Overview, Refusal, account::Account};

/// Looks at what is kept, for one of the account's devices. Who may look is checked by who asks.
#[derive(Clone, Copy, Debug)]
pub struct Look;

impl Command for Look {
    type Output = Overview;

    fn decide(&self, account: &mut Account, now: Time) -> Result<Overview, Refusal> {
        let wait = account.wait_ms().unwrap_or_default();
        let requests = account.requests.iter().map(|held| Asked {
            request: held.id,
            device: held.device,
            lodged: held.lodged,
            state: held.state(wait, now),
            guesses: held.guesses,
            last: held.last,
        });
        Ok(Overview {
            mark: account.mark,
            left: account.live.as_ref().map(|_| account.mark.left()),
            log: account.view.as_ref().map(|view| view.log),
            requests: requests.collect(),
        })
    }
}
