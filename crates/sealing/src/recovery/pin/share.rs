use core::fmt;

use rand_core::CryptoRng;
use roamkey_proto::Masked;
use subtle::ConstantTimeEq as _;
use vsss_rs::{Gf256, IdentifierGf256};
use zeroize::Zeroizing;

use super::question::Mask;
use crate::recovery::RecoverySecret;

/// One share of a secret (Shamir, a polynomial a byte over the field of 256 elements, reduced by 0x11b).
pub struct Share {
    index: u8,
    bytes: Zeroizing<[u8; 32]>,
}

impl Share {
    /// Returns which it is, from 1.
    #[must_use]
    pub fn index(&self) -> u8 {
        self.index
    }

    pub(super) fn mask(&self, mask: &Mask) -> Masked {
        let mut masked = [0; 32];
        masked.iter_mut().zip(self.bytes.iter().zip(mask.bytes())).for_each(|(out, (share, mask))| *out = share ^ mask);
        Masked(masked)
    }

    pub(super) fn unmask(index: u8, masked: &Masked, mask: &Mask) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        bytes.iter_mut().zip(masked.0.iter().zip(mask.bytes())).for_each(|(out, (masked, mask))| *out = masked ^ mask);
        Self { index, bytes }
    }

    #[cfg(test)]
    pub(super) fn from_bytes(index: u8, bytes: [u8; 32]) -> Self {
        Self { index, bytes: Zeroizing::new(bytes) }
    }

    #[cfg(any(test, feature = "vectors"))]
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Share({}, redacted)", self.index)
    }
}

impl PartialEq for Share {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && bool::from(self.bytes.ct_eq(&*other.bytes))
    }
}

impl Eq for Share {}

/// Cuts a secret into shares of which `threshold` make it again, and fewer say nothing. None where there is no such cut.
pub(super) fn split(secret: &RecoverySecret, threshold: u8, count: u8, rng: &mut impl CryptoRng) -> Option<Vec<Share>> {
    if threshold == 0 || threshold > count {
        return None;
    }
    if threshold == 1 {
        // A polynomial of degree zero: the secret itself at every place.
        return Some((1..=count).map(|index| Share { index, bytes: Zeroizing::new(*secret.bytes()) }).collect());
    }
    let ids = (1..=count).map(|index| IdentifierGf256(Gf256(index)));
    let (threshold, count) = (usize::from(threshold), usize::from(count));
    let cut = Gf256::split_bytes_with_participant_ids_iter(threshold, count, secret.bytes(), rng, ids).ok()?;
    cut.into_iter().map(Zeroizing::new).map(|share| read(&share)).collect()
}

/// Makes the secret of these shares again, whichever it is; none where they are too few, or one of them is there twice.
pub(super) fn combine(shares: &[Share], threshold: u8) -> Option<RecoverySecret> {
    let shares = shares.get(..usize::from(threshold)).filter(|shares| !shares.is_empty())?;
    if let [only] = shares {
        return Some(RecoverySecret::from_bytes(&only.bytes));
    }
    let spelt = shares.iter().map(|share| [&[share.index], share.bytes.as_slice()].concat());
    let spelt = Zeroizing::new(spelt.collect::<Vec<_>>());
    let secret = Zeroizing::new(Gf256::combine_bytes(spelt.as_slice()).ok()?);
    secret.as_slice().try_into().ok().map(RecoverySecret::from_bytes)
}

/// Reads a share as it is spelt: its place, then a byte for each of the secret's.
fn read(share: &[u8]) -> Option<Share> {
    let (index, bytes) = share.split_first()?;
    Some(Share { index: *index, bytes: Zeroizing::new(bytes.try_into().ok()?) })
}
