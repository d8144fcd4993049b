//! Every maximum of foreign files, and why it is what it is.

/// Bytes of a file. Exports with attachments reach some hundred megabytes; all of it is held in memory.
pub const FILE_BYTES: usize = 256 * 1024 * 1024;

/// Bytes of a text (JSON, CSV, XML), unpacked: 100,000 items of 600 bytes. What a parser makes of it takes several times that.
pub const TEXT_BYTES: usize = 64 * 1024 * 1024;

/// Entries of an archive. Attachments are files of their own.
pub const ARCHIVE_ENTRIES: usize = 20_000;

/// Items of a file: half of what an account holds.
pub const ITEMS: usize = 100_000;

/// Old passwords of an item; the vault keeps no more.
pub const OLD_PASSWORDS: usize = 8;

/// Rounds of PBKDF2 that a file may ask for: ten times what managers set today, some seconds of work.
pub const PBKDF2_ROUNDS: u32 = 10_000_000;

/// Passes of Argon2 that a file may ask for.
pub const ARGON2_PASSES: u32 = 100;

/// Kibibytes of memory that a file may ask Argon2 to fill. Managers offer up to 1 GiB.
pub const ARGON2_KIB: u32 = 1024 * 1024;

/// Passes times kibibytes: about a minute on a small machine.
pub const ARGON2_WORK: u64 = 64 * 1024 * 1024;

/// Rounds of AES that a KeePass file may ask for: some seconds of work where the processor helps.
pub const AES_ROUNDS: u64 = 200_000_000;

/// Bytes of a passkey's large blob: all that a record holds.
pub const BLOB_BYTES: usize = 112 * 1024;
