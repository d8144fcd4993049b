//! Databases are written here as the format's description says, by code that shares nothing with the reader but primitives.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
use std::io::Write as _;

use aes::cipher::BlockCipherEncrypt as _;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use cbc::cipher::BlockModeEncrypt as _;
use flate2::{Compression, write::GzEncoder};
use roamkey_vault::item::FieldKind;

use super::*;
use crate::import::{Foreign, Reason};

const SEED: [u8; 32] = [3; 32];
const SALT: [u8; 32] = [4; 32];
const STREAM_KEY: [u8; 64] = [5; 64];

/// Which of the ways to write a database.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Way {
    V3,
    V4Argon2,
    V4Aes,
}

/// The XML; `hide` hides a protected value.
fn xml(hide: &mut impl FnMut(&str) -> String, created: &str) -> String {
    let pem = "-----BEGIN PRIVATE KEY-----\nMDEy\n-----END PRIVATE KEY-----\n";
    let old = hide("old");
    // In the order of the document: the history of an entry stands behind its strings.
    let secret = hide("secret &");
    let hidden = hide("1234");
    let pem = hide(pem);
    let before = hide("older");
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?><KeePassFile><Meta><RecycleBinUUID>YmlubmVk</RecycleBinUUID></Meta><Root><Group>
<UUID>cm9vdA==</UUID><Name>Root</Name>
<Group><UUID>YmlubmVk</UUID><Name>Recycle Bin</Name><Entry><UUID>YmluMQ==</UUID><String><Key>Title</Key><Value>Gone</Value></String>
<String><Key>Password</Key><Value Protected="True">{old}</Value></String></Entry></Group>
<Group><UUID>d29yaw==</UUID><Name>Work &amp; more</Name><Entry><UUID>ZW50cnk=</UUID><Tags>a;b</Tags><Times><CreationTime>{created}</CreationTime></Times>
<String><Key>Title</Key><Value>X &lt;1&#33;</Value></String><String><Key>UserName</Key><Value>ada</Value></String>
<String><Key>Password</Key><Value Protected="True">{secret}</Value></String><String><Key>URL</Key><Value>https://x.example</Value></String>
<String><Key>KP2A_URL_1</Key><Value>https://y.example</Value></String><String><Key>Notes</Key><Value>remark</Value></String>
<String><Key>PIN</Key><Value Protected="True">{hidden}</Value></String>
<String><Key>otp</Key><Value>otpauth://totp/X:ada?secret=GEZDGNBV&amp;period=30</Value></String>
<String><Key>KPEX_PASSKEY_CREDENTIAL_ID</Key><Value>AQI</Value></String>
<String><Key>KPEX_PASSKEY_PRIVATE_KEY_PEM</Key><Value Protected="True">{pem}</Value></String>
<String><Key>KPEX_PASSKEY_RELYING_PARTY</Key><Value>x.example</Value></String>
<String><Key>KPEX_PASSKEY_USERNAME</Key><Value>ada</Value></String><String><Key>KPEX_PASSKEY_USER_HANDLE</Key><Value>Ag</Value></String>
<Binary><Key>a.txt</Key><Value Ref="0"/></Binary>
<History><Entry><UUID>ZW50cnk=</UUID><Times><LastModificationTime>{created}</LastModificationTime></Times><String><Key>Password</Key><Value Protected="True">{before}</Value></String></Entry></History>
</Entry></Group></Group></Root></KeePassFile>"#
    )
}

fn stretched(way: Way, secret: &str) -> Vec<u8> {
    let composite = Sha256::digest(Sha256::digest(secret));
    if way == Way::V4Argon2 {
        let params = argon2::Params::new(64, 2, 1, Some(32)).unwrap();
        let mut key = [0; 32];
        argon2::Argon2::new(argon2::Algorithm::Argon2d, argon2::Version::V0x13, params)
            .hash_password_into(&composite, &SALT, &mut key)
            .unwrap();
        return key.to_vec();
    }
    let cipher = <Aes256 as aes::cipher::KeyInit>::new(&SALT.into());
    let mut hash = Sha256::new();
    for half in composite.chunks(16) {
        let mut block = <[u8; 16]>::try_from(half).unwrap().into();
        for _ in 0..100 {
            cipher.encrypt_block(&mut block);
        }
        hash.update(block);
    }
    hash.finalize().to_vec()
}

fn field(major: u8, id: u8, value: &[u8]) -> Vec<u8> {
    let length = u32::try_from(value.len()).unwrap().to_le_bytes();
    [&[id][..], if major == 4 { &length[..] } else { &length[..2] }, value].concat()
}

fn dictionary(entries: &[(u8, &str, &[u8])]) -> Vec<u8> {
    let mut bytes = vec![0, 1];
    for (kind, name, value) in entries {
        bytes.push(*kind);
        bytes.extend(u32::try_from(name.len()).unwrap().to_le_bytes());
        bytes.extend(name.as_bytes());
        bytes.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
        bytes.extend(*value);
    }
    bytes.push(0);
    bytes
}

fn kdf(way: Way, memory: u64, passes: u64) -> Vec<u8> {
    match way {
        Way::V4Argon2 => dictionary(&[
            (0x42, "$UUID", b"\xef\x63\x6d\xdf\x8c\x29\x44\x4b\x91\xf7\xa9\xa4\x03\xe3\x0a\x0c"),
            (0x42, "S", &SALT),
            (4, "P", &1_u32.to_le_bytes()),
            (5, "M", &memory.to_le_bytes()),
            (5, "I", &passes.to_le_bytes()),
            (4, "V", &0x13_u32.to_le_bytes()),
        ]),
        _ => dictionary(&[
            (0x42, "$UUID", b"\xc9\xd9\xf3\x9a\x62\x8a\x44\x60\xbf\x74\x0d\x08\xc1\x8a\x4f\xea"),
            (0x42, "S", &SALT),
            (5, "R", &passes.to_le_bytes()),
        ]),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Writes a database with this XML and a derivation of this cost.
fn write(way: Way, xml: &str, memory: u64, passes: u64) -> Vec<u8> {
    let major = if way == Way::V3 { 3 } else { 4 };
    let is_chacha = way == Way::V4Argon2;
    let cipher = if is_chacha { binary::CHACHA20 } else { binary::AES };
    let iv = if is_chacha { &[6; 12][..] } else { &[6; 16][..] };
    let mut header = [MAGIC, &[1, 0, major, 0]].concat();
    let mut put = |id, value: &[u8]| header.extend(field(major, id, value));
    put(2, cipher);
    put(3, &1_u32.to_le_bytes());
    put(4, &SEED);
    put(7, iv);
    let start = [8; 32];
    if way == Way::V3 {
        put(5, &SALT);
        put(6, &passes.to_le_bytes());
        put(8, &STREAM_KEY);
        put(9, &start);
        put(10, &2_u32.to_le_bytes());
    } else {
        put(11, &kdf(way, memory, passes));
    }
    put(0, b"\r\n\r\n");
    let transformed = stretched(way, "passphrase");
    let key = Sha256::new().chain_update(SEED).chain_update(&transformed).finalize();
    let encrypt = |plain: Vec<u8>| {
        if is_chacha {
            let mut text = plain;
            ChaCha20::new_from_slices(&key, iv).unwrap().apply_keystream(&mut text);
            text
        } else {
            cbc::Encryptor::<Aes256>::new_from_slices(&key, iv).unwrap().encrypt_padded_vec::<Pkcs7>(&plain)
        }
    };
    if way == Way::V3 {
        let data = gzip(xml.as_bytes());
        let mut plain = start.to_vec();
        for (number, block) in [&data[..], &[]].into_iter().enumerate() {
            let hash = if block.is_empty() { [0; 32].to_vec() } else { Sha256::digest(block).to_vec() };
            plain.extend(u32::try_from(number).unwrap().to_le_bytes());
            plain.extend(hash);
            plain.extend(u32::try_from(block.len()).unwrap().to_le_bytes());
            plain.extend(block);
        }
        return [header, encrypt(plain)].concat();
    }
    let mut plain = field(4, 1, &3_u32.to_le_bytes());
    plain.extend(field(4, 2, &STREAM_KEY));
    plain.extend(field(4, 3, b"\x00file"));
    plain.extend(field(4, 0, &[]));
    plain.extend(xml.as_bytes());
    let sealed = encrypt(gzip(&plain));
    let base = Sha512::new().chain_update(SEED).chain_update(&transformed).chain_update([1]).finalize();
    let tag = |number: u64, parts: &[&[u8]]| {
        let key = Sha512::new().chain_update(number.to_le_bytes()).chain_update(base).finalize();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().to_vec()
    };
    let mut file = header.clone();
    file.extend(Sha256::digest(&header));
    file.extend(tag(u64::MAX, &[&header]));
    for (number, block) in (0_u64..).zip([&sealed[..], &[]]) {
        let length = u32::try_from(block.len()).unwrap().to_le_bytes();
        file.extend(tag(number, &[&number.to_le_bytes(), &length, block]));
        file.extend(length);
        file.extend(block);
    }
    file
}

pub(crate) fn database(way: Way) -> Vec<u8> {
    let mut stream = InnerStream::new(if way == Way::V3 { 2 } else { 3 }, &STREAM_KEY).unwrap();
    let mut hide = |text: &str| {
        let mut bytes = text.as_bytes().to_vec();
        stream.apply(&mut bytes);
        STANDARD.encode(bytes)
    };
    // 2023-11-14T22:13:20Z as seconds since the year 1.
    let created = match way {
        Way::V3 => "2023-11-14T22:13:20Z".to_owned(),
        _ => STANDARD.encode((62_135_596_800_u64 + 1_700_000_000).to_le_bytes()),
    };
    write(way, &xml(&mut hide, &created), 64 * 1024, if way == Way::V4Argon2 { 2 } else { 100 })
}

const WAYS: [Way; 3] = [Way::V3, Way::V4Argon2, Way::V4Aes];

#[test]
fn a_database_of_each_version_opens_with_its_passphrase_alone() {
    for way in WAYS {
        let file = database(way);
        assert_eq!(crate::import::read(&file, None).unwrap_err(), ImportError::NeedsSecret);
        assert_eq!(crate::import::read(&file, Some("other")).unwrap_err(), ImportError::WrongSecret);
        let import = crate::import::read(&file, Some("passphrase")).unwrap();
        assert_eq!((import.format, import.entries.len(), import.refused.len()), (Format::Kdbx, 3, 0));
    }
}

#[test]
fn an_entry_comes_with_all_that_belongs_to_it() {
    for way in WAYS {
        let import = crate::import::read(&database(way), Some("passphrase")).unwrap();
        assert!(import.entries[0].is_trashed);
        let entry = &import.entries[1];
        let Foreign::Login(login) = &entry.content else { unreachable!() };
        assert_eq!((login.title.as_str(), login.username.as_deref()), ("X <1!", Some("ada")));
        assert_eq!(login.password.as_ref().unwrap().expose(), "secret &");
        assert_eq!(login.sites, ["https://x.example", "https://y.example"]);
        assert_eq!(login.tags, ["a", "b", "Work & more"]);
        assert_eq!(login.totp.as_ref().unwrap().expose(), "otpauth://totp/X:ada?secret=GEZDGNBV&issuer=X");
        let fields: Vec<_> =
            login.fields.iter().map(|field| (field.label.as_str(), field.value.expose(), field.kind)).collect();
        assert_eq!(fields, [("PIN", "1234", FieldKind::Hidden)]);
        assert_eq!(entry.created.unwrap().0, 1_700_000_000_000);
        assert_eq!(entry.old_passwords[0].0.expose(), "older");
        assert!(entry.notices.iter().any(|notice| notice.reason == Reason::Attachment));
        let Foreign::Passkey(passkey) = &import.entries[2].content else { unreachable!() };
        assert_eq!((passkey.rp_id.as_str(), passkey.credential_id.as_slice()), ("x.example", &[1, 2][..]));
        assert_eq!(passkey.key.expose(), b"012");
    }
}

#[test]
fn a_changed_database_is_refused() {
    for way in [Way::V4Argon2, Way::V4Aes] {
        let file = database(way);
        for at in [30, file.len() / 2, file.len() - 60] {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert!(crate::import::read(&changed, Some("passphrase")).is_err(), "byte {at}");
        }
        for length in [0, 8, 12, 40, file.len() / 2, file.len() - 1] {
            assert!(crate::import::read(&file[..length], Some("passphrase")).is_err(), "{length} bytes");
        }
    }
}

#[test]
fn a_database_cannot_ask_for_any_amount_of_work() {
    for (way, memory, passes) in [
        (Way::V3, 0, u64::MAX),
        (Way::V4Aes, 0, limits::AES_ROUNDS + 1),
        (Way::V4Argon2, 1 << 42, 1),
        (Way::V4Argon2, 1 << 30, 100),
        (Way::V4Argon2, 1 << 20, 1 << 40),
    ] {
        let file = write(way, "<KeePassFile/>", memory, passes);
        assert_eq!(crate::import::read(&file, Some("passphrase")).unwrap_err(), ImportError::TooCostly);
    }
}

#[test]
fn a_database_that_unpacks_to_too_much_is_refused() {
    let spaces = " ".repeat(limits::TEXT_BYTES + 1);
    let file = write(Way::V4Argon2, &spaces, 64 * 1024, 2);
    let fault = Fault::Bomb;
    assert_eq!(
        crate::import::read(&file, Some("passphrase")).unwrap_err(),
        ImportError::Malformed { format: Format::Kdbx, place: None, fault }
    );
}

#[test]
fn entities_are_not_expanded() {
    let growing =
        r#"<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><KeePassFile>&c;</KeePassFile>"#;
    let fetched =
        r#"<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><KeePassFile>&b;</KeePassFile>"#;
    let undeclared = "<KeePassFile>&b;</KeePassFile>";
    for xml in [growing, fetched, undeclared] {
        let file = write(Way::V4Argon2, xml, 64 * 1024, 2);
        let fault = Fault::Entities;
        assert_eq!(
            crate::import::read(&file, Some("passphrase")).unwrap_err(),
            ImportError::Malformed { format: Format::Kdbx, place: None, fault }
        );
    }
}

#[test]
fn ciphers_and_versions_that_are_not_known_are_named() {
    let mut file = database(Way::V4Aes);
    file[10] = 5;
    assert_eq!(
        crate::import::read(&file, Some("passphrase")).unwrap_err(),
        ImportError::Malformed { format: Format::Kdbx, place: None, fault: Fault::Version(5) }
    );
}
