use std::time::Duration;

use axum::extract::State;
use roamkey_proto::{
    Change, Commit, CommitId, Pin, Record,
    api::{Accepted, Push, SealedRecord, Wake},
    limits,
    problem::Problem,
};
use roamkey_server_store::{HistoryCharge, NewCommit, NewRecord, Pushed, Quota};
use roamkey_trust::{
    Change as Entered, CommitError,
    commit::{Chain, Tip, Verified},
};

use crate::{
    body::Cbor,
    caller::{Caller, held},
    operation::{Access, Answer, Operation},
    refusal::Refusal,
    state::App,
};

pub(super) const OPERATION: Operation = Operation {
    summary: "Append a commit with its records.",
    access: Access::Session,
    query: None,
    request: Some("Push"),
    answer: Answer::Object("Accepted"),
    problems: &[Problem::Conflict, Problem::Invalid, Problem::Held, Problem::QuotaExceeded],
};

/// `POST /v1/accounts/{account}/push`
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Cbor(push): Cbor<Push, { limits::PUSH_BYTES }>,
) -> Result<Cbor<Accepted>, Refusal> {
    if let Some(pin) = sent_again(&caller, &push.commit) {
        return Ok(accepted(&app, &caller, pin));
    }
    app.watch.check(&caller.log).await?;
    caller.check_not_held(app.now())?;
    let Verified { id, commit } = verify(&caller, &push.commit)?;
    let records = match_records(&commit, push.records)?;
    let pin = Pin::vault(commit.seq, id);
    let depth = if is_remover(&caller) { REMOVERS_DEPTH } else { 1 };
    let history = Some(charge(&app, push.commit.len(), depth));
    let commit = NewCommit {
        account: caller.account,
        log: commit.log,
        prev: caller.heads.vault,
        pin,
        signed: push.commit,
        count: commit.count,
        root: commit.root,
        records,
        quota: Quota { records: app.limits.records, bytes: app.limits.record_bytes },
        history,
    };
    match app.store.push(commit).await? {
        Pushed::Accepted(heads) => {
            app.wake_ups.publish(caller.account, Wake { log: heads.log.seq, vault: heads.vault.seq });
            Ok(accepted(&app, &caller, pin))
        }
        Pushed::Conflict(_) | Pushed::UnknownAccount => Err(Refusal::conflict()),
        Pushed::StaleRevision(_) => Err(Refusal::invalid("a revision does not rise")),
        Pushed::WrongCount { .. } => Err(Refusal::invalid("the count is not that of the records")),
        Pushed::WrongRoot => Err(Refusal::invalid("the root is not that of the records")),
        Pushed::OverQuota => Err(Refusal::new(Problem::QuotaExceeded, "the account may hold no more records")),
        Pushed::OverHistory { wait_ms } => Err(Refusal::new(Problem::RateLimited, "the history grows too fast")
            .retry_after(Duration::from_millis(wait_ms))),
    }
}

fn accepted(app: &App, caller: &Caller, pin: Pin) -> Cbor<Accepted> {
    Cbor(Accepted { receipt: app.receipts.vault(caller.account, pin) })
}

/// The newest commit itself, sent again after a lost answer.
fn sent_again(caller: &Caller, signed: &[u8]) -> Option<Pin> {
    let signed = roamkey_trust::sign1::Sign1::parse(signed, limits::COMMIT_BYTES).ok()?;
    let id = Commit::id_of(signed.unverified_payload());
    (caller.heads.vault.id == *id.as_bytes()).then_some(caller.heads.vault)
}

/// Commits are kept for good, so their growth is limited, in time: to so many bursts at once.
pub(super) fn charge(app: &App, bytes: usize, bursts: u64) -> HistoryCharge {
    let ms_of = |bytes: u64| bytes.saturating_mul(DAY_MS) / app.limits.history_bytes_per_day.max(1);
    let depth_ms = ms_of(app.limits.history_burst_bytes.saturating_mul(bursts));
    HistoryCharge { now: app.now(), cost_ms: ms_of(bytes as u64), depth_ms }
}

/// Whether the caller removed a device, as the last one who did. What it has to push after the removal must not wait for what
/// the removed one used up. It may go deeper, not without end: a thief removes devices too, its own.
fn is_remover(caller: &Caller) -> bool {
    let mut entries = caller.log.entries().iter().rev();
    let removal = entries.find(|entry| matches!(entry.change, Entered::Revoked { .. }));
    removal.is_some_and(|removal| removal.author == caller.device)
}

fn verify(caller: &Caller, signed: &[u8]) -> Result<Verified, Refusal> {
    let heads = caller.heads;
    let tip = Tip { seq: heads.vault.seq, id: CommitId::new(heads.vault.id), log_seq: heads.vault_log };
    let verified = Chain::resume(&caller.log, tip).follow(signed).map_err(refuse)?;
    if verified.commit.author != caller.device {
        return Err(Refusal::invalid("the commit is by another device than the session"));
    }
    if verified.commit.log != heads.log {
        return Err(Refusal::conflict());
    }
    Ok(verified)
}

fn refuse(error: CommitError) -> Refusal {
    match error {
        // Someone was faster, or has left: pull the log and the head, then try again.
        CommitError::DoesNotFollow | CommitError::LogAhead { .. } | CommitError::EpochOwed => Refusal::conflict(),
        CommitError::NotByRemover { .. } => held().retry_after(FIRST_AFTER_REVOCATION),
        error => Refusal::invalid(error.to_string()),
    }
}

/// Pairs each change with its record, in order: all there, none besides, each what the commit says.
fn match_records(commit: &Commit, records: Vec<SealedRecord>) -> Result<Vec<NewRecord>, Refusal> {
    if commit.changed.len() != records.len() {
        return Err(Refusal::invalid("the records are not those of the commit"));
    }
    commit.changed.iter().zip(records).map(|(change, record)| match_record(commit, change, record.0)).collect()
}

pub(super) fn match_record(commit: &Commit, change: &Change, bytes: Vec<u8>) -> Result<NewRecord, Refusal> {
    let header = Record::from_bytes(&bytes).map_err(|error| Refusal::invalid(error.to_string()))?.header;
    let place = (header.account, header.item, header.epoch) == (commit.account, change.item, commit.epoch);
    // One more for each record of the item: more than there are commits would leave no room to rise.
    let is_reachable = (1..=commit.seq).contains(&header.revision);
    if !place || header.suite != roamkey_proto::SUITE || !is_reachable {
        return Err(Refusal::invalid("a record is not of its place"));
    }
    if Record::hash_of(&bytes) != change.record {
        return Err(Refusal::invalid("a record is not the one that was signed"));
    }
    Ok(NewRecord { item: change.item, revision: header.revision, hash: change.record, bytes })
}

/// How many bursts of history a remover may be ahead by, or whoever gives back what a server lost: sealing a vault of
/// 100,000 items again takes a tenth of one.
pub(super) const REMOVERS_DEPTH: u64 = 8;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// How long others wait for the device that revoked to make its commit.
pub(super) const FIRST_AFTER_REVOCATION: Duration = Duration::from_millis(limits::REVOCATION_HOLD_MS);
