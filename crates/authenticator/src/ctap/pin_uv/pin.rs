//! PINs: what may become one, and what is kept of it.

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::ctap::{Status, limits};

/// What is kept of a PIN: LEFT(SHA-256(PIN), 16) and its length in code points (CTAP 2.3 section 6.5.2).
///
/// A hash this fast protects no short PIN; what does is whoever seals the state, and the retries.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(in super::super) struct Pin {
    hash: [u8; Self::HASH_LEN],
    code_points: u8,
}

impl Pin {
    /// The length of the hash.
    pub(in super::super) const HASH_LEN: usize = 16;

    /// Takes back what [`Pin::expose`] gave.
    pub(in super::super) fn from_parts(hash: [u8; Self::HASH_LEN], code_points: u8) -> Self {
        Self { hash, code_points }
    }

    /// The hash and the length, for the state store to keep.
    pub(in super::super) fn expose(&self) -> (&[u8; Self::HASH_LEN], u8) {
        (&self.hash, self.code_points)
    }

    /// Whether `hash` is that of this PIN.
    pub(in super::super) fn matches(&self, hash: &[u8]) -> bool {
        mutant!("ctap.pin-is-right", self.hash.ct_eq(hash).into())
    }

    /// Whether it is shorter than PINs must be by now.
    pub(in super::super) fn is_shorter_than(&self, min_length: u8) -> bool {
        self.code_points < min_length
    }
}

/// What a new PIN must be like.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct PinPolicy {
    /// The shortest, in code points.
    pub(in super::super) min_length: u8,
    /// Whether the easiest to guess are refused besides.
    pub(in super::super) refuses_obvious: bool,
}

/// A PIN on its way in.
pub(in super::super) struct NewPin(Zeroizing<String>);

impl NewPin {
    /// Takes a PIN out of the 64 bytes in which it travels, and holds it against the policy.
    pub(in super::super) fn parse(padded: &[u8], policy: PinPolicy) -> Result<Self, Status> {
        if padded.len() != PADDED_LEN {
            return Err(Status::InvalidParameter);
        }
        let len = padded.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        let bytes = padded.get(..len).filter(|bytes| bytes.len() <= usize::from(limits::MAX_PIN_LEN));
        let text = bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()).ok_or(Status::PinPolicyViolation)?;
        let pin = Self(Zeroizing::new(text.to_owned()));
        let obvious = policy.refuses_obvious && is_obvious(text);
        if pin.code_points() < policy.min_length || obvious { Err(Status::PinPolicyViolation) } else { Ok(pin) }
    }

    /// What is kept of it.
    pub(in super::super) fn keep(&self) -> Pin {
        let digest: Zeroizing<[u8; 32]> = Zeroizing::new(Sha256::digest(self.0.as_bytes()).into());
        let (hash, _) = digest.split_first_chunk().expect("the digest is longer");
        Pin { hash: *hash, code_points: self.code_points() }
    }

    fn code_points(&self) -> u8 {
        u8::try_from(self.0.chars().count()).expect("a PIN has at most 63 bytes")
    }
}

/// Our `pinComplexityPolicy`: what guessers try first. A block repeated (`0000`, `1212`, `123123`), neighbours in a row
/// (`1234`, `dcba`), a well-known word.
fn is_obvious(pin: &str) -> bool {
    let points: Vec<u32> = pin.to_lowercase().chars().map(u32::from).collect();
    let repeats = (1..=points.len() / 2)
        .filter(|block| points.len().is_multiple_of(*block))
        .any(|block| points.iter().zip(points.iter().skip(block)).all(|(a, b)| a == b));
    let rises = points.iter().zip(points.iter().skip(1)).all(|(a, b)| a.checked_add(1) == Some(*b));
    let falls = points.iter().zip(points.iter().skip(1)).all(|(a, b)| b.checked_add(1) == Some(*a));
    repeats || rises || falls || WELL_KNOWN.contains(&pin.to_lowercase().as_str())
}

/// The length in which every PIN travels, so that its own stays hidden.
const PADDED_LEN: usize = 64;

/// Words that head every list of stolen passwords and are no block or row.
const WELL_KNOWN: &[&str] = &[
    "abc123",
    "admin",
    "iloveyou",
    "letmein",
    "monkey",
    "passw0rd",
    "password",
    "password1",
    "qwerty",
    "qwertz",
    "qwer",
    "secret",
    "welcome",
];

#[cfg(test)]
mod tests;

#[cfg(test)]
mod constant_time {
    use roamkey_taint::{taint, untaint};

    use super::*;

    #[test]
    fn a_pin_is_compared() {
        let pin = Pin::from_parts([7; Pin::HASH_LEN], 4);
        taint(pin.expose().0);
        assert!(untaint(pin.matches(&[7; Pin::HASH_LEN])));
        assert!(!untaint(pin.matches(&[8; Pin::HASH_LEN])));
    }
}
