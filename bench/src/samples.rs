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

    /// Keeps a time that was taken elsewhere.
    pub(crate) fn keep(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// Keeps the times of others as well.
    pub(crate) fn extend(&mut self, others: &Self) {
        self.0.extend(&others.0);
    }

    /// The median in microseconds; zero without samples.
    pub(crate) fn median_us(&self) -> f64 {
        self.percentile_us(50)
    }

    /// The time in microseconds that so many of a hundred do not exceed; zero without samples.
    pub(crate) fn percentile_us(&self, share: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let index = (sorted.len() * share / 100).min(sorted.len().saturating_sub(1));
        sorted.get(index).map_or(0.0, |time| time.as_secs_f64() * 1e6)
    }

    /// The median in milliseconds.
    pub(crate) fn median_ms(&self) -> f64 {
        self.median_us() / 1e3
    }
}
