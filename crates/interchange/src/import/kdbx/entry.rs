use base64::{Engine as _, engine::general_purpose::STANDARD};
use roamkey_vault::{
    SecretBytes, SecretText,
    item::{CustomField, FieldKind, Login, Note},
};
use zeroize::Zeroizing;

use super::content::{RawEntry, RawString};
use crate::{
    import::{Entry, Foreign, ForeignPasskey, Import, Place, Reason, Refused, json, totp},
    otp::{Algorithm, Totp},
};

/// Takes up an entry: a login or a note, and its passkey.
pub(super) fn read(mut raw: RawEntry, number: usize, import: &mut Import) {
    let place = Place::Item(number);
    let passkey = passkey(&mut raw.strings);
    let take = |raw: &mut RawEntry, name: &str| {
        let at = raw.strings.iter().position(|string| string.name == name)?;
        Some(raw.strings.remove(at).value).filter(|value| !value.is_empty())
    };
    let text = |value: Zeroizing<String>| value.to_string();
    let mut login = Login {
        title: take(&mut raw, "Title").map(text).unwrap_or_default(),
        sites: take(&mut raw, "URL").map(text).into_iter().collect(),
        username: take(&mut raw, "UserName").map(text),
        password: take(&mut raw, "Password").map(text).map(SecretText::new),
        notes: take(&mut raw, "Notes").map(text).map(SecretText::new),
        ..Login::default()
    };
    let mut notices = Vec::new();
    login.totp = generator(&mut raw.strings, &login);
    for string in std::mem::take(&mut raw.strings) {
        if string.name.starts_with("KP2A_URL") {
            login.sites.push(text(string.value));
        } else if !string.value.is_empty() {
            let kind = if string.is_protected { FieldKind::Hidden } else { FieldKind::Text };
            login.fields.push(CustomField { label: string.name, value: SecretText::new(text(string.value)), kind });
        }
    }
    let tags = raw.tags.split([';', ',']).map(str::trim).filter(|tag| !tag.is_empty());
    login.tags = tags.map(str::to_owned).collect();
    if !raw.path.is_empty() && !raw.is_in_bin {
        login.tags.push(raw.path.join("/"));
        notices.push(("Group", Reason::AsTag));
    }
    if raw.has_files {
        notices.push(("Binary", Reason::Attachment));
    }
    let is_login =
        login.username.is_some() || login.password.is_some() || login.totp.is_some() || !login.sites.is_empty();
    // An entry that holds a passkey alone is that passkey.
    let is_passkey_alone = passkey.is_some()
        && login.password.is_none()
        && login.totp.is_none()
        && login.notes.is_none()
        && login.fields.is_empty();
    let id = raw.id.clone();
    let mut part = 0;
    if !is_passkey_alone {
        let content = if is_login {
            Foreign::Login(login)
        } else {
            let Login { title, notes, tags, fields, .. } = login;
            Foreign::Note(Note { title, text: notes.unwrap_or_default(), tags, fields })
        };
        let mut entry = Entry::new(content, id.clone(), place.clone());
        entry.created = raw.created;
        entry.is_trashed = raw.is_in_bin;
        entry.old_passwords = old_passwords(&raw, &entry.content);
        notices.iter().for_each(|(field, reason)| entry.note(*field, *reason));
        import.entries.push(entry);
        part = 1;
    }
    match passkey {
        Some(Ok(passkey)) => {
            let mut entry = Entry::new(Foreign::Passkey(passkey), id, place);
            (entry.created, entry.is_trashed, entry.part) = (raw.created, raw.is_in_bin, part);
            entry.note("prf", Reason::NoPrfSecrets);
            import.entries.push(entry);
        }
        Some(Err(reason)) => import.refused.push(Refused { place, reason }),
        None => {}
    }
}

/// Passwords of older states, each once, the newest last.
fn old_passwords(raw: &RawEntry, now: &Foreign) -> Vec<(SecretText, Option<roamkey_proto::Time>)> {
    let mut before = match now {
        Foreign::Login(login) => login.password.as_ref().map(|password| password.expose().to_owned()),
        _ => None,
    };
    let mut old = Vec::new();
    for state in raw.history.iter().rev() {
        let password = state.strings.iter().find(|string| string.name == "Password" && !string.value.is_empty());
        if let Some(password) = password
            && before.as_deref() != Some(password.value.as_str())
        {
            before = Some(password.value.to_string());
            old.push((SecretText::new(password.value.to_string()), state.modified));
        }
    }
    old.reverse();
    old
}

/// The generator of one-time codes, in one of the three ways in which programs write it.
fn generator(strings: &mut Vec<RawString>, login: &Login) -> Option<SecretText> {
    let find = |name: &str| strings.iter().find(|string| string.name == name).map(|string| string.value.clone());
    let named = |address: &str| totp(address, &login.title, login.username.as_deref());
    let (address, names): (_, &[&str]) = if let Some(address) = find("otp").as_deref().and_then(|text| named(text)) {
        (address, &["otp"])
    } else if let Some(secret) = find("TimeOtp-Secret-Base32") {
        let mut totp = Totp::new(&secret).ok()?;
        let number = |name, usual| find(name).map_or(Some(usual), |text| text.parse().ok());
        totp.digits = number("TimeOtp-Length", totp.digits)?;
        totp.period = number("TimeOtp-Period", totp.period)?;
        if let Some(name) = find("TimeOtp-Algorithm") {
            totp.algorithm = Algorithm::named(&name.replace("HMAC-", "").replace('-', ""))?;
        }
        let address = Some(totp).filter(Totp::is_sound).and_then(|totp| named(&totp.to_uri()))?;
        (address, &["TimeOtp-Secret-Base32", "TimeOtp-Length", "TimeOtp-Period", "TimeOtp-Algorithm"])
    } else {
        let mut totp = Totp::new(&find("TOTP Seed")?).ok()?;
        if let Some(settings) = find("TOTP Settings") {
            let (period, digits) = settings.split_once(';')?;
            (totp.period, totp.digits) = (period.parse().ok()?, digits.parse().ok()?);
        }
        let address = Some(totp).filter(Totp::is_sound).and_then(|totp| named(&totp.to_uri()))?;
        (address, &["TOTP Seed", "TOTP Settings"])
    };
    strings.retain(|string| !names.contains(&string.name.as_str()));
    Some(address)
}

/// Takes the passkey out, as KeePassXC and those who follow it write one.
fn passkey(strings: &mut Vec<RawString>) -> Option<Result<ForeignPasskey, Reason>> {
    let find = |names: &[&str]| {
        let string = strings.iter().find(|string| names.contains(&string.name.as_str()))?;
        Some(string.value.clone()).filter(|value| !value.is_empty())
    };
    let pem = find(&["KPEX_PASSKEY_PRIVATE_KEY_PEM"])?;
    let id = find(&["KPEX_PASSKEY_CREDENTIAL_ID", "KPEX_PASSKEY_GENERATED_USER_ID"]);
    let (rp_id, handle) = (find(&["KPEX_PASSKEY_RELYING_PARTY"]), find(&["KPEX_PASSKEY_USER_HANDLE"]));
    let user_name = find(&["KPEX_PASSKEY_USERNAME"]).map(|name| name.to_string());
    let passkey = || {
        Ok(ForeignPasskey {
            rp_id: rp_id.ok_or(Reason::Unreadable)?.to_string(),
            credential_id: id.as_deref().and_then(|id| json::base64(id)).ok_or(Reason::Unreadable)?,
            user_handle: handle.map(|handle| json::base64(&handle).ok_or(Reason::Unreadable)).transpose()?,
            user_name,
            display_name: None,
            key: SecretBytes::new(der(&pem).ok_or(Reason::UnknownKey)?),
            prf_seeds: None,
            cred_blob: None,
            large_blob: None,
            is_discoverable: true,
            serves_payments: false,
            own: None,
        })
    };
    let passkey = passkey();
    if passkey.is_ok() {
        strings.retain(|string| !string.name.starts_with("KPEX_PASSKEY_"));
    }
    Some(passkey)
}

/// The bytes between the lines of a PEM file.
fn der(pem: &str) -> Option<Vec<u8>> {
    let (_, rest) = pem.split_once("-----BEGIN PRIVATE KEY-----")?;
    let (body, _) = rest.split_once("-----END PRIVATE KEY-----")?;
    let body: Zeroizing<String> = Zeroizing::new(body.chars().filter(|letter| !letter.is_whitespace()).collect());
    STANDARD.decode(body.as_str()).ok()
}
