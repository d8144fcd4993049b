//! Base64url without padding, the only form the JSON types know.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use crate::WebauthnError;

/// Decodes `text`; `member` names where it stood.
pub(super) fn decode(text: &str, member: &'static str) -> Result<Vec<u8>, WebauthnError> {
    BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| WebauthnError::Encoding(member))
}

pub(super) fn encode(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// Bytes that serialise as base64url.
#[derive(Debug)]
pub(super) struct Base64Url(pub(super) Vec<u8>);

impl Serialize for Base64Url {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&encode(&self.0))
    }
}

/// Secret bytes that serialise as base64url, because a page is to have them.
pub(super) struct SecretBytes(pub(super) Zeroizing<Vec<u8>>);

impl Serialize for SecretBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Zeroizing::new(encode(self.0.as_slice())))
    }
}

impl std::fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_bytes_are_not_printed() {
        assert_eq!(format!("{:?}", SecretBytes(Zeroizing::new(vec![7; 32]))), "[redacted]");
    }
}
