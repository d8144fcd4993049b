//! Evidence judged offline: who is guilty, if anyone (protocol section 6, `spec/evidence.md`).

use std::collections::BTreeMap;

use roamkey_proto::{
    Bundle, Chain, Commit, DecodeError, DeviceId, Entry, EntryId, Evidence, Label, Receipt, cbor, limits,
};

use crate::{
    Log, TrustError, receipt,
    sign1::{PublicKey, Sign1},
};

/// What evidence proves.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// The server signed two histories: receipts for one place of one chain with two identifiers.
    ServerEquivocated {
        /// Which chain.
        chain: Chain,
        /// The place.
        seq: u64,
        /// What it signed for, and what else.
        ids: [[u8; 32]; 2],
    },
    /// A device signed two entries to follow one and the same entry of the log.
    DeviceEquivocated {
        /// Who.
        device: DeviceId,
        /// The place.
        seq: u64,
    },
    /// A device signed an entry for the end of this log that breaks its rules.
    DeviceBrokeRule {
        /// Who.
        device: DeviceId,
        /// The place.
        seq: u64,
        /// The rule.
        cause: TrustError,
    },
    /// The histories differ, or one ends too soon, and no signature says by whose doing.
    Divergence,
}

/// Why evidence cannot be judged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvidenceError {
    /// It is none.
    #[error("not evidence: {0}")]
    Malformed(DecodeError),
    /// Made by a newer version: update.
    #[error("made by a newer version ({version}); update to read it")]
    UpdateNeeded {
        /// The version that it names.
        version: u16,
    },
    /// Its log does not verify, or is another account's.
    #[error("the log in it does not verify: {0}")]
    Log(TrustError),
}

/// Reads evidence from a file.
///
/// # Errors
/// [`EvidenceError::Malformed`], [`EvidenceError::UpdateNeeded`].
pub fn read(bytes: &[u8]) -> Result<Evidence, EvidenceError> {
    cbor::decode_versioned(bytes, limits::EVIDENCE_BYTES).map_err(|error| match error {
        DecodeError::UpdateNeeded { version } => EvidenceError::UpdateNeeded { version },
        error => EvidenceError::Malformed(error),
    })
}

/// Judges evidence by the signatures in it, and by nothing that it says of itself.
///
/// Whether `receipt_key` is the server's, the caller compares with what it has pinned; whether the account is the one meant,
/// likewise. Objects and receipts whose signatures do not verify prove nothing, and are passed over.
///
/// # Errors
/// [`EvidenceError::Malformed`], [`EvidenceError::Log`].
pub fn judge(evidence: &Evidence) -> Result<Verdict, EvidenceError> {
    if let Some(verdict) = server_equivocated(evidence) {
        return Ok(verdict);
    }
    let Some(log) = log_of(evidence)? else { return Ok(Verdict::Divergence) };
    Ok(device_equivocated(evidence, &log).or_else(|| broke_rule(evidence, &log)).unwrap_or(Verdict::Divergence))
}

fn server_equivocated(evidence: &Evidence) -> Option<Verdict> {
    let receipts = evidence.receipts.iter().filter_map(|bytes| receipt::verify(bytes, &evidence.receipt_key).ok());
    let receipts: Vec<Receipt> = receipts.filter(|receipt| receipt.account == evidence.account).collect();
    let pairs =
        receipts.iter().enumerate().flat_map(|(at, one)| receipts.iter().skip(at + 1).map(move |two| (one, two)));
    pairs.into_iter().find(|(one, two)| receipt::contradict(one, two)).map(|(one, two)| Verdict::ServerEquivocated {
        chain: one.chain,
        seq: one.pin.seq,
        ids: [one.pin.id, two.pin.id],
    })
}

fn log_of(evidence: &Evidence) -> Result<Option<Log>, EvidenceError> {
    if evidence.entries.is_empty() {
        return Ok(None);
    }
    let bundles = evidence.entries.iter().map(|bytes| cbor::decode::<Bundle>(bytes, limits::BUNDLE_BYTES));
    let bundles = bundles.collect::<Result<Vec<_>, _>>().map_err(EvidenceError::Malformed)?;
    let log = Log::replay(&bundles).map_err(EvidenceError::Log)?;
    if log.account() == evidence.account {
        Ok(Some(log))
    } else {
        Err(EvidenceError::Log(crate::Refusal::ForeignAccount.into()))
    }
}

/// The entries among the objects that their authors signed, as this log knows those.
fn signed_entries(evidence: &Evidence, log: &Log) -> Vec<(Entry, Vec<u8>)> {
    let read = |bytes: &[u8]| {
        let signed = Sign1::parse(bytes, limits::ENTRY_BYTES).ok()?;
        let entry: Entry = cbor::decode_versioned(signed.unverified_payload(), limits::ENTRY_BYTES).ok()?;
        let member = log.member(entry.author).filter(|_| entry.account == log.account())?;
        let key = PublicKey::Identity(&member.keys().identity);
        signed.verify(Label::Entry, entry.author.as_bytes(), key).ok()?;
        Some((entry, bytes.to_vec()))
    };
    evidence.objects.iter().filter_map(|bytes| read(bytes)).collect()
}

fn device_equivocated(evidence: &Evidence, log: &Log) -> Option<Verdict> {
    // After another entry it is another place: a device that was shown two histories, and repaired, wrote in both.
    let mut places: BTreeMap<(DeviceId, EntryId), EntryId> = BTreeMap::new();
    let mut prev = EntryId::NONE;
    for entry in log.entries() {
        places.insert((entry.author, prev), entry.id);
        prev = entry.id;
    }
    for (entry, _) in signed_entries(evidence, log) {
        let id = Entry::id_of(&cbor::encode(&entry));
        let place = (entry.author, entry.prev);
        if places.insert(place, id).is_some_and(|other| other != id) {
            return Some(Verdict::DeviceEquivocated { device: entry.author, seq: entry.seq });
        }
    }
    None
}

/// An entry that builds on the end of this log and breaks a rule: its author signed what no honest device signs.
fn broke_rule(evidence: &Evidence, log: &Log) -> Option<Verdict> {
    let head = log.head();
    signed_entries(evidence, log).into_iter().find_map(|(entry, bytes)| {
        let is_next = entry.seq == head.seq + 1 && *entry.prev.as_bytes() == head.id;
        let bundle = Bundle { entry: bytes, header: None, wraps: Vec::new() };
        let cause = is_next.then(|| log.clone().append(&bundle).err()).flatten()?;
        // A header that is missing here the server may have left out.
        let is_left_out = matches!(cause, TrustError::Refused(crate::Refusal::HeaderMissing));
        // What this version does not know, a newer one may.
        let is_newer =
            matches!(cause, TrustError::UnknownOperation { .. } | TrustError::Refused(crate::Refusal::UnknownSuite));
        let is_of_the_entry = !is_left_out && !is_newer;
        is_of_the_entry.then_some(Verdict::DeviceBrokeRule { device: entry.author, seq: entry.seq, cause })
    })
}

/// Tells which commit signed bytes are, if any, without verifying it: for showing what is in evidence.
#[must_use]
pub fn commit_of(object: &[u8]) -> Option<Commit> {
    let signed = Sign1::parse(object, limits::COMMIT_BYTES).ok()?;
    cbor::decode_versioned(signed.unverified_payload(), limits::COMMIT_BYTES).ok()
}

#[cfg(test)]
mod tests;
