//! What must hold whatever bytes come in.
//!
//! A [`Target`] takes bytes to one decoder, or to a device as a server's answers, and panics when a property breaks. The
//! same targets run under libFuzzer (`cargo xtask fuzz`), on a fixed sample of mutations in every test run, and on one file
//! to look at it again.

mod seeds;
mod targets;

pub use targets::TARGETS;

/// One decoder, and what must hold of it.
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    /// Inputs to start from: those of the frozen vectors, mostly.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Tries one input. Panics when a property breaks.
    pub run: fn(&[u8]),
}

impl Target {
    /// Returns the target of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        TARGETS.iter().find(|target| target.name == name)
    }
}
