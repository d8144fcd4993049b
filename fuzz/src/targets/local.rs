//! What rests on a device: nothing opens but what was sealed for that purpose and place.

use roamkey_sealing::{LocalKey, local::Purpose};
use roamkey_testkit::seeded;

use crate::Target;

pub(super) const TARGET: Target = Target { name: "local", seeds: starts, run };

const PURPOSES: [Purpose; 3] = [Purpose::Pending, Purpose::Outbox, Purpose::Setting];

fn key() -> LocalKey {
    LocalKey::from_bytes(&[9; 32])
}

fn sealed(purpose: usize) -> Vec<u8> {
    key().seal(PURPOSES[purpose], &[1], b"something that a person typed", &mut seeded(3))
}

fn starts() -> Vec<Vec<u8>> {
    (0..PURPOSES.len()).map(sealed).collect()
}

fn run(bytes: &[u8]) {
    for (number, purpose) in PURPOSES.into_iter().enumerate() {
        for place in 0..2 {
            if key().open(purpose, &[place], bytes).is_ok() {
                assert!(place == 1 && bytes == sealed(number), "something opened that was not sealed for this place");
            }
        }
    }
}
