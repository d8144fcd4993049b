//! Every target, on its seeds and on mutations of them that are the same in each run.

use rand_core::Rng;
use roamkey_fuzz::{TARGETS, Target};
use roamkey_testkit::seeded;

/// Inputs a target; the one that runs whole devices takes milliseconds for each.
fn inputs(target: &Target) -> usize {
    if target.name == "answers" { 150 } else { 1_500 }
}

#[test]
fn no_input_breaks_a_property_of_any_target() {
    for target in TARGETS {
        let seeds = (target.seeds)();
        assert!(!seeds.is_empty(), "{} has no seeds", target.name);
        seeds.iter().for_each(|seed| (target.run)(seed));
        let mut rng = seeded(0xf022);
        for _ in 0..inputs(target) {
            (target.run)(&mutated(&seeds, &mut rng));
        }
    }
}

fn mutated(seeds: &[Vec<u8>], rng: &mut impl Rng) -> Vec<u8> {
    let mut bytes = seeds[below(rng, seeds.len())].clone();
    for _ in 0..=below(rng, 3) {
        let at = below(rng, bytes.len());
        match below(rng, 5) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, rng.next_u32().to_be_bytes()[0]),
            2 if !bytes.is_empty() => drop(bytes.remove(at)),
            3 => {
                let other = &seeds[below(rng, seeds.len())];
                bytes.truncate(at);
                bytes.extend_from_slice(&other[below(rng, other.len())..]);
            }
            _ => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << (rng.next_u32() % 8)),
        }
    }
    bytes
}

fn below(rng: &mut impl Rng, end: usize) -> usize {
    usize::try_from(rng.next_u64() % end.max(1) as u64).unwrap_or(0)
}
