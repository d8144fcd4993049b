//! Commits: none is taken but those that a member signed.

use std::sync::LazyLock;

use roamkey_proto::{Bundle, cbor, limits};
use roamkey_trust::{Log, commit};

use crate::{Target, seeds};

pub(super) const TARGET: Target = Target { name: "commit", seeds: starts, run };

const VECTORS: &str = include_str!("../../../vectors/trust-commits.json");

/// The log that judges, and the bytes that it has judged once: the vectors say which are valid.
static WORLD: LazyLock<(Log, Vec<Vec<u8>>)> = LazyLock::new(|| {
    let vectors = seeds::parse(VECTORS);
    let bundles: Vec<Bundle> = vectors["log"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|bundle| hex::decode(bundle.as_str()?).ok())
        .map(|bytes| cbor::decode(&bytes, limits::BUNDLE_BYTES).expect("a bundle of the vectors"))
        .collect();
    let log = Log::replay(&bundles).expect("the log of the vectors");
    (log, seeds::bytes_at(&vectors["cases"], "bytes"))
});

fn starts() -> Vec<Vec<u8>> {
    WORLD.1.clone()
}

fn run(bytes: &[u8]) {
    let (log, honest) = &*WORLD;
    if commit::verify(bytes, log).is_ok() {
        assert!(honest.iter().any(|honest| honest == bytes), "a forged commit was taken");
    }
}
