use std::io::Write as _;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use flate2::{Compression, write::DeflateEncoder};
use roamkey_vault::{
    Content, SecretBytes,
    item::{Passkey, PasskeyFlags},
};
use serde_json::{Map, Value, json};

use crate::{cxf::OWN_EXTENSION, export::Outgoing};

/// Writes a passkey into a credential; false if its key cannot go out. Secrets are exposed to be written to the file that
/// the person asked for.
pub(super) fn fill(members: &mut Map<String, Value>, outgoing: &Outgoing<'_>) -> bool {
    let (Content::Passkey(passkey), Some(key)) = (&outgoing.item.content, &outgoing.key) else { return false };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let handle = passkey.user_handle.as_deref().unwrap_or_default();
    members.insert("credentialId".to_owned(), URL_SAFE_NO_PAD.encode(&passkey.credential_id).into());
    members.insert("rpId".to_owned(), passkey.rp_id.clone().into());
    members.insert("username".to_owned(), text(&passkey.user_name).into());
    members.insert("userDisplayName".to_owned(), text(&passkey.display_name).into());
    members.insert("userHandle".to_owned(), URL_SAFE_NO_PAD.encode(handle).into());
    members.insert("key".to_owned(), URL_SAFE_NO_PAD.encode(&*key.pkcs8).into());
    let mut extensions = match members.remove("fido2Extensions") {
        Some(Value::Object(extensions)) => extensions,
        _ => Map::new(),
    };
    if let Some(seeds) = &passkey.prf_seeds {
        let hmac = json!({
            "algorithm": "hmac-sha256",
            "credWithUV": URL_SAFE_NO_PAD.encode(seeds.expose_verified()),
            "credWithoutUV": URL_SAFE_NO_PAD.encode(seeds.expose_unverified()),
        });
        extensions.insert("hmacCredentials".to_owned(), hmac);
    }
    if let Some(blob) = &passkey.cred_blob {
        extensions.insert("credBlob".to_owned(), URL_SAFE_NO_PAD.encode(blob.expose()).into());
    }
    if let Some(blob) = &passkey.large_blob {
        let data = json!({ "uncompressedSize": blob.expose().len(), "data": URL_SAFE_NO_PAD.encode(deflated(blob)) });
        extensions.insert("largeBlob".to_owned(), data);
    }
    if passkey.flags.has(PasskeyFlags::THIRD_PARTY_PAYMENT) {
        extensions.insert("payments".to_owned(), true.into());
    }
    if !extensions.is_empty() {
        members.insert("fido2Extensions".to_owned(), Value::Object(extensions));
    }
    true
}

/// What our own files say beyond the format, where it is not what a reader takes for granted.
pub(super) fn own_extension(outgoing: &Outgoing<'_>) -> Option<Value> {
    let (Content::Passkey(passkey), Some(key)) = (&outgoing.item.content, &outgoing.key) else { return None };
    let usual = PasskeyFlags::BACKUP_ELIGIBLE.with(PasskeyFlags::DISCOVERABLE);
    let flags = passkey.flags.without(PasskeyFlags::THIRD_PARTY_PAYMENT);
    let is_usual = flags == usual && !SECOND_NAMES.contains(&key.algorithm) && passkey.large_blob_key.is_none();
    (!is_usual).then(|| extension(passkey, key.algorithm))
}

fn extension(passkey: &Passkey, algorithm: i64) -> Value {
    let mut extension = json!({
        "name": OWN_EXTENSION,
        "credentialId": URL_SAFE_NO_PAD.encode(&passkey.credential_id),
        "algorithm": algorithm,
        "flags": passkey.flags.bits(),
    });
    if let (Some(key), Some(members)) = (&passkey.large_blob_key, extension.as_object_mut()) {
        members.insert("largeBlobKey".to_owned(), URL_SAFE_NO_PAD.encode(key.expose()).into());
    }
    extension
}

fn deflated(blob: &SecretBytes) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(blob.expose()).expect("writing to memory does not fail");
    encoder.finish().expect("writing to memory does not fail")
}

/// The fully specified names of RFC 9864, which PKCS#8 does not tell from the older ones.
const SECOND_NAMES: [i64; 2] = [-9, -19];
