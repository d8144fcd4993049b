#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
use std::{env, fs, path::Path};

use roamkey_proto::{DeviceId, Time};

use super::*;
use crate::{
    Change, Content, Item, SecretBytes, SecretText,
    item::{
        CustomField, DeviceProfile, FieldKind, ImportId, Login, Note, Origin, Passkey, PasskeyFlags, PrfSeeds, Rule,
        Setting, SiteRule, Usage, Use, Verification,
    },
};

/// Set `ROAMKEY_VECTORS=write` to write the files anew: only for a new version of a format.
#[test]
fn vectors_are_frozen() {
    let files = [
        ("vault-bodies.json", json("spec/vault.md: bodies of records.", bodies())),
        ("vault-merge.json", json("spec/vault.md: operations, and what they make of a body.", merges())),
        ("vault-merkle.json", json("spec/merkle.md: records and their root.", roots())),
    ];
    for (name, made) in files {
        assert_frozen(name, &made);
    }
}

#[expect(clippy::disallowed_methods, reason = "frozen vectors are files")]
fn assert_frozen(name: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors").join(name);
    if env::var("ROAMKEY_VECTORS").is_ok_and(|mode| mode == "write") {
        fs::write(&path, made).unwrap();
    }
    let frozen = fs::read_to_string(&path).unwrap();
    assert!(made == frozen, "{name} is not what this build makes: a format has changed");
    assert!(check(name, &frozen).unwrap() > 0);
}

#[test]
fn a_vector_that_does_not_hold_is_told() {
    let mut cases = roots();
    cases.first_mut().unwrap().count = 99;
    assert!(check("vault-merkle.json", &json("", cases)).is_err());
    assert!(check("unknown.json", "{}").is_err());
    assert!(check("vault-bodies.json", "{").is_err());
}

fn json<T: Serialize>(about: &str, cases: Vec<T>) -> String {
    let mut json = serde_json::to_string_pretty(&File { about: about.to_owned(), cases }).unwrap();
    json.push('\n');
    json
}

const ID: ItemId = ItemId::new([0xe1; 16]);
const NOW: Time = Time(1_700_000_000_000);

fn item(content: Content) -> Item {
    Item::new(content, NOW)
}

fn note() -> Item {
    item(Content::Note(Note { title: "a".to_owned(), text: SecretText::new("text".to_owned()), ..Note::default() }))
}

fn passkey() -> Content {
    Content::Passkey(Passkey {
        rp_id: "example.com".to_owned(),
        credential_id: vec![1; 16],
        user_handle: Some(vec![2; 8]),
        user_name: Some("ada".to_owned()),
        display_name: Some("Ada".to_owned()),
        cose_key: SecretBytes::new(vec![3; 32]),
        prf_seeds: Some(PrfSeeds::new(&[4; 32], &[5; 32])),
        cred_blob: Some(SecretBytes::new(vec![6; 4])),
        large_blob: Some(SecretBytes::new(vec![7; 4])),
        large_blob_key: None,
        flags: PasskeyFlags::BACKUP_ELIGIBLE.with(PasskeyFlags::DISCOVERABLE),
    })
}

/// One that a site must name, with a key of every other field's kind: RS256, whose key is the longest.
fn unlisted_passkey() -> Content {
    Content::Passkey(Passkey {
        rp_id: "example.com".to_owned(),
        credential_id: vec![9; 64],
        user_handle: None,
        user_name: None,
        display_name: None,
        cose_key: SecretBytes::new([&b"\xa4\x01\x03\x03\x39\x01\x00\x23\x58\x80"[..], &[3; 259]].concat()),
        prf_seeds: Some(PrfSeeds::new(&[4; 32], &[5; 32])),
        cred_blob: None,
        large_blob: None,
        large_blob_key: Some(SecretBytes::new(vec![8; 32])),
        flags: PasskeyFlags::THIRD_PARTY_PAYMENT.with(PasskeyFlags::PROTECT_ALWAYS),
    })
}

fn login() -> Content {
    let secret = |text: &str| Some(SecretText::new(text.to_owned()));
    Content::Login(Login {
        title: "Example".to_owned(),
        sites: vec!["example.com".to_owned()],
        username: Some("ada".to_owned()),
        password: secret("hunter2"),
        notes: secret("notes"),
        totp: secret("otpauth://totp/x?secret=ABC"),
        ..Login::default()
    })
}

fn tagged_login() -> Content {
    let field = |label: &str, value: &str, kind| CustomField {
        label: label.to_owned(),
        value: SecretText::new(value.to_owned()),
        kind,
    };
    Content::Login(Login {
        title: "Example".to_owned(),
        tags: vec!["work".to_owned(), "mail".to_owned()],
        fields: vec![field("office", "4.2", FieldKind::Text), field("PIN", "1234", FieldKind::Hidden)],
        ..Login::default()
    })
}

/// As an import makes it: the second part of an item that holds what this vault does not understand.
fn imported() -> Item {
    let origin = Origin {
        import: ImportId::new(NOW, [0x1f; 10]),
        format: "cxf".to_owned(),
        name: "aXRlbQ".to_owned(),
        part: 1,
        rest: Some(SecretText::new(r#"{"favorite":true}"#.to_owned())),
    };
    let mut item = note();
    item.origin = Some(origin);
    item
}

fn bodies() -> Vec<BodyCase> {
    let device = DeviceId::new([8; 32]);
    let profile = DeviceProfile { device, name: "laptop".to_owned(), platform: "Linux".to_owned() };
    let uses = vec![Use { time: NOW, site: "example.com".to_owned(), verification: Verification::Platform }];
    let text = str::to_owned;
    let good = [
        ("a passkey", passkey()),
        ("a passkey of this device that a site must name", unlisted_passkey()),
        ("a login", login()),
        ("a login with tags and fields", tagged_login()),
        ("a note", Content::Note(Note { title: text("a"), text: SecretText::new(text("text")), ..Note::default() })),
        ("a device profile", Content::DeviceProfile(profile)),
        ("usage", Content::Usage(Usage { device, uses })),
        ("a setting", Content::Setting(Setting { name: text("verify"), value: text("always") })),
        ("a site rule", Content::SiteRule(SiteRule { site: text("example.com"), rule: Rule::Leave })),
    ];
    let mut cases: Vec<_> = good
        .into_iter()
        .map(|(name, content)| {
            let kind = Some(content.kind().number());
            BodyCase { name: name.to_owned(), bytes: hex::encode(item(content).to_fields().encode()), kind }
        })
        .collect();
    let bytes = hex::encode(imported().to_fields().encode());
    cases.push(BodyCase { name: "an imported note".to_owned(), bytes, kind: Some(3) });
    let raw = [
        ("a tombstone", "a10000", Some(0)),
        ("a kind of a newer version", "a300186301190 3e818328201 02", Some(99)),
        ("a note with a field of a newer version", "a50003010111601760 18c8a101f5", Some(3)),
        ("a tombstone that hides something", "a200000101", None),
        ("a key twice", "a200000000", None),
        ("keys out of order", "a201010000", None),
        ("a key in long form", "a1180000", None),
        ("a known value in long form", "a40003011801 11601760", None),
        ("no end given", "bf0000ff", None),
        ("bytes behind it", "a1000000", None),
        ("a note without text", "a3000301011160", None),
        ("a note with a list of no tags", "a500030101116017 60181c80", None),
        ("a note with an origin that is none", "a50003010104a0116017 60", None),
        ("a title that is a number", "a400030101110717 60", None),
    ];
    cases.extend(raw.map(|(name, bytes, kind)| BodyCase {
        name: name.to_owned(),
        bytes: bytes.replace(' ', ""),
        kind,
    }));
    cases
}

fn merges() -> Vec<MergeCase> {
    let edit = |seen: &Item, title: &str| Operation::set(ID, seen, &Change::Title(title.to_owned()), NOW);
    let body = |item: Item| Body::Item(Box::new(item));
    let after = |before: &Body, operation: &Operation| apply(Some(before), operation).unwrap().into_body().unwrap();
    let seen = body(note());
    let edited = after(&seen, &edit(&note(), "b"));
    let trashed = after(&seen, &Operation::trash(ID, &note(), NOW));
    let case = |name: &str, body: Option<&Body>, operation: Operation| {
        let (outcome, result) = summed_up(body, &operation);
        MergeCase {
            name: name.to_owned(),
            body: body.map(|body| hex::encode(body.encode())),
            operation: hex::encode(operation.encode()),
            outcome: outcome.to_owned(),
            result,
        }
    };
    vec![
        case("an item is made", None, Operation::create(ID, note())),
        case("an item is made again", Some(&seen), Operation::create(ID, note())),
        case("an item is made again after an edit", Some(&edited), Operation::create(ID, note())),
        case("an edit", Some(&seen), edit(&note(), "b")),
        case("the same edit again", Some(&edited), edit(&note(), "b")),
        case("an edit that comes too late", Some(&edited), edit(&note(), "c")),
        case("the trash", Some(&seen), Operation::trash(ID, &note(), NOW)),
        case("the trash for what was edited meanwhile", Some(&edited), Operation::trash(ID, &note(), NOW)),
        case("an edit of what is in the trash", Some(&trashed), edit(&note(), "b")),
        case("out of the trash", Some(&trashed), Operation::restore(ID, NOW)),
        case("a purge", Some(&trashed), Operation::purge(ID, &note(), NOW)),
        case("a purge of what was edited meanwhile", Some(&edited), Operation::purge(ID, &note(), NOW)),
        case("an edit of what was purged", Some(&Body::Tombstone), edit(&note(), "b")),
        case(
            "a field of another kind",
            Some(&seen),
            Operation::set(ID, &note(), &Change::Password(Some(SecretText::new("p".to_owned()))), NOW),
        ),
        case("an edit of what was never made", None, edit(&note(), "b")),
    ]
}

fn roots() -> Vec<MerkleCase> {
    let case = |name: &str, count: u8| {
        let records = (0..count).map(|n| (ItemId::new([n; 16]).to_string(), RecordHash::new([n; 32]).to_string()));
        let mut pages: BTreeMap<u8, Vec<_>> = BTreeMap::new();
        for n in 0..count {
            let item = ItemId::new([n; 16]);
            pages.entry(page_of(item)).or_default().push((item, RecordHash::new([n; 32])));
        }
        let mut summary = Summary::empty();
        for (page, records) in pages {
            summary.set(page, Subtree::of_page(page, records).unwrap());
        }
        MerkleCase {
            name: name.to_owned(),
            records: records.collect(),
            count: summary.count(),
            root: summary.root().to_string(),
        }
    };
    vec![case("none", 0), case("one", 1), case("two", 2), case("a hundred", 100)]
}
