use roamkey_proto::{limits, problem::Problem};
use serde_json::{Value, json};

/// Every object in a body.
pub(super) fn all() -> Value {
    json!({
        "ServerInfo": object(&[
            ("1", array(&version(), 1, 16)),
            ("2", bytes(32)),
            ("3", uint()),
            ("4", json!({ "type": "integer", "minimum": 0, "maximum": 2 })),
        ], &[]),
        "Accepted": object(&[("1", signed(limits::SMALL_BODY_BYTES))], &[]),
        "ChallengeRequest": object(&[("1", bytes(32)), ("2", bytes(32))], &[]),
        "Challenge": object(&[("1", bytes(32))], &[]),
        "SignIn": object(&[("1", signed(limits::SMALL_BODY_BYTES))], &[]),
        "Session": object(&[("1", bytes(32)), ("2", uint())], &[]),
        "Heads": object(&[("1", signed(limits::SMALL_BODY_BYTES))], &[("2", signed(limits::SMALL_BODY_BYTES))]),
        "EntryWrap": object(&[("1", bytes(32)), ("2", up_to(limits::WRAP_BYTES))], &[]),
        "Bundle": object(
            &[("1", signed(limits::ENTRY_BYTES)), ("3", array(&named("EntryWrap"), 0, limits::DEVICES))],
            &[("2", up_to(limits::HEADER_BYTES))],
        ),
        "LogPage": object(
            &[("1", array(&named("Bundle"), 0, limits::LOG_PAGE_ENTRIES)), ("2", json!({ "type": "boolean" }))],
            &[],
        ),
        "Push": object(
            &[("1", signed(limits::COMMIT_BYTES)), ("2", array(&up_to(limits::RECORD_BYTES), 0, limits::CHANGES))],
            &[],
        ),
        "Pin": object(&[("1", uint()), ("2", bytes(32))], &[]),
        "PullCursor": object(&[("1", uint())], &[("2", bytes(16))]),
        "PullRequest": object(
            &[("1", named("Pin")), ("2", uint()), ("3", uint())],
            &[("4", named("PullCursor"))],
        ),
        "PullPage": object(
            &[
                ("1", array(&signed(limits::COMMIT_BYTES), 0, limits::PULL_PAGE_COMMITS)),
                ("2", json!({ "type": "array", "items": up_to(limits::RECORD_BYTES) })),
            ],
            &[("3", named("PullCursor"))],
        ),
        "SignedHeartbeat": object(&[("1", signed(limits::HEARTBEAT_BYTES))], &[]),
        "Heartbeats": object(&[("1", array(&named("SignedHeartbeat"), 0, limits::DEVICES))], &[]),
        "Restore": object(
            &[
                ("1", array(&named("Bundle"), 0, limits::RESTORE_ENTRIES)),
                ("2", json!({ "type": "array", "items": signed(limits::COMMIT_BYTES) })),
                ("3", json!({ "type": "array", "items": up_to(limits::RECORD_BYTES) })),
            ],
            &[],
        ),
        "Wake": object(&[("1", uint()), ("2", uint())], &[]),
        "MailboxOpened": object(&[("1", number()), ("2", bytes(32))], &[]),
        "MailboxClaimed": object(&[("1", bytes(32))], &[]),
        "MailboxMessage": object(&[("1", up_to(limits::MAILBOX_MESSAGE_BYTES))], &[]),
        "MailboxMessages": object(
            &[
                ("1", array(&named("MailboxMessage"), 0, limits::MAILBOX_MESSAGES)),
                ("2", json!({ "type": "boolean" })),
            ],
            &[],
        ),
        "ExportPart": {
            "description": "[0, account, time, log pin, vault pin], then [1, bundle], [2, commit], [3, record] and \
                            [4, heartbeat] as many as there are, then [5].",
            "type": "array",
            "minItems": 1,
            "maxItems": 5,
        },
        "Problem": {
            "type": "object",
            "properties": {
                "type": { "enum": Problem::ALL.map(Problem::kind) },
                "title": { "type": "string" },
                "status": { "type": "integer", "minimum": 400, "maximum": 599 },
                "detail": { "type": "string" },
            },
            "required": ["type", "title", "status", "detail"],
        },
    })
}

/// A map with these keys, of which the second list may be missing.
fn object(required: &[(&str, Value)], optional: &[(&str, Value)]) -> Value {
    let properties: serde_json::Map<_, _> =
        required.iter().chain(optional).map(|(key, schema)| ((*key).to_owned(), schema.clone())).collect();
    let required: Vec<_> = required.iter().map(|(key, _)| *key).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn array(items: &Value, least: usize, most: usize) -> Value {
    json!({ "type": "array", "items": items, "minItems": least, "maxItems": most })
}

fn named(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// So many bytes, two digits each.
fn bytes(count: usize) -> Value {
    hexadecimal(2 * count, 2 * count)
}

fn up_to(most: usize) -> Value {
    hexadecimal(0, 2 * most)
}

/// A `COSE_Sign1`, of which the formats are in `spec/signatures.md`.
fn signed(most: usize) -> Value {
    up_to(most)
}

fn hexadecimal(least: usize, most: usize) -> Value {
    json!({
        "type": "string",
        "contentEncoding": "base16",
        "pattern": "^([0-9a-f]{2})*$",
        "minLength": least,
        "maxLength": most,
    })
}

fn uint() -> Value {
    json!({ "type": "integer", "minimum": 0, "maximum": u64::MAX })
}

fn version() -> Value {
    json!({ "type": "integer", "minimum": 0, "maximum": u16::MAX })
}

fn number() -> Value {
    json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX })
}
