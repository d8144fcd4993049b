//! The frozen vectors of this crate's formats, and the check that they still hold.
//!
//! The files lie in `vectors/` at the root; the same check runs natively and in the browser.

use std::collections::BTreeMap;

use roamkey_proto::{
    ItemId, RecordHash,
    merkle::{Subtree, Summary, page_of},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Body, Operation, Outcome, apply};

/// Checks one file of vectors and returns how many cases it held.
///
/// # Errors
/// Says which case fails and how; an unknown name and a malformed file are failures.
pub fn check(name: &str, json: &str) -> Result<usize, String> {
    match name {
        "vault-bodies.json" => check_all(json, check_body),
        "vault-merge.json" => check_all(json, check_merge),
        "vault-merkle.json" => check_all(json, check_merkle),
        _ => Err(format!("{name} holds no vectors of this crate")),
    }
}

/// A file of vectors.
#[derive(Serialize, Deserialize)]
pub struct File<T> {
    /// What the file is.
    pub about: String,
    /// Its cases.
    pub cases: Vec<T>,
}

/// `vault-bodies.json`: bytes that are, or are not, a body.
#[derive(Serialize, Deserialize)]
pub struct BodyCase {
    /// What is special about them.
    pub name: String,
    /// The bytes.
    pub bytes: String,
    /// The number of the kind, 0 for a tombstone; none when the bytes are refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<u16>,
}

/// `vault-merge.json`: an operation on a body.
#[derive(Serialize, Deserialize)]
pub struct MergeCase {
    /// What is special about it.
    pub name: String,
    /// The body before; none before the item is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The operation.
    pub operation: String,
    /// `changed`, `late`, `unchanged`, `superseded`, `gone` or `refused`.
    pub outcome: String,
    /// The body afterwards, if it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
}

/// `vault-merkle.json`: records and their root.
#[derive(Serialize, Deserialize)]
pub struct MerkleCase {
    /// What is special about them.
    pub name: String,
    /// Items and the hashes of their records.
    pub records: BTreeMap<String, String>,
    /// The number of records.
    pub count: u64,
    /// The root.
    pub root: String,
}

fn check_all<T: DeserializeOwned>(json: &str, check: fn(&T) -> Result<(), String>) -> Result<usize, String> {
    let file: File<T> = serde_json::from_str(json).map_err(|error| error.to_string())?;
    for case in &file.cases {
        check(case)?;
    }
    Ok(file.cases.len())
}

fn check_body(case: &BodyCase) -> Result<(), String> {
    let bytes = bytes(&case.bytes)?;
    let body = Body::decode(&bytes).ok();
    let kind = body.as_ref().map(|body| body.item().map_or(0, |item| item.kind().number()));
    let is_same = body.is_none_or(|body| *body.encode() == bytes);
    if kind == case.kind && is_same { Ok(()) } else { Err(format!("{}: {kind:?}", case.name)) }
}

fn check_merge(case: &MergeCase) -> Result<(), String> {
    let said = |error: roamkey_proto::DecodeError| format!("{}: {error}", case.name);
    let body = case.body.as_ref().map(|body| bytes(body)).transpose()?;
    let body = body.map(|bytes| Body::decode(&bytes)).transpose().map_err(said)?;
    let operation = Operation::decode(&bytes(&case.operation)?).map_err(said)?;
    let (outcome, result) = summed_up(body.as_ref(), &operation);
    if outcome == case.outcome && result == case.result {
        Ok(())
    } else {
        Err(format!("{}: {outcome} {result:?}", case.name))
    }
}

/// Says what an operation does as the vectors do.
pub(crate) fn summed_up(body: Option<&Body>, operation: &Operation) -> (&'static str, Option<String>) {
    let outcome = apply(body, operation);
    let name = match &outcome {
        Ok(Outcome::Changed(_)) => "changed",
        Ok(Outcome::Late(_)) => "late",
        Ok(Outcome::Unchanged) => "unchanged",
        Ok(Outcome::Superseded) => "superseded",
        Ok(Outcome::Gone) => "gone",
        Err(_) => "refused",
    };
    (name, outcome.ok().and_then(Outcome::into_body).map(|body| hex::encode(body.encode())))
}

fn check_merkle(case: &MerkleCase) -> Result<(), String> {
    let mut pages: BTreeMap<u8, Vec<_>> = BTreeMap::new();
    for (item, record) in &case.records {
        let item: ItemId = item.parse().map_err(|_| format!("{}: an item", case.name))?;
        let record: RecordHash = record.parse().map_err(|_| format!("{}: a record", case.name))?;
        pages.entry(page_of(item)).or_default().push((item, record));
    }
    let mut summary = Summary::empty();
    for (page, records) in pages {
        summary.set(page, Subtree::of_page(page, records).map_err(|error| error.to_string())?);
    }
    let (count, root) = (summary.count(), summary.root().to_string());
    if count == case.count && root == case.root { Ok(()) } else { Err(format!("{}: {count} {root}", case.name)) }
}

fn bytes(text: &str) -> Result<Vec<u8>, String> {
    hex::decode(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests;
