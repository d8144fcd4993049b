//! The judgement of one bundle against a log: every rule of protocol section 4, and of section 5 what needs no secret.

use std::collections::{BTreeMap, BTreeSet};

use roamkey_proto::{
    AccountId, AddDevice, Bundle, Close, DeviceId, DeviceKeys, Entry, EntryId, EpochHeader, Genesis, HeaderHash,
    KemPublicKey, Label, Op, Recipient, RecoveryKeys, RecoverySlot, RenewKeys, RevokeDevices, SetRecovery, Via, cbor,
    limits, mutant,
};

use crate::{
    Authority, Log, Refusal, SignatureError, TrustError, keys, possession,
    possession::Place,
    roles::{self, Kind},
    sign1::{PublicKey, Sign1},
};

/// How many wraps a bundle must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wraps {
    /// Any of them: an answer, made for one recipient.
    Excerpt,
    /// All of them: what the author sends.
    Whole,
}

/// What shows that the author made the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// The signature on it.
    Signature,
    /// The caller's pin on a later entry, which the hash chain ties to this one.
    PinnedLater,
}

/// An entry that may enter, with the header of the epoch that it opens.
pub(crate) struct Checked {
    pub(crate) id: EntryId,
    pub(crate) entry: Entry,
    pub(crate) header: Option<(HeaderHash, EpochHeader)>,
}

/// An entry as it was read; its signature is not verified.
pub(crate) struct Unverified {
    signed: Sign1,
    id: EntryId,
    entry: Entry,
    kind: Kind,
}

impl Unverified {
    /// Returns the account that it claims; a genesis claims the one that its operation hashes to.
    pub(crate) fn account(&self) -> AccountId {
        match &self.entry.op {
            Op::Genesis(op) => op.account_id(),
            _ => self.entry.account,
        }
    }
}

/// Reads a signed entry; an operation that this version does not do is refused before anything else is judged.
pub(crate) fn read(bytes: &[u8]) -> Result<Unverified, TrustError> {
    let signed = Sign1::parse(bytes, limits::ENTRY_BYTES)?;
    let entry: Entry = cbor::decode_versioned(signed.unverified_payload(), limits::ENTRY_BYTES)?;
    let kind = Kind::of(&entry.op).ok_or(TrustError::UnknownOperation { number: entry.op.number() })?;
    let of_payload = Entry::id_of(signed.unverified_payload());
    // ECDSA gives every signature a twin: an identifier that covered it would fork the log.
    let id = mutant!("log.id-without-the-signature", of_payload => Entry::id_of(bytes));
    Ok(Unverified { id, signed, entry, kind })
}

/// Judges a bundle as the next one of a log.
pub(crate) fn bundle(log: &Log, bundle: &Bundle, wraps: Wraps, proof: Proof) -> Result<Checked, TrustError> {
    let Unverified { signed, id, entry, kind } = read(&bundle.entry).map_err(|why| newer(log, &bundle.entry, why))?;
    place(log, &entry, id)?;
    roles::judge(kind, log.standing(entry.author))?;
    if proof == Proof::Signature {
        signature(log, &entry, signed)?;
    }
    rules(log, &entry)?;
    let header = header(log, &entry, bundle)?;
    check_wraps(header.as_ref().map(|(_, header)| header), bundle, wraps)?;
    Ok(Checked { id, entry, header })
}

/// What this version does not know is said to be of a newer one only where a member signed it: whoever could say so with a
/// bare number would put every device to sleep, kindly.
fn newer(log: &Log, bytes: &[u8], why: TrustError) -> TrustError {
    let is_newer = matches!(why, TrustError::UpdateNeeded { .. } | TrustError::UnknownOperation { .. });
    if !is_newer || log.is_empty() {
        return why;
    }
    let Ok(signed) = Sign1::parse(bytes, limits::ENTRY_BYTES) else { return why };
    let author = DeviceId::new(*signed.kid());
    let Some(member) = log.active_member(author) else { return Refusal::Stranger.into() };
    let verified = signed.verify(Label::Entry, author.as_bytes(), PublicKey::Identity(&member.keys().identity));
    if mutant!("log.newer-is-signed-by-a-member", verified.is_ok()) { why } else { SignatureError.into() }
}

/// Judges what an entry says, whoever signs it.
pub(crate) fn content(log: &Log, entry: &Entry) -> Result<(), TrustError> {
    let kind = Kind::of(&entry.op).ok_or(TrustError::UnknownOperation { number: entry.op.number() })?;
    roles::judge(kind, log.standing(entry.author))?;
    rules(log, entry)
}

fn place(log: &Log, entry: &Entry, id: EntryId) -> Result<(), TrustError> {
    if !mutant!("log.of-this-account", entry.account == log.account()) {
        return Err(Refusal::ForeignAccount.into());
    }
    let head = log.head();
    if let Some(ours) = log.entry(entry.seq) {
        return Err(if ours.id == id {
            TrustError::Known { seq: entry.seq }
        } else {
            TrustError::Conflict { seq: entry.seq }
        });
    }
    let expected = head.seq + 1;
    if entry.seq != expected {
        return Err(TrustError::Gap { expected, seq: entry.seq });
    }
    if !mutant!("log.builds-on-the-head", *entry.prev.as_bytes() == head.id) {
        return Err(TrustError::Conflict { seq: entry.seq });
    }
    Ok(())
}

fn signature(log: &Log, entry: &Entry, signed: Sign1) -> Result<(), TrustError> {
    let key = match (&entry.op, log.authority(entry.author)) {
        (Op::Genesis(op), _) => PublicKey::Identity(&op.device.identity),
        (_, Some(authority)) => PublicKey::Write(&authority.keys().sign),
        (_, None) => PublicKey::Identity(&log.member(entry.author).ok_or(Refusal::Stranger)?.keys().identity),
    };
    let verified = signed.verify(Label::Entry, entry.author.as_bytes(), key);
    if mutant!("log.signed-by-its-author", verified.is_ok()) { Ok(()) } else { Err(SignatureError.into()) }
}

fn rules(log: &Log, entry: &Entry) -> Result<(), TrustError> {
    suite(log.min_suite(), entry, &SUITES)?;
    room(log, entry)?;
    match &entry.op {
        Op::Genesis(op) => genesis(entry.author, op)?,
        Op::AddDevice(op) => add_device(log, entry, op)?,
        Op::RevokeDevices(op) => revoke_devices(log, entry.author, op)?,
        Op::Leave => leave(log)?,
        Op::RenewKeys(op) => renew_keys(log, entry, op)?,
        Op::SetRecovery(op) => set_recovery(log, op)?,
        Op::Close(op) => close(log, entry, op)?,
        Op::CancelClose if log.closing().is_none() => return Err(Refusal::NotClosing.into()),
        _ => {}
    }
    Ok(())
}

/// The least suite rises by the operation that is for it, within the closed list, and by nothing else. It never falls.
fn suite(before: u16, entry: &Entry, known: &[u16]) -> Result<(), TrustError> {
    let raises = entry.op == Op::SetMinSuite;
    if !mutant!("log.suite-never-falls", entry.min_suite >= before) {
        return Err(Refusal::SuiteFell.into());
    }
    if !mutant!("log.suite-is-known", known.contains(&entry.min_suite)) {
        // Whoever raises it past what this version knows has a newer one, and means no harm.
        let newer = TrustError::UnknownOperation { number: entry.op.number() };
        return Err(if raises { newer } else { Refusal::UnknownSuite.into() });
    }
    if raises != (entry.min_suite > before) {
        return Err(Refusal::SuiteRaise.into());
    }
    Ok(())
}

/// A thief's device must not be able to fill the log so that it cannot be revoked, nor so that nobody comes back by
/// recovery to do so.
fn room(log: &Log, entry: &Entry) -> Result<(), Refusal> {
    let full = log.head().seq >= limits::LOG_ENTRIES;
    let goes_first = matches!(entry.op, Op::RevokeDevices(_)) || log.authority(entry.author).is_some();
    if full && !goes_first && !log.owes_epoch() {
        return Err(Refusal::LogFull);
    }
    Ok(())
}

fn genesis(author: DeviceId, op: &Genesis) -> Result<(), Refusal> {
    if author != op.device.device_id() {
        return Err(Refusal::Founder);
    }
    keys::check(&op.device).map_err(|_| Refusal::BadKey)
}

fn add_device(log: &Log, entry: &Entry, op: &AddDevice) -> Result<(), Refusal> {
    let authority = log.authority(entry.author);
    let most = limits::DEVICES + if authority.is_some() { limits::RECOVERED_DEVICES } else { 0 };
    if log.active().count() >= most {
        return Err(Refusal::TooManyDevices);
    }
    via(log, authority.map(Authority::slot), op)?;
    keys::check(&op.device).map_err(|_| Refusal::BadKey)?;
    let is_new = !fingerprints(&op.device).iter().any(|key| log.has_seen_key(key));
    if !mutant!("log.no-key-twice", is_new) {
        return Err(Refusal::KeySeen);
    }
    let place = Place { account: entry.account, prev: entry.prev, device: op.device.device_id() };
    let is_held = possession::verify(&op.possession, &place, &op.device).is_ok();
    if mutant!("log.newcomer-holds-its-keys", is_held) { Ok(()) } else { Err(Refusal::Possession) }
}

/// A device pairs another one; an authority lets one in by recovery, once for each request where its slot needs any.
fn via(log: &Log, slot: Option<RecoverySlot>, op: &AddDevice) -> Result<(), Refusal> {
    let way = if slot.is_some() { Via::Recovery } else { Via::Pairing };
    let needs_request = slot.is_some_and(RecoverySlot::needs_request);
    if !mutant!("recovery.by-the-authors-way", op.via == way && op.request.is_some() == needs_request) {
        return Err(Refusal::Via);
    }
    let is_answered = op.request.is_some_and(|request| log.has_answered(&request));
    if mutant!("recovery.one-device-a-request", !is_answered) { Ok(()) } else { Err(Refusal::RequestSeen) }
}

/// Without a device that remains, only a recovery authority can ever add one.
fn leave(log: &Log) -> Result<(), Refusal> {
    let is_last = log.active().count() == 1;
    if is_last && log.recovery().next().is_none() { Err(Refusal::LastDevice) } else { Ok(()) }
}

fn set_recovery(log: &Log, op: &SetRecovery) -> Result<(), Refusal> {
    let Some(keys) = &op.keys else {
        log.recovery_slot(op.slot).ok_or(Refusal::SlotEmpty(op.slot))?;
        return if op.policy.is_none() { Ok(()) } else { Err(Refusal::RecoveryPolicy) };
    };
    if !policy_fits(op) {
        return Err(Refusal::RecoveryPolicy);
    }
    keys::check_write(&keys.sign).map_err(|_| Refusal::BadKey)?;
    let is_new = !authority_fingerprints(keys).iter().any(|key| log.has_seen_key(key));
    if mutant!("recovery.no-key-twice", is_new) { Ok(()) } else { Err(Refusal::KeySeen) }
}

/// Who asks others for help says how many, of whom, and how long they wait; a kit asks nobody.
fn policy_fits(op: &SetRecovery) -> bool {
    let Some(policy) = &op.policy else { return !op.slot.needs_request() };
    let threshold = usize::from(policy.threshold);
    op.slot.needs_request()
        && policy.wait_ms <= limits::RECOVERY_WAIT_MS
        && policy.shares.len() <= limits::RECOVERY_SHARES
        && (1..=policy.shares.len()).contains(&threshold)
}

fn renew_keys(log: &Log, entry: &Entry, op: &RenewKeys) -> Result<(), Refusal> {
    let member = log.member(entry.author).ok_or(Refusal::Stranger)?;
    let identity = member.keys().identity.clone();
    let keys = DeviceKeys { identity, write: op.write.clone(), kem: op.kem.clone() };
    keys::check(&keys).map_err(|_| Refusal::BadKey)?;
    let [_, renewed @ ..] = fingerprints(&keys);
    if renewed.iter().any(|key| log.has_seen_key(key)) {
        return Err(Refusal::KeySeen);
    }
    let place = Place { account: entry.account, prev: entry.prev, device: entry.author };
    possession::verify(&op.possession, &place, &keys).map_err(|_| Refusal::Possession)
}

fn revoke_devices(log: &Log, author: DeviceId, op: &RevokeDevices) -> Result<(), Refusal> {
    let in_form = ascending(&op.devices) && ascending(&op.keep) && ascending(&op.slots) && ascending(&op.keep_slots);
    if op.devices.is_empty() || !in_form {
        return Err(Refusal::DeviceList);
    }
    if op.devices.contains(&author) {
        return Err(Refusal::RevokesItself);
    }
    if let Some(gone) = op.devices.iter().find(|device| log.active_member(**device).is_none()) {
        return Err(Refusal::NotActive(*gone));
    }
    if let Some(empty) = op.slots.iter().find(|slot| log.recovery_slot(**slot).is_none()) {
        return Err(Refusal::SlotEmpty(*empty));
    }
    let (devices, slots) = (op.devices.iter().copied().collect(), op.slots.iter().copied().collect());
    let (added, keep) = (log.added_through(&devices, &slots), op.keep.iter().copied().collect());
    if let Some(undecided) = added.difference(&keep).next()
        && !mutant!("log.revocation-names-or-keeps", false)
    {
        return Err(Refusal::Undecided(*undecided));
    }
    let (set, keep_slots) = (log.set_through(&devices, &slots), op.keep_slots.iter().copied().collect());
    if let Some(undecided) = set.difference(&keep_slots).next()
        && !mutant!("recovery.revocation-names-or-keeps-slots", false)
    {
        return Err(Refusal::UndecidedSlot(*undecided));
    }
    if let Some(needless) = keep.difference(&added).next() {
        return Err(Refusal::NeedlessKeep(*needless));
    }
    match keep_slots.difference(&set).next() {
        Some(needless) => Err(Refusal::NeedlessKeepSlot(*needless)),
        None => Ok(()),
    }
}

/// Time enough for every device to see it and call it off; by the author's clock here, by the server's own there.
fn close(log: &Log, entry: &Entry, op: &Close) -> Result<(), Refusal> {
    if log.closing().is_some() {
        return Err(Refusal::Closing);
    }
    if op.not_before.millis_since(entry.time) < limits::CLOSE_WAIT_MS {
        return Err(Refusal::CloseTooSoon);
    }
    Ok(())
}

fn header(log: &Log, entry: &Entry, bundle: &Bundle) -> Result<Option<(HeaderHash, EpochHeader)>, TrustError> {
    match (entry.op.opens_epoch(), entry.epoch, &bundle.header) {
        (true, Some(signed), Some(bytes)) => {
            let is_signed = bytes.len() > limits::HEADER_BYTES || EpochHeader::hash_of(bytes) == signed;
            if !mutant!("epoch.header-is-the-signed-one", is_signed) {
                return Err(Refusal::HeaderHash.into());
            }
            let header: EpochHeader = cbor::decode_versioned(bytes, limits::HEADER_BYTES)?;
            check_header(log, entry, &header)?;
            Ok(Some((signed, header)))
        }
        (true, Some(_), None) if mutant!("epoch.header-comes-with-its-entry", false) => Ok(None),
        (true, ..) => Err(Refusal::HeaderMissing.into()),
        (false, None, None) => Ok(None),
        (false, ..) if mutant!("epoch.no-header-without-its-entry", false) => Ok(None),
        (false, ..) => Err(Refusal::HeaderUnexpected.into()),
    }
}

fn check_header(log: &Log, entry: &Entry, header: &EpochHeader) -> Result<(), Refusal> {
    let place = (entry.account, log.epoch() + 1, entry.seq, entry.prev);
    if !mutant!("epoch.header-of-this-place", (header.account, header.epoch, header.seq, header.prev) == place) {
        return Err(Refusal::HeaderPlace);
    }
    let first = log.is_empty();
    if header.previous.is_none() != first || header.tie.is_none() != first {
        return Err(Refusal::HeaderTie);
    }
    let active = active_after(log, entry);
    base(log, entry, header, &active)?;
    let are_members =
        header.recipients.iter().map(|recipient| recipient.device).eq(recipients_after(log, entry).into_keys());
    if !mutant!("epoch.recipients-are-the-members", are_members) {
        return Err(Refusal::Recipients);
    }
    Ok(())
}

fn base(log: &Log, entry: &Entry, header: &EpochHeader, active: &BTreeSet<DeviceId>) -> Result<(), Refusal> {
    let Some(base) = header.base else { return Ok(()) };
    if base == 0 || base >= log.epoch() || !entry.op.may_skip_epochs() {
        return Err(Refusal::Base);
    }
    if base < oldest_base(log, &entry.op, active) {
        return Err(Refusal::SkipsEpoch);
    }
    Ok(())
}

/// Returns the oldest epoch that the one which an entry opens may tie to: the one before, or an older one where all who
/// opened those between are out after the entry.
///
/// Whether a key opened, the log cannot tell. It can tell who answers for it: an epoch is left out only together with
/// the one who opened it, so that nobody cuts off what a device that stays has made.
pub(crate) fn oldest_base(log: &Log, op: &Op, active: &BTreeSet<DeviceId>) -> u64 {
    let newest = log.epoch();
    if !op.may_skip_epochs() {
        return newest;
    }
    let stays = |epoch: &u64| log.opener_of(*epoch).is_none_or(|opener| active.contains(&opener));
    (2..=newest).rev().find(stays).unwrap_or(1)
}

/// Returns who is active once an entry is in, ascending: a pure function of the log, no one's claim.
pub(crate) fn active_after(log: &Log, entry: &Entry) -> BTreeSet<DeviceId> {
    let mut active: BTreeSet<_> = log.active().map(|(id, _)| id).collect();
    match &entry.op {
        Op::Genesis(op) => _ = active.insert(op.device.device_id()),
        Op::AddDevice(op) => _ = active.insert(op.device.device_id()),
        Op::RevokeDevices(op) => active.retain(|id| !op.devices.contains(id)),
        _ => {}
    }
    active
}

/// Returns who gets the key of the epoch that an entry opens, ascending: the active devices and the recovery authorities
/// after it. A pure function of the log as well.
pub(crate) fn recipients_after(log: &Log, entry: &Entry) -> BTreeMap<DeviceId, KemPublicKey> {
    let mut recipients = log.recipients();
    let empty = |recipients: &mut BTreeMap<_, _>, slot| {
        if let Some((id, _)) = log.recovery_slot(slot) {
            recipients.remove(&id);
        }
    };
    match &entry.op {
        Op::Genesis(op) => _ = recipients.insert(entry.author, op.device.kem.clone()),
        Op::AddDevice(op) => _ = recipients.insert(op.device.device_id(), op.device.kem.clone()),
        Op::RevokeDevices(op) => {
            recipients.retain(|id, _| !op.devices.contains(id));
            let emptied = mutant!("recovery.emptied-slot-gets-no-key", op.slots.as_slice() => &[]);
            emptied.iter().for_each(|slot| empty(&mut recipients, *slot));
        }
        Op::RenewKeys(op) => _ = recipients.insert(entry.author, op.kem.clone()),
        Op::SetRecovery(op) => {
            empty(&mut recipients, op.slot);
            recipients.extend(op.keys.iter().map(|keys| (keys.member_id(op.slot), keys.kem.clone())));
        }
        _ => {}
    }
    recipients
}

fn check_wraps(header: Option<&EpochHeader>, bundle: &Bundle, wraps: Wraps) -> Result<(), TrustError> {
    let mut recipients = header.map_or(&[][..], |header| &header.recipients).iter();
    for given in &bundle.wraps {
        // Recipients ascend, so that one pass finds wraps that are for nobody, double or out of order.
        let signed = recipients.find(|signed| signed.device == given.recipient).ok_or(Refusal::WrapUnexpected)?;
        let is_signed = given.wrap.len() <= limits::WRAP_BYTES && Recipient::hash_of(&given.wrap) == signed.wrap;
        if !mutant!("epoch.wrap-is-the-signed-one", is_signed) {
            return Err(Refusal::WrapHash.into());
        }
    }
    let expected = header.map_or(0, |header| header.recipients.len());
    if wraps == Wraps::Whole && bundle.wraps.len() != expected {
        return Err(Refusal::WrapMissing.into());
    }
    Ok(())
}

fn ascending<T: Ord>(list: &[T]) -> bool {
    list.is_sorted_by(|a, b| a < b)
}

/// Returns what a log remembers of keys: identity, write, kem.
pub(crate) fn fingerprints(keys: &DeviceKeys) -> [[u8; 32]; 3] {
    [keys.identity.as_bytes().as_slice(), keys.write.as_bytes(), keys.kem.as_bytes()]
        .map(|bytes| Label::Device.hash(bytes))
}

/// As [`fingerprints`], of a recovery authority: sign, kem.
pub(crate) fn authority_fingerprints(keys: &RecoveryKeys) -> [[u8; 32]; 2] {
    [keys.sign.as_bytes().as_slice(), keys.kem.as_bytes()].map(|bytes| Label::Device.hash(bytes))
}

/// Every suite there is: the closed list, ascending.
pub(crate) const SUITES: [u16; 1] = [roamkey_proto::SUITE];

#[cfg(test)]
mod tests;
