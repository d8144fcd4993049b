//! Clocks that are set: what depends on the time of day gets on with it.

use std::{fs, path::Path, process::Command};

use roamkey_proto::api::Accepted;

use crate::{
    account::Account,
    durability::sign_in,
    http::Client,
    server::{ChildServer, create},
};

#[test]
fn a_clock_that_is_set_ahead_and_back_keeps_nobody_out() {
    let folder = tempfile::tempdir().unwrap();
    let clock = folder.path().join("clock");
    set(&clock, "+0");
    let flags = [
        "--device-burst",
        "40",
        "--device-rate",
        "1",
        "--history-burst-bytes",
        "4000",
        "--history-bytes-per-day",
        "4000",
    ];
    let server = ChildServer::start_by(on_clock(&clock), &folder.path().join("server.db"), &flags).unwrap();
    let (client, mut account) = (Client::new(&server.url), Account::new(1));
    create(&client, &account);
    let mut push = |item: u8| {
        let token = sign_in(&client, &account).unwrap();
        let push = account.push(&[item]);
        let _: Accepted = client.post(&account.path("push"), Some(&token), &push).ok();
        account.accepted(&push);
        token
    };
    let before = push(1);
    set(&clock, "+400d");
    let ahead = push(2);
    assert_eq!(client.get(&account.path("heads"), Some(&before)).status, 401, "a session of last year");
    set(&clock, "-10d");
    assert_eq!(client.get("/readyz", None).status, 204);
    let token = sign_in(&client, &account).unwrap();
    for item in 3..6 {
        let push = account.push(&[item]);
        let _: Accepted = client.post(&account.path("push"), Some(&token), &push).ok();
        account.accepted(&push);
    }
    drop(ahead);
    assert!(server.terminate());
}

fn set(clock: &Path, to: &str) {
    // Whole or not at all: the server reads it at every look at the time.
    let next = clock.with_extension("next");
    fs::write(&next, to).unwrap();
    fs::rename(next, clock).unwrap();
}

/// The program with a clock that the test sets. The one that counts from the start of the machine goes on by itself.
fn on_clock(clock: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roamkey-server"));
    let library =
        ["x86_64", "aarch64"].map(|machine| format!("/usr/lib/{machine}-linux-gnu/faketime/libfaketimeMT.so.1"));
    let library =
        library.iter().find(|path| Path::new(path).exists()).expect("faketime is installed: cargo xtask setup");
    command.env("LD_PRELOAD", library).env("FAKETIME_TIMESTAMP_FILE", clock);
    command.envs([("FAKETIME_NO_CACHE", "1"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1")]);
    command
}
