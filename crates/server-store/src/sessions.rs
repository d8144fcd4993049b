use core::fmt;

use roamkey_proto::{AccountId, DeviceId, InvitationToken, MailboxToken, Nonce, SessionToken, Time, WritePublicKey};
use sha2::{Digest, Sha256};

use crate::{Answer, Heads, Hold};

/// Sessions, and the challenges that opened them.
pub trait Sessions: Send + Sync {
    /// Opens a session, unless its challenge opened one before. Of one device's sessions the newest
    /// `keep` stay.
    fn open(&self, session: NewSession) -> Answer<'_, Opened>;

    /// Finds an account's live session with this token, and all that decides what it may do, as of one moment.
    fn admit(&self, account: AccountId, token: TokenHash, now: Time) -> Answer<'_, Option<Admission>>;
}

/// A token at rest: who reads the database cannot open a session or a mailbox with it.
///
/// Plain SHA-256, as the token is 32 random bytes and nothing can be guessed.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// Hashes a session's token.
    #[must_use]
    pub fn of_session(token: &SessionToken) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    /// Hashes the token of one side of a mailbox.
    #[must_use]
    pub fn of_mailbox(token: &MailboxToken) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    /// Hashes the token of an invitation.
    #[must_use]
    pub fn of_invitation(token: &InvitationToken) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    /// Returns the bytes to store.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(redacted)")
    }
}

/// A session to open.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// What opens it.
    pub token: TokenHash,
    /// The account.
    pub account: AccountId,
    /// The device.
    pub member: DeviceId,
    /// The key that signed the proof; the session serves as long as it is the device's.
    pub write: WritePublicKey,
    /// When it ends.
    pub expires: Time,
    /// What was signed.
    pub challenge: Nonce,
    /// Until when the challenge has to be remembered.
    pub challenge_expires: Time,
    /// How many sessions of the device stay.
    pub keep: u32,
}

/// What became of a session to open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// It is open.
    Yes,
    /// The challenge was used before.
    ChallengeSpent,
}

/// A live session with the state of its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The account.
    pub account: AccountId,
    /// The device.
    pub member: DeviceId,
    /// The key that signed the proof.
    pub write: WritePublicKey,
    /// When the session ends.
    pub expires: Time,
    /// Where the chains are.
    pub heads: Heads,
    /// Who is to go first.
    pub holds: Vec<Hold>,
}
