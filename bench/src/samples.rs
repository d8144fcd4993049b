//! Samples of a time, and the one number that stands for them.

use std::time::{Duration, Instant};

/// Samples a side, so that a noisy neighbour moves no median.
pub(crate) const SAMPLES: usize = 200;

/// Times of one thing.
#[derive(Debug, Default)]
pub(crate) struct Samples(Vec<Duration>);

impl Samples {
    /// Runs `work` once and keeps its time.
    pub(crate) fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        self.0.push(start.elapsed());
        result
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// The median in microseconds; zero without samples.
    pub(crate) fn median_us(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 2).map_or(0.0, |median| median.as_secs_f64() * 1e6)
    }

    /// The median in milliseconds.
    pub(crate) fn median_ms(&self) -> f64 {
        self.median_us() / 1e3
    }
}
