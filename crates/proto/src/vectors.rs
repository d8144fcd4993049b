//! The frozen vectors of this crate's formats, and the check that they still hold.
//!
//! The files lie in `vectors/` at the root; the same check runs natively and in the browser.

use serde::{Deserialize, Serialize};

use crate::{Label, api, cbor, limits, *};

/// Checks one file of vectors and returns how many cases it held.
///
/// # Errors
/// Says which case fails and how; an unknown name and a malformed file are failures.
pub fn check(name: &str, json: &str) -> Result<usize, String> {
    match name {
        "proto-objects.json" => check_objects(&parse(json)?),
        "proto-labels.json" => check_labels(&parse(json)?),
        _ => Err(format!("{name} holds no vectors of this crate")),
    }
}

/// `proto-objects.json`: bytes that are, or are not, an object of a type.
#[derive(Serialize, Deserialize)]
pub struct Objects {
    /// What the file is.
    pub about: String,
    /// Its cases.
    pub cases: Vec<ObjectCase>,
}

/// Bytes, and whether they are an object.
#[derive(Serialize, Deserialize)]
pub struct ObjectCase {
    /// The type.
    pub object: String,
    /// What is special about them.
    pub name: String,
    /// The bytes, in hexadecimal.
    pub bytes: String,
    /// Why they are refused; none when they are the one encoding of an object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// `proto-labels.json`: every label, and what it makes of some bytes.
#[derive(Serialize, Deserialize)]
pub struct Labels {
    /// What the file is.
    pub about: String,
    /// Its cases.
    pub cases: Vec<LabelCase>,
}

/// A label's hash.
#[derive(Serialize, Deserialize)]
pub struct LabelCase {
    /// The label's tag.
    pub tag: String,
    /// The bytes, in hexadecimal.
    pub bytes: String,
    /// `SHA-256(len(tag) ‖ tag ‖ bytes)`, in hexadecimal.
    pub hash: String,
}

/// Names an error as the vectors do.
#[must_use]
pub fn name_of(error: &DecodeError) -> &'static str {
    match error {
        DecodeError::TooLong { .. } => "too-long",
        DecodeError::Malformed => "malformed",
        DecodeError::TrailingBytes => "trailing-bytes",
        DecodeError::NonCanonical => "non-canonical",
        DecodeError::UpdateNeeded { .. } => "update-needed",
    }
}

/// Decodes bytes as the type with this name and encodes the object again.
pub(crate) type Recode = fn(&[u8], usize) -> Result<Vec<u8>, DecodeError>;

/// A type that crosses the wire: its name, its limit, and how its bytes are read.
pub(crate) struct WireType {
    pub(crate) name: &'static str,
    pub(crate) limit: usize,
    #[cfg(test)]
    pub(crate) versioned: bool,
    pub(crate) recode: Recode,
}

/// Calls a macro with every type that crosses the wire: name, decoder, limit.
macro_rules! for_each_type {
    ($callback:ident) => {
        $callback! {
            Entry, decode_versioned, limits::ENTRY_BYTES;
            Op, decode, limits::ENTRY_BYTES;
            DeviceKeys, decode, limits::ENTRY_BYTES;
            Possession, decode, limits::ENTRY_BYTES;
            Bundle, decode, limits::BUNDLE_BYTES;
            EpochHeader, decode_versioned, limits::HEADER_BYTES;
            RecordHeader, decode_versioned, limits::RECORD_BYTES;
            Commit, decode_versioned, limits::COMMIT_BYTES;
            Receipt, decode_versioned, limits::SMALL_BODY_BYTES;
            SessionProof, decode_versioned, limits::SMALL_BODY_BYTES;
            Heartbeat, decode_versioned, limits::HEARTBEAT_BYTES;
            Evidence, decode_versioned, limits::EVIDENCE_BYTES;
            Pin, decode, limits::SMALL_BODY_BYTES;
            ServerInfo, decode, limits::SMALL_BODY_BYTES;
            Accepted, decode, limits::SMALL_BODY_BYTES;
            ChallengeRequest, decode, limits::SMALL_BODY_BYTES;
            Challenge, decode, limits::SMALL_BODY_BYTES;
            SignIn, decode, limits::SMALL_BODY_BYTES;
            Session, decode, limits::SMALL_BODY_BYTES;
            Heads, decode, limits::SMALL_BODY_BYTES;
            LogPage, decode, limits::RESPONSE_BYTES;
            Push, decode, limits::PUSH_BYTES;
            PullRequest, decode, limits::SMALL_BODY_BYTES;
            PullPage, decode, limits::RESPONSE_BYTES;
            SignedHeartbeat, decode, limits::SMALL_BODY_BYTES;
            Heartbeats, decode, limits::RESPONSE_BYTES;
            Restore, decode, limits::RESTORE_BYTES;
            Wake, decode, limits::SMALL_BODY_BYTES;
            MailboxOpened, decode, limits::SMALL_BODY_BYTES;
            MailboxClaimed, decode, limits::SMALL_BODY_BYTES;
            MailboxMessage, decode, limits::MAILBOX_MESSAGE_BYTES;
            MailboxMessages, decode, limits::RESPONSE_BYTES;
            PrepareRealm, decode_versioned, limits::SMALL_BODY_BYTES;
            PreparedRealm, decode, limits::SMALL_BODY_BYTES;
            Evaluation, decode, limits::SMALL_BODY_BYTES;
            ShareRegistration, decode_versioned, limits::SMALL_BODY_BYTES;
            RecoveryRequest, decode_versioned, limits::SMALL_BODY_BYTES;
            Veto, decode_versioned, limits::SMALL_BODY_BYTES;
            Guess, decode_versioned, limits::SMALL_BODY_BYTES;
            GuessReset, decode_versioned, limits::SMALL_BODY_BYTES;
        }
    };
}
#[cfg(test)]
pub(crate) use for_each_type;

macro_rules! wire_types {
    ($($name:ident, $decoder:ident, $limit:expr;)+) => {
        pub(crate) const TYPES: &[WireType] = &[$(WireType {
            name: stringify!($name),
            limit: $limit,
            #[cfg(test)]
            versioned: matches!(stringify!($decoder).as_bytes(), b"decode_versioned"),
            recode: |bytes, limit| cbor::$decoder::<$name>(bytes, limit).map(|object| cbor::encode(&object)),
        }),+];
    };
}

use api::{
    Accepted, Challenge, ChallengeRequest, Heads, Heartbeats, LogPage, MailboxClaimed, MailboxMessage, MailboxMessages,
    MailboxOpened, PullPage, PullRequest, Push, Restore, ServerInfo, Session, SignIn, SignedHeartbeat, Wake,
};
for_each_type!(wire_types);

fn check_objects(file: &Objects) -> Result<usize, String> {
    for case in &file.cases {
        let ObjectCase { object, name, bytes, error } = case;
        let outcome = recode(object, &unhex(bytes)?)?;
        let expected = error.as_deref().map_or(Ok(bytes.as_str()), Err);
        let outcome = outcome.map(hex::encode).map_err(|error| name_of(&error));
        if outcome.as_deref().map_err(|error| *error) != expected {
            return Err(format!("{object}, {name}: expected {expected:?}, got {outcome:?}"));
        }
    }
    Ok(file.cases.len())
}

pub(crate) fn recode(object: &str, bytes: &[u8]) -> Result<Result<Vec<u8>, DecodeError>, String> {
    if object == "Record" {
        return Ok(Record::from_bytes(bytes).map(|record| record.to_bytes()));
    }
    let wire_type = TYPES.iter().find(|wire_type| wire_type.name == object).ok_or("no such type")?;
    Ok((wire_type.recode)(bytes, wire_type.limit))
}

fn check_labels(file: &Labels) -> Result<usize, String> {
    if file.cases.len() != Label::ALL.len() {
        return Err(format!("{} cases for {} labels", file.cases.len(), Label::ALL.len()));
    }
    for (label, case) in Label::ALL.iter().zip(&file.cases) {
        if label.tag() != case.tag || hex::encode(label.hash(&unhex(&case.bytes)?)) != case.hash {
            return Err(format!("{}: another hash or tag", case.tag));
        }
    }
    Ok(file.cases.len())
}

fn parse<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

fn unhex(text: &str) -> Result<Vec<u8>, String> {
    hex::decode(text).map_err(|error| error.to_string())
}
