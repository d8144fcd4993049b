use chacha20::{ChaCha20Rng, rand_core::SeedableRng};

/// Returns a generator that gives the same bytes for the same seed, for ever.
#[must_use]
pub fn seeded(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}
