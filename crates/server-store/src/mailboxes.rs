use roamkey_proto::{AccountId, Time, api::MailboxMessages};

use crate::{Answer, TokenHash};

/// Mailboxes for pairing: opened by a member, claimed by whoever has the code, short-lived, a token for each side.
pub trait Mailboxes: Send + Sync {
    /// Opens a mailbox under the first of the numbers that is free; none if all are taken. Of the
    /// account's mailboxes the newest `keep` stay, this one included.
    fn open_mailbox(&self, opening: MailboxOpening) -> Answer<'_, Option<u32>>;

    /// Claims the newcomer's side, once.
    fn claim_mailbox(&self, number: u32, newcomer: TokenHash, now: Time) -> Answer<'_, Claimed>;

    /// Leaves a message for the other side.
    fn send(&self, message: MailboxSend) -> Answer<'_, Sent>;

    /// Returns the other side's messages after the one numbered `after`; none if the mailbox is
    /// over or the token opens no side of it.
    fn messages(&self, number: u32, token: TokenHash, after: u64, now: Time) -> Answer<'_, Option<MailboxMessages>>;

    /// Ends a mailbox; tells whether there was one that the token opens.
    fn close_mailbox(&self, number: u32, token: TokenHash, now: Time) -> Answer<'_, bool>;
}

/// A mailbox to open.
#[derive(Clone, Debug)]
pub struct MailboxOpening {
    /// Whose member opens it.
    pub account: AccountId,
    /// How many of the account's mailboxes may be open.
    pub keep: u32,
    /// Numbers to try, in order.
    pub numbers: Vec<u32>,
    /// What opens the member's side.
    pub member: TokenHash,
    /// Now: a mailbox that is over frees its number.
    pub now: Time,
    /// When it is over.
    pub expires: Time,
}

/// What became of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// The newcomer's side is the caller's.
    Yes,
    /// No such mailbox, it is over, or it is claimed already.
    Gone,
}

/// A message to leave.
#[derive(Clone, Debug)]
pub struct MailboxSend {
    /// The mailbox.
    pub number: u32,
    /// The sender's side.
    pub token: TokenHash,
    /// What to leave.
    pub body: Vec<u8>,
    /// Now.
    pub now: Time,
    /// How many messages the mailbox takes, both directions together.
    pub at_most: usize,
    /// How many bytes of messages it takes.
    pub at_most_bytes: usize,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It is there.
    Yes,
    /// No such mailbox, it is over, or the token opens no side of it.
    Gone,
    /// It takes no more messages.
    Full,
}
