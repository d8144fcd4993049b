#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
use serde_json::json;

use super::*;
use crate::import::onepassword::tests::archive;

fn document() -> Value {
    json!({ "version": "1.20.0", "userId": "u", "encrypted": false, "vaults": { "v1": {
        "name": "Personal", "description": "", "display": {},
        "items": [{
            "itemId": "i1", "shareId": "s", "state": 1, "aliasEmail": null, "contentFormatVersion": 6,
            "createTime": 1_700_000_000, "modifyTime": 1_700_000_001, "pinned": true,
            "data": {
                "metadata": { "name": "X", "note": "remark", "itemUuid": "u" },
                "extraFields": [
                    { "fieldName": "PIN", "type": "hidden", "data": { "content": "1234" } },
                    { "fieldName": "shown", "type": "text", "data": { "content": "a" } },
                ],
                "platformSpecific": {}, "type": "login",
                "content": {
                    "itemEmail": "ada@x.example", "itemUsername": "ada", "urls": ["https://x.example"], "password": "secret",
                    "totpUri": "GEZDGNBV", "passkeys": [{ "rpId": "x.example", "content": "AA" }],
                },
            },
        }, {
            "itemId": "i2", "state": 2, "createTime": 1, "modifyTime": 1,
            "data": { "metadata": { "name": "Visa", "note": "" }, "extraFields": [], "type": "creditCard",
                "content": { "cardholderName": "Ada", "cardType": 0, "number": "4242" } },
        }],
    } } })
}

#[test]
fn a_document_is_read_alone_and_in_its_archive() {
    let text = document().to_string();
    let packed = archive(&[("Proton Pass/data.json", text.as_bytes())]);
    for file in [text.as_bytes(), &packed] {
        let import = crate::import::read(file, None).unwrap();
        assert_eq!((import.format, import.entries.len()), (Format::ProtonJson, 2));
        let entry = &import.entries[0];
        let Foreign::Login(login) = &entry.content else { unreachable!() };
        assert_eq!((login.title.as_str(), login.username.as_deref()), ("X", Some("ada")));
        assert_eq!(login.password.as_ref().unwrap().expose(), "secret");
        assert_eq!(login.totp.as_ref().unwrap().expose(), "otpauth://totp/X:ada?secret=GEZDGNBV&issuer=X");
        let fields: Vec<_> = login.fields.iter().map(|field| (field.label.as_str(), field.kind)).collect();
        assert_eq!(fields, [("email", FieldKind::Text), ("PIN", FieldKind::Hidden), ("shown", FieldKind::Text)]);
        assert!(
            entry.notices.iter().any(|notice| notice.reason == Reason::UnknownKey),
            "its passkeys are not readable"
        );
        assert!(entry.rest.as_ref().unwrap().expose().contains("\"rpId\":\"x.example\""), "and are kept");
        assert!(import.entries[1].is_trashed);
    }
}

#[test]
fn an_encrypted_one_says_what_to_do() {
    for file in [
        archive(&[("Proton Pass/data.pgp", b"-----BEGIN PGP MESSAGE-----")]),
        json!({ "version": "1", "encrypted": true, "vaults": {} }).to_string().into_bytes(),
    ] {
        let error = crate::import::read(&file, None).unwrap_err();
        assert_eq!(error, ImportError::OnlyForAccount(Format::ProtonJson));
    }
}
