//! The vectors: made here, frozen in `vectors/`, checked from there.

use std::{env, fs, path::PathBuf};

use serde::Serialize;

use super::{
    decoding::samples,
    sample::{Sample, Source},
    tree::Node,
};
use crate::{
    Label, Record, cbor,
    vectors::{self, LabelCase, Labels, ObjectCase, Objects},
};

#[test]
fn vectors_are_frozen() {
    assert_frozen("proto-objects.json", &objects());
    assert_frozen("proto-labels.json", &labels());
}

/// Compares with the file, or writes it if `ROAMKEY_VECTORS=write`; then checks the file.
#[expect(clippy::disallowed_methods, reason = "frozen vectors are files")]
fn assert_frozen(name: &str, made: &impl Serialize) {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors")).join(name);
    let made = serde_json::to_string_pretty(made).unwrap() + "\n";
    if env::var("ROAMKEY_VECTORS").is_ok_and(|mode| mode == "write") {
        fs::write(&path, &made).unwrap();
    }
    let frozen = fs::read_to_string(&path).unwrap();
    assert!(frozen == made, "{name} is not what this build makes: a format has changed");
    assert!(vectors::check(name, &frozen).unwrap() > 0);
}

fn labels() -> Labels {
    let cases = Label::ALL.map(|label| LabelCase {
        tag: label.tag().into(),
        bytes: hex::encode(b"roamkey"),
        hash: hex::encode(label.hash(b"roamkey")),
    });
    Labels { about: "id(T, x) = SHA-256(len(T) || T || x) for every label T".into(), cases: cases.into() }
}

fn objects() -> Objects {
    let mut cases = Vec::new();
    for seed in 1..=3 {
        for (wire_type, bytes) in samples(seed) {
            cases.push(case(wire_type.name, &format!("valid {seed}"), &bytes));
        }
    }
    for (wire_type, bytes) in samples(1) {
        let mut wrong = vec![
            ("truncated".to_owned(), bytes[..bytes.len() - 1].to_vec()),
            ("trailing byte".to_owned(), [&bytes[..], &[0]].concat()),
        ];
        if wire_type.versioned {
            wrong.push(("newer version".to_owned(), [&bytes[..2], &[2], &bytes[3..]].concat()));
        }
        let mut bent = Node::parse(&bytes).bent();
        bent.sort_by_key(|(how, _)| *how);
        bent.dedup_by_key(|(how, _)| *how);
        wrong.extend(bent.into_iter().map(|(how, bytes)| (how.to_owned(), bytes)));
        cases.extend(wrong.iter().map(|(name, bytes)| case(wire_type.name, name, bytes)));
    }
    let record = Record::sample(&mut Source(1));
    let (bytes, header) = (record.to_bytes(), cbor::encode(&record.header).len());
    cases.push(case("Record", "valid", &bytes));
    cases.push(case("Record", "shorter than a tag", &bytes[..header + 64 + 15]));
    cases.push(case("Record", "truncated header", &bytes[..header - 1]));
    cases.push(case("Record", "newer version", &[&bytes[..2], &[2], &bytes[3..]].concat()));
    Objects { about: "canonical CBOR: each object's one encoding, and bytes that are refused".into(), cases }
}

fn case(object: &str, name: &str, bytes: &[u8]) -> ObjectCase {
    let error = vectors::recode(object, bytes).unwrap().err().map(|error| vectors::name_of(&error).to_owned());
    assert_eq!(error.is_none(), name.starts_with("valid"), "{object}, {name}");
    ObjectCase { object: object.into(), name: name.into(), bytes: hex::encode(bytes), error }
}
