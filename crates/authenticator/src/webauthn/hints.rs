//! Where a site expects its person's credential to be (WebAuthn section 5.8.7).

use super::Attachment;

/// A kind of authenticator that a site expects to serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// A security key.
    SecurityKey,
    /// The device the page is shown on.
    ClientDevice,
    /// Another general-purpose device, such as a phone.
    Hybrid,
}

impl Hint {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "security-key" => Some(Self::SecurityKey),
            "client-device" => Some(Self::ClientDevice),
            "hybrid" => Some(Self::Hybrid),
            _ => None,
        }
    }
}

/// Where a site wants a credential, seen from the device that the page is shown on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On this device: a provider that runs on it is meant.
    Here,
    /// On something else: the browser's own dialogue finds that.
    Elsewhere,
    /// The site does not mind.
    Anywhere,
}

impl Place {
    /// The first hint that is known decides, and goes before the older `authenticatorAttachment`.
    pub(super) fn of(hints: &[Hint], attachment: Option<Attachment>) -> Self {
        match (hints.first(), attachment) {
            (Some(Hint::ClientDevice), _) | (None, Some(Attachment::Platform)) => Self::Here,
            (Some(Hint::SecurityKey | Hint::Hybrid), _) | (None, Some(Attachment::CrossPlatform)) => Self::Elsewhere,
            (None, None) => Self::Anywhere,
        }
    }
}

/// The hints that are known, in the site's order.
pub(super) fn parse(hints: Option<Vec<String>>) -> Vec<Hint> {
    hints.unwrap_or_default().iter().filter_map(|text| Hint::parse(text)).collect()
}
