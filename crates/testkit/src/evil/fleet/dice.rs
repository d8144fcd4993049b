use chacha20::{ChaCha20Rng, rand_core::Rng as _};

use crate::seeded;

/// What decides everything that is left to chance, the same for the same seed.
pub(super) struct Dice(ChaCha20Rng);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seeded(seed))
    }

    /// Throws dice of its own: what becomes of them does not change these.
    pub(super) fn split(&mut self) -> Self {
        Self::new(self.0.next_u64())
    }

    /// Draws a number below `end`; zero where there is none.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.0.next_u64() % end.max(1) as u64).unwrap_or(0)
    }

    pub(super) fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    pub(super) fn pick<'a, T>(&mut self, among: &'a [T]) -> Option<&'a T> {
        among.get(self.below(among.len()))
    }

    /// Picks some, at least one where there are any.
    pub(super) fn some<T: Clone>(&mut self, among: &[T]) -> Vec<T> {
        let mut some: Vec<_> = among.iter().filter(|_| self.percent(40)).cloned().collect();
        if some.is_empty() {
            some.extend(self.pick(among).cloned());
        }
        some
    }
}
