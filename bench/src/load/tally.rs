//! How long people waited, by what for.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use crate::{report::Report, samples::Samples};

/// Times by name.
#[derive(Debug, Default)]
pub(super) struct Tally(BTreeMap<&'static str, Samples>);

impl Tally {
    /// Runs `work` and keeps its time, unless it failed.
    pub(super) fn time<T, E>(&mut self, name: &'static str, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let start = Instant::now();
        let done = work()?;
        self.keep(name, start.elapsed());
        Ok(done)
    }

    pub(super) fn keep(&mut self, name: &'static str, time: Duration) {
        self.0.entry(name).or_default().keep(time);
    }

    pub(super) fn extend(&mut self, others: &Self) {
        for (name, samples) in &others.0 {
            self.0.entry(name).or_default().extend(samples);
        }
    }

    pub(super) fn report(&self, report: &mut Report, prefix: &str) {
        for (name, samples) in &self.0 {
            for share in [50, 95, 99] {
                report.add(format!("{prefix}.ms.{name}.p{share}"), samples.percentile_us(share) / 1e3, "ms");
            }
        }
    }
}
