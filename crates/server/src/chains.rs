//! Whether what a store holds is what devices signed.

use std::collections::BTreeMap;

use roamkey_proto::{
    AccountId, ItemId, MerkleRoot, Pin, Record, RecordHash,
    api::PullCursor,
    limits,
    merkle::{Subtree, key_of},
};
use roamkey_server_store::{Heads, PageLimits, PullQuery, Pulled, Store, StoreError, TreeUpdate};
use roamkey_trust::{
    Log,
    commit::{Chain, Tip},
};

/// What became of a check of every account.
#[derive(Clone, Debug, Default)]
pub struct ChainReport {
    /// Accounts that were looked at.
    pub accounts: u64,
    /// What is wrong, an account a line.
    pub faults: Vec<String>,
}

/// Verifies every account from its genesis on: each entry and each commit with its signature, that
/// both chains end where the store says, that each record is the one that the last commit to name it signed, and that the
/// root of the last is theirs, as is the tree that the store keeps of them.
/// Accounts that change meanwhile are looked at again.
///
/// # Errors
/// When the store cannot be read; what it holds that is wrong is in the report.
pub async fn check_chains(store: &dyn Store) -> Result<ChainReport, StoreError> {
    let mut report = ChainReport::default();
    let mut after = None;
    loop {
        let accounts = store.list(after, ACCOUNTS).await?;
        let Some(last) = accounts.last() else { return Ok(report) };
        after = Some(*last);
        for account in accounts {
            report.accounts += 1;
            if let Err(fault) = check_account(store, account).await? {
                report.faults.push(format!("account {account}: {fault}"));
            }
        }
    }
}

async fn check_account(store: &dyn Store, account: AccountId) -> Result<Result<(), String>, StoreError> {
    loop {
        let Some(heads) = store.heads(account).await? else { return Ok(Ok(())) };
        let checked = match check_log(store, account, heads).await? {
            Ok(log) => check_vault(store, account, heads, &log).await?,
            Err(fault) => Err(fault),
        };
        // Somebody wrote meanwhile: what looked wrong may have been half of it.
        if checked.is_ok() || store.heads(account).await? == Some(heads) {
            return Ok(checked);
        }
    }
}

async fn check_log(store: &dyn Store, account: AccountId, heads: Heads) -> Result<Result<Log, String>, StoreError> {
    let mut bundles = Vec::new();
    loop {
        let page = store.bundles(account, bundles.len() as u64, limits::LOG_PAGE_ENTRIES, None).await?;
        if page.is_empty() {
            break;
        }
        bundles.extend(page);
    }
    Ok(match Log::replay(&bundles) {
        Err(error) => Err(format!("its log does not verify: {error}")),
        Ok(log) if log.head() == heads.log && log.account() == account => Ok(log),
        Ok(log) => Err(format!("its log ends at entry {}, not at {}", log.head().seq, heads.log.seq)),
    })
}

async fn check_vault(
    store: &dyn Store,
    account: AccountId,
    heads: Heads,
    log: &Log,
) -> Result<Result<(), String>, StoreError> {
    let (mut chain, mut last, mut cursor) = (Chain::resume(log, Tip::START), Pin::START, None);
    let mut signed = BTreeMap::<ItemId, RecordHash>::new();
    let (mut records, mut root) = (Vec::<(ItemId, RecordHash)>::new(), MerkleRoot::EMPTY);
    loop {
        let page = match store.pull(query(account, heads, cursor)).await? {
            Pulled::Page(page) => page,
            Pulled::HeadMoved(_) | Pulled::UnknownAccount => return Ok(Err("its vault moved".into())),
        };
        for commit in page.commits {
            match chain.follow(&commit.0) {
                Ok(verified) => {
                    last = Pin::vault(verified.commit.seq, verified.id);
                    root = verified.commit.root;
                    signed.extend(verified.commit.changed.iter().map(|change| (change.item, change.record)));
                }
                Err(error) => return Ok(Err(format!("commit {} does not verify: {error}", last.seq + 1))),
            }
        }
        for record in page.records {
            let item = Record::from_bytes(&record.0).map(|record| record.header.item).ok();
            let named = item.and_then(|item| signed.remove(&item));
            if named != Some(Record::hash_of(&record.0)) {
                return Ok(Err(format!("a record is not the one that was signed ({item:?})")));
            }
            records.extend(item.zip(named));
        }
        match page.next {
            None => break,
            // A page that gets no further: the commits up to the head are not all there.
            next if next == cursor => break,
            next => cursor = next,
        }
    }
    Ok(match (last == heads.vault, signed.len()) {
        (false, _) => Err(format!("its commits end at {}, not at {}", last.seq, heads.vault.seq)),
        (true, 0) if root_of(&records) != root => Err("its root is not that of the records".into()),
        (true, 0) if !TreeUpdate::new(records).rests_as(store.tree(account).await?) => Err(TREE.into()),
        (true, 0) => Ok(()),
        (true, missing) => Err(format!("{missing} records are missing")),
    })
}

fn root_of(records: &[(ItemId, RecordHash)]) -> MerkleRoot {
    let leaves: BTreeMap<_, _> = records.iter().map(|(item, hash)| (key_of(*item), *hash)).collect();
    Subtree::of_leaves(&leaves.into_iter().collect::<Vec<_>>(), 0).root()
}

fn query(account: AccountId, heads: Heads, cursor: Option<PullCursor>) -> PullQuery {
    let limits = PageLimits { commits: limits::PULL_PAGE_COMMITS, bytes: limits::PULL_PAGE_BYTES };
    PullQuery { account, target: heads.vault, commits_after: 0, records_after: 0, cursor, limits }
}

/// The pages follow from the records, which are right.
const TREE: &str = "its pages in the table \"tree\" are not those of its records; nothing is lost: stop the server and delete \
                    the account's rows of that table, and the next push makes them anew";

/// Accounts that are asked for at once.
const ACCOUNTS: usize = 1_000;
