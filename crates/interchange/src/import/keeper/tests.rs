#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

use super::*;

#[test]
fn a_record_comes_with_its_fields_codes_and_passkeys() {
    let key = json!({ "kty": "EC", "crv": "P-256", "d": URL_SAFE_NO_PAD.encode([7; 32]), "x": "", "y": "" });
    let document = json!({ "shared_folders": [], "records": [
        {
            "title": "X", "login": "ada", "password": "secret", "login_url": "https://x.example", "notes": "remark",
            "uid": "u1", "$type": "login", "schema": ["$login::1"], "last_modified": 1_700_000_000,
            "folders": [{ "folder": "Work" }],
            "custom_fields": {
                "$oneTimeCode::1": "otpauth://totp/X:ada?secret=GEZDGNBV",
                "$pinCode::1": "1234", "color": "red",
                "$passkey::1": { "createdDate": 1_700_000_000_000_u64, "credentialId": "AQI", "privateKey": key,
                    "relyingParty": "x.example", "signCount": 3, "userId": "Ag", "username": "ada" },
            },
        },
        { "title": "Card", "$type": "bankCard", "uid": "u2", "custom_fields": { "$paymentCard::1": { "cardNumber": "4242" } } },
    ] });
    let import = crate::import::read(document.to_string().as_bytes(), None).unwrap();
    assert_eq!((import.format, import.entries.len(), import.refused.len()), (Format::KeeperJson, 3, 0));
    let Foreign::Login(login) = &import.entries[0].content else { unreachable!() };
    assert_eq!((login.username.as_deref(), login.tags.as_slice()), (Some("ada"), &["Work".to_owned()][..]));
    assert_eq!(login.totp.as_ref().unwrap().expose(), "otpauth://totp/X:ada?secret=GEZDGNBV&issuer=X");
    let fields: Vec<_> = login.fields.iter().map(|field| (field.label.as_str(), field.kind)).collect();
    assert_eq!(fields, [("$pinCode::1", FieldKind::Hidden), ("color", FieldKind::Text)]);
    let Foreign::Passkey(passkey) = &import.entries[1].content else { unreachable!() };
    assert_eq!((passkey.rp_id.as_str(), passkey.credential_id.as_slice()), ("x.example", &[1, 2][..]));
    assert!(passkey.key.expose().ends_with(&[7; 32]));
    assert!(matches!(&import.entries[2].content, Foreign::Note(_)));
}
