use roamkey_proto::{limits, mutant};
use zeroize::Zeroizing;

/// The longest body: the largest bucket that fits a record with its header, less the mark.
pub const BODY_BYTES: usize = LARGEST - 1;

/// Returns the bytes that a body of this length takes once padded; `None` when it is too long.
///
/// 256, 512, 1024, 2048 and 4096 bytes, then steps of a quarter of the power of two below. The
/// length says little of a password or a note, and nothing at all within a bucket (attack 39).
#[must_use]
pub fn padded_len(body: usize) -> Option<usize> {
    let marked = body.checked_add(1)?;
    let bucket = match marked {
        0..=256 => 256,
        257..=4096 => marked.next_power_of_two(),
        _ => marked.checked_next_multiple_of((marked.checked_next_power_of_two()? / 2) / 4)?,
    };
    (bucket <= LARGEST).then_some(bucket)
}

/// `body ‖ 0x80 ‖ zeros`.
pub(super) fn pad(body: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let length = padded_len(body.len())?;
    let mut padded = Zeroizing::new(Vec::with_capacity(length));
    padded.extend_from_slice(body);
    padded.push(MARK);
    padded.resize(length, 0);
    mutant!("record.padded-to-a-bucket" => padded.truncate(body.len() + 1));
    Some(padded)
}

/// Takes the padding off; `None` unless it is exactly the one that [`pad`] puts on.
pub(super) fn unpad(mut padded: Zeroizing<Vec<u8>>) -> Option<Zeroizing<Vec<u8>>> {
    let mark = padded.iter().rposition(|&byte| byte != 0)?;
    let is_exact = padded.get(mark) == Some(&MARK) && padded_len(mark) == Some(padded.len());
    if !mutant!("record.one-padding", is_exact) {
        return None;
    }
    padded.truncate(mark);
    Some(padded)
}

const MARK: u8 = 0x80;

/// A bucket and all that goes around it stays below [`limits::RECORD_BYTES`].
const LARGEST: usize = 112 * 1024;
const _: () = assert!(LARGEST + 1024 <= limits::RECORD_BYTES);

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn bodies_fill_the_buckets_of_the_specification() {
        let lengths = [0, 255, 256, 511, 512, 1023, 1024, 2047, 2048, 4095, 4096, 5119, 5120, 8191, 8192, BODY_BYTES];
        let padded: Vec<_> = lengths.iter().map(|&length| padded_len(length).unwrap()).collect();
        assert_eq!(
            padded,
            [256, 256, 512, 512, 1024, 1024, 2048, 2048, 4096, 4096, 5120, 5120, 6144, 8192, 10_240, 114_688]
        );
    }

    #[test]
    fn a_body_over_the_largest_bucket_is_refused() {
        assert_eq!(padded_len(BODY_BYTES + 1), None);
        assert_eq!(padded_len(usize::MAX), None);
    }

    #[test]
    fn padding_comes_off_as_it_went_on() {
        for length in [0, 1, 255, 256, 4095, 4096, 70_000] {
            let body = vec![0; length];
            assert_eq!(*unpad(pad(&body).unwrap()).unwrap(), body);
        }
    }

    #[test]
    fn only_the_one_padding_is_taken_off() {
        assert!(unpad(Zeroizing::new(vec![0; 256])).is_none(), "no mark");
        let mut another_mark = vec![0; 255];
        another_mark.insert(3, 0x40);
        assert!(unpad(Zeroizing::new(another_mark)).is_none());
        let mut too_long = pad(b"body").unwrap();
        too_long.resize(512, 0);
        assert!(unpad(too_long).is_none());
        assert!(unpad(Zeroizing::default()).is_none());
    }
}
