//! The description of the interface, made from the table of routes.

mod schemas;

use roamkey_proto::problem::Problem;
use serde_json::{Map, Value, json};

use crate::{
    endpoints::{Listed, routes},
    operation::{Access, Answer},
};

/// Returns the `OpenAPI` 3.1 document of all endpoints.
#[must_use]
pub fn openapi() -> Value {
    let mut paths = Map::new();
    for listed in routes().listed {
        let path = paths.entry(listed.path).or_insert_with(|| path(listed.path));
        if let Some(path) = path.as_object_mut() {
            path.insert(listed.method.to_owned(), operation(&listed));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Roamkey server",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
            "description": INTRODUCTION,
        },
        "paths": paths,
        "components": {
            "schemas": schemas::all(),
            "securitySchemes": {
                "session": bearer("The token of a session, 64 hexadecimal digits."),
                "mailbox": bearer("The token of one side of a mailbox, 64 hexadecimal digits."),
                "invitation": bearer("The token of an invitation, 32 hexadecimal digits."),
            },
        },
    })
}

/// What all methods of a path have in common: its parameters.
fn path(path: &str) -> Value {
    let parameter = |name: &str, description: &str, schema: Value| json!({ "name": name, "in": "path", "required": true, "description": description, "schema": schema });
    let mut parameters = Vec::new();
    if path.contains("{account}") {
        let schema = json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" });
        parameters.push(parameter("account", "An AccountId in lower-case hexadecimal.", schema));
    }
    if path.contains("{number}") {
        let schema = json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX });
        parameters.push(parameter("number", "The number of a mailbox.", schema));
    }
    json!({ "parameters": parameters })
}

fn operation(listed: &Listed) -> Value {
    let Listed { operation, .. } = listed;
    let mut described = Map::new();
    described.insert("operationId".into(), identifier(listed).into());
    described.insert("summary".into(), operation.summary.into());
    described.insert("security".into(), security(operation.access));
    described.insert("responses".into(), responses(listed));
    if let Some(name) = operation.request {
        let body = json!({ "required": true, "content": content("application/cbor", name) });
        described.insert("requestBody".into(), body);
    }
    if let Some((name, description)) = operation.query {
        let schema = json!({ "type": "integer", "minimum": 0, "maximum": u64::MAX, "default": 0 });
        let parameter = json!({ "name": name, "in": "query", "description": description, "schema": schema });
        described.insert("parameters".into(), json!([parameter]));
    }
    Value::Object(described)
}

/// Method and path as one word, the same for as long as they are.
fn identifier(listed: &Listed) -> String {
    let words = listed.path.split(['/', '{', '}']).filter(|word| !word.is_empty() && *word != "v1");
    words.fold(listed.method.to_owned(), |name, word| format!("{name}-{word}"))
}

fn security(access: Access) -> Value {
    match access {
        Access::Open | Access::Anyone | Access::Socket => json!([]),
        Access::Registration => json!([{}, { "invitation": [] }]),
        Access::Session => json!([{ "session": [] }]),
        Access::Mailbox => json!([{ "mailbox": [] }]),
    }
}

fn responses(listed: &Listed) -> Value {
    let mut responses = Map::new();
    let (status, success) = match listed.operation.answer {
        Answer::Object(name) => ("200", json!({ "description": name, "content": content("application/cbor", name) })),
        Answer::Sequence(name) => {
            ("200", json!({ "description": "a sequence", "content": content("application/cbor-seq", name) }))
        }
        Answer::Nothing => ("204", json!({ "description": "done" })),
        Answer::Socket(name) => ("101", json!({ "description": format!("binary messages: {name}") })),
    };
    responses.insert(status.to_owned(), success);
    for problem in listed.operation.refusals() {
        let status = problem.status().to_string();
        let known = responses.entry(status).or_insert_with(|| refusal(problem));
        if let Some(Value::Array(kinds)) = known.pointer_mut(KINDS)
            && !kinds.contains(&json!(problem.kind()))
        {
            kinds.push(json!(problem.kind()));
        }
    }
    Value::Object(responses)
}

/// A refusal with this status, and so far of this kind only.
fn refusal(problem: Problem) -> Value {
    let schema = json!({
        "allOf": [{ "$ref": "#/components/schemas/Problem" }],
        "properties": { "type": { "enum": [problem.kind()] } },
    });
    let mut refusal = Map::new();
    refusal.insert("description".into(), "refused".into());
    refusal.insert("content".into(), json!({ "application/problem+json": { "schema": schema } }));
    if matches!(problem.status(), 423 | 429) {
        let schema = json!({ "type": "integer", "minimum": 1 });
        refusal.insert(
            "headers".into(),
            json!({ "Retry-After": { "description": "Seconds to wait.", "schema": schema } }),
        );
    }
    Value::Object(refusal)
}

fn content(kind: &str, name: &str) -> Value {
    let reference = format!("#/components/schemas/{name}");
    json!({ kind: { "schema": { "$ref": reference } } })
}

fn bearer(description: &str) -> Value {
    json!({ "type": "http", "scheme": "bearer", "description": description })
}

/// Where a refusal lists its kinds.
const KINDS: &str = "/content/application~1problem+json/schema/properties/type/enum";

const INTRODUCTION: &str = "What devices and their server say to each other; `spec/api.md` has the same in words.\n\n\
    Bodies are deterministic CBOR. The schemas describe them as JSON: a map with integer keys is an object whose keys are \
    those integers in decimal, a byte string is a string in hexadecimal with `contentEncoding: base16`. Keys ascend, \
    lengths are definite, unknown keys are refused.\n\n\
    Refusals are `application/problem+json` (RFC 9457); their types are a closed list.";

#[cfg(test)]
mod tests;
