//! The bodies of the server's endpoints: canonical CBOR, `application/cbor`.
//!
//! Identifiers in paths are lower-case hexadecimal. A session token travels as
//! `Authorization: Bearer <hex>`.
//!
//! | endpoint | request | answer |
//! | --- | --- | --- |
//! | `GET /v1/server` | | [`ServerInfo`] |
//! | `POST /v1/accounts` | [`Bundle`] with the genesis | [`Accepted`] |
//! | `POST /v1/sessions/challenge` | [`ChallengeRequest`] | [`Challenge`] |
//! | `POST /v1/sessions` | [`SignIn`] | [`Session`] |
//! | `GET /v1/accounts/{account}/heads` | | [`Heads`] |
//! | `GET /v1/accounts/{account}/log?since=SEQ` | | [`LogPage`] |
//! | `POST /v1/accounts/{account}/log` | [`Bundle`] | [`Accepted`] |
//! | `POST /v1/accounts/{account}/push` | [`Push`] | [`Accepted`] |
//! | `POST /v1/accounts/{account}/pull` | [`PullRequest`] | [`PullPage`] |
//! | `POST /v1/accounts/{account}/restore` | [`Restore`] | [`Heads`] |
//! | `POST /v1/accounts/{account}/heartbeats` | [`SignedHeartbeat`] | |
//! | `GET /v1/accounts/{account}/heartbeats` | | [`Heartbeats`] |
//! | `GET /v1/accounts/{account}/wake` | WebSocket: the token first, as hex text | [`Wake`], binary, for each append |
//! | `GET /v1/accounts/{account}/export` | | a sequence, see `spec/api.md` |
//! | `POST /v1/accounts/{account}/mailboxes` | | [`MailboxOpened`] |
//! | `POST /v1/mailboxes/{number}/claim` | | [`MailboxClaimed`] |
//! | `POST /v1/mailboxes/{number}/messages` | [`MailboxMessage`], bearer: mailbox token | |
//! | `GET /v1/mailboxes/{number}/messages?after=N` | bearer: mailbox token | [`MailboxMessages`] |
//! | `DELETE /v1/mailboxes/{number}` | bearer: mailbox token | |

use minicbor::{Decode, Encode};

pub use crate::Bundle;
use crate::{AccountId, DeviceId, ItemId, MailboxToken, Nonce, Pin, ReceiptKey, SessionToken, Time};

/// What a server says of itself to anyone.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ServerInfo {
    /// The protocol versions that it speaks, ascending.
    #[n(1)]
    pub versions: Vec<u16>,
    /// The key of its receipts.
    #[n(2)]
    pub receipt_key: ReceiptKey,
    /// Its clock; never trusted, shown when it is far off.
    #[n(3)]
    pub time: Time,
    /// Who may start an account there.
    #[n(4)]
    pub registration: Registration,
}

/// Who may start an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Registration {
    /// Anyone.
    #[n(0)]
    Open,
    /// Whoever holds an invitation.
    #[n(1)]
    Invitation,
    /// No one.
    #[n(2)]
    Closed,
}

/// An append was taken: it is durable.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Accepted {
    /// The signed [`Receipt`](crate::Receipt), COSE_Sign1.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub receipt: Vec<u8>,
}

/// Asks for something to sign.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ChallengeRequest {
    /// The account.
    #[n(1)]
    pub account: AccountId,
    /// The device that will sign.
    #[n(2)]
    pub member: DeviceId,
}

/// Something to sign; serves once, for a minute. An unknown account gets one as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Challenge {
    /// The bytes for the proof.
    #[n(1)]
    pub challenge: Nonce,
}

/// Opens a session.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignIn {
    /// The signed [`SessionProof`](crate::SessionProof), COSE_Sign1.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub proof: Vec<u8>,
}

/// A session: ends by time, by revocation, by renewal.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Session {
    /// What opens it.
    #[n(1)]
    pub token: SessionToken,
    /// Milliseconds that it lasts.
    #[n(2)]
    pub lifetime_ms: u64,
}

/// The newest of both chains.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Heads {
    /// The signed receipt of the log's head.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub log: Vec<u8>,
    /// The signed receipt of the vault's head; none before the first commit.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub vault: Option<Vec<u8>>,
}

/// Entries after `since`, in order; wraps only of the one who asks.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LogPage {
    /// The entries.
    #[n(1)]
    pub bundles: Vec<Bundle>,
    /// Whether there are more after them.
    #[n(2)]
    pub more: bool,
}

/// A commit and the records that it names, in the order of its `changed`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Push {
    /// The signed commit, COSE_Sign1. The head that it builds on is its `prev`.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub commit: Vec<u8>,
    /// The sealed records.
    #[n(2)]
    pub records: Vec<SealedRecord>,
}

/// A record as bytes.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct SealedRecord(#[cbor(n(0), with = "minicbor::bytes")] pub Vec<u8>);

/// A signed commit as bytes.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct SignedCommit(#[cbor(n(0), with = "minicbor::bytes")] pub Vec<u8>);

/// Asks for what happened up to a head (protocol section 6).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PullRequest {
    /// The vault head that the answer is to be as of; another one there is `head-moved`.
    #[n(1)]
    pub target: Pin,
    /// Commits after this seq are sent: the client's pin.
    #[n(2)]
    pub commits_after: u64,
    /// Records last changed by a commit after this seq are sent: the state that the client holds.
    #[n(3)]
    pub records_after: u64,
    /// Where the page before ended.
    #[n(4)]
    pub cursor: Option<PullCursor>,
}

/// Where a page of a pull ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PullCursor {
    /// The seq of the last commit sent.
    #[n(1)]
    pub commit: u64,
    /// The last item sent; records go in the order of their items, after all commits.
    #[n(2)]
    pub item: Option<ItemId>,
}

/// One page of a pull.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PullPage {
    /// Signed commits, in the order of the chain.
    #[n(1)]
    pub commits: Vec<SignedCommit>,
    /// The latest records, in the order of their items.
    #[n(2)]
    pub records: Vec<SealedRecord>,
    /// Where to go on; none at the end.
    #[n(3)]
    pub next: Option<PullCursor>,
}

/// A signed heartbeat as bytes.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignedHeartbeat {
    /// The signed [`Heartbeat`](crate::Heartbeat), COSE_Sign1, of the device whose session it is.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub signed: Vec<u8>,
}

/// The latest heartbeat of each active device that sent one.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Heartbeats {
    /// Ascending by device.
    #[n(1)]
    pub heartbeats: Vec<SignedHeartbeat>,
}

/// What a server lost that was restored from a backup: taken whole or not at all.
///
/// Any active device sends it. Each object verifies by itself and follows the server's heads.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Restore {
    /// The entries after the server's newest, in order, with those wraps that the sender has.
    #[n(1)]
    pub bundles: Vec<Bundle>,
    /// The commits after the server's newest, in order.
    #[n(2)]
    pub commits: Vec<SignedCommit>,
    /// The latest record of each item that these commits change, ascending by item.
    #[n(3)]
    pub records: Vec<SealedRecord>,
}

/// An append happened; says no more than where the chains are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Wake {
    /// The seq of the log's head.
    #[n(1)]
    pub log: u64,
    /// The seq of the vault's head, 0 before the first commit.
    #[n(2)]
    pub vault: u64,
}

/// A mailbox for one pairing.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct MailboxOpened {
    /// Its number, the first part of the pairing code.
    #[n(1)]
    pub number: u32,
    /// The member's side.
    #[n(2)]
    pub token: MailboxToken,
}

/// The newcomer's side; given once.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct MailboxClaimed {
    /// The newcomer's side.
    #[n(1)]
    pub token: MailboxToken,
}

/// A message to the other side.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct MailboxMessage {
    /// Opaque to the server.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub body: Vec<u8>,
}

/// Messages from the other side, with numbers from 1 up.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct MailboxMessages {
    /// Those after the one asked for, in order.
    #[n(1)]
    pub messages: Vec<MailboxMessage>,
    /// Whether the newcomer has claimed its side.
    #[n(2)]
    pub claimed: bool,
}
