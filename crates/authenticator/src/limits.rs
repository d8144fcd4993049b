//! Every maximum on what comes from outside, with its reason.

/// Longest credential id: CTAP 2.3 lets an authenticator report no more than this (`maxCredentialIdLength`).
pub const CREDENTIAL_ID_LEN: usize = 1023;

/// Longest user handle: WebAuthn section 5.4.3.
pub const USER_HANDLE_LEN: usize = 64;

/// Longest relying party id: the longest DNS name.
pub const RP_ID_LEN: usize = 253;

/// Longest origin that may use WebAuthn: the longest scheme that passes, a domain and a port.
pub const ORIGIN_LEN: usize = "https://".len() + RP_ID_LEN + ":65535".len();

/// Longest AppID of U2F: a URL with a path, longer than any that was ever registered.
pub const APP_ID_LEN: usize = 2048;

/// How many names the origins related to one site may have: WebAuthn section 5.11.1 asks for at least five, and no browser
/// allows more.
pub const RELATED_LABELS: usize = 5;

/// Longest list of related origins: more than five names fill, and what browsers read.
pub const WELL_KNOWN_LEN: usize = 1 << 18;

/// Longest stored account or display name in bytes; WebAuthn section 6.4.1 asks for at least 64 and lets us cut the rest.
pub const NAME_LEN: usize = 256;

/// Longest options document: far above what sites send, low enough that a hostile page cannot fill our memory.
pub const OPTIONS_JSON_LEN: usize = 1 << 20;

/// Most entries in an allow or exclude list: a person's own passkeys at one site, many times over.
pub const DESCRIPTORS: usize = 1024;

/// Most algorithms a site may list: the registry has fewer.
pub const ALGORITHMS: usize = 256;

/// Longest `credBlob`: what CTAP 2.3 section 12.2 asks for at least, and all that we report.
pub const CRED_BLOB_LEN: usize = 32;

/// Longest large blob: WebAuthn section 10.1.5 asks for 1,024 bytes at least, and a synced item must not grow without end.
pub const LARGE_BLOB_LEN: usize = 16 * 1024;
