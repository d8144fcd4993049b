//! What a page asks for.

use std::time::Duration;

use crate::WebauthnError;

/// A parsed `PublicKeyCredentialCreationOptionsJSON`.
#[derive(Clone, Debug)]
pub struct CreationOptions {}

impl CreationOptions {
    /// Parses the JSON form; unknown members and unknown values of enumerations are ignored, as WebIDL has it.
    ///
    /// # Errors
    /// [`WebauthnError::Type`] for malformed options, [`WebauthnError::Encoding`] for bad base64url.
    pub fn from_json(json: &str) -> Result<Self, WebauthnError> {
        unimplemented!("{json}")
    }

    /// How long the person may take.
    pub fn timeout(&self) -> Duration {
        unimplemented!()
    }
}

/// A parsed `PublicKeyCredentialRequestOptionsJSON`.
#[derive(Clone, Debug)]
pub struct RequestOptions {}

impl RequestOptions {
    /// Parses the JSON form; unknown members and unknown values of enumerations are ignored, as WebIDL has it.
    ///
    /// # Errors
    /// [`WebauthnError::Type`] for malformed options, [`WebauthnError::Encoding`] for bad base64url.
    pub fn from_json(json: &str) -> Result<Self, WebauthnError> {
        unimplemented!("{json}")
    }

    /// How long the person may take.
    pub fn timeout(&self) -> Duration {
        unimplemented!()
    }
}

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

/// The kind of authenticator a site wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attachment {
    /// Part of the device.
    Platform,
    /// A roaming one, such as a security key.
    CrossPlatform,
}
