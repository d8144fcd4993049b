//! Plays one fleet from its seed and prints what happens: `fleet SEED DEEDS`, as `cargo xtask fleet` calls it, a process each.
//!
//! A program among the tests, as it is built like them. Without a seed it does nothing: some are played by the client's tests.

use std::env;

use roamkey_testkit::evil::fleet;

fn main() {
    let numbers: Vec<u64> = env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    if let &[seed, deeds] = numbers.as_slice() {
        let deeds = usize::try_from(deeds).expect("a number of deeds");
        println!("{}", fleet::play(seed, deeds, &mut |line| println!("{line}")));
    }
}
