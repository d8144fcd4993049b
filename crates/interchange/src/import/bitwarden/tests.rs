#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
use aes::Aes256;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use cbc::cipher::{BlockModeEncrypt as _, KeyIvInit as _, block_padding::Pkcs7};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha2::Sha256;

use super::*;

fn document() -> Value {
    json!({
        "encrypted": false,
        "folders": [{ "id": "f1", "name": "Work" }],
        "items": [{
            "passwordHistory": [
                { "lastUsedDate": "2026-02-01T00:00:00.000Z", "password": "newer" },
                { "lastUsedDate": "2026-01-01T00:00:00.000Z", "password": "older" },
            ],
            "revisionDate": "2026-03-01T00:00:00.000Z",
            "creationDate": "2026-01-01T00:00:00.000Z",
            "deletedDate": null,
            "id": "11111111-2222-3333-4444-555555555555",
            "organizationId": null,
            "folderId": "f1",
            "type": 1,
            "reprompt": 0,
            "name": "X",
            "notes": "remark",
            "favorite": true,
            "fields": [
                { "name": "shown", "value": "1", "type": 0, "linkedId": null },
                { "name": "hidden", "value": "2", "type": 1, "linkedId": null },
            ],
            "login": {
                "fido2Credentials": [{
                    "credentialId": "00112233-4455-6677-8899-aabbccddeeff",
                    "keyType": "public-key", "keyAlgorithm": "ECDSA", "keyCurve": "P-256",
                    "keyValue": "AAEC", "rpId": "x.example", "userHandle": "_-8",
                    "userName": "ada", "counter": "7", "rpName": "X", "userDisplayName": "Ada",
                    "discoverable": "true", "creationDate": "2026-01-02T00:00:00.000Z",
                }],
                "uris": [{ "match": null, "uri": "https://x.example" }, { "match": 3, "uri": "https://y.example" }],
                "username": "ada", "password": "secret", "totp": "GEZDGNBV",
            },
            "collectionIds": null,
        }, {
            "type": 3, "id": "2", "name": "Visa", "notes": null,
            "card": { "cardholderName": "Ada", "brand": null, "number": "4242", "expMonth": "1", "expYear": "2030", "code": "123" },
        }, {
            "type": 2, "id": "3", "name": "Note", "notes": "text", "secureNote": { "type": 0 },
            "attachments": [{ "fileName": "a" }],
        }],
    })
}

fn import(document: &Value) -> Import {
    crate::import::read(document.to_string().as_bytes(), None).unwrap()
}

#[test]
fn a_login_comes_with_all_that_belongs_to_it() {
    let import = import(&document());
    assert_eq!((import.format, import.entries.len(), import.refused.len()), (Format::BitwardenJson, 4, 0));
    let entry = &import.entries[0];
    let Foreign::Login(login) = &entry.content else { unreachable!() };
    assert_eq!((login.title.as_str(), login.username.as_deref()), ("X", Some("ada")));
    assert_eq!(login.sites, ["https://x.example", "https://y.example"]);
    assert_eq!(login.password.as_ref().unwrap().expose(), "secret");
    assert_eq!(login.totp.as_ref().unwrap().expose(), "otpauth://totp/X:ada?secret=GEZDGNBV&issuer=X");
    assert_eq!(login.tags, ["Work"]);
    let fields: Vec<_> = login.fields.iter().map(|field| (field.label.as_str(), field.kind)).collect();
    assert_eq!(fields, [("shown", FieldKind::Text), ("hidden", FieldKind::Hidden)]);
    let old: Vec<_> = entry.old_passwords.iter().map(|(password, _)| password.expose()).collect();
    assert_eq!(old, ["older", "newer"]);
    let rest: Value = serde_json::from_str(entry.rest.as_ref().unwrap().expose()).unwrap();
    let kept =
        json!({ "favorite": true, "reprompt": 0, "login": { "uris": [{ "uri": "https://y.example", "match": 3 }] } });
    assert_eq!(rest, kept);
}

#[test]
fn a_passkey_is_an_item_of_its_own() {
    let import = import(&document());
    let entry = &import.entries[1];
    let Foreign::Passkey(passkey) = &entry.content else { unreachable!() };
    let id = [0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff];
    assert_eq!((passkey.rp_id.as_str(), passkey.credential_id.as_slice()), ("x.example", &id[..]));
    assert_eq!((passkey.key.expose(), passkey.user_handle.as_deref()), (&[0, 1, 2][..], Some(&[0xff, 0xef][..])));
    assert!(passkey.is_discoverable);
    assert_eq!((entry.name.as_str(), entry.part), ("11111111-2222-3333-4444-555555555555", 1));
    let reasons: Vec<_> = entry.notices.iter().map(|notice| notice.reason).collect();
    assert_eq!(reasons, [Reason::NoPrfSecrets, Reason::Counter]);
}

#[test]
fn what_is_no_login_is_a_note_with_fields() {
    let import = import(&document());
    let Foreign::Note(card) = &import.entries[2].content else { unreachable!() };
    let fields: Vec<_> = card.fields.iter().map(|field| (field.label.as_str(), field.kind)).collect();
    assert!(fields.contains(&("number", FieldKind::Hidden)) && fields.contains(&("cardholderName", FieldKind::Text)));
    assert!(import.entries[3].notices.iter().any(|notice| notice.reason == Reason::Attachment));
}

#[test]
fn a_broken_item_is_refused_by_its_place_and_the_others_are_not() {
    let mut document = document();
    document["items"][0]["login"]["fido2Credentials"][0]["credentialId"] = "none".into();
    document["items"][2] = json!(1);
    let import = import(&document);
    assert_eq!(
        import.refused,
        [
            Refused { place: Place::Item(1), reason: Reason::Unreadable },
            Refused { place: Place::Item(3), reason: Reason::Unreadable },
        ]
    );
    assert_eq!(import.entries.len(), 2);
}

/// Encrypts a document as Bitwarden does.
fn encrypted(kdf: Value, stretched: &[u8]) -> Value {
    let expand = Hkdf::<Sha256>::from_prk(stretched).unwrap();
    let (mut cipher, mut mac) = ([0; 32], [0; 32]);
    expand.expand(b"enc", &mut cipher).unwrap();
    expand.expand(b"mac", &mut mac).unwrap();
    let seal = |text: &str| {
        let iv = [9; 16];
        let ciphertext =
            cbc::Encryptor::<Aes256>::new(&cipher.into(), &iv.into()).encrypt_padded_vec::<Pkcs7>(text.as_bytes());
        let tag = Hmac::<Sha256>::new_from_slice(&mac).unwrap().chain_update(iv).chain_update(&ciphertext).finalize();
        let parts = [&iv[..], &ciphertext, &tag.into_bytes()].map(|part| STANDARD.encode(part));
        format!("2.{}", parts.join("|"))
    };
    let mut file = json!({
        "encrypted": true, "passwordProtected": true, "salt": SALT,
        "encKeyValidation_DO_NOT_EDIT": seal("a1b2"), "data": seal(&document().to_string()),
    });
    file.as_object_mut().unwrap().extend(kdf.as_object().unwrap().clone());
    file
}

fn under_pbkdf2() -> Value {
    let mut key = [0; 32];
    pbkdf2::pbkdf2_hmac::<Sha256>(b"passphrase", SALT.as_bytes(), 5_000, &mut key);
    encrypted(json!({ "kdfType": 0, "kdfIterations": 5_000 }), &key)
}

#[test]
fn an_encrypted_file_opens_with_its_passphrase_alone() {
    let mut argon = [0; 32];
    let params = argon2::Params::new(16 * 1024, 2, 1, Some(32)).unwrap();
    argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
        .hash_password_into(b"passphrase", &<Sha256 as sha2::Digest>::digest(SALT), &mut argon)
        .unwrap();
    let kdf = json!({ "kdfType": 1, "kdfIterations": 2, "kdfMemory": 16, "kdfParallelism": 1 });
    for file in [under_pbkdf2(), encrypted(kdf, &argon)] {
        let text = file.to_string();
        let read = |secret| crate::import::read(text.as_bytes(), secret);
        assert_eq!(read(Some("passphrase")).unwrap().entries.len(), 4);
        assert_eq!(read(Some("other")).unwrap_err(), ImportError::WrongSecret);
        assert_eq!(read(None).unwrap_err(), ImportError::NeedsSecret);
    }
}

#[test]
fn a_file_cannot_ask_for_any_amount_of_work() {
    for costs in [
        json!({ "kdfIterations": 4_000_000_000_u64 }),
        json!({ "kdfIterations": 10_000_000_000_u64 }),
        json!({ "kdfType": 1, "kdfIterations": 3, "kdfMemory": 4_000_000, "kdfParallelism": 1 }),
        json!({ "kdfType": 1, "kdfIterations": 100, "kdfMemory": 1024, "kdfParallelism": 1 }),
        json!({ "kdfType": 1, "kdfIterations": 3, "kdfMemory": 4_294_967_295_u64, "kdfParallelism": 1 }),
    ] {
        let mut file = under_pbkdf2();
        file.as_object_mut().unwrap().extend(costs.as_object().unwrap().clone());
        let error = crate::import::read(file.to_string().as_bytes(), Some("passphrase")).unwrap_err();
        assert_eq!(error, ImportError::TooCostly, "{costs}");
    }
}

#[test]
fn a_file_for_an_account_says_so() {
    let file = json!({ "encrypted": true, "items": [], "encKeyValidation_DO_NOT_EDIT": "2.a|b|c" });
    let error = crate::import::read(file.to_string().as_bytes(), None).unwrap_err();
    assert_eq!(error, ImportError::OnlyForAccount(Format::BitwardenJson));
}

const SALT: &str = "c2FsdHNhbHRzYWx0c2FsdA==";
