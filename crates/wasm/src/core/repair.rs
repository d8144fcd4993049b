use roamkey_proto::DeviceId;
use roamkey_sync::History;

use super::{Browser, Core, accounts::passphrase};
use crate::{
    convert,
    messages::{Done, ErrorCode, Failure, Histories, HistoryView, KeptHistory, RepairRequest},
};

impl<B: Browser> Core<B> {
    /// Shows both histories, and remembers what was shown: only that can be picked.
    pub(super) async fn histories(&self) -> Result<Histories, Failure> {
        let histories = self.session().await?.histories().await?;
        let view = Histories {
            same: (histories.here.log, histories.here.vault) == (histories.there.log, histories.there.vault),
            here: view(&histories.here),
            server: view(&histories.there),
            revoke: ids(&histories.revoke),
            pair_again: ids(&histories.pair_again),
            member: histories.is_member,
        };
        *self.shown.borrow_mut() = Some(histories);
        Ok(view)
    }

    pub(super) async fn repair(&self, request: &RepairRequest) -> Result<Done, Failure> {
        let session = self.session().await?;
        let passphrase = passphrase(&request.passphrase)?;
        match request.keep {
            KeptHistory::Here => session.keep_own_history(&passphrase).await?,
            KeptHistory::Server => {
                let shown = self.shown.borrow().clone();
                let shown = shown.ok_or_else(|| Failure::new(ErrorCode::NotFound, "the histories were not shown"))?;
                session.take_servers_history(&shown, &passphrase).await?;
            }
        }
        self.shown.borrow_mut().take();
        Ok(Done {})
    }
}

fn view(history: &History) -> HistoryView {
    HistoryView {
        items: convert::count(history.items),
        joined: ids(&history.added),
        went: ids(&history.gone),
        last: history.last.map(|time| time.0),
    }
}

fn ids(devices: &[DeviceId]) -> Vec<String> {
    devices.iter().map(ToString::to_string).collect()
}
