//! Every maximum of the protocol, and why it is what it is.

/// Bytes of one signed trust log entry. The largest is a revocation that names many devices.
pub const ENTRY_BYTES: usize = 16 * 1024;

/// Active devices of an account: an epoch wraps its key for each, 1,168 bytes a wrap.
pub const DEVICES: usize = 64;

/// Devices that recovery authorities may add beyond [`DEVICES`]: a thief who fills the account up does not lock out who
/// comes back with a kit.
pub const RECOVERED_DEVICES: usize = 8;

/// Recovery slots of an account, each with one authority at most.
pub const RECOVERY_SLOTS: usize = 4;

/// Realms or contacts that hold shares for one slot: more than anyone asks, few enough for one entry.
pub const RECOVERY_SHARES: usize = 16;

/// Milliseconds that a policy may have a recovery wait for a veto, at most: 30 days.
pub const RECOVERY_WAIT_MS: u64 = 30 * 24 * 60 * 60 * 1000;

/// Milliseconds for which a request is served once its wait is over: a day, so that a typo does not cost another wait.
pub const RECOVERY_WINDOW_MS: u64 = 24 * 60 * 60 * 1000;

/// Requests for recovery that a realm holds for one account: more than one person makes, few enough to show.
pub const RECOVERY_REQUESTS: usize = 16;

/// Guesses that a realm evaluates for one version of a secret until whoever knows the secret has them forgiven.
pub const GUESSES: u8 = 10;

/// Bytes of what a realm keeps for one account: its devices, two registrations, the requests, a policy.
pub const REALM_ACCOUNT_BYTES: usize = 64 * 1024;

/// Who gets the key of one epoch, at most.
pub const RECIPIENTS: usize = DEVICES + RECOVERED_DEVICES + RECOVERY_SLOTS;

/// Bytes of one epoch header: 76 recipients at 70 bytes, and the fixed part.
pub const HEADER_BYTES: usize = 8 * 1024;

/// Bytes of one wrapped epoch key: X-Wing's 1,120-byte ciphertext, the key, a tag.
pub const WRAP_BYTES: usize = 1_280;

/// Bytes of a bundle: entry, header and a wrap for each recipient.
pub const BUNDLE_BYTES: usize = ENTRY_BYTES + HEADER_BYTES + RECIPIENTS * (WRAP_BYTES + 64);

/// Bytes of one sealed record. A passkey with a large blob takes a few thousand.
pub const RECORD_BYTES: usize = 128 * 1024;

/// Records that one commit may change, so that a re-keying of any vault goes in bounded steps.
pub const CHANGES: usize = 500;

/// Bytes of one signed commit: 500 changes at 56 bytes, and the fixed part.
pub const COMMIT_BYTES: usize = 40 * 1024;

/// Bytes of one push: its commit and its records; the client splits before it gets there.
pub const PUSH_BYTES: usize = 4 * 1024 * 1024;

/// Bytes of records in one page of a pull, after which the page ends.
pub const PULL_PAGE_BYTES: usize = 2 * 1024 * 1024;

/// Commits in one page of a pull.
pub const PULL_PAGE_COMMITS: usize = 1_000;

/// Log entries in one answer.
pub const LOG_PAGE_ENTRIES: usize = 100;

/// Bytes of any answer that a device reads: a full pull page, and slack for its frame.
pub const RESPONSE_BYTES: usize = 8 * 1024 * 1024;

/// Bytes of a small request body: a challenge, a session, a mailbox.
pub const SMALL_BODY_BYTES: usize = 4 * 1024;

/// Bytes of one pairing message: the largest carries a bundle's worth of log.
pub const MAILBOX_MESSAGE_BYTES: usize = 256 * 1024;

/// Messages that one mailbox takes, both directions together.
pub const MAILBOX_MESSAGES: usize = 16;

/// Bytes that one mailbox takes, both directions together: anyone may open some, and only one message is long.
pub const MAILBOX_BYTES: usize = 2 * MAILBOX_MESSAGE_BYTES;

/// Milliseconds that a mailbox lives.
pub const MAILBOX_LIFETIME_MS: u64 = 10 * 60 * 1000;

/// Mailboxes open at once on a server: the number in a pairing code is below this.
pub const MAILBOX_NUMBERS: u32 = 10_000;

/// Milliseconds that a session token serves.
pub const SESSION_LIFETIME_MS: u64 = 60 * 60 * 1000;

/// Milliseconds that a sign-in challenge waits for its answer.
pub const CHALLENGE_LIFETIME_MS: u64 = 60 * 1000;

/// Milliseconds that other pushes wait after a revocation met a conflict (attack 47).
pub const REVOCATION_HOLD_MS: u64 = 10_000;

/// Entries of one trust log; a person adds and revokes a few devices a year.
pub const LOG_ENTRIES: u64 = 10_000;

/// Live records of an account, unless the operator's quota says otherwise.
pub const RECORDS: u64 = 200_000;

/// Bytes of one signed heartbeat: two pins, two receipts of some 200 bytes.
pub const HEARTBEAT_BYTES: usize = 2 * 1024;

/// Milliseconds after which an unlocked device says again where it is: less than a day, so that daily use keeps up.
pub const HEARTBEAT_EVERY_MS: u64 = 20 * 60 * 60 * 1000;

/// Milliseconds of a device's silence after which the others are warned.
pub const SILENCE_MS: u64 = 14 * 24 * 60 * 60 * 1000;

/// Milliseconds between asking for an account's end and the end: time for every device to see it and call it off.
pub const CLOSE_WAIT_MS: u64 = 7 * 24 * 60 * 60 * 1000;

/// Bytes of what brings a restored server up to date again, in one request: all or nothing.
pub const RESTORE_BYTES: usize = 16 * 1024 * 1024;

/// Entries that one such request brings.
pub const RESTORE_ENTRIES: usize = 100;

/// Commits that one such request brings: each is a signature to verify, half a second in all.
pub const RESTORE_COMMITS: usize = 10_000;

/// Bytes of evidence in a file: a log of some thousand entries, and what does not fit it.
pub const EVIDENCE_BYTES: usize = 32 * 1024 * 1024;

/// Bytes of a server origin in a session proof.
pub const ORIGIN_BYTES: usize = 512;
