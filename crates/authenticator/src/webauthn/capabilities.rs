//! What this client and the browser can do together (WebAuthn section 5.1.7, `getClientCapabilities`).

use std::collections::BTreeMap;

/// Adds what we can do to what the browser says of itself.
///
/// A capability is there if either has it: requests that we do not answer are the browser's. What the browser names and
/// we don't know stays as it is; names come back in ascending order, as the standard wants them.
pub fn merge_capabilities(browser: &BTreeMap<String, bool>) -> BTreeMap<String, bool> {
    let mut merged = browser.clone();
    merged.extend(OWN.iter().map(|name| ((*name).to_owned(), true)));
    merged
}

/// What holds wherever this client runs.
///
/// `hybridTransport` is missing: whether a phone can be reached is the browser's to say; `conditionalCreate` too, because
/// nothing is made here without a person's consent. Extensions are those that
/// [`CreationOptions`](super::CreationOptions) and [`RequestOptions`](super::RequestOptions) act upon.
const OWN: &[&str] = &[
    "conditionalGet",
    "extension:appidExclude",
    "extension:credBlob",
    "extension:credProps",
    "extension:credentialProtectionPolicy",
    "extension:enforceCredentialProtectionPolicy",
    "extension:getCredBlob",
    "extension:hmacCreateSecret",
    "extension:largeBlob",
    "extension:payment",
    "extension:prf",
    "immediateGet",
    "passkeyPlatformAuthenticator",
    "relatedOrigins",
    "signalAllAcceptedCredentials",
    "signalCurrentUserDetails",
    "signalUnknownCredential",
    "userVerifyingPlatformAuthenticator",
];
