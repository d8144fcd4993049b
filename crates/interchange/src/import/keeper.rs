//! Keeper: one JSON of all records.

use roamkey_vault::{
    SecretBytes, SecretText,
    item::{CustomField, FieldKind, Login, Note},
};
use serde_json::Value;

use super::{
    Entry, Foreign, ForeignPasskey, Format, Import, Place, Reason, Refused,
    json::{self, Members, take_list, take_number, take_object, take_text},
    totp,
};
use crate::date::number_of;

/// Reads a document.
pub(super) fn read(mut document: Members) -> Import {
    let mut import = Import { format: Format::KeeperJson, entries: Vec::new(), refused: Vec::new() };
    for (number, record) in take_list(&mut document, "records").into_iter().enumerate() {
        let place = Place::Item(number + 1);
        match record {
            Value::Object(record) => read_record(record, place, &mut import),
            _ => import.refused.push(Refused { place, reason: Reason::Unreadable }),
        }
    }
    import
}

fn read_record(mut record: Members, place: Place, import: &mut Import) {
    let name = take_text(&mut record, "uid").unwrap_or_else(|| place.to_string());
    let kind = take_text(&mut record, "$type");
    let mut login = Login {
        title: take_text(&mut record, "title").unwrap_or_default(),
        username: take_text(&mut record, "login"),
        password: take_text(&mut record, "password").map(SecretText::new),
        sites: take_text(&mut record, "login_url").into_iter().collect(),
        notes: take_text(&mut record, "notes").map(SecretText::new),
        ..Login::default()
    };
    record.remove("schema");
    record.remove("last_modified");
    let mut notices = Vec::new();
    for folder in take_list(&mut record, "folders") {
        let text = |name: &str| folder.get(name).and_then(Value::as_str);
        if let Some(folder) = text("shared_folder").or_else(|| text("folder")) {
            login.tags.push(folder.to_owned());
            notices.push(("folders".to_owned(), Reason::AsTag));
        }
    }
    let mut passkeys = Vec::new();
    for (label, value) in take_object(&mut record, "custom_fields").unwrap_or_default() {
        // `$kind:label:number`, or a name that the person chose.
        let kind = label.strip_prefix('$').and_then(|label| label.split(':').next()).unwrap_or_default().to_owned();
        match value {
            Value::Object(value) if kind == "passkey" => passkeys.push(passkey(value)),
            value => field(&mut login, &kind, label, value, &mut notices),
        }
    }
    let is_login = kind.as_deref().is_none_or(|kind| kind == "login") || login.password.is_some();
    let content = if is_login {
        Foreign::Login(login)
    } else {
        let Login { title, notes, tags, fields, .. } = login;
        Foreign::Note(Note { title, text: notes.unwrap_or_default(), tags, fields })
    };
    let mut entry = Entry::new(content, name.clone(), place.clone());
    notices.into_iter().for_each(|(field, reason)| entry.note(field, reason));
    if let Some((rest, names)) = json::left_over(record) {
        entry.rest = Some(SecretText::new(rest));
        names.into_iter().for_each(|name| entry.note(name, Reason::NotUnderstood));
    }
    import.entries.push(entry);
    for (part, passkey) in (1..).zip(passkeys) {
        match passkey {
            Ok((passkey, created, counts)) => {
                let mut entry = Entry::new(Foreign::Passkey(passkey), name.clone(), place.clone());
                (entry.part, entry.created) = (part, created);
                entry.note("prf", Reason::NoPrfSecrets);
                if counts {
                    entry.note("signCount", Reason::Counter);
                }
                import.entries.push(entry);
            }
            Err(reason) => import.refused.push(Refused { place: place.clone(), reason }),
        }
    }
}

fn field(login: &mut Login, kind: &str, label: String, value: Value, notices: &mut Vec<(String, Reason)>) {
    let values = match value {
        Value::Array(values) => values,
        value => vec![value],
    };
    for value in values {
        let text = match value {
            Value::Null => continue,
            Value::String(text) if text.is_empty() => continue,
            Value::String(text) => text,
            other => other.to_string(),
        };
        if kind == "oneTimeCode" {
            match totp(&text, &login.title, login.username.as_deref()) {
                Some(address) if login.totp.is_none() => {
                    login.totp = Some(address);
                    continue;
                }
                _ => notices.push((label.clone(), Reason::NotOneTimeCodes)),
            }
        }
        let is_secret = matches!(
            kind,
            "oneTimeCode"
                | "secret"
                | "pinCode"
                | "password"
                | "paymentCard"
                | "keyPair"
                | "accountNumber"
                | "licenseNumber"
        );
        let kind = if is_secret { FieldKind::Hidden } else { FieldKind::Text };
        login.fields.push(CustomField { label: label.clone(), value: SecretText::new(text), kind });
    }
}

type Read = (ForeignPasskey, Option<roamkey_proto::Time>, bool);

fn passkey(mut from: Members) -> Result<Read, Reason> {
    let bytes = |text: Option<String>| text.as_deref().and_then(json::base64);
    let key = take_object(&mut from, "privateKey").ok_or(Reason::UnknownKey)?;
    let passkey = ForeignPasskey {
        rp_id: take_text(&mut from, "relyingParty").ok_or(Reason::Unreadable)?,
        credential_id: bytes(take_text(&mut from, "credentialId")).ok_or(Reason::Unreadable)?,
        user_handle: bytes(take_text(&mut from, "userId")),
        user_name: take_text(&mut from, "username"),
        display_name: None,
        key: SecretBytes::new(pkcs8(&key).ok_or(Reason::UnknownKey)?),
        prf_seeds: None,
        cred_blob: None,
        large_blob: None,
        is_discoverable: true,
        serves_payments: false,
        own: None,
    };
    let created = take_number(&mut from, "createdDate").map(number_of);
    Ok((passkey, created, take_number(&mut from, "signCount").is_some_and(|count| count > 0)))
}

/// Writes a JSON Web Key (RFC 7517) as PKCS#8: a key on P-256 or of Ed25519 is 32 bytes behind what names its kind.
fn pkcs8(key: &Members) -> Option<Vec<u8>> {
    let text = |name: &str| key.get(name).and_then(Value::as_str);
    let prefix = match (text("kty")?, text("crv")?) {
        ("EC", "P-256") => P256,
        ("OKP", "Ed25519") => ED25519,
        _ => return None,
    };
    let secret = json::base64(text("d")?)?;
    (secret.len() == 32).then(|| [prefix, &secret].concat())
}

/// RFC 5958 around RFC 5915, without the public key.
const P256: &[u8] =
    b"\x30\x41\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x04\x27\
    \x30\x25\x02\x01\x01\x04\x20";

/// RFC 8410.
const ED25519: &[u8] = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";

#[cfg(test)]
mod tests;
