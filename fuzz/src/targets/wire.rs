//! Everything that crosses the wire unsealed: an object has one encoding, and nothing else is that object.

use roamkey_proto::{
    Bundle, Commit, DeviceKeys, Entry, EpochHeader, Evaluation, Guess, GuessReset, Heartbeat, Op, Pin, Possession,
    PrepareRealm, PreparedRealm, Receipt, Record, RecoveryRequest, SessionProof, ShareRegistration, Veto, api, cbor,
    limits,
};

use crate::{Target, seeds};

pub(super) const TARGET: Target = Target { name: "wire", seeds: starts, run };

/// A type by its name in the vectors, and whether bytes are one.
type Reader = (&'static str, fn(&[u8]) -> bool);

macro_rules! readers {
    ($($name:literal $type:ty, $decode:ident, $limit:expr;)*) => {
        &[$(($name, |bytes| match cbor::$decode::<$type>(bytes, $limit) {
            Ok(object) => {
                assert_eq!(cbor::encode(&object), bytes, "{} has two encodings", $name);
                true
            }
            Err(_) => false,
        }),)*]
    };
}

const READERS: &[Reader] = readers! {
    "Entry" Entry, decode_versioned, limits::ENTRY_BYTES;
    "Op" Op, decode, limits::ENTRY_BYTES;
    "DeviceKeys" DeviceKeys, decode, limits::ENTRY_BYTES;
    "Possession" Possession, decode, limits::ENTRY_BYTES;
    "Bundle" Bundle, decode, limits::BUNDLE_BYTES;
    "EpochHeader" EpochHeader, decode_versioned, limits::HEADER_BYTES;
    "Commit" Commit, decode_versioned, limits::COMMIT_BYTES;
    "Receipt" Receipt, decode_versioned, limits::SMALL_BODY_BYTES;
    "SessionProof" SessionProof, decode_versioned, limits::SMALL_BODY_BYTES;
    "Heartbeat" Heartbeat, decode_versioned, limits::HEARTBEAT_BYTES;
    "Pin" Pin, decode, limits::SMALL_BODY_BYTES;
    "ServerInfo" api::ServerInfo, decode, limits::SMALL_BODY_BYTES;
    "Accepted" api::Accepted, decode, limits::SMALL_BODY_BYTES;
    "ChallengeRequest" api::ChallengeRequest, decode, limits::SMALL_BODY_BYTES;
    "Challenge" api::Challenge, decode, limits::SMALL_BODY_BYTES;
    "SignIn" api::SignIn, decode, limits::SMALL_BODY_BYTES;
    "Session" api::Session, decode, limits::SMALL_BODY_BYTES;
    "Heads" api::Heads, decode, limits::SMALL_BODY_BYTES;
    "LogPage" api::LogPage, decode, limits::RESPONSE_BYTES;
    "Push" api::Push, decode, limits::PUSH_BYTES;
    "PullRequest" api::PullRequest, decode, limits::SMALL_BODY_BYTES;
    "PullPage" api::PullPage, decode, limits::RESPONSE_BYTES;
    "Restore" api::Restore, decode, limits::RESTORE_BYTES;
    "Wake" api::Wake, decode, limits::SMALL_BODY_BYTES;
    "Heartbeats" api::Heartbeats, decode, limits::RESPONSE_BYTES;
    "SignedHeartbeat" api::SignedHeartbeat, decode, limits::HEARTBEAT_BYTES;
    "MailboxOpened" api::MailboxOpened, decode, limits::SMALL_BODY_BYTES;
    "MailboxClaimed" api::MailboxClaimed, decode, limits::SMALL_BODY_BYTES;
    "MailboxMessage" api::MailboxMessage, decode, limits::MAILBOX_MESSAGE_BYTES;
    "MailboxMessages" api::MailboxMessages, decode, limits::MAILBOX_BYTES;
    "PrepareRealm" PrepareRealm, decode_versioned, limits::SMALL_BODY_BYTES;
    "PreparedRealm" PreparedRealm, decode, limits::SMALL_BODY_BYTES;
    "Evaluation" Evaluation, decode, limits::SMALL_BODY_BYTES;
    "ShareRegistration" ShareRegistration, decode_versioned, limits::SMALL_BODY_BYTES;
    "RecoveryRequest" RecoveryRequest, decode_versioned, limits::SMALL_BODY_BYTES;
    "Veto" Veto, decode_versioned, limits::SMALL_BODY_BYTES;
    "Guess" Guess, decode_versioned, limits::SMALL_BODY_BYTES;
    "GuessReset" GuessReset, decode_versioned, limits::SMALL_BODY_BYTES;
};

/// The one object that carries what is sealed, and has an encoding of its own.
const RECORD: usize = READERS.len();

fn starts() -> Vec<Vec<u8>> {
    let vectors = seeds::parse(include_str!("../../../vectors/proto-objects.json"));
    let cases = vectors["cases"].as_array().into_iter().flatten();
    let seed = |case: &serde_json::Value| {
        let name = case["object"].as_str()?;
        let bytes = hex::decode(case["bytes"].as_str()?).ok()?;
        let choice = if name == "Record" { RECORD } else { READERS.iter().position(|(known, _)| *known == name)? };
        Some(seeds::chosen(choice, &bytes))
    };
    cases.filter_map(seed).collect()
}

fn run(input: &[u8]) {
    let Some((&choice, bytes)) = input.split_first() else { return };
    match READERS.get(usize::from(choice)) {
        Some((name, reads)) if reads(bytes) => stands_alone(name, *reads, bytes),
        Some(_) => {}
        None => record(bytes),
    }
}

/// An object is no part of another one, and has no other in it: neither less nor more of it is read.
fn stands_alone(name: &str, reads: fn(&[u8]) -> bool, bytes: &[u8]) {
    let (_, less) = bytes.split_last().expect("an object has bytes");
    assert!(!reads(less), "{name} is read without its last byte");
    let more = [bytes, &[0]].concat();
    assert!(!reads(&more), "{name} is read with a byte more");
}

fn record(bytes: &[u8]) {
    if let Ok(record) = Record::from_bytes(bytes) {
        assert_eq!(record.to_bytes(), bytes, "a record has two encodings");
    }
}
