//! Merging: whatever operations meet whatever body, the outcome is a body that can be read, the same each time, and a
//! purged item stays purged.

use roamkey_sealing::record::BODY_BYTES;
use roamkey_vault::{Body, Operation, Outcome, apply};

use crate::{Target, seeds};

pub(super) const TARGET: Target = Target { name: "merge", seeds: starts, run };

/// The length of the body stands before it, in two bytes; the operation follows.
fn starts() -> Vec<Vec<u8>> {
    let vectors = seeds::parse(include_str!("../../../vectors/vault-merge.json"));
    let cases = vectors["cases"].as_array().into_iter().flatten();
    let seed = |case: &serde_json::Value| {
        let bytes = |key: &str| hex::decode(case[key].as_str().unwrap_or_default()).ok();
        let (body, operation) = (bytes("body")?, bytes("operation")?);
        Some([&u16::try_from(body.len()).ok()?.to_be_bytes()[..], &body, &operation].concat())
    };
    cases.filter_map(seed).collect()
}

fn run(input: &[u8]) {
    let Some((len, rest)) = input.split_first_chunk() else { return };
    let Some((body, operation)) = rest.split_at_checked(usize::from(u16::from_be_bytes(*len))) else { return };
    let body = if body.is_empty() { None } else { Body::decode(body).ok() };
    let Ok(operation) = Operation::decode(operation) else { return };
    let (once, again) = (apply(body.as_ref(), &operation), apply(body.as_ref(), &operation));
    assert_eq!(format!("{once:?}"), format!("{again:?}"), "the same merge came out differently");
    let Ok(outcome) = once else { return };
    if matches!(body, Some(Body::Tombstone)) {
        assert!(matches!(outcome, Outcome::Gone), "something came of a purged item");
    }
    if let Some(body) = outcome.into_body() {
        let encoded = body.encode();
        assert!(encoded.len() <= BODY_BYTES, "a body is longer than a record holds");
        assert!(Body::decode(&encoded).is_ok(), "a merge made a body that nobody can read");
    }
}
