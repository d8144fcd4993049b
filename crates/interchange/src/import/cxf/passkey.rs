use std::{collections::BTreeMap, io::Read as _};

use flate2::read::DeflateDecoder;
use roamkey_vault::{SecretBytes, item::PrfSeeds};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::{
    import::{
        ForeignPasskey, OwnTraits, Reason,
        json::{self, Members, take_object, take_text},
    },
    limits,
};

/// A passkey, and what of it is not as it was.
pub(super) type Read = (ForeignPasskey, Vec<(String, Reason)>);

/// Takes a passkey out of a credential; its identifier stays, and what is not understood. One that cannot be read stays whole.
pub(super) fn read(from: &mut Members, own: &BTreeMap<String, Members>) -> Result<Read, Reason> {
    let id = from.get("credentialId").and_then(Value::as_str).ok_or(Reason::Unreadable)?.to_owned();
    let mut rest = from.clone();
    let mut reasons = Vec::new();
    let bytes = |text: Option<String>| text.map(|text| json::base64(&text).ok_or(Reason::Unreadable)).transpose();
    let key = bytes(take_text(&mut rest, "key"))?.ok_or(Reason::UnknownKey)?;
    let mut extensions = take_object(&mut rest, "fido2Extensions").unwrap_or_default();
    let prf_seeds = seeds(&mut extensions)?;
    if prf_seeds.is_none() {
        reasons.push(("hmacCredentials".to_owned(), Reason::NoPrfSecrets));
    }
    let cred_blob = bytes(take_text(&mut extensions, "credBlob"))?;
    let large_blob = large_blob(&mut extensions)?;
    let serves_payments = extensions.remove("payments").and_then(|value| value.as_bool());
    let passkey = ForeignPasskey {
        rp_id: take_text(&mut rest, "rpId").ok_or(Reason::Unreadable)?,
        credential_id: json::base64(&id).ok_or(Reason::Unreadable)?,
        user_handle: bytes(take_text(&mut rest, "userHandle"))?,
        user_name: take_text(&mut rest, "username"),
        display_name: take_text(&mut rest, "userDisplayName"),
        key: SecretBytes::new(key),
        prf_seeds,
        cred_blob: cred_blob.map(SecretBytes::new),
        large_blob: large_blob.map(SecretBytes::new),
        is_discoverable: true,
        serves_payments: serves_payments.unwrap_or_default(),
        own: own.get(&id).and_then(own_traits),
    };
    if !extensions.is_empty() {
        reasons.push(("fido2Extensions".to_owned(), Reason::NotUnderstood));
        rest.insert("fido2Extensions".to_owned(), Value::Object(extensions));
    }
    *from = rest;
    Ok((passkey, reasons))
}

fn seeds(extensions: &mut Members) -> Result<Option<PrfSeeds>, Reason> {
    let Some(mut hmac) = take_object(extensions, "hmacCredentials") else { return Ok(None) };
    if take_text(&mut hmac, "algorithm").as_deref() != Some("hmac-sha256") {
        return Err(Reason::UnknownKey);
    }
    let mut seed = |name| {
        let bytes = take_text(&mut hmac, name).as_deref().and_then(json::base64).map(Zeroizing::new);
        bytes
            .and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok())
            .map(Zeroizing::new)
            .ok_or(Reason::Unreadable)
    };
    Ok(Some(PrfSeeds::new(&*seed("credWithUV")?, &*seed("credWithoutUV")?)))
}

/// The blob is compressed as CTAP keeps it: DEFLATE, and its length beside it.
fn large_blob(extensions: &mut Members) -> Result<Option<Vec<u8>>, Reason> {
    let Some(mut blob) = take_object(extensions, "largeBlob") else { return Ok(None) };
    let length = blob.get("uncompressedSize").and_then(Value::as_u64).ok_or(Reason::Unreadable)?;
    let data = take_text(&mut blob, "data").unwrap_or_default();
    let data = json::base64(&data).ok_or(Reason::Unreadable)?;
    let limit = u64::try_from(limits::BLOB_BYTES).unwrap_or(u64::MAX);
    if length > limit {
        return Err(Reason::TooLong);
    }
    let mut plain = Vec::new();
    DeflateDecoder::new(data.as_slice()).take(limit + 1).read_to_end(&mut plain).map_err(|_| Reason::Unreadable)?;
    if u64::try_from(plain.len()) == Ok(length) { Ok(Some(plain)) } else { Err(Reason::Unreadable) }
}

fn own_traits(members: &Members) -> Option<OwnTraits> {
    let key = members.get("largeBlobKey").and_then(Value::as_str).map(json::base64);
    Some(OwnTraits {
        algorithm: members.get("algorithm")?.as_i64()?,
        flags: members.get("flags")?.as_u64()?,
        large_blob_key: key.flatten().map(SecretBytes::new),
    })
}
