//! The frozen vectors of this crate's formats, and the check that they still hold.
//!
//! The files lie in `vectors/` at the root; the same check runs natively and in the browser.

use core::fmt::Debug;

use roamkey_proto::{Bundle, IdentityPublicKey, Label, ReceiptKey, WritePublicKey, cbor, limits};
use serde::{Deserialize, Serialize};

use crate::{
    CommitError, Log, TrustError, commit, evidence, heartbeat, receipt,
    session::UnverifiedProof,
    sign1::{PublicKey, Sign1},
};

/// Checks one file of vectors and returns how many cases it held.
///
/// # Errors
/// Says which case fails and how; an unknown name and a malformed file are failures.
pub fn check(name: &str, json: &str) -> Result<usize, String> {
    match name {
        "trust-log.json" => check_log(&parse(json)?),
        "trust-commits.json" => check_commits(&parse(json)?),
        "trust-evidence.json" => check_evidence(&parse(json)?),
        "trust-heartbeats.json" => check_heartbeats(&parse(json)?),
        "trust-signatures.json" => check_signatures(&parse(json)?),
        "trust-receipts.json" => check_receipts(&parse(json)?),
        "trust-sessions.json" => check_sessions(&parse(json)?),
        _ => Err(format!("{name} holds no vectors of this crate")),
    }
}

/// `trust-log.json`: a log that grows, and bundles that it refuses.
#[derive(Serialize, Deserialize)]
pub struct LogVectors {
    /// What the file is.
    pub about: String,
    /// The account.
    pub account: String,
    /// Bundles that enter one after the other.
    pub steps: Vec<LogStep>,
    /// Bundles that do not.
    pub refused: Vec<RefusedBundle>,
}

/// A bundle that enters, and the log after it.
#[derive(Serialize, Deserialize)]
pub struct LogStep {
    /// What it does.
    pub name: String,
    /// Its bytes.
    pub bundle: String,
    /// The entry's place.
    pub seq: u64,
    /// The entry's identifier.
    pub id: String,
    /// The newest epoch after it.
    pub epoch: u64,
    /// The active devices after it, ascending.
    pub active: Vec<String>,
}

/// A bundle that is refused.
#[derive(Serialize, Deserialize)]
pub struct RefusedBundle {
    /// What is wrong.
    pub name: String,
    /// How many steps the log has that refuses it.
    pub after: usize,
    /// Its bytes.
    pub bundle: String,
    /// Why.
    pub error: String,
}

/// `trust-commits.json` and `trust-heartbeats.json`: what devices sign besides the log, judged by it.
#[derive(Serialize, Deserialize)]
pub struct CommitVectors {
    /// What the file is.
    pub about: String,
    /// The log's bundles.
    pub log: Vec<String>,
    /// The cases.
    pub cases: Vec<CommitCase>,
}

/// A commit, or a heartbeat.
#[derive(Serialize, Deserialize)]
pub struct CommitCase {
    /// What is special about it.
    pub name: String,
    /// The signed commit before it; without it the commit is a vault's first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The signed object.
    pub bytes: String,
    /// A commit's identifier or the encoding of what a heartbeat says, or why it is refused.
    pub expected: Expected,
}

/// `trust-evidence.json`: files of evidence, and what they prove.
#[derive(Serialize, Deserialize)]
pub struct EvidenceVectors {
    /// What the file is.
    pub about: String,
    /// The cases.
    pub cases: Vec<EvidenceCase>,
}

/// A file of evidence.
#[derive(Serialize, Deserialize)]
pub struct EvidenceCase {
    /// What is special about it.
    pub name: String,
    /// Its bytes.
    pub bytes: String,
    /// The verdict, or why there is none.
    pub verdict: String,
}

/// What comes of a case.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expected {
    /// It verifies, and this comes out.
    Valid(String),
    /// It is refused, for this.
    Error(String),
}

/// `trust-signatures.json`: signed objects and the keys that they must be by.
#[derive(Serialize, Deserialize)]
pub struct SignatureVectors {
    /// What the file is.
    pub about: String,
    /// The cases.
    pub cases: Vec<SignatureCase>,
}

/// A signed object.
#[derive(Serialize, Deserialize)]
pub struct SignatureCase {
    /// What is special about it.
    pub name: String,
    /// The tag of the label that it must be for.
    pub label: String,
    /// The name that it must carry.
    pub kid: String,
    /// The key that it must be by: 33 bytes are ES256, 32 are Ed25519.
    pub key: String,
    /// The signed object.
    pub bytes: String,
    /// Its payload, or why it is refused.
    pub expected: Expected,
}

/// `trust-receipts.json` and `trust-sessions.json`: objects signed by one key.
#[derive(Serialize, Deserialize)]
pub struct KeyedVectors {
    /// What the file is.
    pub about: String,
    /// The cases.
    pub cases: Vec<KeyedCase>,
}

/// An object and the key that it must be by.
#[derive(Serialize, Deserialize)]
pub struct KeyedCase {
    /// What is special about it.
    pub name: String,
    /// The Ed25519 key.
    pub key: String,
    /// The signed object.
    pub bytes: String,
    /// The encoding of what it says, or why it is refused.
    pub expected: Expected,
}

/// Names an error as the vectors do: its innermost variant, in kebab case.
#[must_use]
pub fn name_of(error: &TrustError) -> String {
    match error {
        TrustError::Malformed(inner) => kebab(inner),
        TrustError::Refused(inner) => kebab(inner),
        outer => kebab(outer),
    }
}

/// As [`name_of`], for commits.
#[must_use]
pub fn name_of_commit(error: &CommitError) -> String {
    match error {
        CommitError::Malformed(inner) => kebab(inner),
        outer => kebab(outer),
    }
}

fn kebab(error: &impl Debug) -> String {
    let debug = format!("{error:?}");
    let variant = debug.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let mut name = String::new();
    for character in variant.chars() {
        if character.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(character.to_ascii_lowercase());
    }
    name
}

fn check_log(file: &LogVectors) -> Result<usize, String> {
    let mut logs: Vec<Option<Log>> = vec![None];
    for step in &file.steps {
        let log = append(logs.last().cloned().flatten(), &bundle(&step.bundle)?);
        let log = log.map_err(|error| format!("{}: {error}", step.name))?;
        let active: Vec<_> = log.active().map(|(id, _)| id.to_string()).collect();
        let head = log.head();
        expect(&step.name, &(step.seq, step.id.as_str()), &(head.seq, hex::encode(head.id).as_str()))?;
        expect(&step.name, &(step.epoch, &step.active), &(log.epoch(), &active))?;
        expect(&step.name, &file.account, &log.account().to_string())?;
        logs.push(Some(log));
    }
    for case in &file.refused {
        let log = logs.get(case.after).cloned().ok_or("no such step")?;
        let error = append(log, &bundle(&case.bundle)?).err().map(|error| name_of(&error));
        expect(&case.name, &Some(&case.error), &error.as_ref())?;
    }
    Ok(file.steps.len() + file.refused.len())
}

fn append(log: Option<Log>, bundle: &Bundle) -> Result<Log, TrustError> {
    match log {
        None => Log::open_whole_genesis(bundle),
        Some(mut log) => log.append_whole(bundle).map(|_| ()).map(|()| log),
    }
}

fn check_commits(file: &CommitVectors) -> Result<usize, String> {
    let bundles = file.log.iter().map(|hex| bundle(hex)).collect::<Result<Vec<_>, _>>()?;
    let log = Log::replay(&bundles).map_err(|error| error.to_string())?;
    for case in &file.cases {
        let before = case.before.as_deref().map(unhex).transpose()?;
        let outcome = judge_commit(&log, before.as_deref(), &unhex(&case.bytes)?);
        expect(&case.name, &case.expected, &expected(outcome.map_err(|error| name_of_commit(&error))))?;
    }
    Ok(file.cases.len())
}

fn check_heartbeats(file: &CommitVectors) -> Result<usize, String> {
    let bundles = file.log.iter().map(|hex| bundle(hex)).collect::<Result<Vec<_>, _>>()?;
    let log = Log::replay(&bundles).map_err(|error| error.to_string())?;
    for case in &file.cases {
        expect(&case.name, &case.expected, &judge_heartbeat(&log, &unhex(&case.bytes)?))?;
    }
    Ok(file.cases.len())
}

pub(crate) fn judge_heartbeat(log: &Log, bytes: &[u8]) -> Expected {
    let outcome = heartbeat::verify(bytes, log).map(|heartbeat| hex::encode(cbor::encode(&heartbeat)));
    expected(outcome.map_err(|error| name_of(&error)))
}

fn check_evidence(file: &EvidenceVectors) -> Result<usize, String> {
    for case in &file.cases {
        expect(&case.name, &case.verdict, &judge_evidence(&unhex(&case.bytes)?))?;
    }
    Ok(file.cases.len())
}

pub(crate) fn judge_evidence(bytes: &[u8]) -> String {
    match evidence::read(bytes).and_then(|read| evidence::judge(&read)) {
        Ok(verdict) => kebab(&verdict),
        Err(error) => kebab(&error),
    }
}

pub(crate) fn judge_commit(log: &Log, before: Option<&[u8]>, bytes: &[u8]) -> Result<String, CommitError> {
    let before = before.map(|bytes| commit::verify(bytes, log)).transpose()?;
    let verified = commit::verify(bytes, log)?;
    commit::follows(&verified.commit, before.as_ref(), log)?;
    Ok(verified.id.to_string())
}

fn check_signatures(file: &SignatureVectors) -> Result<usize, String> {
    for case in &file.cases {
        let label = Label::ALL.into_iter().find(|label| label.tag() == case.label).ok_or("no such label")?;
        let outcome = open(label, &unhex(&case.kid)?, &unhex(&case.key)?, &unhex(&case.bytes)?)?;
        expect(&case.name, &case.expected, &expected(outcome.map_err(|error| name_of(&error))))?;
    }
    Ok(file.cases.len())
}

pub(crate) fn open(label: Label, kid: &[u8], key: &[u8], bytes: &[u8]) -> Result<Result<String, TrustError>, String> {
    let kid = kid.try_into().map_err(|_| "a kid has 32 bytes")?;
    let signed = match Sign1::parse(bytes, limits::ENTRY_BYTES) {
        Ok(signed) => signed,
        Err(error) => return Ok(Err(error.into())),
    };
    let payload = if let Ok(key) = key.try_into() {
        signed.verify(label, kid, PublicKey::Identity(&IdentityPublicKey::new(key)))
    } else {
        signed.verify(label, kid, PublicKey::Write(&write_key(key)?))
    };
    Ok(payload.map(hex::encode).map_err(TrustError::from))
}

fn check_receipts(file: &KeyedVectors) -> Result<usize, String> {
    check_keyed(file, |bytes, key| {
        receipt::verify(bytes, &ReceiptKey(*key.as_bytes())).map(|receipt| cbor::encode(&receipt))
    })
}

fn check_sessions(file: &KeyedVectors) -> Result<usize, String> {
    check_keyed(file, |bytes, key| UnverifiedProof::parse(bytes)?.verify(key).map(|proof| cbor::encode(&proof)))
}

fn check_keyed(
    file: &KeyedVectors,
    verify: impl Fn(&[u8], &WritePublicKey) -> Result<Vec<u8>, TrustError>,
) -> Result<usize, String> {
    for case in &file.cases {
        let outcome = verify(&unhex(&case.bytes)?, &write_key(&unhex(&case.key)?)?);
        let outcome = outcome.map(hex::encode).map_err(|error| name_of(&error));
        expect(&case.name, &case.expected, &expected(outcome))?;
    }
    Ok(file.cases.len())
}

pub(crate) fn expected(outcome: Result<String, String>) -> Expected {
    outcome.map_or_else(Expected::Error, Expected::Valid)
}

fn expect<T: PartialEq + Debug>(name: &str, expected: &T, got: &T) -> Result<(), String> {
    if expected == got { Ok(()) } else { Err(format!("{name}: expected {expected:?}, got {got:?}")) }
}

fn write_key(bytes: &[u8]) -> Result<WritePublicKey, String> {
    bytes.try_into().map(WritePublicKey::new).map_err(|_| "a write key has 32 bytes".into())
}

fn bundle(hex: &str) -> Result<Bundle, String> {
    cbor::decode(&unhex(hex)?, limits::BUNDLE_BYTES).map_err(|error| error.to_string())
}

fn parse<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

fn unhex(text: &str) -> Result<Vec<u8>, String> {
    hex::decode(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests;
