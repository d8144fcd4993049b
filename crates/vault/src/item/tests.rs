#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
use roamkey_proto::{DeviceId, ItemId};

use super::*;
use crate::{Change, Operation, SecretBytes, SecretText, apply};

const ID: ItemId = ItemId::new([1; 16]);
const NOW: Time = Time(1_000);

fn passkey() -> Content {
    Content::Passkey(Passkey {
        rp_id: "example.com".to_owned(),
        credential_id: vec![1; 16],
        user_handle: Some(vec![2; 8]),
        user_name: Some("ada".to_owned()),
        display_name: Some("Ada".to_owned()),
        cose_key: SecretBytes::new(vec![3; 77]),
        prf_seeds: Some(PrfSeeds::new(&[4; 32], &[5; 32])),
        cred_blob: Some(SecretBytes::new(vec![6; 32])),
        large_blob: None,
        large_blob_key: Some(SecretBytes::new(vec![8; 32])),
        flags: PasskeyFlags::BACKUP_ELIGIBLE.with(PasskeyFlags::DISCOVERABLE),
    })
}

fn login() -> Content {
    Content::Login(Login {
        title: "Example".to_owned(),
        sites: vec!["example.com".to_owned()],
        username: Some("ada".to_owned()),
        password: Some(SecretText::new("hunter2".to_owned())),
        notes: None,
        totp: Some(SecretText::new("otpauth://totp/x?secret=ABC".to_owned())),
        tags: vec!["work".to_owned()],
        fields: vec![CustomField {
            label: "PIN".to_owned(),
            value: SecretText::new("1234".to_owned()),
            kind: FieldKind::Hidden,
        }],
    })
}

fn every_kind() -> Vec<Content> {
    vec![
        passkey(),
        login(),
        Content::Note(Note { title: "n".to_owned(), text: SecretText::new("t".to_owned()), ..Note::default() }),
        Content::DeviceProfile(DeviceProfile {
            device: DeviceId::new([7; 32]),
            name: "laptop".to_owned(),
            platform: "Linux".to_owned(),
        }),
        Content::Usage(Usage {
            device: DeviceId::new([7; 32]),
            uses: vec![Use { time: NOW, site: "example.com".to_owned(), verification: Verification::Platform }],
        }),
        Content::Setting(Setting { name: "verify".to_owned(), value: "always".to_owned() }),
        Content::SiteRule(SiteRule { site: "example.com".to_owned(), rule: Rule::Leave }),
    ]
}

fn body(content: Content) -> Body {
    Body::Item(Box::new(Item::new(content, NOW)))
}

/// A login as a newer version might write it: a field more in the body.
fn from_the_future() -> Vec<u8> {
    let mut fields = Fields::decode(&body(login()).encode()).unwrap();
    // {1: "new", 2: [true, null]}
    fields.replace(200, Some(Zeroizing::new(vec![0xa2, 1, 0x63, b'n', b'e', b'w', 2, 0x82, 0xf5, 0xf6])));
    fields.encode().to_vec()
}

#[test]
fn every_kind_reads_back_as_it_was_written() {
    for content in every_kind() {
        let kind = content.kind();
        let bytes = body(content).encode();
        let read = Body::decode(&bytes).unwrap();
        assert_eq!(read.item().unwrap().kind(), kind);
        assert_eq!(read.encode(), bytes);
    }
}

#[test]
fn a_passkey_keeps_all_that_signing_needs() {
    let read = Body::decode(&body(passkey()).encode()).unwrap();
    let Content::Passkey(passkey) = &read.item().unwrap().content else { unreachable!() };
    assert_eq!(passkey.rp_id, "example.com");
    assert_eq!(passkey.credential_id, [1; 16]);
    assert_eq!(passkey.cose_key.expose(), [3; 77]);
    let seeds = passkey.prf_seeds.as_ref().unwrap();
    assert_eq!((seeds.expose_verified(), seeds.expose_unverified()), (&[4; 32], &[5; 32]));
    assert_eq!(passkey.large_blob_key.as_ref().unwrap().expose(), [8; 32]);
    assert!(passkey.flags.has(PasskeyFlags::DISCOVERABLE));
    assert!(!passkey.flags.has(PasskeyFlags::HIDDEN));
}

#[test]
fn fields_of_a_newer_version_survive_an_edit_byte_for_byte() {
    let bytes = from_the_future();
    let read = Body::decode(&bytes).unwrap();
    assert_eq!(*read.encode(), bytes);
    let change = Change::Title("Renamed".to_owned());
    let edited = apply(Some(&read), &Operation::set(ID, read.item().unwrap(), &change, NOW)).unwrap();
    let edited = edited.into_body().unwrap().encode();
    assert_eq!(Fields::decode(&edited).unwrap().raw(200), Fields::decode(&bytes).unwrap().raw(200));
}

#[test]
fn a_kind_of_a_newer_version_survives_the_trash_byte_for_byte() {
    // {0: 99, 1: 1000, 50: [1, 2]}
    let bytes = [0xa3, 0, 0x18, 99, 1, 0x19, 0x03, 0xe8, 0x18, 50, 0x82, 1, 2];
    let read = Body::decode(&bytes).unwrap();
    let item = read.item().unwrap();
    assert_eq!(item.kind(), Kind::Unknown(99));
    let trashed = apply(Some(&read), &Operation::trash(ID, item, NOW)).unwrap().into_body().unwrap();
    let restored = apply(Some(&trashed), &Operation::restore(ID, NOW)).unwrap().into_body().unwrap();
    assert_eq!(*restored.encode(), bytes);
}

#[test]
fn a_tombstone_is_empty() {
    assert_eq!(*Body::Tombstone.encode(), [0xa1, 0, 0]);
    assert!(matches!(Body::decode(&[0xa1, 0, 0]).unwrap(), Body::Tombstone));
    assert!(Body::decode(&[0xa2, 0, 0, 1, 1]).is_err(), "nothing hides in one");
}

#[test]
fn a_body_has_one_form() {
    let good = body(login()).encode().to_vec();
    let mut trailing = good.clone();
    trailing.push(0);
    // Key 0 in two bytes, key 0 twice, keys out of order, indefinite length, no kind, no map.
    let bad: [&[u8]; 7] = [
        &trailing,
        &[0xa1, 0x18, 0, 0],
        &[0xa2, 0, 0, 0, 0],
        &[0xa2, 1, 1, 0, 0],
        &[0xbf, 0, 0, 0xff],
        &[0xa1, 1, 1],
        &[0x80],
    ];
    for bytes in bad {
        assert!(Body::decode(bytes).is_err(), "{bytes:?}");
    }
    for length in 0..good.len() {
        assert!(Body::decode(&good[..length]).is_err());
    }
}

#[test]
fn a_body_over_the_limit_is_refused_before_it_is_read() {
    let limit = BODY_BYTES;
    assert_eq!(Body::decode(&vec![0; limit + 1]).unwrap_err(), DecodeError::TooLong { limit });
}

#[test]
fn a_known_value_in_long_form_is_refused() {
    // {0: 3, 1: 1 in two bytes, 17: "", 23: ""}
    let bytes = [0xa4, 0, 3, 1, 0x18, 1, 0x11, 0x60, 0x17, 0x60];
    assert_eq!(Body::decode(&bytes).unwrap_err(), DecodeError::NonCanonical);
}

#[test]
fn nothing_of_an_item_shows_when_it_is_printed() {
    let shown = format!("{:?}", body(login()));
    assert!(shown.contains("Login(redacted)"), "{shown}");
    assert!(!shown.contains("hunter2") && !shown.contains("example"), "{shown}");
    let shown = format!("{:?}", body(passkey()));
    assert!(!shown.contains("example") && !shown.contains("ada"), "{shown}");
}

#[test]
fn unknown_flags_are_kept() {
    let flags: PasskeyFlags = minicbor::decode(&[0x19, 0x80, 0x01]).unwrap();
    assert_eq!(minicbor::to_vec(flags.with(PasskeyFlags::HIDDEN)).unwrap(), [0x19, 0x80, 0x09]);
    assert_eq!(flags.with(PasskeyFlags::HIDDEN).without(PasskeyFlags::HIDDEN), flags);
}
