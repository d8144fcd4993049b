use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::extract::State;
use roamkey_proto::{
    Change, Commit, CommitId, Pin,
    api::{Heads, Restore, SealedRecord, SignedCommit, Wake},
    limits, mutant,
    problem::Problem,
};
use roamkey_server_store::{NewCommit, NewEntry, NewRestore, Quota, Restored};
use roamkey_trust::{
    CommitError, Log, Member, TrustError,
    commit::{Chain, Tip},
};

use super::{
    append_entry::{closing, goes_first},
    push::{FIRST_AFTER_REVOCATION, REMOVERS_DEPTH, charge, match_record},
};
use crate::{
    body::Cbor,
    caller::{Caller, held},
    operation::{Access, Answer, Operation},
    refusal::Refusal,
    state::App,
};

pub(super) const OPERATION: Operation = Operation {
    summary: "Give back what a server lost that was restored from a backup: taken whole or not at all.",
    access: Access::Session,
    query: None,
    request: Some("Restore"),
    answer: Answer::Object("Heads"),
    problems: &[Problem::Conflict, Problem::Invalid, Problem::Held, Problem::QuotaExceeded],
};

/// `POST /v1/accounts/{account}/restore`
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Cbor(restore): Cbor<Restore, { limits::RESTORE_BYTES }>,
) -> Result<Cbor<Heads>, Refusal> {
    if restore.bundles.len() > limits::RESTORE_ENTRIES || restore.commits.len() > limits::RESTORE_COMMITS {
        return Err(Refusal::new(Problem::TooLarge, "too many entries or commits at once"));
    }
    if restore.bundles.is_empty() && restore.commits.is_empty() {
        return Err(Refusal::invalid("nothing is given back"));
    }
    app.rates.restores.take((caller.account, caller.device))?;
    let (log, entries) = follow_log(&app, &caller, restore.bundles)?;
    // Only what reaches to where the log was makes the account whole; a device that was removed has something else.
    app.watch.check_given(&log).await?;
    let commits = follow_commits(&app, &caller, &log, restore.commits, restore.records)?;
    let bytes = commits.iter().map(|commit| commit.signed.len()).sum();
    let restore = NewRestore {
        account: caller.account,
        log: caller.heads.log,
        entries,
        vault: caller.heads.vault,
        commits,
        history: Some(charge(&app, bytes, REMOVERS_DEPTH)),
    };
    match app.store.restore(restore).await? {
        Restored::Accepted(heads) => {
            app.watch.note(caller.account, heads.log).await?;
            app.logs.keep(Arc::new(log));
            app.wake_ups.publish(caller.account, Wake { log: heads.log.seq, vault: heads.vault.seq });
            Ok(super::heads::signed(&app, caller.account, &heads))
        }
        Restored::Conflict(_) | Restored::UnknownAccount => Err(Refusal::conflict()),
        Restored::StaleRevision(_) => Err(Refusal::invalid("a revision does not rise")),
        Restored::WrongCount { .. } => Err(Refusal::invalid("the count is not that of the records")),
        Restored::WrongRoot => Err(Refusal::invalid("the root is not that of the records")),
        Restored::OverHistory { wait_ms } => Err(Refusal::new(Problem::RateLimited, "the history grows too fast")
            .retry_after(Duration::from_millis(wait_ms))),
        Restored::OverQuota => Err(Refusal::new(Problem::QuotaExceeded, "the account may hold no more records")),
    }
}

/// Verifies the entries one after another. Each counts as one that is appended for the first time: that it was
/// here before is only the sender's word.
fn follow_log(
    app: &App,
    caller: &Caller,
    bundles: Vec<roamkey_proto::Bundle>,
) -> Result<(Log, Vec<NewEntry>), Refusal> {
    let now = app.now();
    let mut log = Log::clone(&caller.log);
    let mut entries = Vec::with_capacity(bundles.len());
    let newest = bundles.iter().rposition(|bundle| bundle.header.is_some());
    for (at, bundle) in bundles.into_iter().enumerate() {
        let before = log.clone();
        // Wraps of older epochs are gone, and walking back makes up for them; without those of the newest, whoever gives
        // back would shut everyone else out.
        let is_to_be_whole = mutant!("restore.given-back-whole", newest == Some(at) => false);
        let taken = if is_to_be_whole { log.append_whole(&bundle) } else { log.append(&bundle) };
        taken.map_err(|error| match error {
            TrustError::Known { .. } | TrustError::Conflict { .. } | TrustError::Gap { .. } => Refusal::conflict(),
            error => Refusal::invalid(error.to_string()),
        })?;
        if !goes_first(&log) {
            caller.check_not_held(now)?;
            app.rates.entries.take(caller.account)?;
        }
        let closing = closing(&before, &log, now);
        entries.push(NewEntry { account: caller.account, prev: before.head(), pin: log.head(), bundle, closing });
    }
    Ok((log, entries))
}

/// Verifies the commits one after another, and gives each those records that no later one replaces.
fn follow_commits(
    app: &App,
    caller: &Caller,
    log: &Log,
    commits: Vec<SignedCommit>,
    records: Vec<SealedRecord>,
) -> Result<Vec<NewCommit>, Refusal> {
    let heads = caller.heads;
    let tip = Tip { seq: heads.vault.seq, id: CommitId::new(heads.vault.id), log_seq: heads.vault_log };
    let mut chain = Chain::resume(log, tip);
    let mut prev = heads.vault;
    // Where a device went that signed a commit here which no commit after its removal follows.
    let mut unsealed = None;
    let mut verified: Vec<(Commit, NewCommit)> = Vec::with_capacity(commits.len());
    for SignedCommit(signed) in commits {
        let next = chain.follow(&signed).map_err(|error| match error {
            CommitError::DoesNotFollow => Refusal::conflict(),
            error => Refusal::invalid(error.to_string()),
        })?;
        let gone = caller.log.member(next.commit.author).and_then(Member::gone_at);
        unsealed = unsealed.filter(|gone| *gone > next.commit.log.seq).max(gone);
        let pin = Pin::vault(next.commit.seq, next.id);
        let commit = NewCommit {
            account: caller.account,
            log: next.commit.log,
            prev,
            pin,
            signed,
            count: next.commit.count,
            root: next.commit.root,
            records: Vec::new(),
            quota: Quota { records: app.limits.records, bytes: app.limits.record_bytes },
            history: None,
        };
        prev = pin;
        verified.push((next.commit, commit));
    }
    // What it signs today as lost cannot be told from what was. Whoever removed it says which of its commits count.
    let remover = caller.log.removal_between(0, caller.log.head().seq).map(|removal| removal.by);
    if !mutant!("restore.of-the-gone-by-the-remover", unsealed.is_none() || remover == Some(caller.device)) {
        return Err(held().retry_after(FIRST_AFTER_REVOCATION));
    }
    place_records(&mut verified, records)?;
    Ok(verified.into_iter().map(|(_, commit)| commit).collect())
}

fn place_records(commits: &mut [(Commit, NewCommit)], records: Vec<SealedRecord>) -> Result<(), Refusal> {
    let mut newest: BTreeMap<_, (usize, Change)> = BTreeMap::new();
    for (index, (commit, _)) in commits.iter().enumerate() {
        newest.extend(commit.changed.iter().map(|change| (change.item, (index, *change))));
    }
    if newest.len() != records.len() {
        return Err(Refusal::invalid("the records are not those of the commits"));
    }
    for ((index, change), SealedRecord(bytes)) in newest.into_values().zip(records) {
        if let Some((commit, new)) = commits.get_mut(index) {
            new.records.push(match_record(commit, &change, bytes)?);
        }
    }
    Ok(())
}
