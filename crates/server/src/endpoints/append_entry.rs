use std::sync::Arc;

use axum::extract::State;
use roamkey_proto::{Bundle, Entry, Label, Op, Pin, Time, api, api::Accepted, cbor, limits, mutant, problem::Problem};
use roamkey_server_store::{Appended, Closing, Hold, NewEntry};
use roamkey_trust::{
    Change, Log, TrustError,
    sign1::{PublicKey, Sign1},
};

use crate::{
    body::Cbor,
    caller::{Caller, Recovering},
    operation::{Access, Answer, Operation},
    refusal::Refusal,
    state::App,
};

pub(super) const OPERATION: Operation = Operation {
    summary: "Append an entry to the trust log.",
    access: Access::Session,
    query: None,
    request: Some("Bundle"),
    answer: Answer::Object("Accepted"),
    problems: &[Problem::Conflict, Problem::Invalid, Problem::Held, Problem::AccountClosed],
};

/// `POST /v1/accounts/{account}/log`
pub(super) async fn handle(
    State(app): State<App>,
    Recovering(caller): Recovering,
    Cbor(bundle): Cbor<Bundle, { limits::BUNDLE_BYTES }>,
) -> Result<Cbor<Accepted>, Refusal> {
    let (log, pin) = match judge(&caller, &bundle)? {
        Judged::Next(log, pin) => (log, pin),
        Judged::Known(pin) => {
            app.watch.note(caller.account, caller.heads.log).await?;
            return Ok(accepted(&app, &caller, pin));
        }
        Judged::Conflict => return Err(conflict(&app, &caller, &bundle).await?),
    };
    app.watch.check(&caller.log).await?;
    let now = app.now();
    let (account, closing) = (caller.account, closing(&caller.log, &log, now));
    let entry = NewEntry { account, prev: caller.heads.log, pin, bundle: bundle.clone(), closing };
    if !goes_first(&log) && !mutant!("server.recovery-goes-first", caller.recovers() => false) {
        caller.check_not_held(now)?;
        app.rates.entries.take(caller.account)?;
    }
    match app.store.append(entry).await? {
        Appended::Accepted(heads) => {
            app.watch.note(account, heads.log).await?;
            app.logs.keep(Arc::new(*log));
            app.wake_ups.publish(caller.account, api::Wake { log: heads.log.seq, vault: heads.vault.seq });
            Ok(accepted(&app, &caller, pin))
        }
        Appended::Conflict(_) | Appended::UnknownAccount => Err(conflict(&app, &caller, &bundle).await?),
        Appended::Deleted => Err(Refusal::new(Problem::AccountClosed, "the account was closed for good")),
    }
}

enum Judged {
    /// The next entry, and the log with it.
    Next(Box<Log>, Pin),
    /// It is in the log already: sent again after a lost answer.
    Known(Pin),
    /// It builds on something else than the newest entry.
    Conflict,
}

fn judge(caller: &Caller, bundle: &Bundle) -> Result<Judged, Refusal> {
    let mut log = Log::clone(&caller.log);
    match log.append_whole(bundle) {
        Ok(entry) if entry.author == caller.device => Ok(Judged::Next(Box::new(log.clone()), log.head())),
        Ok(_) => Err(Refusal::invalid("the entry is by another device than the session")),
        Err(TrustError::Known { seq }) => {
            let known = caller.log.entry(seq).map(|entry| Pin::log(seq, entry.id));
            Ok(known.map_or(Judged::Conflict, Judged::Known))
        }
        Err(TrustError::Conflict { .. } | TrustError::Gap { .. }) => Ok(Judged::Conflict),
        Err(error) => Err(Refusal::invalid(error.to_string())),
    }
}

/// A revocation is never held up: otherwise the device that it names could do so. Nor is the word that an account
/// is to stay: whoever wants it gone could do so. Nor, in the handler, is who comes back by recovery: a thief that has the
/// only device could do so.
pub(super) fn goes_first(log: &Log) -> bool {
    let newest = log.entries().last().map(|entry| &entry.change);
    matches!(newest, Some(Change::Revoked { .. } | Change::CloseCancelled))
}

/// What the newest entry means for the account's end. The week counts from now by this clock as well: an author's
/// time is only its word.
pub(super) fn closing(before: &Log, after: &Log, now: Time) -> Closing {
    match (before.closing(), after.closing()) {
        (None, Some(asked)) => Closing::DeletesAt(asked.not_before.max(now.plus_millis(limits::CLOSE_WAIT_MS))),
        (Some(_), None) => Closing::Cancelled,
        _ => Closing::Unchanged,
    }
}

fn accepted(app: &App, caller: &Caller, pin: Pin) -> Cbor<Accepted> {
    Cbor(Accepted { receipt: app.receipts.log(caller.account, pin) })
}

/// A revocation that meets a conflict goes first the next time (protocol section 4).
async fn conflict(app: &App, caller: &Caller, bundle: &Bundle) -> Result<Refusal, Refusal> {
    if is_revocation_by(caller, &bundle.entry).is_some() {
        let now = app.now();
        let hold = Hold { device: caller.device, until: now.plus_millis(limits::REVOCATION_HOLD_MS) };
        let not_since = Time(now.0.saturating_sub(HOLD_EVERY_MS));
        app.store.hold(caller.account, hold, now, not_since).await?;
    }
    Ok(Refusal::conflict())
}

/// Only the caller's own signature makes a hold: nobody holds an account with another's old entry.
fn is_revocation_by(caller: &Caller, entry: &[u8]) -> Option<()> {
    let signed = Sign1::parse(entry, limits::ENTRY_BYTES).ok()?;
    let identity = &caller.log.active_member(caller.device)?.keys().identity;
    let payload = signed.verify(Label::Entry, caller.device.as_bytes(), PublicKey::Identity(identity)).ok()?;
    let entry: Entry = cbor::decode_versioned(&payload, limits::ENTRY_BYTES).ok()?;
    let revokes = matches!(entry.op, Op::RevokeDevices(_));
    (revokes && entry.account == caller.account && entry.author == caller.device).then_some(())
}

/// A device may hold its account for ten seconds of each minute, not on and on.
const HOLD_EVERY_MS: u64 = 60 * 1000;
