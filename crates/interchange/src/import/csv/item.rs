use roamkey_proto::Time;
use roamkey_vault::{
    SecretText,
    item::{CustomField, FieldKind, Login, Note},
};
use serde_json::Value;

use super::{column::Column, dialect::Dialect};
use crate::{
    date::date,
    import::{Entry, Foreign, Format, Place, Reason, totp},
};

/// A row that is being read.
#[derive(Default)]
struct Row {
    login: Login,
    text: Option<String>,
    kind: Option<String>,
    name: Option<String>,
    created: Option<Time>,
    email: Option<(String, String)>,
    totp: Option<(String, String)>,
    is_archived: bool,
    notices: Vec<(String, Reason)>,
}

/// Reads a row that has as many cells as the header.
pub(super) fn read(dialect: &Dialect, columns: &[(Column, String)], cells: &csv::StringRecord, place: Place) -> Entry {
    let mut row = Row::default();
    for ((column, name), cell) in columns.iter().zip(cells) {
        if !cell.trim().is_empty() {
            row.take(*column, name, cell);
        }
    }
    row.finish(dialect.format, place)
}

impl Row {
    fn take(&mut self, column: Column, name: &str, cell: &str) {
        let text = || cell.to_owned();
        match column {
            Column::Title => self.login.title = text(),
            Column::Url => self.login.sites.push(text()),
            Column::Urls => self.login.sites.extend(addresses(cell)),
            Column::Username => self.login.username = Some(text()),
            Column::Email => self.email = Some((name.to_owned(), text())),
            Column::Password => self.login.password = Some(SecretText::new(text())),
            Column::Notes => self.text = Some(text()),
            Column::Totp => self.totp = Some((name.to_owned(), text())),
            Column::Folder => {
                self.login.tags.push(text());
                self.notices.push((name.to_owned(), Reason::AsTag));
            }
            Column::Tags => {
                let tags = cell.split([',', ';']).map(str::trim).filter(|tag| !tag.is_empty());
                self.login.tags.extend(tags.map(str::to_owned));
            }
            Column::Created => self.created = date(cell),
            Column::Type => self.kind = Some(cell.to_lowercase()),
            Column::Fields => self.fields(cell),
            Column::FieldList => self.field_list(name, cell),
            Column::Archived => self.is_archived = !matches!(cell, "0" | "false"),
            Column::Name => self.name = Some(text()),
            Column::Ignored => {}
            Column::Custom => self.custom(name, cell, kind_of(name), Reason::AsCustomField),
        }
    }

    /// Bitwarden's custom fields, a line each. A line without a colon goes on with the value before.
    fn fields(&mut self, cell: &str) {
        for line in cell.lines() {
            match line.split_once(": ").or_else(|| line.strip_suffix(':').map(|label| (label, ""))) {
                Some((label, value)) => self.login.fields.push(field(label, value, FieldKind::Text)),
                None => match self.login.fields.pop() {
                    Some(before) => {
                        let value = [before.value.expose(), "\n", line].concat();
                        self.login.fields.push(CustomField { value: SecretText::new(value), ..before });
                    }
                    None => self.login.fields.push(field("", line, FieldKind::Text)),
                },
            }
        }
    }

    fn field_list(&mut self, name: &str, cell: &str) {
        let Ok(Value::Array(list)) = serde_json::from_str(cell) else {
            return self.custom(name, cell, FieldKind::Text, Reason::AsCustomField);
        };
        for entry in list {
            let text = |member: &str| entry.get(member).and_then(Value::as_str);
            let (Some(label), Some(value)) = (text("label"), text("value")) else {
                self.custom(name, &entry.to_string(), FieldKind::Hidden, Reason::AsCustomField);
                continue;
            };
            let kind = if text("type") == Some("hidden") { FieldKind::Hidden } else { FieldKind::Text };
            self.login.fields.push(field(label, value, kind));
        }
    }

    fn custom(&mut self, label: &str, value: &str, kind: FieldKind, reason: Reason) {
        self.login.fields.push(field(label, value, kind));
        self.notices.push((label.to_owned(), reason));
    }

    fn finish(mut self, format: Format, place: Place) -> Entry {
        // What hangs on other columns, in whatever order they stand.
        match self.email.take() {
            Some((_, email)) if self.login.username.is_none() => self.login.username = Some(email),
            Some((name, email)) if self.login.username.as_ref() != Some(&email) => {
                self.custom(&name, &email, FieldKind::Text, Reason::AsCustomField);
            }
            _ => {}
        }
        if let Some((name, text)) = self.totp.take() {
            match totp(&text, &self.login.title, self.login.username.as_deref()) {
                Some(address) => self.login.totp = Some(address),
                None => self.custom(&name, &text, FieldKind::Hidden, Reason::NotOneTimeCodes),
            }
        }
        let Self { mut login, text, kind, name, created, is_archived, notices, .. } = self;
        // LastPass keeps notes at a site that is none.
        let is_lastpass_note = format == Format::LastPassCsv && login.sites.iter().any(|site| site == "http://sn");
        let is_login = match kind.as_deref() {
            Some(kind) => matches!(kind, "login" | "password" | "alias"),
            None => {
                login.username.is_some() || login.password.is_some() || login.totp.is_some() || !login.sites.is_empty()
            }
        };
        let content = if is_login && !is_lastpass_note {
            login.notes = text.map(SecretText::new);
            Foreign::Login(login)
        } else {
            Foreign::Note(note(login, text, is_lastpass_note))
        };
        let name = name.unwrap_or_else(|| place.to_string());
        let mut entry = Entry::new(content, name, place);
        entry.created = created;
        entry.is_trashed = is_archived;
        notices.into_iter().for_each(|(field, reason)| entry.note(field, reason));
        entry
    }
}

/// What is no login: whatever a login has besides goes into custom fields.
fn note(login: Login, text: Option<String>, is_lastpass_note: bool) -> Note {
    let Login { title, sites, username, password, totp, tags, mut fields, .. } = login;
    let mut add = |label: &str, value: &str, kind| fields.insert(0, field(label, value, kind));
    totp.iter().for_each(|totp| add("totp", totp.expose(), FieldKind::Hidden));
    password.iter().for_each(|password| add("password", password.expose(), FieldKind::Hidden));
    username.iter().for_each(|username| add("username", username, FieldKind::Text));
    sites.iter().filter(|_| !is_lastpass_note).for_each(|site| add("url", site, FieldKind::Text));
    Note { title, text: SecretText::new(text.unwrap_or_default()), tags, fields }
}

fn field(label: &str, value: &str, kind: FieldKind) -> CustomField {
    CustomField { label: label.to_owned(), value: SecretText::new(value.to_owned()), kind }
}

/// Hides what is secret by its name.
fn kind_of(name: &str) -> FieldKind {
    let name = name.to_lowercase();
    let is_secret =
        ["password", "secret", "cvc", "cvv", "cardnumber", "cc_number"].iter().any(|word| name.contains(word))
            || matches!(name.as_str(), "pin" | "code");
    if is_secret { FieldKind::Hidden } else { FieldKind::Text }
}

/// Addresses in one cell: a list in JSON, or with commas between them. A comma inside an address is no separator: behind
/// one that is, the next address begins.
fn addresses(cell: &str) -> Vec<String> {
    if let Ok(Value::Array(list)) = serde_json::from_str(cell) {
        return list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    }
    let has_schemes = cell.contains("://");
    let mut addresses: Vec<String> = Vec::new();
    for part in cell.split(',') {
        match addresses.last_mut() {
            Some(before) if has_schemes && !part.contains("://") => {
                before.push(',');
                before.push_str(part);
            }
            _ => addresses.push(part.trim_start().to_owned()),
        }
    }
    addresses
}
