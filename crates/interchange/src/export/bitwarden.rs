//! Bitwarden's JSON, open.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use roamkey_proto::ItemId;
use roamkey_vault::{
    Content,
    item::{CustomField, FieldKind, Login, Note, Passkey},
    operation::Field,
};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use super::{LeftOut, Outgoing, Written};
use crate::date::rfc3339;

/// Writes a document.
pub(super) fn write(items: &[&Outgoing<'_>]) -> Written {
    let mut left_out = Vec::new();
    let mut folders: BTreeMap<&str, String> = BTreeMap::new();
    let mut written = Vec::new();
    for outgoing in items {
        let mut leave_out = |field| left_out.push(LeftOut { item: outgoing.id, field });
        let tags: &[String] = match &outgoing.item.content {
            Content::Login(Login { tags, .. }) | Content::Note(Note { tags, .. }) => tags,
            _ => &[],
        };
        let count = folders.len();
        let folder = tags.first().map(|tag| folders.entry(tag).or_insert_with(|| uuid_of(count)).clone());
        if tags.len() > 1 {
            leave_out("tags");
        }
        let (kind, name, notes, fields, login) = match &outgoing.item.content {
            Content::Login(login) => {
                (LOGIN, &login.title, login.notes.as_ref(), &login.fields[..], Some(self::login(login)))
            }
            Content::Note(note) => (SECURE_NOTE, &note.title, Some(&note.text), &note.fields[..], None),
            Content::Passkey(passkey) => match passkey_of(passkey, outgoing, &mut leave_out) {
                Some(credential) => (LOGIN, &passkey.rp_id, None, &[][..], Some(around(passkey, credential))),
                None => continue,
            },
            _ => continue,
        };
        let mut item = json!({
            "id": uuid(outgoing.id),
            "organizationId": null,
            "folderId": folder,
            "type": kind,
            "reprompt": 0,
            "name": name,
            "notes": notes.map(|notes| notes.expose()),
            "favorite": false,
            "fields": fields.iter().map(field).collect::<Vec<_>>(),
            "collectionIds": null,
            "passwordHistory": history(outgoing),
            "creationDate": rfc3339(outgoing.item.created),
            "revisionDate": rfc3339(outgoing.item.created),
            "deletedDate": null,
        });
        if let Some(members) = item.as_object_mut() {
            match login {
                Some(login) => members.insert("login".to_owned(), login),
                None => members.insert("secureNote".to_owned(), json!({ "type": 0 })),
            };
            restore(members, outgoing);
        }
        written.push(item);
    }
    let count = written.len();
    let folders: Vec<_> = folders.into_iter().map(|(name, id)| json!({ "id": id, "name": name })).collect();
    let document = json!({ "encrypted": false, "folders": folders, "items": written });
    Written { text: Zeroizing::new(document.to_string()), items: count, left_out }
}

/// Puts back what came by this format and was not understood.
fn restore(item: &mut Map<String, Value>, outgoing: &Outgoing<'_>) {
    let Some(origin) = outgoing.item.origin.as_ref().filter(|origin| origin.format == "bitwarden-json") else { return };
    let rest = origin.rest.as_ref().and_then(|rest| serde_json::from_str(rest.expose()).ok());
    let Some(Value::Object(rest)) = rest else { return };
    for (name, value) in rest {
        match (item.get_mut(&name), value) {
            (Some(Value::Object(inner)), Value::Object(more)) => {
                more.into_iter()
                    .filter(|(name, _)| name != "uris")
                    .for_each(|(name, value)| drop(inner.insert(name, value)));
            }
            (_, value) => drop(item.insert(name, value)),
        }
    }
}

/// Secrets are exposed to be written to the file that the person asked for.
fn login(login: &Login) -> Value {
    let uris: Vec<_> = login.sites.iter().map(|site| json!({ "match": null, "uri": site })).collect();
    json!({
        "fido2Credentials": [],
        "uris": uris,
        "username": login.username,
        "password": login.password.as_ref().map(|password| password.expose()),
        "totp": login.totp.as_ref().map(|totp| totp.expose()),
    })
}

fn around(passkey: &Passkey, credential: Value) -> Value {
    json!({
        "fido2Credentials": [credential],
        "uris": [{ "match": null, "uri": format!("https://{}", passkey.rp_id) }],
        "username": passkey.user_name,
        "password": null,
        "totp": null,
    })
}

fn passkey_of(passkey: &Passkey, outgoing: &Outgoing<'_>, leave_out: &mut impl FnMut(&'static str)) -> Option<Value> {
    // It knows keys on P-256 alone.
    let Some(key) = outgoing.key.as_ref().filter(|key| matches!(key.algorithm, -7 | -9)) else {
        leave_out("passkey");
        return None;
    };
    let extensions = [
        ("prf", passkey.prf_seeds.is_some()),
        ("credBlob", passkey.cred_blob.is_some()),
        ("largeBlob", passkey.large_blob.is_some()),
    ];
    extensions.into_iter().filter(|(_, is_there)| *is_there).for_each(|(name, _)| leave_out(name));
    Some(json!({
        "credentialId": credential_id(&passkey.credential_id),
        "keyType": "public-key",
        "keyAlgorithm": "ECDSA",
        "keyCurve": "P-256",
        "keyValue": URL_SAFE_NO_PAD.encode(&*key.pkcs8),
        "rpId": passkey.rp_id,
        "userHandle": passkey.user_handle.as_ref().map(|handle| URL_SAFE_NO_PAD.encode(handle)),
        "userName": passkey.user_name,
        "counter": "0",
        "rpName": passkey.rp_id,
        "userDisplayName": passkey.display_name,
        "discoverable": passkey.flags.has(roamkey_vault::item::PasskeyFlags::DISCOVERABLE).to_string(),
        "creationDate": rfc3339(outgoing.item.created),
    }))
}

fn field(field: &CustomField) -> Value {
    let kind = u8::from(field.kind == FieldKind::Hidden);
    json!({ "name": field.label, "value": field.value.expose(), "type": kind, "linkedId": null })
}

fn history(outgoing: &Outgoing<'_>) -> Vec<Value> {
    let old = outgoing.item.history.iter().filter(|old| old.field() == Some(Field::Password));
    old.filter_map(|old| Some(json!({ "lastUsedDate": rfc3339(old.at), "password": old.expose_text()? }))).collect()
}

/// 16 bytes are written as a UUID, any others behind a mark.
fn credential_id(id: &[u8]) -> String {
    match <[u8; 16]>::try_from(id) {
        Ok(id) => uuid(ItemId::new(id)),
        Err(_) => format!("b64.{}", URL_SAFE_NO_PAD.encode(id)),
    }
}

fn uuid(id: ItemId) -> String {
    let hex = id.to_string();
    let part = |from, to| hex.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

/// A folder needs a name of its own in this one file.
fn uuid_of(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

const LOGIN: u8 = 1;
const SECURE_NOTE: u8 = 2;
