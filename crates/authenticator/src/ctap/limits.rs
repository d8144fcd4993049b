//! Every maximum of the CTAP side, with its reason.

use std::time::Duration;

/// Maps and arrays in each other: CTAP 2.3 section 8.
pub(super) const CTAP_NESTING: usize = 4;

/// The longest message, both ways: what CTAPHID carries (section 11.2.4: 64 - 7 + 128 * (64 - 5) bytes).
pub(super) const MESSAGE_LEN: usize = 7609;

/// Most credentials in a list that a platform should send at once: as many of the longest ids as a message holds.
pub(super) const CREDENTIALS_IN_LIST: u8 = 6;

/// The serialised large-blob array: four times what section 6.10 asks for at least.
pub(super) const LARGE_BLOBS_LEN: usize = 4096;

/// The longest part of the large-blob array in one message: section 6.10.2.
pub(super) const FRAGMENT_LEN: usize = MESSAGE_LEN - 64;

/// The shortest PIN in code points before anyone asks for longer ones: section 6.5.1.
pub(super) const MIN_PIN_LEN: u8 = 4;

/// The longest PIN in bytes, and so in code points: section 6.5.1.
pub(super) const MAX_PIN_LEN: u8 = 63;

/// Wrong PINs until only a reset helps: section 6.5.2.3.
pub(super) const PIN_RETRIES: u8 = 8;

/// Wrong PINs in a row until only a power cycle helps: section 6.5.2.3.
pub(super) const PIN_RETRIES_PER_POWER_CYCLE: u8 = 3;

/// Failed built-in verifications until the PIN is asked for: section 6.5.2.3 allows 1 to 25.
pub(super) const UV_RETRIES: u8 = 5;

/// Built-in verifications within one command: section 6.5.2.3 allows 1 to 5.
pub(super) const UV_TRIES_PER_COMMAND: u8 = 3;

/// Sites that may learn the PIN policy besides: section 6.11.4 leaves the number to us.
pub(super) const PIN_POLICY_RP_IDS: usize = 8;

/// How long a token counts as a touch: section 6.5.2.1.
pub(super) const USER_PRESENT: Duration = Duration::from_secs(30);

/// How long a token waits for its first use: section 6.5.2.1, as for USB.
pub(super) const TOKEN_UNUSED: Duration = Duration::from_secs(30);

/// How long a token lives at all: section 6.5.2.1.
pub(super) const TOKEN_LIFE: Duration = Duration::from_secs(600);

/// How long `getNextAssertion` and its like may wait: section 6.3.
pub(super) const NEXT_WITHIN: Duration = Duration::from_secs(30);

/// How long after power-up a reset is still taken for the wish of whoever holds the device: section 6.6.
pub(super) const RESET_WITHIN: Duration = Duration::from_secs(10);

/// What a store without limits of its own reports as its room for discoverable credentials.
pub(super) const NOMINAL_CAPACITY: u64 = 10_000;
