//! Deterministic CBOR (RFC 8949 section 4.2.1), decoded strictly.
//!
//! A value is accepted only if encoding it again gives the very bytes that came: that one
//! comparison refuses long forms, indefinite lengths, unsorted, duplicate and unknown keys.

use core::convert::Infallible;

use minicbor::{Decode, Decoder, Encode};

use crate::{VERSION, mutant};

/// Why bytes are not the object that they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// More bytes than the object may have.
    #[error("longer than the {limit} bytes it may have")]
    TooLong {
        /// The most that it may have.
        limit: usize,
    },
    /// Not such an object.
    #[error("malformed")]
    Malformed,
    /// Bytes follow the object.
    #[error("bytes follow the object")]
    TrailingBytes,
    /// The object, but not in its one valid form; unknown and duplicate keys count as this.
    #[error("not in canonical form")]
    NonCanonical,
    /// A version that this program does not know.
    #[error("made by a newer version ({version}); update to read it")]
    UpdateNeeded {
        /// The version that it names.
        version: u16,
    },
}

/// Encodes a value; the same value always gives the same bytes.
#[must_use]
pub fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    let result: Result<_, minicbor::encode::Error<Infallible>> = minicbor::to_vec(value);
    result.expect("no value of this crate has an encoding that fails")
}

/// Decodes a value strictly.
///
/// # Errors
/// Every variant of [`DecodeError`] but [`DecodeError::UpdateNeeded`].
pub fn decode<'b, T: Decode<'b, ()> + Encode<()>>(bytes: &'b [u8], limit: usize) -> Result<T, DecodeError> {
    if bytes.len() > limit {
        return Err(DecodeError::TooLong { limit });
    }
    let mut decoder = Decoder::new(bytes);
    let value: T = decoder.decode().map_err(|_| DecodeError::Malformed)?;
    if decoder.position() != bytes.len() {
        return Err(DecodeError::TrailingBytes);
    }
    if !mutant!("wire.one-form", encode(&value) == bytes) {
        return Err(DecodeError::NonCanonical);
    }
    Ok(value)
}

/// Decodes an object whose key 0 is its version, and says so when that is a newer one.
///
/// # Errors
/// Every variant of [`DecodeError`].
pub fn decode_versioned<'b, T: Decode<'b, ()> + Encode<()>>(bytes: &'b [u8], limit: usize) -> Result<T, DecodeError> {
    if bytes.len() > limit {
        return Err(DecodeError::TooLong { limit });
    }
    match version(bytes) {
        Some(VERSION) => decode(bytes, limit),
        Some(version) => Err(DecodeError::UpdateNeeded { version }),
        None => Err(DecodeError::Malformed),
    }
}

fn version(bytes: &[u8]) -> Option<u16> {
    let mut decoder = Decoder::new(bytes);
    decoder.map().ok()??;
    (decoder.u8().ok()? == 0).then(|| decoder.u16().ok())?
}
