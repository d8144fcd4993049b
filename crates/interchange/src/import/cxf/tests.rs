#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
use roamkey_proto::{ItemId, Time};
use roamkey_vault::{
    Content, Item, SecretBytes,
    item::{ImportId, Origin, Passkey, PasskeyFlags},
};
use serde_json::json;
use zeroize::Zeroizing;

use super::*;
use crate::export::{self, Outgoing, PortableKey, Target, Written};

/// A document with every way that an item can be made.
pub(crate) fn document() -> Value {
    json!({
        "version": { "major": 1, "minor": 0 },
        "exporterRpId": "other.example",
        "exporterDisplayName": "Other",
        "timestamp": 1_700_000_000,
        "accounts": [{
            "id": "YWNjb3VudA", "username": "ada", "email": "ada@x.example",
            "collections": [{
                "id": "YzE", "title": "Work", "creationAt": 1, "items": [{ "item": "aTE" }],
                "subCollections": [{ "id": "YzI", "title": "Mail", "items": [{ "item": "aTE" }, { "item": "aTI" }] }],
            }],
            "items": [logins_item(), card_item(), passkey_item(), two_logins_item()],
        }],
    })
}

fn logins_item() -> Value {
    json!({
        "id": "aTE", "creationAt": 1_690_000_000, "modifiedAt": 1_690_000_001, "title": "X", "subtitle": "sub",
        "favorite": true, "tags": ["a", "b"],
        "scope": { "urls": ["https://x.example/login"], "androidApps": [{ "bundleId": "x.example" }] },
        "extensions": [{ "name": "shared", "accessors": [] }],
        "credentials": [
            {
                "type": "basic-auth",
                "username": { "id": "dTE", "fieldType": "string", "value": "ada" },
                "password": { "fieldType": "concealed-string", "value": "secret", "label": "Password" },
            },
            { "type": "totp", "secret": "GEZDGNBV", "algorithm": "sha256", "digits": 8, "period": 60, "username": "ada", "issuer": "X" },
            { "type": "note", "content": { "fieldType": "string", "value": "remark" } },
            passkey(),
            { "type": "custom-fields", "id": "Zg", "label": "More", "fields": [
                { "id": "ZjE", "fieldType": "string", "value": "1", "label": "one" },
                { "fieldType": "concealed-string", "value": "2", "label": "two" },
            ] },
            { "type": "file", "id": "ZmlsZQ", "name": "a.txt", "decryptedSize": 1, "integrityHash": "AA" },
        ],
    })
}

fn passkey() -> Value {
    json!({
        "type": "passkey", "credentialId": "AAECAw", "rpId": "x.example", "username": "ada",
        "userDisplayName": "Ada", "userHandle": "_w", "key": "a2V5", "unknown": 1,
        "fido2Extensions": {
            "hmacCredentials": {
                "algorithm": "hmac-sha256",
                "credWithUV": "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE",
                "credWithoutUV": "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI",
            },
            "credBlob": "BAQ", "largeBlob": { "uncompressedSize": 3, "data": "S0xKBgA" },
            "payments": true, "future": { "a": 1 },
        },
    })
}

fn card_item() -> Value {
    json!({
        "id": "aTI", "title": "Visa", "credentials": [{
            "type": "credit-card",
            "number": { "fieldType": "concealed-string", "value": "4242" },
            "expiryDate": { "fieldType": "year-month", "value": "2030-01" },
        }],
    })
}

fn passkey_item() -> Value {
    json!({
        "id": "aTM", "title": "Passkey alone", "tags": ["c"], "scope": { "urls": ["https://y.example"], "androidApps": [] },
        "credentials": [{
            "type": "passkey", "credentialId": "BQ", "rpId": "y.example", "username": "", "userDisplayName": "",
            "userHandle": "AQ", "key": "a2V5", "fido2Extensions": { "hmacCredentials": {
                "algorithm": "hmac-sha256",
                "credWithUV": "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE",
                "credWithoutUV": "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI",
            } },
        }],
    })
}

fn two_logins_item() -> Value {
    json!({
        "id": "aTQ", "title": "Two logins", "credentials": [
            { "type": "basic-auth", "username": { "fieldType": "string", "value": "one" } },
            { "type": "basic-auth", "username": { "fieldType": "string", "value": "two" } },
            { "type": "ssh-key", "keyType": "ssh-ed25519", "privateKey": "AAAA" },
        ],
    })
}

fn read_value(document: &Value) -> Import {
    crate::import::read(document.to_string().as_bytes(), None).unwrap()
}

/// The items as the vault would hold them. The key is not looked at here: `roamkey-client` does that.
fn into_vault(import: Import) -> Vec<(ItemId, Item, Option<Vec<u8>>)> {
    let id = ImportId::new(Time(5), [0; 10]);
    let item = |(number, entry): (u8, Entry)| {
        let mut key = None;
        let content = match entry.content {
            Foreign::Login(login) => Content::Login(login),
            Foreign::Note(note) => Content::Note(note),
            Foreign::Passkey(foreign) => {
                key = Some(foreign.key.expose().to_vec());
                let usual = PasskeyFlags::BACKUP_ELIGIBLE.with(PasskeyFlags::DISCOVERABLE);
                let payments = PasskeyFlags::THIRD_PARTY_PAYMENT;
                Content::Passkey(Passkey {
                    rp_id: foreign.rp_id,
                    credential_id: foreign.credential_id,
                    user_handle: foreign.user_handle,
                    user_name: foreign.user_name,
                    display_name: foreign.display_name,
                    cose_key: SecretBytes::default(),
                    prf_seeds: foreign.prf_seeds,
                    cred_blob: foreign.cred_blob,
                    large_blob: foreign.large_blob,
                    large_blob_key: None,
                    flags: if foreign.serves_payments { usual.with(payments) } else { usual },
                })
            }
        };
        let mut item = Item::new(content, entry.created.unwrap_or(Time(5)));
        item.origin =
            Some(Origin { import: id, format: "cxf".to_owned(), name: entry.name, part: entry.part, rest: entry.rest });
        (ItemId::new([number; 16]), item, key)
    };
    (0..).zip(import.entries).map(item).collect()
}

fn write(vault: &[(ItemId, Item, Option<Vec<u8>>)]) -> (Value, Written) {
    let items: Vec<_> = vault
        .iter()
        .map(|(id, item, key)| Outgoing {
            id: *id,
            item,
            key: key.as_ref().map(|key| PortableKey { pkcs8: Zeroizing::new(key.clone()), algorithm: -7 }),
        })
        .collect();
    let written = export::write(Target::Cxf, &items, b"account", Time(1_000));
    (serde_json::from_str(&written.text).unwrap(), written)
}

fn account(document: &Value) -> &Value {
    &document["accounts"][0]
}

#[test]
fn a_document_goes_through_the_vault_unchanged() {
    let before = document();
    let (after, written) = write(&into_vault(read_value(&before)));
    for (before, after) in
        account(&before)["items"].as_array().unwrap().iter().zip(account(&after)["items"].as_array().unwrap())
    {
        assert_eq!(before, after);
    }
    assert_eq!(account(&before)["items"].as_array().unwrap().len(), account(&after)["items"].as_array().unwrap().len());
    assert_eq!(account(&before)["collections"], account(&after)["collections"]);
    assert!(written.left_out.is_empty());
}

#[test]
fn an_item_comes_apart_into_what_the_vault_holds() {
    let import = read_value(&document());
    let kinds: Vec<_> = import
        .entries
        .iter()
        .map(|entry| match &entry.content {
            Foreign::Login(_) => "login",
            Foreign::Note(_) => "note",
            Foreign::Passkey(_) => "passkey",
        })
        .collect();
    assert_eq!(kinds, ["login", "passkey", "note", "passkey", "login", "login"]);
    let Foreign::Login(login) = &import.entries[0].content else { unreachable!() };
    assert_eq!(
        login.totp.as_ref().unwrap().expose(),
        "otpauth://totp/X:ada?secret=GEZDGNBV&issuer=X&algorithm=SHA256&digits=8&period=60"
    );
    assert_eq!(login.notes.as_ref().unwrap().expose(), "remark");
    let fields: Vec<_> = login.fields.iter().map(|field| (field.label.as_str(), field.value.expose())).collect();
    assert_eq!(fields, [("one", "1"), ("two", "2")]);
    let Foreign::Passkey(passkey) = &import.entries[1].content else { unreachable!() };
    assert_eq!(passkey.large_blob.as_ref().unwrap().expose(), b"abc");
    assert_eq!(passkey.prf_seeds.as_ref().unwrap().expose_unverified(), &[2; 32]);
    let Foreign::Note(card) = &import.entries[2].content else { unreachable!() };
    assert_eq!(card.fields.iter().map(|field| field.value.expose()).collect::<Vec<_>>(), ["2030-01", "4242"]);
}

#[test]
fn what_is_a_field_here_is_not_kept_beside_it() {
    for entry in read_value(&document()).entries {
        let rest = entry.rest.as_ref().map_or("", |rest| rest.expose());
        for secret in ["secret\"", "GEZDGNBV", "remark", "a2V5", "4242", "AQEBAQ", "S0xKBgA"] {
            assert!(!rest.contains(secret), "{secret} in {rest}");
        }
    }
}

#[test]
fn what_was_changed_goes_out_as_it_is_now() {
    let mut vault = into_vault(read_value(&document()));
    let Content::Login(login) = &mut vault[0].1.content else { unreachable!() };
    login.password = Some(SecretText::new("new".to_owned()));
    login.totp = None;
    login.title = "Y".to_owned();
    let _ = login.fields.pop();
    vault.remove(1);
    let (after, _) = write(&vault);
    let item = &account(&after)["items"][0];
    let credentials = item["credentials"].as_array().unwrap();
    let kinds: Vec<_> = credentials.iter().map(|credential| credential["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["basic-auth", "note", "file", "custom-fields"]);
    assert_eq!(item["title"], "Y");
    assert_eq!(
        credentials[0]["password"],
        json!({ "fieldType": "concealed-string", "value": "new", "label": "Password" })
    );
    assert_eq!(credentials[3]["fields"], json!([{ "fieldType": "string", "value": "1", "label": "one" }]));
    assert_eq!(item["favorite"], true);
}

#[test]
fn a_version_to_come_is_not_guessed_at() {
    let mut document = document();
    document["version"]["major"] = 2.into();
    let error = crate::import::read(document.to_string().as_bytes(), None).unwrap_err();
    assert_eq!(error, ImportError::Malformed { format: Format::Cxf, place: None, fault: Fault::Version(2) });
}

#[test]
fn a_blob_that_unpacks_to_more_than_it_says_is_refused() {
    use std::io::Write as _;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![0; 50_000_000]).unwrap();
    let bomb = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, encoder.finish().unwrap());
    for size in [3, 50_000_000] {
        let mut document = document();
        let blob = &mut document["accounts"][0]["items"][0]["credentials"][3]["fido2Extensions"]["largeBlob"];
        *blob = json!({ "uncompressedSize": size, "data": bomb });
        let import = read_value(&document);
        assert_eq!(import.refused.len(), 1, "{size}");
        let rest = import.entries[0].rest.as_ref().unwrap();
        assert!(rest.expose().contains("a2V5"), "it stays whole, for a program that reads it");
    }
}
