#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use roamkey_proto::{DeviceId, ItemId, Time};

use super::{Exposed, Marks, Progress, Secret, Written, mark, report};
use crate::{
    Body, Change, Content, Item, Operation, SecretBytes, SecretText, apply,
    item::{Login, Note, Passkey, PasskeyFlags},
};

const LOST: DeviceId = DeviceId::new([7; 32]);
const GONE: Time = Time(1_000);

fn id(number: u8) -> ItemId {
    ItemId::new([number; 16])
}

fn secret(text: &str) -> Option<SecretText> {
    Some(SecretText::new(text.to_owned()))
}

fn login(created: u64) -> Item {
    let login = Login {
        title: "Mail".into(),
        sites: vec!["https://mail.example/login?x".into()],
        username: Some("ada".into()),
        password: secret("old"),
        ..Login::default()
    };
    Item::new(Content::Login(login), Time(created))
}

fn passkey(created: u64) -> Item {
    let passkey = Passkey {
        rp_id: "bank.example".into(),
        credential_id: vec![1; 16],
        user_handle: None,
        user_name: Some("ada".into()),
        display_name: None,
        cose_key: SecretBytes::new(vec![2; 32]),
        prf_seeds: None,
        cred_blob: None,
        large_blob: None,
        large_blob_key: None,
        flags: PasskeyFlags::default(),
    };
    Item::new(Content::Passkey(passkey), Time(created))
}

fn changed(item: Item, operation: impl FnOnce(&Item) -> Operation) -> Item {
    let operation = operation(&item);
    let body = apply(Some(&Body::Item(Box::new(item))), &operation).unwrap().into_body();
    let Some(Body::Item(item)) = body else { panic!("still there") };
    *item
}

/// It was there, and has been edited since.
const EDITED: Written = Written { is_new: false, is_edited: true };

fn one(item: &Item, marks: &Marks) -> Vec<Exposed> {
    report(LOST, GONE, [(id(1), item)], |_| EDITED, marks)
}

fn progress(item: &Item) -> Progress {
    let [exposed] = &one(item, &Marks::new())[..] else { panic!("one entry") };
    exposed.progress
}

#[test]
fn what_was_there_when_the_device_went_is_open_and_says_where_it_is_replaced() {
    let [key] = &one(&passkey(999), &Marks::new())[..] else { panic!("one entry") };
    assert_eq!((key.kind, key.progress), (Secret::Passkey, Progress::Open));
    assert_eq!(key.replace_at.as_deref(), Some("https://bank.example/.well-known/passkey-endpoints"));
    let [password] = &one(&login(999), &Marks::new())[..] else { panic!("one entry") };
    assert_eq!((password.kind, password.progress), (Secret::Password, Progress::Open));
    assert_eq!(password.replace_at.as_deref(), Some("https://mail.example/.well-known/change-password"));
}

#[test]
fn what_was_made_later_was_never_exposed_whatever_its_time_says() {
    let new = |_| Written { is_new: true, is_edited: false };
    assert!(report(LOST, GONE, [(id(1), &passkey(1))], new, &Marks::new()).is_empty());
}

#[test]
fn a_device_about_to_be_lost_hides_nothing_by_a_clock_that_is_ahead() {
    let untouched = |_| Written { is_new: false, is_edited: false };
    let thrown = changed(passkey(1_001), |seen| Operation::trash(id(1), seen, Time(1_001)));
    let set = |seen: &Item| Operation::set(id(1), seen, &Change::Password(secret("new")), Time(1_001));
    for item in [passkey(1_001), login(1_001), thrown, changed(login(1), set)] {
        let report = report(LOST, GONE, [(id(1), &item)], untouched, &Marks::new());
        assert_eq!(report.first().map(|exposed| exposed.progress), Some(Progress::Open));
    }
}

#[test]
fn a_password_changed_since_is_replaced_and_one_changed_before_is_not() {
    let set = |at| move |seen: &Item| Operation::set(id(1), seen, &Change::Password(secret("new")), Time(at));
    assert_eq!(progress(&changed(login(1), set(1_001))), Progress::Replaced);
    assert_eq!(progress(&changed(login(1), set(999))), Progress::Open);
    // Another field is another matter.
    let notes = |seen: &Item| Operation::set(id(1), seen, &Change::Notes(secret("n")), Time(1_001));
    assert_eq!(progress(&changed(login(1), notes)), Progress::Open);
    // A password that was taken away had been there.
    let away = |seen: &Item| Operation::set(id(1), seen, &Change::Password(None), Time(1_001));
    assert_eq!(progress(&changed(login(1), away)), Progress::Replaced);
}

#[test]
fn a_passkey_in_the_trash_since_is_replaced_and_one_that_lay_there_is_open() {
    assert_eq!(progress(&changed(passkey(1), |seen| Operation::trash(id(1), seen, Time(1_001)))), Progress::Replaced);
    assert_eq!(progress(&changed(passkey(1), |seen| Operation::trash(id(1), seen, Time(999)))), Progress::Open);
}

#[test]
fn a_mark_of_the_person_counts_for_one_loss_one_item_and_one_secret() {
    let marked = |lost, item, kind| Marks::from([mark(lost, item, kind)]);
    let progress = |marks: &Marks| one(&passkey(1), marks).first().unwrap().progress;
    assert_eq!(progress(&marked(LOST, id(1), Secret::Passkey)), Progress::Marked);
    assert_eq!(progress(&marked(DeviceId::new([8; 32]), id(1), Secret::Passkey)), Progress::Open);
    assert_eq!(progress(&marked(LOST, id(2), Secret::Passkey)), Progress::Open);
    assert_eq!(progress(&marked(LOST, id(1), Secret::Password)), Progress::Open);
}

#[test]
fn the_report_lists_what_is_open_first_and_each_secret_of_an_item() {
    let mut both = login(1);
    let Content::Login(content) = &mut both.content else { panic!("a login") };
    content.totp = secret("otpauth://totp/x");
    let note = Item::new(
        Content::Note(Note { title: "PIN".into(), text: SecretText::new("1".into()), ..Note::default() }),
        Time(1),
    );
    let gone = changed(passkey(1), |seen| Operation::trash(id(2), seen, Time(1_001)));
    let items = [(id(2), &gone), (id(1), &both), (id(3), &note)];
    let kinds: Vec<_> =
        report(LOST, GONE, items, |_| EDITED, &Marks::new()).iter().map(|e| (e.progress, e.kind)).collect();
    assert_eq!(
        kinds,
        [
            (Progress::Open, Secret::Password),
            (Progress::Open, Secret::OneTimeCodes),
            (Progress::Open, Secret::Note),
            (Progress::Replaced, Secret::Passkey),
        ]
    );
}

#[test]
fn what_a_person_typed_as_a_site_becomes_no_address_unless_it_is_a_host() {
    for site in ["", "my bank", "javascript:alert(1)", "a.example@evil.example", "http://x.example"] {
        let mut item = login(1);
        let Content::Login(content) = &mut item.content else { panic!("a login") };
        content.sites = vec![site.to_owned()];
        let [exposed] = &one(&item, &Marks::new())[..] else { panic!("one entry") };
        assert_eq!(exposed.replace_at, None, "{site}");
    }
}
