//! Everything that is kept of one account, as a sequence of CBOR objects (`spec/api.md`, "Export").

use std::sync::Arc;

use minicbor::Encoder;
use roamkey_proto::{
    AccountId, Bundle, Time,
    api::{PullCursor, PullRequest},
    cbor, limits,
};
use roamkey_server_store::{Heads, PageLimits, PullQuery, Pulled, Store, StoreError};

/// An export under way, page by page.
pub struct Export {
    store: Arc<dyn Store>,
    account: AccountId,
    heads: Heads,
    now: Time,
    stage: Stage,
}

/// What comes next.
#[derive(Clone, Copy)]
enum Stage {
    Head,
    /// Entries after this one.
    Log(u64),
    /// Commits and records from here on.
    Vault(Option<PullCursor>),
    Heartbeats,
    End,
    Over,
}

/// Why an export breaks off.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// Somebody pushed meanwhile: what came is not the account as of one moment. Start anew.
    #[error("the account changed during its export")]
    Changed,
    /// The store cannot.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Export {
    /// Starts the export of an account whose chains are here.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, account: AccountId, heads: Heads, now: Time) -> Self {
        Self { store, account, heads, now, stage: Stage::Head }
    }

    /// Returns the next objects, none after the last.
    ///
    /// # Errors
    /// Every variant of [`ExportError`].
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, ExportError> {
        match self.stage {
            Stage::Head => {
                self.stage = Stage::Log(0);
                Ok(Some(self.head()))
            }
            Stage::Log(after) => self.log(after).await.map(Some),
            Stage::Vault(cursor) => self.vault(cursor).await.map(Some),
            Stage::Heartbeats => {
                self.stage = Stage::End;
                let kept = self.store.heartbeats(self.account).await?;
                Ok(Some(kept.iter().flat_map(|kept| part(HEARTBEAT, &kept.signed)).collect()))
            }
            Stage::End => {
                self.stage = Stage::Over;
                Ok(Some(written(|encoder| encoder.array(1)?.u8(END)?.ok())))
            }
            Stage::Over => Ok(None),
        }
    }

    fn head(&self) -> Vec<u8> {
        let Self { account, now, heads, .. } = self;
        let values = [cbor::encode(account), cbor::encode(now), cbor::encode(&heads.log), cbor::encode(&heads.vault)];
        let mut bytes = written(|encoder| encoder.array(5)?.u8(HEAD)?.ok());
        bytes.extend(values.concat());
        bytes
    }

    async fn log(&mut self, after: u64) -> Result<Vec<u8>, ExportError> {
        let left = usize::try_from(self.heads.log.seq - after).unwrap_or(usize::MAX);
        let entries = left.min(limits::LOG_PAGE_ENTRIES);
        let mut bundles = self.store.bundles(self.account, after, entries, None).await?;
        let through = after + bundles.len() as u64;
        for (seq, wrap) in self.store.wraps(self.account, after, through).await? {
            let place = usize::try_from(seq - after - 1).ok();
            if let Some(bundle) = place.and_then(|place| bundles.get_mut(place)) {
                bundle.wraps.push(wrap);
            }
        }
        let is_last = through == self.heads.log.seq;
        self.stage = if is_last { self.after_log() } else { Stage::Log(through) };
        // An account that is deleted meanwhile has fewer entries than its head says.
        if bundles.is_empty() && !is_last {
            return Err(ExportError::Changed);
        }
        Ok(bundles.iter().flat_map(entry).collect())
    }

    fn after_log(&self) -> Stage {
        if self.heads.vault.seq == 0 { Stage::Heartbeats } else { Stage::Vault(None) }
    }

    async fn vault(&mut self, cursor: Option<PullCursor>) -> Result<Vec<u8>, ExportError> {
        let request = PullRequest { target: self.heads.vault, commits_after: 0, records_after: 0, cursor };
        match self.store.pull(PullQuery::new(self.account, &request, PAGE)).await? {
            Pulled::Page(page) => {
                self.stage = page.next.map_or(Stage::Heartbeats, |next| Stage::Vault(Some(next)));
                let commits = page.commits.iter().flat_map(|commit| part(COMMIT, &commit.0));
                Ok(commits.chain(page.records.iter().flat_map(|record| part(RECORD, &record.0))).collect())
            }
            Pulled::HeadMoved(_) | Pulled::UnknownAccount => Err(ExportError::Changed),
        }
    }
}

fn entry(bundle: &Bundle) -> Vec<u8> {
    let mut bytes = written(|encoder| encoder.array(2)?.u8(BUNDLE)?.ok());
    bytes.extend(cbor::encode(bundle));
    bytes
}

fn part(kind: u8, bytes: &[u8]) -> Vec<u8> {
    written(|encoder| encoder.array(2)?.u8(kind)?.bytes(bytes)?.ok())
}

fn written(
    write: impl FnOnce(&mut Encoder<&mut Vec<u8>>) -> Result<(), minicbor::encode::Error<core::convert::Infallible>>,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(&mut Encoder::new(&mut bytes)).expect("writing to a vector does not fail");
    bytes
}

const HEAD: u8 = 0;
const BUNDLE: u8 = 1;
const COMMIT: u8 = 2;
const RECORD: u8 = 3;
const HEARTBEAT: u8 = 4;
const END: u8 = 5;

const PAGE: PageLimits = PageLimits { commits: limits::PULL_PAGE_COMMITS, bytes: limits::PULL_PAGE_BYTES };
