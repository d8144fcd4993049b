//! The crate's README says of each command, extension and member of `getInfo` whether it is served: it is read here, and
//! the device is asked.

use std::collections::BTreeSet;

use coset::cbor::Value;
use roamkey_authenticator::{
    PlatformLists,
    ctap::{BuiltIn, Status},
};

use crate::{
    attestation::organisation,
    wire::{as_int, member},
    world::World,
};

const README: &str = include_str!("../../README.md");

/// A device that can all that one can: it tells its owner itself, and belongs to an organisation.
fn equipped() -> World {
    let mut world = organisation(PlatformLists::Trusted);
    world.owner().built_in = BuiltIn::Ready;
    world
}

/// The rows of the table whose header starts so, by their cells.
fn table(header: &str) -> Vec<Vec<&'static str>> {
    let start = README.lines().skip_while(|line| !line.starts_with(header)).skip(2);
    let rows = start.take_while(|line| line.starts_with('|'));
    let rows: Vec<Vec<_>> = rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect()).collect();
    assert!(!rows.is_empty(), "the README has a table {header}");
    rows
}

/// The numbers in a cell: `0x40`.
fn numbers(cell: &str) -> Vec<u8> {
    let words = cell.split([' ', ',']).filter_map(|word| word.strip_prefix("0x"));
    words.map(|digits| u8::from_str_radix(digits, 16).unwrap()).collect()
}

/// The names in a cell: what stands between backquotes.
fn names(text: &str) -> BTreeSet<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn is_served(cell: &str) -> bool {
    !cell.starts_with("no:") && !cell.starts_with("no ") && cell != "no"
}

fn texts(list: &Value) -> BTreeSet<String> {
    list.as_array().unwrap().iter().map(|text| text.as_text().unwrap().to_owned()).collect()
}

#[test]
fn commands_are_those_that_are_served() {
    let mut told = BTreeSet::new();
    for row in table("| command |") {
        let served = is_served(row[2]);
        for command in numbers(row[0]) {
            let answer = equipped().send_raw(&[command]);
            let is_unknown = answer == [Status::InvalidCommand as u8];
            assert_ne!(is_unknown, served, "{}: {answer:?}", row[0]);
            told.extend(served.then_some(command));
        }
    }
    // And no other is.
    let served = (0..=u8::MAX).filter(|command| equipped().send_raw(&[*command]) != [Status::InvalidCommand as u8]);
    assert_eq!(served.collect::<BTreeSet<_>>(), told);
}

#[test]
fn members_of_get_info_are_those_that_there_are() {
    let info = equipped().info();
    let present: BTreeSet<i64> = info.as_map().unwrap().iter().map(|(key, _)| as_int(Some(key))).collect();
    let mut told = (BTreeSet::new(), BTreeSet::new());
    for row in table("| member of `getInfo`") {
        let members = numbers(row[0]).into_iter().map(i64::from);
        if is_served(row[2]) { told.0.extend(members) } else { told.1.extend(members) }
    }
    assert_eq!(present, told.0);
    assert_eq!(told.0.union(&told.1).copied().collect::<Vec<_>>(), (0x01..=0x1f).collect::<Vec<i64>>());
}

#[test]
fn what_get_info_says_is_what_its_members_rows_list() {
    let info = equipped().info();
    let row = |number: u8| {
        let rows = table("| member of `getInfo`").into_iter();
        let row = rows.filter(|row| numbers(row[0]) == [number]).map(|row| row[2]).next().unwrap();
        // What is not there, and why, comes behind what is.
        row.split(['.', ';']).map(|part| part.trim().to_owned()).collect::<Vec<_>>()
    };
    for (number, absent) in [(0x01, "Not `U2F_V2`"), (0x02, "not `largeBlob`")] {
        assert_eq!(texts(member(&info, number.into()).unwrap()), names(&row(number)[0]));
        assert!(row(number).iter().any(|part| part.starts_with(absent)));
    }
    let options = member(&info, 4).unwrap().as_map().unwrap();
    let options: BTreeSet<_> = options.iter().map(|(name, _)| name.as_text().unwrap().to_owned()).collect();
    assert_eq!(options, names(&row(0x04)[0]));
    assert!(names(&row(0x04)[1]).is_disjoint(&options));
}

#[test]
fn extensions_are_those_of_the_table() {
    let info = equipped().info();
    let mut told = BTreeSet::new();
    for row in table("| extension |") {
        // Some are a client's business, and answered by way of others.
        let is_the_devices = is_served(row[2]) && !row[2].starts_with("by ") && !row[2].starts_with("the client's");
        told.extend(is_the_devices.then(|| names(row[0])).into_iter().flatten());
    }
    assert_eq!(texts(member(&info, 2).unwrap()), told);
}
