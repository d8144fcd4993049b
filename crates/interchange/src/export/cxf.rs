//! FIDO's Credential Exchange Format, 1.0. Items that came by it go out as they came, with what has changed since.

mod collections;
mod passkey;

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use roamkey_proto::Time;
use roamkey_vault::{
    Content, Item,
    item::{CustomField, FieldKind, ImportId, Login, Note},
};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use self::collections::Collections;
use super::{LeftOut, Outgoing, Written};
use crate::{
    cxf::{COLLECTIONS, fill, is_bare, strip},
    otp::Totp,
};

type Members = Map<String, Value>;

/// Writes a document.
pub(super) fn write(items: &[&Outgoing<'_>], account: &[u8], now: Time) -> Written {
    let mut left_out = Vec::new();
    let mut collections = Collections::default();
    let mut written = Vec::new();
    for group in groups(items) {
        for outgoing in &group {
            if matches!(outgoing.item.content, Content::Passkey(_)) && outgoing.key.is_none() {
                left_out.push(LeftOut { item: outgoing.id, field: "passkey" });
            }
            if !outgoing.item.history.is_empty() {
                left_out.push(LeftOut { item: outgoing.id, field: "history" });
            }
        }
        let mut item = match skeleton(&group) {
            Some((primary, skeleton)) => filled(primary, skeleton, &group),
            None => group.iter().find_map(|outgoing| fresh(outgoing)).unwrap_or_default(),
        };
        if item.is_empty() {
            continue;
        }
        let id = item.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        collections.add(&id, item.remove(COLLECTIONS));
        written.push(Value::Object(item));
    }
    let document = json!({
        "version": { "major": 1, "minor": 0 },
        "exporterRpId": "roamkey",
        "exporterDisplayName": "Roamkey",
        "timestamp": now.0 / 1_000,
        "accounts": [{
            "id": URL_SAFE_NO_PAD.encode(account),
            "username": "",
            "email": "",
            "collections": collections.finish(),
            "items": written,
        }],
    });
    Written { text: Zeroizing::new(document.to_string()), items: items.len() - missing(&left_out), left_out }
}

fn missing(left_out: &[LeftOut]) -> usize {
    left_out.iter().filter(|left_out| left_out.field == "passkey").count()
}

/// Items that were one in the file they came by stand together; each other stands alone.
fn groups<'g, 'a>(items: &[&'g Outgoing<'a>]) -> Vec<Vec<&'g Outgoing<'a>>> {
    let mut groups: Vec<Vec<&Outgoing<'_>>> = Vec::new();
    let mut places: BTreeMap<(ImportId, &str), usize> = BTreeMap::new();
    let mut has_skeleton: Vec<(ImportId, &str)> = Vec::new();
    for outgoing in items {
        if let Some(origin) = cxf_origin(outgoing.item)
            && origin.rest.is_some()
        {
            has_skeleton.push((origin.import, &origin.name));
        }
    }
    has_skeleton.sort_unstable();
    for outgoing in items {
        let name = cxf_origin(outgoing.item).map(|origin| (origin.import, origin.name.as_str()));
        match name.filter(|name| has_skeleton.binary_search(name).is_ok()) {
            Some(name) => match places.get(&name).and_then(|place| groups.get_mut(*place)) {
                Some(group) => group.push(outgoing),
                None => {
                    places.insert(name, groups.len());
                    groups.push(vec![outgoing]);
                }
            },
            None => groups.push(vec![outgoing]),
        }
    }
    groups
}

fn cxf_origin(item: &Item) -> Option<&roamkey_vault::item::Origin> {
    item.origin.as_ref().filter(|origin| origin.format == "cxf")
}

/// The part that stands for the item of the file, and what that said besides.
fn skeleton<'g, 'a>(group: &[&'g Outgoing<'a>]) -> Option<(&'g Outgoing<'a>, Members)> {
    group.iter().find_map(|outgoing| {
        let origin = cxf_origin(outgoing.item)?;
        let Ok(Value::Object(mut skeleton)) = serde_json::from_str(origin.rest.as_ref()?.expose()) else { return None };
        skeleton.insert("id".to_owned(), origin.name.clone().into());
        Some((*outgoing, skeleton))
    })
}

/// Fills an item of a file with what its parts hold now.
fn filled(primary: &Outgoing<'_>, mut skeleton: Members, group: &[&Outgoing<'_>]) -> Members {
    let mut values = Values::of(primary.item);
    values.name(&mut skeleton);
    let Some(Value::Array(placeholders)) = skeleton.remove("credentials") else { return skeleton };
    let part = |at: u64, is_it: fn(&Content) -> bool| {
        let is_part = |outgoing: &&&Outgoing<'_>| {
            is_it(&outgoing.item.content) && cxf_origin(outgoing.item).is_some_and(|origin| origin.part == at)
        };
        group.iter().find(is_part)
    };
    let mut credentials = Vec::new();
    for (at, placeholder) in (0..).zip(placeholders) {
        let Value::Object(mut members) = placeholder else {
            credentials.push(placeholder);
            continue;
        };
        let kind = members.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let is_there = match kind.as_str() {
            "basic-auth" => {
                match part(at, |content| matches!(content, Content::Login(_))).map(|part| &part.item.content) {
                    Some(Content::Login(login)) => basic_auth(&mut members, login),
                    _ => false,
                }
            }
            "passkey" if !members.contains_key("key") => {
                let part = part(at, |content| matches!(content, Content::Passkey(_)));
                part.is_some_and(|part| passkey::fill(&mut members, part))
            }
            "totp" if !members.contains_key("secret") => {
                values.totp.take().is_some_and(|totp| put_totp(&mut members, &totp))
            }
            "note" if is_empty_field(members.get("content")) => match values.notes.take() {
                Some(text) => put(&mut members, "content", "string", text),
                None => false,
            },
            _ => true,
        };
        if is_there {
            credentials.push(Value::Object(members));
        }
    }
    let mut trial = Value::Array(credentials.clone());
    let mut fields = values.fields.iter();
    if fill(&mut trial, "", &mut fields) && fields.next().is_none() {
        values.fields = &[];
        if let Value::Array(filled) = trial {
            credentials = filled;
        }
    } else {
        // What was changed here stands in one place, whatever it was part of.
        credentials.retain_mut(|credential| !(strip(credential) && is_bare(credential)));
    }
    credentials.extend(values.rest());
    skeleton.insert("credentials".to_owned(), Value::Array(credentials));
    own_extensions(&mut skeleton, group);
    skeleton
}

/// An item that was made here.
fn fresh(outgoing: &Outgoing<'_>) -> Option<Members> {
    let mut members = Members::new();
    members.insert("id".to_owned(), URL_SAFE_NO_PAD.encode(outgoing.id.as_bytes()).into());
    members.insert("creationAt".to_owned(), (outgoing.item.created.0 / 1_000).into());
    let mut credentials = Vec::new();
    match &outgoing.item.content {
        Content::Passkey(passkey) => {
            let mut credential = Members::new();
            credential.insert("type".to_owned(), "passkey".into());
            if !passkey::fill(&mut credential, outgoing) {
                return None;
            }
            credentials.push(Value::Object(credential));
            members.insert("title".to_owned(), passkey.rp_id.clone().into());
            let urls = [format!("https://{}", passkey.rp_id)];
            members.insert("scope".to_owned(), json!({ "urls": urls, "androidApps": [] }));
        }
        content => {
            if let Content::Login(login) = content {
                let mut credential = Members::new();
                credential.insert("type".to_owned(), "basic-auth".into());
                if basic_auth(&mut credential, login) {
                    credentials.push(Value::Object(credential));
                }
            }
            let values = Values::of(outgoing.item);
            values.name(&mut members);
            credentials.extend(values.rest());
        }
    }
    members.insert("credentials".to_owned(), Value::Array(credentials));
    own_extensions(&mut members, &[outgoing]);
    Some(members)
}

/// What an item of the vault holds beside user name, password and keys.
struct Values<'i> {
    title: Option<&'i str>,
    sites: &'i [String],
    tags: &'i [String],
    notes: Option<&'i str>,
    totp: Option<Totp>,
    fields: &'i [CustomField],
}

impl<'i> Values<'i> {
    /// Secrets are exposed to be written to the file that the person asked for.
    fn of(item: &'i Item) -> Self {
        match &item.content {
            Content::Login(Login { title, sites, notes, totp, tags, fields, .. }) => Self {
                title: Some(title),
                sites,
                tags,
                notes: notes.as_ref().map(|notes| notes.expose()),
                totp: totp.as_ref().and_then(|totp| Totp::parse(totp.expose()).ok()),
                fields,
            },
            Content::Note(Note { title, text, tags, fields }) => Self {
                title: Some(title),
                sites: &[],
                tags,
                notes: Some(text.expose()).filter(|text| !text.is_empty()),
                totp: None,
                fields,
            },
            _ => Self { title: None, sites: &[], tags: &[], notes: None, totp: None, fields: &[] },
        }
    }

    fn name(&self, members: &mut Members) {
        // A passkey has no title of its own: what the file said stays.
        let Some(title) = self.title else { return };
        members.insert("title".to_owned(), title.into());
        let mut scope = match members.remove("scope") {
            Some(Value::Object(scope)) => scope,
            _ if self.sites.is_empty() => Members::new(),
            _ => Members::from_iter([("androidApps".to_owned(), json!([]))]),
        };
        if !scope.is_empty() || !self.sites.is_empty() {
            let urls: Vec<_> = self.sites.iter().map(|site| address(site)).collect();
            scope.insert("urls".to_owned(), urls.into());
            members.insert("scope".to_owned(), Value::Object(scope));
        }
        if !self.tags.is_empty() {
            members.insert("tags".to_owned(), self.tags.into());
        }
    }

    /// Credentials of all that has no place in the item yet.
    fn rest(self) -> Vec<Value> {
        let mut credentials = Vec::new();
        if let Some(totp) = &self.totp {
            let mut members = Members::new();
            members.insert("type".to_owned(), "totp".into());
            put_totp(&mut members, totp);
            credentials.push(Value::Object(members));
        }
        if let Some(notes) = self.notes {
            credentials.push(json!({ "type": "note", "content": { "fieldType": "string", "value": notes } }));
        }
        if !self.fields.is_empty() {
            let field = |field: &CustomField| {
                let kind = if field.kind == FieldKind::Hidden { "concealed-string" } else { "string" };
                json!({ "fieldType": kind, "label": field.label, "value": field.value.expose() })
            };
            let fields: Vec<_> = self.fields.iter().map(field).collect();
            credentials.push(json!({ "type": "custom-fields", "fields": fields }));
        }
        credentials
    }
}

/// A site as an address: the format asks for one.
fn address(site: &str) -> String {
    if site.contains("://") || site.is_empty() { site.to_owned() } else { format!("https://{site}") }
}

fn basic_auth(members: &mut Members, login: &Login) -> bool {
    let values = [
        ("username", "string", login.username.as_deref()),
        ("password", "concealed-string", login.password.as_ref().map(|password| password.expose())),
    ];
    for (name, kind, value) in values {
        match value {
            Some(value) => drop(put(members, name, kind, value)),
            None => drop(members.remove(name)),
        }
    }
    members.keys().any(|name| name != "type")
}

/// Puts a value into an editable field, which may be there without one.
fn put(members: &mut Members, name: &str, kind: &str, value: &str) -> bool {
    let field = members.entry(name).or_insert_with(|| json!({ "fieldType": kind }));
    if let Value::Object(field) = field {
        field.insert("value".to_owned(), value.into());
    }
    true
}

fn is_empty_field(field: Option<&Value>) -> bool {
    field.is_some_and(|field| field.get("value").is_none())
}

fn put_totp(members: &mut Members, totp: &Totp) -> bool {
    members.insert("secret".to_owned(), totp.expose_secret().into());
    members.insert("algorithm".to_owned(), totp.algorithm.name().to_lowercase().into());
    members.insert("digits".to_owned(), totp.digits.into());
    members.insert("period".to_owned(), totp.period.into());
    let texts = [("username", &totp.account), ("issuer", &totp.issuer)];
    for (name, text) in texts {
        if let Some(text) = text {
            members.insert(name.to_owned(), text.clone().into());
        }
    }
    true
}

/// Says of passkeys what the format has no member for.
fn own_extensions(item: &mut Members, group: &[&Outgoing<'_>]) {
    let own: Vec<Value> = group.iter().filter_map(|outgoing| passkey::own_extension(outgoing)).collect();
    if own.is_empty() {
        return;
    }
    match item.entry("extensions").or_insert_with(|| json!([])) {
        Value::Array(extensions) => extensions.extend(own),
        other => *other = Value::Array(own),
    }
}
