use std::time::Duration;

use super::{Counter, Page};

/// How many took how long.
#[derive(Debug, Default)]
pub(super) struct Histogram {
    /// One each bound, and one beyond; not added up.
    buckets: [Counter; BOUNDS_US.len() + 1],
    micros: Counter,
}

impl Histogram {
    pub(super) fn note(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let place = BOUNDS_US.iter().position(|bound| micros <= *bound).unwrap_or(BOUNDS_US.len());
        if let Some(bucket) = self.buckets.get(place) {
            bucket.add(1);
        }
        self.micros.add(micros);
    }

    pub(super) fn write(&self, page: &mut Page, name: &str, labels: &str) {
        let mut count = 0;
        for (bucket, bound) in self.buckets.iter().zip(BOUNDS_US) {
            count += bucket.value();
            page.line(format_args!("{name}_bucket{{{labels},le=\"{}\"}} {count}", seconds(bound)));
        }
        count += self.buckets.last().map_or(0, Counter::value);
        page.line(format_args!("{name}_bucket{{{labels},le=\"+Inf\"}} {count}"));
        page.line(format_args!("{name}_sum{{{labels}}} {}", seconds(self.micros.value())));
        page.line(format_args!("{name}_count{{{labels}}} {count}"));
    }
}

fn seconds(micros: u64) -> f64 {
    Duration::from_micros(micros).as_secs_f64()
}

/// From what a read of memory takes to what a person calls broken.
const BOUNDS_US: [u64; 12] =
    [500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 2_500_000, 10_000_000];
