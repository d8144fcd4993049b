#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
use super::*;
use crate::{
    Content, SecretText,
    fields::Fields,
    item::{Login, Verification},
};

const ID: ItemId = ItemId::new([1; 16]);
const NOW: Time = Time(5);

fn item() -> Item {
    Item::new(Content::Login(Login { title: "a".to_owned(), ..Login::default() }), NOW)
}

fn every_action() -> Vec<Operation> {
    let uses = vec![Use { time: NOW, site: "example.com".to_owned(), verification: Verification::None }];
    vec![
        Operation::create(ID, item()),
        Operation::set(ID, &item(), &Change::Password(Some(SecretText::new("p".to_owned()))), NOW),
        Operation::set(ID, &item(), &Change::Password(None), NOW),
        Operation { item: ID, at: NOW, action: Action::AddUses(uses) },
        Operation::trash(ID, &item(), NOW),
        Operation::restore(ID, NOW),
        Operation::purge(ID, &item(), NOW),
        Operation { item: ID, at: NOW, action: Action::Forget { values: vec![[1; 32], [2; 32]] } },
    ]
}

#[test]
fn every_operation_reads_back_as_it_was_written() {
    for operation in every_action() {
        let bytes = operation.encode();
        assert_eq!(Operation::decode(&bytes).unwrap().encode(), bytes, "{operation:?}");
    }
}

#[test]
fn a_truncated_or_foreign_operation_is_refused() {
    for operation in every_action() {
        let bytes = operation.encode();
        for length in 0..bytes.len() {
            assert!(Operation::decode(&bytes[..length]).is_err());
        }
        let mut more = Fields::decode(&bytes).unwrap();
        more.put(99, &1_u8);
        assert_eq!(Operation::decode(&more.encode()).unwrap_err(), DecodeError::NonCanonical);
    }
}

#[test]
fn an_operation_of_a_newer_version_says_so() {
    let mut newer = Fields::decode(&Operation::restore(ID, NOW).encode()).unwrap();
    newer.put(0, &2_u16);
    assert_eq!(Operation::decode(&newer.encode()).unwrap_err(), DecodeError::UpdateNeeded { version: 2 });
}

#[test]
fn no_field_that_must_never_change_has_an_operation() {
    for key in [4, 16, 32, 33, 34, 37, 38, 39] {
        assert_eq!(Field::from_key(key), None, "the field with key {key}");
    }
}

#[test]
fn an_operation_does_not_show_what_was_typed() {
    let change = Change::Password(Some(SecretText::new("hunter2".to_owned())));
    let shown = format!("{:?} {change:?}", Operation::set(ID, &item(), &change, NOW));
    assert!(!shown.contains("hunter2"), "{shown}");
}
