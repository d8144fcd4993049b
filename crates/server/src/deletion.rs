//! The end of accounts whose log has closed them, once their time has come.

use std::time::Duration;

use roamkey_proto::AccountId;
use roamkey_server_store::{Deleted, StoreError};
use tokio::{sync::watch, time::sleep};

use crate::state::{App, stopped};

/// Deletes what is due, until the server stops. Several instances may do so at once.
pub(crate) async fn keep_up(app: App, mut stopping: watch::Receiver<bool>) {
    loop {
        if let Err(error) = delete_due(&app, &stopping).await {
            tracing::warn!(%error, "cannot delete what is due");
        }
        tokio::select! {
            () = stopped(&mut stopping) => return,
            () = sleep(LOOK_EVERY) => {}
        }
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

/// How often to look. Whoever waits a week waits a minute more.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Accounts at a time.
const ACCOUNTS: usize = 100;

/// Rows of a slice: a few milliseconds.
const ROWS: usize = 1_000;
