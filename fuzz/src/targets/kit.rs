//! What somebody types as a recovery kit: one spelling comes back of whatever is taken.

use roamkey_sealing::recovery::{Kit, groups};
use serde_json::Value;

use crate::{Target, seeds};

pub(super) const TARGET: Target = Target { name: "kit", seeds: starts, run };

fn starts() -> Vec<Vec<u8>> {
    let cases = seeds::parse(include_str!("../../../vectors/sealing-recovery.json"));
    let texts = cases["cases"].as_array().map(Vec::as_slice).unwrap_or_default().iter().map(|case| &case["text"]);
    texts.filter_map(Value::as_str).filter(|text| !text.is_empty()).map(|text| text.as_bytes().to_vec()).collect()
}

fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(bytes) = groups::decode(text) {
        let again = groups::decode(&groups::encode(&bytes)).expect("what was spelt here is read");
        assert_eq!(*again, *bytes, "groups have two meanings");
    }
    if let Ok(kit) = Kit::from_text(text) {
        let again = Kit::from_text(&kit.to_text()).expect("what was spelt here is a kit");
        assert_eq!(*again.to_bytes(), *kit.to_bytes(), "a kit has two meanings");
    }
}
