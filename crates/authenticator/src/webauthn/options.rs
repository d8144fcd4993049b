//! What a page asks for, parsed from the JSON forms of WebAuthn section 5.1.8 and 5.1.9.
//!
//! Unknown members are ignored, and unknown values of enumerations count as absent, as WebIDL has it. Everything else is
//! strict: a member of the wrong type fails the request.

mod app_id;
mod creation;
mod descriptor;
mod extensions;
pub(super) mod json;
mod prf;
mod request;

use std::time::Duration;

pub use creation::CreationOptions;
pub use request::RequestOptions;

pub(super) use creation::AttestationWish;
pub(super) use extensions::{CreateWishes, GetWishes, LargeBlobWish};
use prf::{CreatePrf, GetPrf};

use crate::limits;

/// Whether a site wants the person verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserVerification {
    /// Without verification the request fails.
    Required,
    /// Verification where it is at hand.
    Preferred,
    /// Rather none.
    Discouraged,
}

impl UserVerification {
    fn parse(text: Option<&str>) -> Self {
        match text {
            Some("required") => Self::Required,
            Some("discouraged") => Self::Discouraged,
            _ => Self::Preferred,
        }
    }
}

/// The kind of authenticator a site wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attachment {
    /// Part of the device.
    Platform,
    /// A roaming one, such as a security key.
    CrossPlatform,
}

impl Attachment {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "platform" => Some(Self::Platform),
            "cross-platform" => Some(Self::CrossPlatform),
            _ => None,
        }
    }
}

/// Cuts a name to what we store, between characters.
pub(super) fn cut_name(mut name: String) -> String {
    name.truncate(name.floor_char_boundary(limits::NAME_LEN));
    name
}

/// A site's timeout, moved into the range that leaves a person time to read and a page not waiting for ever
/// (WebAuthn section 5.1.3, step 5).
fn timeout(milliseconds: Option<f64>) -> Duration {
    const SHORTEST: f64 = 10_000.0;
    const DEFAULT: f64 = 300_000.0;
    const LONGEST: f64 = 600_000.0;
    let milliseconds = milliseconds.unwrap_or(DEFAULT).clamp(SHORTEST, LONGEST);
    Duration::from_secs_f64(milliseconds / 1000.0)
}
