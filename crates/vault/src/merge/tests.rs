#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
use proptest::prelude::*;
use roamkey_proto::{DeviceId, ItemId};

use super::*;
use crate::{
    Change, Kind, SecretBytes, SecretText,
    item::{Login, Note, Passkey, PasskeyFlags, Usage, Use, Verification},
};

const ID: ItemId = ItemId::new([1; 16]);
const NOW: Time = Time(1_000);

fn note(title: &str) -> Body {
    let content = Note { title: title.to_owned(), text: SecretText::new("text".to_owned()), ..Note::default() };
    Body::Item(Box::new(Item::new(Content::Note(content), NOW)))
}

fn title_of(body: &Body) -> &str {
    let Content::Note(note) = &body.item().unwrap().content else { unreachable!() };
    &note.title
}

fn retitle(seen: &Body, title: &str) -> Operation {
    Operation::set(ID, seen.item().unwrap(), &Change::Title(title.to_owned()), NOW)
}

fn history(body: &Body) -> Vec<(&str, bool)> {
    body.item().unwrap().history.iter().map(|old| (old.expose_text().unwrap(), old.late)).collect()
}

fn changed(body: &Body, operation: &Operation) -> Body {
    match apply(Some(body), operation).unwrap() {
        Outcome::Changed(body) => body,
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn a_created_item_is_there() {
    let Body::Item(item) = note("a") else { unreachable!() };
    let body = apply(None, &Operation::create(ID, *item)).unwrap().into_body().unwrap();
    assert_eq!(title_of(&body), "a");
}

#[test]
fn an_edit_by_someone_who_saw_the_value_replaces_it() {
    let body = changed(&note("a"), &retitle(&note("a"), "b"));
    assert_eq!(title_of(&body), "b");
    assert!(history(&body).is_empty());
}

#[test]
fn replaced_passwords_are_kept_but_not_for_ever() {
    let mut body = Body::Item(Box::new(Item::new(Content::Login(Login::default()), NOW)));
    for number in 0..=REPLACED + 2 {
        let change = Change::Password(Some(SecretText::new(format!("{number}"))));
        body = changed(&body, &Operation::set(ID, body.item().unwrap(), &change, NOW));
    }
    let kept: Vec<_> = (2..REPLACED + 2).map(|number| number.to_string()).collect();
    assert_eq!(history(&body), kept.iter().map(|old| (old.as_str(), false)).collect::<Vec<_>>());
}

#[test]
fn an_item_that_is_edited_often_does_not_grow() {
    let (mut body, mut lengths) = (note("title 0"), vec![]);
    for number in 1..200 {
        body = changed(&body, &retitle(&body, &format!("title {}", number % 10)));
        lengths.push(body.encode().len());
    }
    assert!(lengths.iter().all(|length| *length == note("title 0").encode().len()));
}

#[test]
fn a_device_that_slept_for_months_overwrites_nothing() {
    let current = changed(&note("a"), &retitle(&note("a"), "b"));
    let Outcome::Late(body) = apply(Some(&current), &retitle(&note("a"), "c")).unwrap() else { unreachable!() };
    assert_eq!(title_of(&body), "b");
    assert_eq!(history(&body), [("c", true)]);
}

#[test]
fn an_operation_pushed_twice_changes_nothing_the_second_time() {
    let edit = retitle(&note("a"), "b");
    let once = changed(&note("a"), &edit);
    assert!(matches!(apply(Some(&once), &edit).unwrap(), Outcome::Unchanged));
    let Outcome::Late(late) = apply(Some(&once), &retitle(&note("a"), "c")).unwrap() else { unreachable!() };
    assert!(matches!(apply(Some(&late), &retitle(&note("a"), "c")).unwrap(), Outcome::Unchanged));
}

#[test]
fn an_item_made_twice_keeps_what_others_changed_since() {
    let Body::Item(item) = note("a") else { unreachable!() };
    let create = Operation::create(ID, *item);
    assert!(matches!(apply(Some(&note("a")), &create).unwrap(), Outcome::Unchanged));
    let Outcome::Late(body) = apply(Some(&note("b")), &create).unwrap() else { unreachable!() };
    assert_eq!(title_of(&body), "b");
    assert_eq!(history(&body), [("a", true)]);
}

#[test]
fn the_trash_keeps_the_body_and_an_edit_takes_it_out() {
    let trashed = changed(&note("a"), &Operation::trash(ID, note("a").item().unwrap(), NOW));
    assert_eq!(trashed.item().unwrap().trashed, Some(NOW));
    let restored = changed(&trashed, &Operation::restore(ID, NOW));
    assert_eq!(restored.encode(), note("a").encode());
    let edited = changed(&trashed, &retitle(&note("a"), "b"));
    assert_eq!((title_of(&edited), edited.item().unwrap().trashed), ("b", None));
}

#[test]
fn what_changed_since_it_was_seen_is_neither_trashed_nor_purged() {
    let seen = note("a");
    let current = changed(&seen, &retitle(&seen, "b"));
    for late in [Operation::trash(ID, seen.item().unwrap(), NOW), Operation::purge(ID, seen.item().unwrap(), NOW)] {
        assert!(matches!(apply(Some(&current), &late).unwrap(), Outcome::Superseded));
    }
}

#[test]
fn a_tombstone_is_final() {
    let body = changed(&note("a"), &Operation::purge(ID, note("a").item().unwrap(), NOW));
    assert!(matches!(body, Body::Tombstone));
    let Body::Item(item) = note("a") else { unreachable!() };
    for operation in [Operation::create(ID, *item), retitle(&note("a"), "b"), Operation::restore(ID, NOW)] {
        assert!(matches!(apply(Some(&body), &operation).unwrap(), Outcome::Gone));
    }
}

#[test]
fn the_history_forgets_what_the_person_names() {
    let current = changed(&note("a"), &retitle(&note("a"), "b"));
    let Outcome::Late(body) = apply(Some(&current), &retitle(&note("a"), "c")).unwrap() else { unreachable!() };
    let values = vec![body.item().unwrap().history[0].hash()];
    let forget = Operation { item: ID, at: NOW, action: Action::Forget { values } };
    let forgotten = changed(&body, &forget);
    assert!(forgotten.item().unwrap().history.is_empty());
    assert!(matches!(apply(Some(&forgotten), &forget).unwrap(), Outcome::Unchanged));
}

#[test]
fn a_field_of_another_kind_is_refused() {
    let seen = note("a");
    let password = Change::Password(Some(SecretText::new("p".to_owned())));
    let operation = Operation::set(ID, seen.item().unwrap(), &password, NOW);
    assert_eq!(apply(Some(&seen), &operation).unwrap_err(), MergeError::Mismatch);
}

#[test]
fn a_value_of_another_type_is_refused_even_for_the_history() {
    let seen = note("a");
    for replaces in [crate::operation::value_hash(seen.item().unwrap().to_fields().raw(17)), [0; 32]] {
        let value = Some(crate::fields::encoded(&7_u8));
        let action = Action::Set(Set { field: Field::Title, value, replaces });
        let operation = Operation { item: ID, at: NOW, action };
        assert_eq!(apply(Some(&seen), &operation).unwrap_err(), MergeError::Mismatch);
    }
}

#[test]
fn an_item_that_was_never_made_cannot_change() {
    assert_eq!(apply(None, &Operation::restore(ID, NOW)).unwrap_err(), MergeError::NoSuchItem);
}

#[test]
fn an_item_that_outgrows_its_record_is_refused() {
    let seen = note("a");
    let operation = retitle(&seen, &"x".repeat(BODY_BYTES));
    assert_eq!(apply(Some(&seen), &operation).unwrap_err(), MergeError::TooLong);
}

#[test]
fn the_keys_of_a_passkey_stay_whatever_is_created_again() {
    let passkey = |rp_id: &str| {
        let passkey = Passkey {
            rp_id: rp_id.to_owned(),
            credential_id: vec![1],
            user_handle: None,
            user_name: None,
            display_name: None,
            cose_key: SecretBytes::new(vec![2]),
            prf_seeds: None,
            cred_blob: None,
            large_blob: None,
            large_blob_key: None,
            flags: PasskeyFlags::default(),
        };
        Item::new(Content::Passkey(passkey), NOW)
    };
    let body = Body::Item(Box::new(passkey("example.com")));
    let outcome = apply(Some(&body), &Operation::create(ID, passkey("evil.example"))).unwrap();
    assert!(matches!(outcome, Outcome::Unchanged));
}

#[test]
fn uses_join_in_order_and_the_oldest_make_room() {
    let used = |time| Use { time: Time(time), site: "example.com".to_owned(), verification: Verification::None };
    let body =
        |uses| Body::Item(Box::new(Item::new(Content::Usage(Usage { device: DeviceId::new([1; 32]), uses }), NOW)));
    let add = |uses| Operation { item: ID, at: NOW, action: Action::AddUses(uses) };
    let joined = changed(&body(vec![used(2)]), &add(vec![used(3), used(1), used(2)]));
    assert_eq!(joined.encode(), body(vec![used(1), used(2), used(3)]).encode());
    assert!(matches!(apply(Some(&joined), &add(vec![used(1)])).unwrap(), Outcome::Unchanged));
    let many = changed(&joined, &add((10..510).map(used).collect()));
    let Content::Usage(usage) = &many.item().unwrap().content else { unreachable!() };
    assert_eq!((usage.uses.len(), usage.uses[0].time), (Usage::USES, Time(10)));
}

/// What one device does, on what it saw last; it may not have seen anything for long.
#[derive(Clone, Debug)]
enum Step {
    Edit { device: usize, field: usize, value: u8 },
    Trash { device: usize },
    Restore { device: usize },
    Purge { device: usize },
    Sync { device: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let device = 0_usize..3;
    prop_oneof![
        6 => (device.clone(), 0_usize..4, 0_u8..6).prop_map(|(device, field, value)| Step::Edit { device, field, value }),
        1 => device.clone().prop_map(|device| Step::Trash { device }),
        1 => device.clone().prop_map(|device| Step::Restore { device }),
        1 => device.clone().prop_map(|device| Step::Purge { device }),
        6 => device.prop_map(|device| Step::Sync { device }),
    ]
}

fn change(field: usize, value: u8) -> Change {
    let text = format!("typed {value}");
    match field {
        0 => Change::Title(text),
        1 => Change::Username(Some(text)),
        2 => Change::Password(Some(SecretText::new(text))),
        _ => Change::Notes(Some(SecretText::new(text))),
    }
}

/// A device: the state it pulled, what it shows, and the operations that wait.
struct Device {
    pulled: Vec<u8>,
    shown: Vec<u8>,
    pending: Vec<Vec<u8>>,
}

/// Plays operations on a state, as a device does when it replays on a new head; collects the values
/// that are handed back because the item is gone.
fn replay(state: &[u8], operations: &[Vec<u8>], handed_back: &mut Vec<(Field, Vec<u8>)>) -> Vec<u8> {
    let mut state = Body::decode(state).unwrap();
    for operation in operations {
        let operation = Operation::decode(operation).unwrap();
        match apply(Some(&state), &operation).unwrap() {
            Outcome::Changed(body) | Outcome::Late(body) => state = body,
            Outcome::Gone => {
                if let Action::Set(set) = &operation.action {
                    handed_back.push((set.field, set.value.as_ref().unwrap().to_vec()));
                }
            }
            Outcome::Unchanged | Outcome::Superseded => {}
        }
    }
    state.encode().to_vec()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Devices work offline and push in any order: all end with one state, and each value that was
    /// typed is current, in the history, was replaced or purged by someone who saw it, or was handed back.
    #[test]
    fn replicas_converge_and_nothing_typed_is_lost(steps in proptest::collection::vec(step(), 1..40)) {
        let start = Body::Item(Box::new(Item::new(Content::Login(Login::default()), NOW))).encode().to_vec();
        let mut server = start.clone();
        let mut devices: Vec<_> =
            (0..3).map(|_| Device { pulled: start.clone(), shown: start.clone(), pending: vec![] }).collect();
        let (mut typed, mut purged, mut replaced, mut handed_back) = (vec![], vec![], vec![], vec![]);
        let mut sync = |device: &mut Device, server: &mut Vec<u8>, purged: &mut Vec<_>| {
            for operation in device.pending.drain(..) {
                let before = Body::decode(server).unwrap();
                replaced.extend(replaced_by(&operation, &before));
                *server = replay(server, &[operation], &mut handed_back);
                if let (Body::Tombstone, Some(item)) = (Body::decode(server).unwrap(), before.item()) {
                    purged.push(item.to_fields().encode());
                }
            }
            device.pulled.clone_from(server);
            device.shown.clone_from(server);
        };
        for step in steps {
            let (Step::Edit { device: index, .. } | Step::Trash { device: index } | Step::Restore { device: index }
            | Step::Purge { device: index } | Step::Sync { device: index }) = step;
            let device = &mut devices[index];
            let shown = Body::decode(&device.shown).unwrap();
            let Some(item) = shown.item() else {
                sync(device, &mut server, &mut purged);
                continue;
            };
            let operation = match step {
                Step::Edit { field, value, .. } => {
                    let change = change(field, value);
                    typed.push((change.field(), change.encode().unwrap()));
                    Operation::set(ID, item, &change, NOW)
                }
                Step::Trash { .. } => Operation::trash(ID, item, NOW),
                Step::Restore { .. } => Operation::restore(ID, NOW),
                Step::Purge { .. } => Operation::purge(ID, item, NOW),
                Step::Sync { .. } => {
                    sync(device, &mut server, &mut purged);
                    continue;
                }
            };
            device.pending.push(operation.encode().to_vec());
            device.shown = replay(&device.pulled, &device.pending, &mut vec![]);
        }
        for _ in 0..2 {
            for device in &mut devices {
                sync(device, &mut server, &mut purged);
            }
        }

        for device in &devices {
            prop_assert_eq!(&device.shown, &server);
        }
        let held: Vec<_> = purged.iter().map(|bytes| bytes.as_slice()).chain([server.as_slice()]).collect();
        for (field, value) in typed {
            let is_held = held.iter().any(|body| holds(body, field, &value));
            let is_back = handed_back.iter().any(|(f, v)| *f == field && *v == *value);
            let was_seen = replaced.contains(&(field, value.to_vec()));
            prop_assert!(is_held || is_back || was_seen, "{:?} was lost", field);
        }
    }
}

/// The value that an edit takes the place of, if its author saw that very value.
fn replaced_by(operation: &[u8], before: &Body) -> Option<(Field, Vec<u8>)> {
    let Action::Set(set) = Operation::decode(operation).unwrap().action else { return None };
    let fields = before.item()?.to_fields();
    let current = fields.raw(set.field.key())?;
    (value_hash(Some(current)) == set.replaces).then(|| (set.field, current.to_vec()))
}

fn holds(body: &[u8], field: Field, value: &Value) -> bool {
    let body = Body::decode(body).unwrap();
    body.item().is_some_and(|item| {
        item.to_fields().raw(field.key()) == Some(value) || item.history.iter().any(|old| old.is(field.key(), value))
    })
}

#[test]
fn fields_fit_the_kinds_that_the_specification_gives_them() {
    for field in Field::ALL {
        assert!(!field.is_of(Kind::Unknown(99)) && !field.is_of(Kind::Usage), "{field:?}");
    }
}
