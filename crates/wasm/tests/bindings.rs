//! The messages as TypeScript. A target of its own, so that it is built without the other tests.

use roamkey_wasm::messages::{Answers, Failure, Request};
use ts_rs::{Config, TS as _};

#[test]
fn the_messages_are_exported() {
    let config = Config::from_env();
    Request::export_all(&config).expect("requests are written");
    Answers::export_all(&config).expect("answers are written");
    Failure::export_all(&config).expect("what failed is written");
}
