//! FIDO's Credential Exchange Format, 1.0. One item there may hold several credentials: a login with its passkeys, say.

mod passkey;

use std::collections::BTreeMap;

use roamkey_vault::{
    SecretText,
    item::{CustomField, Login, Note},
};
use serde_json::Value;

use super::{
    Entry, Fault, Foreign, Format, Import, ImportError, Place, Reason, Refused,
    json::{Members, take_list, take_object, take_text},
};
use crate::{
    cxf::{COLLECTIONS, OWN_EXTENSION, pull},
    date::number_of,
    otp::{Algorithm, Totp},
};

/// Reads a document.
pub(super) fn read(mut document: Members) -> Result<Import, ImportError> {
    let broken = |fault| ImportError::Malformed { format: Format::Cxf, place: None, fault };
    let version = document.get("version").and_then(|version| version.get("major")?.as_u64());
    match version.ok_or(broken(Fault::Missing("version")))? {
        // The working drafts counted from 0 and look the same.
        0 | 1 => {}
        other => return Err(broken(Fault::Version(other))),
    }
    let mut import = Import { format: Format::Cxf, entries: Vec::new(), refused: Vec::new() };
    let mut number = 0;
    for account in take_list(&mut document, "accounts") {
        let Value::Object(mut account) = account else { return Err(broken(Fault::Missing("accounts"))) };
        let mut ways = BTreeMap::new();
        for collection in take_list(&mut account, "collections") {
            collect(collection, &[], &mut ways, MOST_NESTED);
        }
        for item in take_list(&mut account, "items") {
            number += 1;
            let place = Place::Item(number);
            match item {
                Value::Object(item) => Reading::new(item, &ways, place).finish(&mut import),
                _ => import.refused.push(Refused { place, reason: Reason::Unreadable }),
            }
        }
    }
    Ok(import)
}

/// Notes which items a collection holds, and the way to it.
fn collect(collection: Value, way: &[Value], ways: &mut BTreeMap<String, Vec<Value>>, depth: usize) {
    let Value::Object(mut collection) = collection else { return };
    let items = take_list(&mut collection, "items");
    let below = take_list(&mut collection, "subCollections");
    let way = [way, &[Value::Object(collection)]].concat();
    for item in items {
        if let Some(item) = item.get("item").and_then(Value::as_str) {
            ways.entry(item.to_owned()).or_default().push(Value::Array(way.clone()));
        }
    }
    if depth > 0 {
        below.into_iter().for_each(|collection| collect(collection, &way, ways, depth - 1));
    }
}

/// An item of a file that is being taken apart.
struct Reading {
    /// What is left of it.
    skeleton: Members,
    name: String,
    title: String,
    sites: Vec<String>,
    tags: Vec<String>,
    place: Place,
    /// Logins by the place of their credential.
    logins: Vec<(u64, Login)>,
    passkeys: Vec<(u64, passkey::Read)>,
    notes: Option<SecretText>,
    totp: Option<SecretText>,
    fields: Vec<CustomField>,
    notices: Vec<(String, Reason)>,
    refused: Vec<Reason>,
}

impl Reading {
    fn new(mut item: Members, ways: &BTreeMap<String, Vec<Value>>, place: Place) -> Self {
        let name = take_text(&mut item, "id").unwrap_or_else(|| place.to_string());
        let mut scope = take_object(&mut item, "scope").unwrap_or_default();
        let texts = |list: Vec<Value>| -> Vec<String> {
            list.into_iter().filter_map(|text| text.as_str().map(str::to_owned)).collect()
        };
        let has_scope = !scope.is_empty();
        let sites = texts(take_list(&mut scope, "urls"));
        let apps = scope.get("androidApps").and_then(Value::as_array).is_some_and(|apps| !apps.is_empty());
        if has_scope {
            item.insert("scope".to_owned(), Value::Object(scope));
        }
        let mut reading = Self {
            title: take_text(&mut item, "title").unwrap_or_default(),
            tags: texts(take_list(&mut item, "tags")),
            name,
            sites,
            place,
            logins: Vec::new(),
            passkeys: Vec::new(),
            notes: None,
            totp: None,
            fields: Vec::new(),
            notices: Vec::new(),
            refused: Vec::new(),
            skeleton: Members::new(),
        };
        if apps {
            reading.notices.push(("androidApps".to_owned(), Reason::NotUnderstood));
        }
        let own = own_traits(&mut item);
        let credentials = take_list(&mut item, "credentials");
        let placeholders = (0..).zip(credentials).map(|(at, credential)| reading.credential(at, credential, &own));
        let placeholders = placeholders.collect();
        item.insert("credentials".to_owned(), Value::Array(placeholders));
        for member in ["favorite", "subtitle", "extensions"] {
            if item.get(member).is_some_and(|value| !matches!(value, Value::Null | Value::Bool(false))) {
                reading.notices.push((member.to_owned(), Reason::NotUnderstood));
            }
        }
        if let Some(ways) = ways.get(&reading.name) {
            item.insert(COLLECTIONS.to_owned(), Value::Array(ways.clone()));
            reading.notices.push(("collections".to_owned(), Reason::NotUnderstood));
        }
        reading.skeleton = item;
        reading
    }

    /// Takes the values out of a credential; what is left goes into the skeleton.
    fn credential(&mut self, at: u64, credential: Value, own: &BTreeMap<String, Members>) -> Value {
        let Value::Object(mut from) = credential else { return credential };
        let kind = from.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        match kind.as_str() {
            "basic-auth" => {
                let mut value = |name: &str| match from.get_mut(name) {
                    Some(Value::Object(field)) => match field.remove("value") {
                        Some(Value::String(text)) => Some(text),
                        _ => None,
                    },
                    _ => None,
                };
                let login = Login {
                    username: value("username"),
                    password: value("password").map(SecretText::new),
                    ..Login::default()
                };
                self.logins.push((at, login));
            }
            "totp" if self.totp.is_none() => match totp(&from) {
                Some(totp) => {
                    self.totp = Some(SecretText::new(totp.to_uri().to_string()));
                    TOTP.iter().for_each(|name| drop(from.remove(*name)));
                }
                None => self.notices.push((kind, Reason::NotUnderstood)),
            },
            "note" if self.notes.is_none() => {
                if let Some(Value::Object(content)) = from.get_mut("content")
                    && let Some(Value::String(text)) = content.remove("value")
                {
                    self.notes = Some(SecretText::new(text));
                }
            }
            "passkey" => match passkey::read(&mut from, own) {
                Ok(read) => self.passkeys.push((at, read)),
                // It stays in the skeleton, so that another program may still take it.
                Err(reason) => self.refused.push(reason),
            },
            _ => {
                let before = self.fields.len();
                let mut value = Value::Object(from);
                pull(&mut value, &kind, &mut self.fields);
                let reason = if self.fields.len() > before { Reason::AsCustomField } else { Reason::NotUnderstood };
                if kind != "custom-fields" {
                    self.notices.push((kind, reason));
                }
                return value;
            }
        }
        Value::Object(from)
    }

    fn finish(mut self, import: &mut Import) {
        let created = self.skeleton.get("creationAt").and_then(Value::as_u64).map(number_of);
        let mut entries = self.parts();
        // The first part stands for the item: it holds the rest, and what is to be said of it.
        if let Some(first) = entries.first_mut() {
            // A passkey has no title of its own.
            if matches!(first.content, Foreign::Passkey(_)) {
                self.skeleton.insert("title".to_owned(), self.title.into());
                let scope = self.skeleton.get_mut("scope").and_then(Value::as_object_mut);
                if let Some(scope) = scope {
                    scope.insert("urls".to_owned(), self.sites.into());
                }
                if !self.tags.is_empty() {
                    self.skeleton.insert("tags".to_owned(), self.tags.into());
                }
            }
            first.rest = Some(SecretText::new(Value::Object(self.skeleton).to_string()));
            self.notices.into_iter().for_each(|(field, reason)| first.note(field, reason));
        }
        for mut entry in entries {
            entry.created = created;
            import.entries.push(entry);
        }
        let place = self.place;
        import.refused.extend(self.refused.into_iter().map(|reason| Refused { place: place.clone(), reason }));
    }

    fn parts(&mut self) -> Vec<Entry> {
        let mut entries = Vec::new();
        let logins = std::mem::take(&mut self.logins);
        let has_no_login = logins.is_empty();
        for (part, login) in logins {
            entries.push(self.login(part, login));
        }
        if has_no_login && self.totp.is_some() {
            entries.push(self.login(0, Login::default()));
        }
        let is_note =
            self.notes.is_some() || !self.fields.is_empty() || (self.passkeys.is_empty() && self.refused.is_empty());
        if entries.is_empty() && is_note {
            let note = Note {
                title: self.title.clone(),
                text: self.notes.take().unwrap_or_default(),
                tags: self.tags.clone(),
                fields: std::mem::take(&mut self.fields),
            };
            entries.push(Entry::new(Foreign::Note(note), self.name.clone(), self.place.clone()));
        }
        for (part, (passkey, reasons)) in std::mem::take(&mut self.passkeys) {
            let mut entry = Entry::new(Foreign::Passkey(passkey), self.name.clone(), self.place.clone());
            entry.part = part;
            reasons.into_iter().for_each(|(field, reason)| entry.note(field, reason));
            entries.push(entry);
        }
        entries
    }

    /// The first login takes along what else the item holds.
    fn login(&mut self, part: u64, login: Login) -> Entry {
        let login = Login {
            title: self.title.clone(),
            sites: self.sites.clone(),
            tags: self.tags.clone(),
            notes: self.notes.take(),
            totp: self.totp.take(),
            fields: std::mem::take(&mut self.fields),
            ..login
        };
        let mut entry = Entry::new(Foreign::Login(login), self.name.clone(), self.place.clone());
        entry.part = part;
        entry
    }
}

/// Takes out what our own files say of passkeys, by their identifiers.
fn own_traits(item: &mut Members) -> BTreeMap<String, Members> {
    let mut traits = BTreeMap::new();
    let Some(Value::Array(extensions)) = item.get_mut("extensions") else { return traits };
    extensions.retain_mut(|extension| {
        let Value::Object(members) = extension else { return true };
        let is_own = members.get("name").and_then(Value::as_str) == Some(OWN_EXTENSION);
        if is_own && let Some(id) = take_text(members, "credentialId") {
            traits.insert(id, std::mem::take(members));
        }
        !is_own
    });
    if extensions.is_empty() {
        item.remove("extensions");
    }
    traits
}

fn totp(from: &Members) -> Option<Totp> {
    let text = |name: &str| from.get(name).and_then(Value::as_str);
    let number = |name: &str| u8::try_from(from.get(name)?.as_u64()?).ok();
    let mut totp = Totp::new(text("secret")?).ok()?;
    totp.algorithm = Algorithm::named(text("algorithm")?)?;
    totp.digits = number("digits")?;
    totp.period = number("period")?;
    totp.account = text("username").map(str::to_owned);
    totp.issuer = text("issuer").map(str::to_owned);
    totp.is_sound().then_some(totp)
}

const TOTP: &[&str] = &["secret", "algorithm", "digits", "period", "username", "issuer"];

/// Collections in collections; what lies deeper is in none.
const MOST_NESTED: usize = 16;

#[cfg(test)]
mod tests;
