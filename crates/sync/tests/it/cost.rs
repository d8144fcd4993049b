//! Cost follows the change.

use roamkey_testkit::Fleet;

use crate::items::{note, rename};

#[test]
fn a_pull_of_one_change_reads_one_page() {
    let mut fleet = Fleet::new(40);
    let mut item = note(&mut fleet, 0, "first");
    for number in 0..300 {
        item = note(&mut fleet, 0, &format!("note {number}"));
    }
    fleet.sync(0);
    let other = fleet.add_device(0);
    rename(&mut fleet, 0, item, "changed");
    fleet.sync(0);
    let (loads, batches) = fleet.cost(other);
    fleet.sync(other);
    assert_eq!(fleet.cost(other), (loads + 1, batches + 1));
}
