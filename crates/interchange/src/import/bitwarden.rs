//! Bitwarden's JSON, open or under a passphrase of its own.

mod encrypted;
mod passkey;

use roamkey_vault::{
    SecretText,
    item::{CustomField, FieldKind, Login, Note},
};
use serde_json::Value;
use std::collections::BTreeMap;

use super::{
    Entry, Fault, Foreign, Format, Import, ImportError, Place, Reason, Refused,
    json::{self, Members, take_list, take_number, take_object, take_text},
    totp,
};
use crate::date::date;

/// Reads a document.
pub(super) fn read(document: Members, secret: Option<&str>) -> Result<Import, ImportError> {
    let is = |name: &str| document.get(name).and_then(Value::as_bool).unwrap_or_default();
    match (is("encrypted"), is("passwordProtected")) {
        (false, _) => read_open(document),
        (true, true) => read_open(json::parse(&encrypted::open(&document, secret)?)?),
        (true, false) => Err(ImportError::OnlyForAccount(Format::BitwardenJson)),
    }
}

fn read_open(mut document: Members) -> Result<Import, ImportError> {
    let mut folders: BTreeMap<String, String> = BTreeMap::new();
    for list in ["folders", "collections"] {
        for folder in take_list(&mut document, list) {
            let text = |name: &str| folder.get(name).and_then(Value::as_str).map(str::to_owned);
            folders.extend(text("id").zip(text("name")));
        }
    }
    let Some(Value::Array(items)) = document.remove("items") else {
        return Err(ImportError::Malformed {
            format: Format::BitwardenJson,
            place: None,
            fault: Fault::Missing("items"),
        });
    };
    let mut import = Import { format: Format::BitwardenJson, entries: Vec::new(), refused: Vec::new() };
    for (number, item) in items.into_iter().enumerate() {
        let place = Place::Item(number + 1);
        match item {
            Value::Object(item) => read_item(item, &folders, place, &mut import),
            _ => import.refused.push(Refused { place, reason: Reason::Unreadable }),
        }
    }
    Ok(import)
}

/// Reads one item: a login and each of its passkeys are items of their own here.
fn read_item(mut item: Members, folders: &BTreeMap<String, String>, place: Place, import: &mut Import) {
    let name = take_text(&mut item, "id").unwrap_or_else(|| place.to_string());
    let kind = take_number(&mut item, "type").unwrap_or(SECURE_NOTE);
    let title = take_text(&mut item, "name").unwrap_or_default();
    let notes = take_text(&mut item, "notes");
    let created = take_text(&mut item, "creationDate").as_deref().and_then(date);
    item.remove("revisionDate");
    let is_trashed = take_text(&mut item, "deletedDate").is_some() | take_text(&mut item, "archivedDate").is_some();
    let mut notices = Vec::new();
    let mut tags = Vec::new();
    let mut ids: Vec<_> = take_text(&mut item, "folderId").into_iter().collect();
    ids.extend(take_list(&mut item, "collectionIds").iter().filter_map(Value::as_str).map(str::to_owned));
    for id in ids {
        if let Some(folder) = folders.get(&id) {
            notices.push(("folderId".to_owned(), Reason::AsTag));
            tags.push(folder.clone());
        }
    }
    let mut fields = custom_fields(&mut item, &mut notices);
    let old_passwords = old_passwords(&mut item);
    if !take_list(&mut item, "attachments").is_empty() {
        notices.push(("attachments".to_owned(), Reason::Attachment));
    }
    let mut passkeys = Vec::new();
    let content = if kind == LOGIN {
        let mut from = take_object(&mut item, "login").unwrap_or_default();
        for passkey in take_list(&mut from, "fido2Credentials") {
            passkeys.push(passkey::read(passkey));
        }
        let login = login(&mut from, title, notes, tags, fields, &mut notices);
        json::drop_empty(&mut from);
        if !from.is_empty() {
            item.insert("login".to_owned(), Value::Object(from));
        }
        Foreign::Login(login)
    } else {
        item.remove("secureNote");
        for kind in ["card", "identity", "sshKey"] {
            for (label, value) in take_object(&mut item, kind).unwrap_or_default() {
                let text = match value {
                    Value::String(text) => text,
                    Value::Null => continue,
                    other => other.to_string(),
                };
                let is_secret = matches!(label.as_str(), "number" | "code" | "ssn" | "passportNumber" | "privateKey");
                let kind = if is_secret { FieldKind::Hidden } else { FieldKind::Text };
                notices.push((label.clone(), Reason::AsCustomField));
                fields.push(CustomField { label, value: SecretText::new(text), kind });
            }
        }
        Foreign::Note(Note { title, text: SecretText::new(notes.unwrap_or_default()), tags, fields })
    };
    // A login of a passkey alone is nothing beside it.
    let is_empty = matches!(&content, Foreign::Login(login) if login.username.is_none() && login.password.is_none()
        && login.notes.is_none() && login.totp.is_none() && login.fields.is_empty());
    let rest = json::left_over(item);
    let mut part = 0;
    if !is_empty || passkeys.is_empty() || rest.is_some() {
        let mut entry = Entry::new(content, name.clone(), place.clone());
        (entry.created, entry.is_trashed, entry.old_passwords) = (created, is_trashed, old_passwords);
        if let Some((rest, names)) = rest {
            entry.rest = Some(SecretText::new(rest));
            names.into_iter().for_each(|name| entry.note(name, Reason::NotUnderstood));
        }
        notices.into_iter().for_each(|(field, reason)| entry.note(field, reason));
        import.entries.push(entry);
        part += 1;
    }
    for passkey in passkeys {
        match passkey {
            Ok((passkey, since, reasons)) => {
                let mut entry = Entry::new(Foreign::Passkey(passkey), name.clone(), place.clone());
                (entry.created, entry.is_trashed, entry.part) = (since.or(created), is_trashed, part);
                reasons.into_iter().for_each(|(field, reason)| entry.note(field, reason));
                import.entries.push(entry);
                part += 1;
            }
            Err(reason) => import.refused.push(Refused { place: place.clone(), reason }),
        }
    }
}

fn login(
    from: &mut Members,
    title: String,
    notes: Option<String>,
    tags: Vec<String>,
    fields: Vec<CustomField>,
    notices: &mut Vec<(String, Reason)>,
) -> Login {
    let mut login = Login {
        sites: uris(from),
        username: take_text(from, "username"),
        password: take_text(from, "password").map(SecretText::new),
        notes: notes.map(SecretText::new),
        title,
        tags,
        fields,
        totp: None,
    };
    from.remove("passwordRevisionDate");
    if let Some(text) = take_text(from, "totp") {
        login.totp = totp(&text, &login.title, login.username.as_deref());
        if login.totp.is_none() {
            notices.push(("totp".to_owned(), Reason::NotOneTimeCodes));
            login.fields.push(CustomField {
                label: "totp".to_owned(),
                value: SecretText::new(text),
                kind: FieldKind::Hidden,
            });
        }
    }
    login
}

/// Takes the addresses; how each is matched stays behind, where it is not the usual way.
fn uris(from: &mut Members) -> Vec<String> {
    let mut sites = Vec::new();
    let mut matches = Vec::new();
    for uri in take_list(from, "uris") {
        let Value::Object(mut uri) = uri else { continue };
        let Some(address) = take_text(&mut uri, "uri") else { continue };
        if let Some(how) = take_number(&mut uri, "match") {
            matches.push(serde_json::json!({ "uri": address, "match": how }));
        }
        sites.push(address);
    }
    if !matches.is_empty() {
        from.insert("uris".to_owned(), Value::Array(matches));
    }
    sites
}

fn custom_fields(item: &mut Members, notices: &mut Vec<(String, Reason)>) -> Vec<CustomField> {
    let mut fields = Vec::new();
    for field in take_list(item, "fields") {
        let Value::Object(mut field) = field else { continue };
        let label = take_text(&mut field, "name").unwrap_or_default();
        let kind = take_number(&mut field, "type").unwrap_or_default();
        let value = take_text(&mut field, "value");
        if kind == LINKED {
            // It shows another field under a second name: there is nothing in it.
            notices.push((label, Reason::AsCustomField));
            continue;
        }
        let kind = if kind == HIDDEN { FieldKind::Hidden } else { FieldKind::Text };
        fields.push(CustomField { label, value: SecretText::new(value.unwrap_or_default()), kind });
    }
    fields
}

fn old_passwords(item: &mut Members) -> Vec<(SecretText, Option<roamkey_proto::Time>)> {
    let mut old = Vec::new();
    for entry in take_list(item, "passwordHistory") {
        let Value::Object(mut entry) = entry else { continue };
        let Some(password) = take_text(&mut entry, "password") else { continue };
        let at = take_text(&mut entry, "lastUsedDate").as_deref().and_then(date);
        old.push((SecretText::new(password), at));
    }
    old.sort_by_key(|(_, at)| *at);
    old
}

const LOGIN: u64 = 1;
const SECURE_NOTE: u64 = 2;
const HIDDEN: u64 = 1;
const LINKED: u64 = 3;

#[cfg(test)]
mod tests;
