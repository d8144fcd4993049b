//! The bodies of records and the operations that wait: one encoding each, unknown fields included.

use roamkey_vault::{Body, Operation};

use crate::{Target, seeds};

pub(super) const TARGET: Target = Target { name: "body", seeds: starts, run };

fn starts() -> Vec<Vec<u8>> {
    let bodies = seeds::parse(include_str!("../../../vectors/vault-bodies.json"));
    let merges = seeds::parse(include_str!("../../../vectors/vault-merge.json"));
    [seeds::bytes_at(&bodies, "bytes"), seeds::bytes_at(&merges, "operation")].concat()
}

fn run(bytes: &[u8]) {
    if let Ok(body) = Body::decode(bytes) {
        assert_eq!(body.encode().as_slice(), bytes, "a body has two encodings");
        if let Some(item) = body.item() {
            let _ = item.state_hash();
        }
        assert!(!format!("{body:?}").contains("\u{0}"), "a body has no debug form");
    }
    if let Ok(operation) = Operation::decode(bytes) {
        assert_eq!(operation.encode().as_slice(), bytes, "an operation has two encodings");
        let _ = operation.expose_texts();
    }
}
