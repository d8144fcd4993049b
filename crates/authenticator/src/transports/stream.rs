//! Frames over a byte stream (TCP, unix sockets): each behind its length, 16 bits, big-endian, always 64.

use super::ctaphid::{FRAME_LEN, Frame};

/// The length of a frame with its prefix.
pub const PREFIXED_LEN: usize = PREFIX + FRAME_LEN;

/// Puts the length before a frame.
pub fn prefixed(frame: &Frame) -> [u8; PREFIXED_LEN] {
    let mut bytes = [0; PREFIXED_LEN];
    bytes.iter_mut().zip(LENGTH.into_iter().chain(*frame)).for_each(|(to, from)| *to = from);
    bytes
}

/// Takes the length off again.
///
/// # Errors
/// [`NotAFrame`] for another length: the stream is lost then, as nobody knows where the next frame begins.
pub fn unprefixed(bytes: &[u8; PREFIXED_LEN]) -> Result<&Frame, NotAFrame> {
    match bytes.split_first_chunk() {
        Some((&LENGTH, frame)) => frame.try_into().map_err(|_| NotAFrame),
        _ => Err(NotAFrame),
    }
}

/// What a peer sent is not a frame of 64 bytes behind its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a frame of 64 bytes behind its length")]
pub struct NotAFrame;

const PREFIX: usize = 2;

/// 64.
const LENGTH: [u8; PREFIX] = [0, 64];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_comes_back_from_behind_its_length() {
        let frame = std::array::from_fn(|index| u8::try_from(index).unwrap_or_default());
        let bytes = prefixed(&frame);
        assert_eq!(bytes.first_chunk(), Some(&[0, 64, 0, 1, 2]));
        assert_eq!(unprefixed(&bytes), Ok(&frame));
    }

    #[test]
    fn another_length_is_no_frame() {
        let mut little_endian = prefixed(&[7; FRAME_LEN]);
        little_endian.swap(0, 1);
        assert_eq!(unprefixed(&little_endian), Err(NotAFrame));
    }
}
