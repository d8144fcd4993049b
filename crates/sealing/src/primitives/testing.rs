//! A repeatable source of randomness for tests and vectors.

use core::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha256};

/// `SHA-256(counter)`, block after block: anyone can write it again in any language.
pub(crate) struct CountingRng {
    counter: u64,
    rest: Vec<u8>,
}

pub(crate) fn rng() -> CountingRng {
    CountingRng { counter: 0, rest: Vec::new() }
}

impl TryRng for CountingRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for byte in out {
            if self.rest.is_empty() {
                self.rest = Sha256::digest(self.counter.to_be_bytes()).to_vec();
                self.rest.reverse();
                self.counter += 1;
            }
            *byte = self.rest.pop().expect("filled above");
        }
        Ok(())
    }
}

impl TryCryptoRng for CountingRng {}
