//! Proton Pass: an archive with one JSON of all vaults, or that JSON itself.

use roamkey_vault::{
    SecretText,
    item::{CustomField, FieldKind, Login, Note},
};
use serde_json::Value;

use super::{
    Entry, Foreign, Format, Import, ImportError, Place, Reason, Refused,
    json::{self, Members, take_list, take_number, take_object, take_text},
    totp,
};
use crate::date::number_of;

/// Reads a document.
pub(super) fn read(mut document: Members) -> Result<Import, ImportError> {
    if document.get("encrypted").and_then(Value::as_bool).unwrap_or_default() {
        return Err(ImportError::OnlyForAccount(Format::ProtonJson));
    }
    let mut import = Import { format: Format::ProtonJson, entries: Vec::new(), refused: Vec::new() };
    let mut number = 0;
    for (_, vault) in take_object(&mut document, "vaults").unwrap_or_default() {
        let Value::Object(mut vault) = vault else { continue };
        let name = take_text(&mut vault, "name").unwrap_or_default();
        for item in take_list(&mut vault, "items") {
            number += 1;
            let place = Place::Item(number);
            match item {
                Value::Object(item) => import.entries.push(read_item(item, &name, place)),
                _ => import.refused.push(Refused { place, reason: Reason::Unreadable }),
            }
        }
    }
    Ok(import)
}

fn read_item(mut item: Members, vault: &str, place: Place) -> Entry {
    let name = take_text(&mut item, "itemId").unwrap_or_else(|| place.to_string());
    let created = take_number(&mut item, "createTime").map(number_of);
    ["modifyTime", "contentFormatVersion", "shareId"].iter().for_each(|name| drop(item.remove(*name)));
    let is_trashed = take_number(&mut item, "state").is_some_and(|state| state != ACTIVE);
    let mut data = take_object(&mut item, "data").unwrap_or_default();
    let mut metadata = take_object(&mut data, "metadata").unwrap_or_default();
    let mut content = take_object(&mut data, "content").unwrap_or_default();
    let kind = take_text(&mut data, "type").unwrap_or_default();
    metadata.remove("itemUuid");
    let mut notices = Vec::new();
    let mut login = Login {
        title: take_text(&mut metadata, "name").unwrap_or_default(),
        notes: take_text(&mut metadata, "note").map(SecretText::new),
        ..Login::default()
    };
    if !vault.is_empty() {
        login.tags.push(vault.to_owned());
        notices.push(("vault".to_owned(), Reason::AsTag));
    }
    let custom = |login: &mut Login, label: String, text: String, kind| {
        login.fields.push(CustomField { label, value: SecretText::new(text), kind });
    };
    if let Some(email) = take_text(&mut item, "aliasEmail") {
        custom(&mut login, "aliasEmail".to_owned(), email, FieldKind::Text);
    }
    if kind == "login" {
        let email = take_text(&mut content, "itemEmail");
        login.username = take_text(&mut content, "itemUsername").or_else(|| take_text(&mut content, "username"));
        match (login.username.is_some(), email) {
            (false, email) => login.username = email,
            (true, Some(email)) => {
                notices.push(("itemEmail".to_owned(), Reason::AsCustomField));
                custom(&mut login, "email".to_owned(), email, FieldKind::Text);
            }
            (true, None) => {}
        }
        login.password = take_text(&mut content, "password").map(SecretText::new);
        let urls = take_list(&mut content, "urls");
        login.sites = urls.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        if let Some(text) = take_text(&mut content, "totpUri") {
            login.totp = totp(&text, &login.title, login.username.as_deref());
            if login.totp.is_none() {
                notices.push(("totpUri".to_owned(), Reason::NotOneTimeCodes));
                custom(&mut login, "totpUri".to_owned(), text, FieldKind::Hidden);
            }
        }
        // Their keys are in a form of Proton's own that nobody describes.
        if content.get("passkeys").and_then(Value::as_array).is_some_and(|passkeys| !passkeys.is_empty()) {
            notices.push(("passkeys".to_owned(), Reason::UnknownKey));
        }
    } else {
        let names: Vec<_> = content.keys().cloned().collect();
        for name in names {
            if let Some(text) = take_text(&mut content, &name) {
                let is_secret =
                    matches!(name.as_str(), "number" | "verificationNumber" | "pin" | "privateKey" | "password");
                notices.push((name.clone(), Reason::AsCustomField));
                custom(&mut login, name, text, if is_secret { FieldKind::Hidden } else { FieldKind::Text });
            }
        }
    }
    for field in take_list(&mut data, "extraFields") {
        let Value::Object(mut field) = field else { continue };
        let label = take_text(&mut field, "fieldName").unwrap_or_default();
        let mut value = take_object(&mut field, "data").unwrap_or_default();
        let kind =
            if field.get("type").and_then(Value::as_str) == Some("text") { FieldKind::Text } else { FieldKind::Hidden };
        let text = take_text(&mut value, "content").or_else(|| take_text(&mut value, "totpUri"));
        custom(&mut login, label, text.unwrap_or_default(), kind);
    }
    for (name, members) in [("metadata", metadata), ("content", content)] {
        if let Some((rest, _)) = json::left_over(members) {
            data.insert(name.to_owned(), serde_json::from_str(&rest).unwrap_or_default());
        }
    }
    if let Some((rest, _)) = json::left_over(data) {
        item.insert("data".to_owned(), serde_json::from_str(&rest).unwrap_or_default());
    }
    let content = if kind == "login" {
        Foreign::Login(login)
    } else {
        let Login { title, notes, tags, fields, .. } = login;
        Foreign::Note(Note { title, text: notes.unwrap_or_default(), tags, fields })
    };
    let mut entry = Entry::new(content, name, place);
    (entry.created, entry.is_trashed) = (created, is_trashed);
    notices.into_iter().for_each(|(field, reason)| entry.note(field, reason));
    if let Some((rest, names)) = json::left_over(item) {
        entry.rest = Some(SecretText::new(rest));
        names.into_iter().for_each(|name| entry.note(name, Reason::NotUnderstood));
    }
    entry
}

const ACTIVE: u64 = 1;

#[cfg(test)]
mod tests;
