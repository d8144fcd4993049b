//! The authenticator over a store in memory.

mod algorithms;
mod sizes;
mod store;

use anyhow::Result;
use roamkey_authenticator::{Consent, Presence, RequestId, Verification};

use crate::report::Report;

pub(crate) use store::{credential, site};

pub(crate) fn measure(report: &mut Report) -> Result<()> {
    // Node runs the same under this name.
    if cfg!(target_family = "wasm") {
        return algorithms::measure("authenticator.wasm", report);
    }
    algorithms::measure("authenticator", report)?;
    sizes::measure(report)
}

/// A person who says yes to everything.
pub(crate) fn agreed(request: RequestId) -> Consent {
    Consent { request, presence: Presence::Given, verification: Verification::Performed }
}

/// 32 bytes in base64url.
pub(crate) const CHALLENGE: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
