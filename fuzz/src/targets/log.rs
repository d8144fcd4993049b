//! The trust log: after each honest entry, no other bundle than an honest one is taken.

use std::sync::LazyLock;

use roamkey_proto::{Bundle, cbor, limits};
use roamkey_trust::Log;

use crate::{Target, seeds};

pub(super) const TARGET: Target = Target { name: "log", seeds: starts, run };

/// The honest bundles, and the log after each of them.
struct World {
    bundles: Vec<Vec<u8>>,
    logs: Vec<Log>,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let vectors = seeds::parse(include_str!("../../../vectors/trust-log.json"));
    let bundles = seeds::bytes_at(&vectors["steps"], "bundle");
    let steps: Vec<Bundle> = bundles
        .iter()
        .map(|bytes| cbor::decode(bytes, limits::BUNDLE_BYTES).expect("a bundle of the vectors"))
        .collect();
    let logs = (1..=steps.len()).map(|len| Log::replay(&steps[..len]).expect("the log of the vectors")).collect();
    World { bundles, logs }
});

fn starts() -> Vec<Vec<u8>> {
    let vectors = seeds::parse(include_str!("../../../vectors/trust-log.json"));
    let refused = vectors["refused"].as_array().into_iter().flatten().filter_map(|case| {
        let after = usize::try_from(case["after"].as_u64()?).ok()?;
        Some(seeds::chosen(after, &hex::decode(case["bundle"].as_str()?).ok()?))
    });
    WORLD.bundles.iter().enumerate().map(|(after, bundle)| seeds::chosen(after, bundle)).chain(refused).collect()
}

fn run(input: &[u8]) {
    let Some((&after, bytes)) = input.split_first() else { return };
    let Ok(bundle) = cbor::decode::<Bundle>(bytes, limits::BUNDLE_BYTES) else { return };
    let Some(log) = usize::from(after).checked_sub(1).and_then(|last| WORLD.logs.get(last)) else {
        // Anybody can start a log; it is of another account then, and that is what its first device compares.
        let _ = Log::open_whole_genesis(&bundle);
        return;
    };
    let mut log = log.clone();
    let before = log.head();
    match log.append_whole(&bundle) {
        // Its author's keys are in no vector and no fuzzer finds them: it is the very bundle that follows.
        Ok(_) => assert!(WORLD.bundles.iter().any(|honest| honest == bytes), "a forged entry was taken"),
        Err(_) => assert_eq!(log.head(), before, "a refused entry moved the log"),
    }
}
