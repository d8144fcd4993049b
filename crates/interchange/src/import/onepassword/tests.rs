#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
use std::io::{Cursor, Write as _};

use serde_json::json;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::*;

pub(crate) fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn document() -> Value {
    json!({ "accounts": [{ "attrs": { "accountName": "Ada" }, "vaults": [{
        "attrs": { "uuid": "v", "name": "Personal" },
        "items": [{
            "uuid": "i1", "favIndex": 1, "createdAt": 1_614_298_956, "updatedAt": 1_635_346_445, "state": "active",
            "categoryUuid": "001",
            "details": {
                "loginFields": [
                    { "value": "ada", "id": "", "name": "username", "fieldType": "T", "designation": "username" },
                    { "value": "secret", "id": "", "name": "password", "fieldType": "P", "designation": "password" },
                    { "value": "extra", "id": "x", "name": "domain", "fieldType": "T", "designation": "" },
                ],
                "notesPlain": "remark",
                "sections": [{ "title": "More", "name": "s", "fields": [
                    { "title": "PIN", "id": "p", "value": { "concealed": "1234" } },
                    { "title": "code", "id": "TOTP_1", "value": { "totp": "otpauth://totp/X?secret=GEZDGNBV" } },
                    { "title": "since", "id": "d", "value": { "date": 1_600_000_000 } },
                    { "title": "scan", "id": "f", "value": { "file": { "documentId": "x" } } },
                ] }],
                "passwordHistory": [{ "value": "old", "time": 1_600_000_000 }],
            },
            "overview": { "title": "X", "subtitle": "ada", "url": "https://x.example",
                "urls": [{ "label": "", "url": "https://x.example" }, { "label": "", "url": "https://y.example" }],
                "tags": ["t"], "ps": 100, "watchtowerExclusions": { "a": true } },
        }, {
            "uuid": "i2", "favIndex": 0, "createdAt": 1, "updatedAt": 1, "state": "archived", "categoryUuid": "003",
            "details": { "loginFields": [], "notesPlain": "text", "sections": [], "passwordHistory": [] },
            "overview": { "title": "Note", "url": "" },
        }],
    }] }] })
}

#[test]
fn an_archive_of_1password_is_read() {
    let file =
        archive(&[("export.attributes", b"{\"version\":3}"), ("export.data", document().to_string().as_bytes())]);
    let import = crate::import::read(&file, None).unwrap();
    assert_eq!((import.format, import.entries.len()), (Format::OnePux, 2));
    let entry = &import.entries[0];
    let Foreign::Login(login) = &entry.content else { unreachable!() };
    assert_eq!((login.title.as_str(), login.username.as_deref()), ("X", Some("ada")));
    assert_eq!(login.password.as_ref().unwrap().expose(), "secret");
    assert_eq!(login.sites, ["https://x.example", "https://y.example"]);
    assert_eq!(login.tags, ["t", "Personal"]);
    assert_eq!(login.totp.as_ref().unwrap().expose(), "otpauth://totp/X:X?secret=GEZDGNBV&issuer=X");
    let fields: Vec<_> =
        login.fields.iter().map(|field| (field.label.as_str(), field.value.expose(), field.kind)).collect();
    assert_eq!(
        fields,
        [
            ("domain", "extra", FieldKind::Text),
            ("PIN", "1234", FieldKind::Hidden),
            ("since", "1600000000", FieldKind::Text)
        ]
    );
    assert_eq!(entry.old_passwords[0].0.expose(), "old");
    let rest: Value = serde_json::from_str(entry.rest.as_ref().unwrap().expose()).unwrap();
    assert_eq!(rest, json!({ "favIndex": 1, "overview": { "watchtowerExclusions": { "a": true } } }));
    assert!(entry.notices.iter().any(|notice| notice.reason == Reason::Attachment));
    assert!(matches!(&import.entries[1].content, Foreign::Note(_)) && import.entries[1].is_trashed);
}

#[test]
fn an_archive_that_unpacks_to_too_much_is_refused() {
    let zeros = vec![b' '; crate::limits::TEXT_BYTES + 1];
    let file = archive(&[("export.data", &zeros)]);
    assert!(file.len() < 1024 * 1024, "it is small");
    let error = crate::import::read(&file, None).unwrap_err();
    assert_eq!(error, ImportError::Malformed { format: Format::Archive, place: None, fault: Fault::Bomb });
}

#[test]
fn an_archive_of_someone_else_is_not_guessed_at() {
    assert_eq!(crate::import::read(&archive(&[("a.txt", b"a")]), None).unwrap_err(), ImportError::Unknown);
    let broken = &archive(&[("export.data", b"{}")])[..20];
    assert!(matches!(crate::import::read(broken, None), Err(ImportError::Malformed { .. })));
}
