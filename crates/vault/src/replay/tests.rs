#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use roamkey_proto::{DeviceId, ItemId, Time};

use super::replay;
use crate::{
    Body, Change, Content, Item, Operation, SecretText, apply,
    item::{Login, Note, Usage, Use, Verification},
};

const ID: ItemId = ItemId::new([1; 16]);
const NOW: Time = Time(1_000);

fn note(title: &str) -> Item {
    Item::new(
        Content::Note(Note { title: title.to_owned(), text: SecretText::new("text".to_owned()), ..Note::default() }),
        Time(1),
    )
}

fn login(password: &str) -> Item {
    Item::new(
        Content::Login(Login {
            title: "site".to_owned(),
            password: Some(SecretText::new(password.to_owned())),
            ..Login::default()
        }),
        Time(1),
    )
}

fn body(item: Item) -> Body {
    Body::Item(Box::new(item))
}

/// Does these to the item as one device does, one after another.
fn after(item: Item, operations: &[Operation]) -> Body {
    play(Some(body(item)), operations).unwrap()
}

fn play(mut on: Option<Body>, operations: &[Operation]) -> Option<Body> {
    for operation in operations {
        if let Some(changed) = apply(on.as_ref(), operation).unwrap().into_body() {
            on = Some(changed);
        }
    }
    on
}

fn state(body: &Body) -> ([u8; 32], bool) {
    let item = body.item().unwrap();
    (item.state_hash(), item.trashed.is_some())
}

#[test]
fn what_was_done_since_the_base_makes_the_same_of_it_again() {
    let password = Change::Password(Some(SecretText::new("new".to_owned())));
    let title = Change::Title("renamed".to_owned());
    let edited = || {
        after(
            login("old"),
            &[Operation::set(ID, &login("old"), &password, NOW), Operation::set(ID, &login("old"), &title, NOW)],
        )
    };
    let thrown = {
        let seen = edited();
        play(Some(edited()), &[Operation::trash(ID, seen.item().unwrap(), NOW)]).unwrap()
    };
    for meant in [edited(), thrown, body(login("old"))] {
        let expected = state(&meant);
        let operations = replay(ID, Some(&body(login("old"))), meant, NOW);
        assert_eq!(state(&after(login("old"), &operations)), expected);
    }
}

#[test]
fn what_was_thrown_away_or_brought_back_is_so_again() {
    let thrown = || after(note("n"), &[Operation::trash(ID, &note("n"), NOW)]);
    let operations = replay(ID, Some(&thrown()), body(note("n")), NOW);
    assert_eq!(state(&play(Some(thrown()), &operations).unwrap()), state(&body(note("n"))));
    let operations = replay(ID, Some(&body(note("n"))), Body::Tombstone, NOW);
    assert!(matches!(after(note("n"), &operations), Body::Tombstone));
    // Not where the other history made something else of it.
    let kept = play(Some(body(note("edited there"))), &operations).unwrap();
    assert!(kept.item().is_some());
}

#[test]
fn what_is_new_is_made_and_what_both_changed_meets_as_edits_do() {
    let made = play(None, &replay(ID, None, body(note("new")), NOW)).unwrap();
    assert_eq!(state(&made), state(&body(note("new"))));
    let met = play(Some(body(note("there"))), &replay(ID, None, body(note("here")), NOW)).unwrap();
    let item = met.item().unwrap();
    assert!(matches!(&item.content, Content::Note(note) if note.title == "there"));
    assert!(item.history.iter().any(|old| old.late && old.expose_text() == Some("here")));
    assert!(replay(ID, None, Body::Tombstone, NOW).is_empty());
    assert!(replay(ID, Some(&Body::Tombstone), body(note("gone")), NOW).is_empty());
}

#[test]
fn uses_of_both_histories_are_kept() {
    let used = |site: &str| Use { time: Time(5), site: site.to_owned(), verification: Verification::None };
    let usage = |uses: Vec<Use>| Item::new(Content::Usage(Usage { device: DeviceId::new([2; 32]), uses }), Time(1));
    for base in [None, Some(body(usage(Vec::new())))] {
        let operations = replay(ID, base.as_ref(), body(usage(vec![used("here")])), NOW);
        let met = play(Some(body(usage(vec![used("there")]))), &operations).unwrap();
        let Content::Usage(met) = &met.item().unwrap().content else { unreachable!("it is usage") };
        assert_eq!(met.uses.len(), 2);
    }
}
