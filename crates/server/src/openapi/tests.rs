#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::{fs, path::Path};

use minicbor::{Decoder, data::Type};

use super::*;

#[test]
fn the_description_in_docs_is_that_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let described = format!("{}\n", serde_json::to_string_pretty(&openapi()).unwrap());
    if std::env::var_os("ROAMKEY_VECTORS").is_some_and(|wish| wish == "write") {
        fs::write(&path, &described).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap();
    assert!(written == described, "docs/openapi.json is not of this code: run with ROAMKEY_VECTORS=write");
}

#[test]
fn no_two_operations_share_a_name() {
    let listed = routes().listed;
    let names: std::collections::BTreeSet<_> = listed.iter().map(identifier).collect();
    assert_eq!(names.len(), listed.len());
}

#[test]
fn every_object_that_is_named_is_described() {
    let document = openapi();
    let text = document.to_string();
    let names = text.split("#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next());
    for name in names {
        assert!(document["components"]["schemas"][name].is_object(), "{name}");
    }
}

#[test]
fn frozen_objects_are_as_described() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/proto-objects.json");
    let vectors: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let document = openapi();
    let mut seen = std::collections::BTreeSet::new();
    for case in vectors["cases"].as_array().unwrap() {
        let name = case["object"].as_str().unwrap();
        let schema = &document["components"]["schemas"][name];
        if schema.is_null() || !case["name"].as_str().unwrap().starts_with("valid") {
            continue;
        }
        let bytes = hex::decode(case["bytes"].as_str().unwrap()).unwrap();
        let value = as_json(&mut Decoder::new(&bytes));
        check(&document, schema, &value).unwrap_or_else(|error| panic!("{name}: {error} in {value}"));
        seen.insert(name.to_owned());
    }
    let described = document["components"]["schemas"].as_object().unwrap().keys();
    let unseen: Vec<_> = described.filter(|name| !seen.contains(*name)).collect();
    assert_eq!(unseen, ["EntryWrap", "ExportPart", "Problem", "PullCursor"], "no vector shows these");
}

/// CBOR in the words of the introduction.
fn as_json(decoder: &mut Decoder<'_>) -> Value {
    match decoder.datatype().unwrap() {
        Type::Map => {
            let keys = decoder.map().unwrap().unwrap();
            Value::Object((0..keys).map(|_| (decoder.u64().unwrap().to_string(), as_json(decoder))).collect())
        }
        Type::Array => {
            let items = decoder.array().unwrap().unwrap();
            Value::Array((0..items).map(|_| as_json(decoder)).collect())
        }
        Type::Bytes => hex::encode(decoder.bytes().unwrap()).into(),
        Type::Bool => decoder.bool().unwrap().into(),
        _ => decoder.u64().unwrap().into(),
    }
}

/// As much of JSON Schema as the description uses.
fn check(document: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    if let Some(reference) = schema["$ref"].as_str() {
        return check(document, document.pointer(reference.trim_start_matches('#')).unwrap(), value);
    }
    let bound = |name: &str, fallback: u64| schema[name].as_u64().unwrap_or(fallback);
    let within = |length: usize, least: &str, most: &str| {
        let length = length as u64;
        (bound(least, 0)..=bound(most, u64::MAX)).contains(&length).then_some(()).ok_or(format!("length {length}"))
    };
    match (schema["type"].as_str().unwrap(), value) {
        ("object", Value::Object(map)) => {
            for key in schema["required"].as_array().unwrap() {
                map.get(key.as_str().unwrap()).ok_or(format!("{key} is missing"))?;
            }
            map.iter().try_for_each(|(key, value)| match &schema["properties"][key] {
                Value::Null => Err(format!("{key} is not described")),
                schema => check(document, schema, value).map_err(|error| format!("{key}: {error}")),
            })
        }
        ("array", Value::Array(items)) => {
            within(items.len(), "minItems", "maxItems")?;
            items.iter().try_for_each(|item| check(document, &schema["items"], item))
        }
        ("string", Value::String(text)) => within(text.len(), "minLength", "maxLength"),
        ("integer", Value::Number(number)) => {
            let number = number.as_u64().unwrap();
            (bound("minimum", 0)..=bound("maximum", u64::MAX))
                .contains(&number)
                .then_some(())
                .ok_or(format!("{number} is out of range"))
        }
        ("boolean", Value::Bool(_)) => Ok(()),
        (kind, _) => Err(format!("not of type {kind}")),
    }
}
