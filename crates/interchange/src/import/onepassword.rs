//! 1Password's 1PUX: an archive with one JSON of all accounts.

use roamkey_proto::Time;
use roamkey_vault::{
    SecretText,
    item::{CustomField, FieldKind, Login, Note},
};
use serde_json::Value;

use super::{
    Entry, Fault, Foreign, Format, Import, ImportError, Place, Reason, Refused,
    json::{self, Members, take_list, take_number, take_object, take_text},
    totp,
};
use crate::date::number_of;

/// Reads `export.data`.
pub(super) fn read(mut document: Members) -> Result<Import, ImportError> {
    let Some(Value::Array(accounts)) = document.remove("accounts") else {
        let fault = Fault::Missing("accounts");
        return Err(ImportError::Malformed { format: Format::OnePux, place: None, fault });
    };
    let mut import = Import { format: Format::OnePux, entries: Vec::new(), refused: Vec::new() };
    let mut number = 0;
    for mut account in accounts {
        let Some(account) = account.as_object_mut() else { continue };
        for mut vault in take_list(account, "vaults") {
            let Some(vault) = vault.as_object_mut() else { continue };
            let name = vault.get("attrs").and_then(|attrs| attrs.get("name")?.as_str()).unwrap_or_default().to_owned();
            for item in take_list(vault, "items") {
                number += 1;
                let place = Place::Item(number);
                match item {
                    Value::Object(mut item) => {
                        // Older exports put each item, and a file beside it, into an object of its own.
                        let has_file = item.contains_key("file");
                        let item = take_object(&mut item, "item").unwrap_or(item);
                        import.entries.push(read_item(item, &name, has_file, place));
                    }
                    _ => import.refused.push(Refused { place, reason: Reason::Unreadable }),
                }
            }
        }
    }
    Ok(import)
}

fn read_item(mut item: Members, vault: &str, has_file: bool, place: Place) -> Entry {
    let name = take_text(&mut item, "uuid").unwrap_or_else(|| place.to_string());
    let created = take_number(&mut item, "createdAt").map(number_of);
    item.remove("updatedAt");
    let is_trashed = take_text(&mut item, "state").is_some_and(|state| state != "active");
    let category = take_text(&mut item, "categoryUuid").unwrap_or_default();
    let mut overview = take_object(&mut item, "overview").unwrap_or_default();
    let mut details = take_object(&mut item, "details").unwrap_or_default();
    let mut reading = Reading::default();
    reading.login.title = take_text(&mut overview, "title").unwrap_or_default();
    reading.login.sites = sites(&mut overview);
    let tags = take_list(&mut overview, "tags");
    reading.login.tags = tags.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if !vault.is_empty() {
        reading.login.tags.push(vault.to_owned());
        reading.notices.push(("vault".to_owned(), Reason::AsTag));
    }
    // What only summarises: shown under the title, and how strong the password is.
    ["subtitle", "ps", "pbe", "pgrng", "ainfo", "passwordStrength"]
        .iter()
        .for_each(|name| drop(overview.remove(*name)));
    reading.login.notes = take_text(&mut details, "notesPlain").map(SecretText::new);
    for field in take_list(&mut details, "loginFields") {
        reading.login_field(field);
    }
    if let Some(password) = take_text(&mut details, "password") {
        reading.login.password = Some(SecretText::new(password));
    }
    for section in take_list(&mut details, "sections") {
        let Value::Object(mut section) = section else { continue };
        for field in take_list(&mut section, "fields") {
            reading.section_field(field);
        }
    }
    if has_file || details.remove("documentAttributes").is_some_and(|file| !file.is_null()) {
        reading.notices.push(("file".to_owned(), Reason::Attachment));
    }
    let old_passwords = old_passwords(&mut details);
    for (name, members) in [("overview", overview), ("details", details)] {
        if let Some((rest, _)) = json::left_over(members) {
            item.insert(name.to_owned(), serde_json::from_str(&rest).unwrap_or_default());
        }
    }
    item.remove("favIndex")
        .filter(|index| *index != 0)
        .into_iter()
        .for_each(|index| drop(item.insert("favIndex".to_owned(), index)));
    let Reading { login, notices } = reading;
    let is_login =
        matches!(category.as_str(), LOGIN | PASSWORD) || login.password.is_some() || login.username.is_some();
    let content = if is_login {
        Foreign::Login(login)
    } else {
        let Login { title, notes, tags, fields, .. } = login;
        Foreign::Note(Note { title, text: notes.unwrap_or_default(), tags, fields })
    };
    let mut entry = Entry::new(content, name, place);
    (entry.created, entry.is_trashed, entry.old_passwords) = (created, is_trashed, old_passwords);
    notices.into_iter().for_each(|(field, reason)| entry.note(field, reason));
    if let Some((rest, names)) = json::left_over(item) {
        entry.rest = Some(SecretText::new(rest));
        names.into_iter().for_each(|name| entry.note(name, Reason::NotUnderstood));
    }
    entry
}

#[derive(Default)]
struct Reading {
    login: Login,
    notices: Vec<(String, Reason)>,
}

impl Reading {
    fn login_field(&mut self, field: Value) {
        let Value::Object(mut field) = field else { return };
        let Some(value) = take_text(&mut field, "value") else { return };
        match field.get("designation").and_then(Value::as_str) {
            Some("username") => self.login.username = Some(value),
            Some("password") => self.login.password = Some(SecretText::new(value)),
            _ => {
                let label = take_text(&mut field, "name").or_else(|| take_text(&mut field, "id")).unwrap_or_default();
                let is_hidden = field.get("fieldType").and_then(Value::as_str) == Some("P");
                self.custom(label, value, if is_hidden { FieldKind::Hidden } else { FieldKind::Text });
            }
        }
    }

    /// A field's value is an object of one member, whose name is its kind.
    fn section_field(&mut self, field: Value) {
        let Value::Object(mut field) = field else { return };
        let label = take_text(&mut field, "title").or_else(|| take_text(&mut field, "id")).unwrap_or_default();
        let Some((kind, value)) = take_object(&mut field, "value").and_then(|value| value.into_iter().next()) else {
            return;
        };
        let text = match value {
            Value::Null => return,
            Value::String(text) if text.is_empty() => return,
            Value::String(text) => text,
            other => other.to_string(),
        };
        match kind.as_str() {
            "totp" => match totp(&text, &self.login.title, self.login.username.as_deref()) {
                Some(address) if self.login.totp.is_none() => self.login.totp = Some(address),
                _ => {
                    self.notices.push((label.clone(), Reason::NotOneTimeCodes));
                    self.custom(label, text, FieldKind::Hidden);
                }
            },
            "file" => self.notices.push((label, Reason::Attachment)),
            "concealed" | "creditCardNumber" | "sshKey" => self.custom(label, text, FieldKind::Hidden),
            _ => self.custom(label, text, FieldKind::Text),
        }
    }

    fn custom(&mut self, label: String, value: String, kind: FieldKind) {
        self.login.fields.push(CustomField { label, value: SecretText::new(value), kind });
    }
}

fn sites(overview: &mut Members) -> Vec<String> {
    let mut sites: Vec<String> = take_text(overview, "url").into_iter().collect();
    for url in take_list(overview, "urls") {
        if let Some(url) = url.get("url").and_then(Value::as_str)
            && !sites.iter().any(|site| site == url)
        {
            sites.push(url.to_owned());
        }
    }
    sites
}

fn old_passwords(details: &mut Members) -> Vec<(SecretText, Option<Time>)> {
    let mut old = Vec::new();
    for entry in take_list(details, "passwordHistory") {
        let Value::Object(mut entry) = entry else { continue };
        let at = take_number(&mut entry, "time").map(number_of);
        old.extend(take_text(&mut entry, "value").map(|password| (SecretText::new(password), at)));
    }
    old.sort_by_key(|(_, at)| *at);
    old
}

const LOGIN: &str = "001";
const PASSWORD: &str = "005";

#[cfg(test)]
pub(crate) mod tests;
