//! Every maximum on what comes from outside, with its reason.

/// Longest credential id: CTAP 2.3 lets an authenticator report no more than this (`maxCredentialIdLength`).
pub const CREDENTIAL_ID_LEN: usize = 1023;

/// Longest user handle: WebAuthn section 5.4.3.
pub const USER_HANDLE_LEN: usize = 64;

/// Longest relying party id: the longest DNS name.
pub const RP_ID_LEN: usize = 253;

/// Longest stored account or display name in bytes; WebAuthn section 6.4.1 asks for at least 64 and lets us cut the rest.
pub const NAME_LEN: usize = 256;

/// Longest options document: far above what sites send, low enough that a hostile page cannot fill our memory.
pub const OPTIONS_JSON_LEN: usize = 1 << 20;

/// Most entries in an allow or exclude list: a person's own passkeys at one site, many times over.
pub const DESCRIPTORS: usize = 1024;

/// Most algorithms a site may list: the registry has fewer.
pub const ALGORITHMS: usize = 256;
