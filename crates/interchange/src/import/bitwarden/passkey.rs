use roamkey_proto::Time;
use roamkey_vault::SecretBytes;
use serde_json::Value;

use crate::date::date;
use crate::import::{
    ForeignPasskey, Reason,
    json::{self, take_text},
};

type Read = (ForeignPasskey, Option<Time>, Vec<(String, Reason)>);

/// Reads an entry of `fido2Credentials`.
pub(super) fn read(value: Value) -> Result<Read, Reason> {
    let Value::Object(mut from) = value else { return Err(Reason::Unreadable) };
    let mut take = |name: &str| take_text(&mut from, name);
    let credential_id = take("credentialId").as_deref().and_then(credential_id).ok_or(Reason::Unreadable)?;
    let key = take("keyValue").as_deref().and_then(json::base64).ok_or(Reason::UnknownKey)?;
    let user_handle = take("userHandle").map(|text| json::base64(&text).ok_or(Reason::Unreadable)).transpose()?;
    let counts = take("counter").is_some_and(|counter| counter != "0");
    let mut reasons = vec![("prf".to_owned(), Reason::NoPrfSecrets)];
    reasons.extend(counts.then(|| ("counter".to_owned(), Reason::Counter)));
    let passkey = ForeignPasskey {
        rp_id: take("rpId").ok_or(Reason::Unreadable)?,
        credential_id,
        user_handle,
        user_name: take("userName"),
        display_name: take("userDisplayName"),
        key: SecretBytes::new(key),
        prf_seeds: None,
        cred_blob: None,
        large_blob: None,
        is_discoverable: take("discoverable").as_deref() == Some("true"),
        serves_payments: false,
        own: None,
    };
    Ok((passkey, take("creationDate").as_deref().and_then(date), reasons))
}

/// An identifier is the 16 bytes of a UUID, or `b64.` and any bytes.
fn credential_id(text: &str) -> Option<Vec<u8>> {
    if let Some(text) = text.strip_prefix("b64.") {
        return json::base64(text);
    }
    let digits: Vec<char> = text.chars().filter(|letter| *letter != '-').collect();
    if digits.len() != 32 || !digits.iter().all(char::is_ascii_hexdigit) {
        return None;
    }
    digits.chunks(2).map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).ok()).collect()
}
