//! The closed list of purposes: every hash, signature and derived key names one of them.

use sha2::{Digest, Sha256};

/// A purpose, bound into each identifier, signature and derivation, so that bytes made for one
/// are worthless for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Label {
    /// The identifier of an account.
    Genesis,
    /// The identifier of a device.
    Device,
    /// The identifier and the signature of a trust log entry.
    Entry,
    /// The signature with which a device shows that it holds its keys.
    Possession,
    /// The hash of an epoch header.
    EpochHeader,
    /// The commitment to an epoch key.
    EpochCommit,
    /// The key that seals the epoch key before.
    EpochPrevious,
    /// The key of the tie between two epochs.
    EpochTie,
    /// The hash of a wrapped epoch key, and the info of its HPKE context.
    Wrap,
    /// The hash of a record, and the key that seals it.
    Record,
    /// The identifier and the signature of a commit.
    Commit,
    /// The signature of a server's receipt.
    Receipt,
    /// The signature that opens a session.
    Session,
    /// The pairing of a device: identities and keys of the channel.
    Pairing,
    /// What rests on a device under its local key.
    Local,
    /// The key by which a device looks up records of a site.
    LocalIndex,
    /// The key that a device passphrase unlocks.
    Unlock,
    /// The key that opens an exported file.
    Export,
    /// The signature of a device's word on where it is.
    Heartbeat,
    /// The name of a recovery authority, and the keys derived from its secret.
    Authority,
    /// The checksum of a recovery kit.
    Kit,
    /// The identifier and the signature of a request for recovery.
    Recovery,
    /// The signature of a veto against a recovery.
    Veto,
    /// The key by which a realm helps one version of a recovery secret, and what it helps with.
    Realm,
    /// The signature by which a device has a realm make such a key.
    RealmKey,
    /// The commitment to a share of a recovery secret, and the signature of its registration.
    Share,
    /// The signature of a guess at a PIN.
    Guess,
    /// The signature that has a realm forgive guesses.
    GuessReset,
}

impl Label {
    /// Every label there is.
    pub const ALL: [Self; 28] = [
        Self::Genesis,
        Self::Device,
        Self::Entry,
        Self::Possession,
        Self::EpochHeader,
        Self::EpochCommit,
        Self::EpochPrevious,
        Self::EpochTie,
        Self::Wrap,
        Self::Record,
        Self::Commit,
        Self::Receipt,
        Self::Session,
        Self::Pairing,
        Self::Local,
        Self::LocalIndex,
        Self::Unlock,
        Self::Export,
        Self::Heartbeat,
        Self::Authority,
        Self::Kit,
        Self::Recovery,
        Self::Veto,
        Self::Realm,
        Self::RealmKey,
        Self::Share,
        Self::Guess,
        Self::GuessReset,
    ];

    /// Returns the ASCII tag, `roamkey/1/<type>`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Genesis => "roamkey/1/genesis",
            Self::Device => "roamkey/1/device",
            Self::Entry => "roamkey/1/entry",
            Self::Possession => "roamkey/1/possession",
            Self::EpochHeader => "roamkey/1/epoch-header",
            Self::EpochCommit => "roamkey/1/epoch-commit",
            Self::EpochPrevious => "roamkey/1/epoch-previous",
            Self::EpochTie => "roamkey/1/epoch-tie",
            Self::Wrap => "roamkey/1/wrap",
            Self::Record => "roamkey/1/record",
            Self::Commit => "roamkey/1/commit",
            Self::Receipt => "roamkey/1/receipt",
            Self::Session => "roamkey/1/session",
            Self::Pairing => "roamkey/1/pairing",
            Self::Local => "roamkey/1/local",
            Self::LocalIndex => "roamkey/1/local-index",
            Self::Unlock => "roamkey/1/unlock",
            Self::Export => "roamkey/1/export",
            Self::Heartbeat => "roamkey/1/heartbeat",
            Self::Authority => "roamkey/1/authority",
            Self::Kit => "roamkey/1/kit",
            Self::Recovery => "roamkey/1/recovery",
            Self::Veto => "roamkey/1/veto",
            Self::Realm => "roamkey/1/realm",
            Self::RealmKey => "roamkey/1/realm-key",
            Self::Share => "roamkey/1/share",
            Self::Guess => "roamkey/1/guess",
            Self::GuessReset => "roamkey/1/guess-reset",
        }
    }

    /// Returns `SHA-256(len(tag) ‖ tag ‖ bytes)`, the identifier of `bytes` under this purpose
    /// (protocol section 2). The length is one byte.
    #[must_use]
    pub fn hash(self, bytes: &[u8]) -> [u8; 32] {
        let tag = self.tag();
        let length = u8::try_from(tag.len()).expect("tags are short constants");
        Sha256::new().chain_update([length]).chain_update(tag).chain_update(bytes).finalize().into()
    }
}
