//! A server under schemathesis, which knows of it only what docs/openapi.json says.

use std::{env, fs, path::Path, process::Command};

use roamkey_proto::api::{Accepted, MailboxClaimed, MailboxOpened};

use crate::server::TestServer;

#[test]
#[ignore = "needs schemathesis, which cargo xtask setup installs: cargo xtask long described"]
fn the_server_is_as_described() {
    let server = TestServer::start_with(|config| {
        let limits = &mut config.limits;
        // Of thousands of requests in a minute none is to be turned away for being one too many.
        for limit in [
            &mut limits.device_burst,
            &mut limits.account_burst,
            &mut limits.entry_burst,
            &mut limits.exports_per_hour,
            &mut limits.restore_burst,
            &mut limits.sign_in_burst,
            &mut limits.registration_burst,
            &mut limits.mailbox_burst,
            &mut limits.message_burst,
        ] {
            *limit = 1_000_000;
        }
    });
    let (mut account, token) = server.account(1);
    let push = account.push(&[1, 2, 3]);
    let _: Accepted = server.client.post(&account.path("push"), Some(&token), &push).ok();
    account.accepted(&push);
    let opened: MailboxOpened = server.client.post_bytes(&account.path("mailboxes"), Some(&token), b"").ok();
    let claim = format!("/v1/mailboxes/{}/claim", opened.number);
    let claimed: MailboxClaimed = server.client.post_bytes(&claim, None, b"").ok();

    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let (folder, bodies) = (tempfile::tempdir().unwrap(), root.join("conformance/api"));
    let settings = fs::read_to_string(bodies.join("schemathesis.toml")).unwrap();
    let (id, number) = (account.id(), opened.number);
    let there = format!("[dictionaries]\naccounts.values = [\"{id}\"]\nmailboxes.values = [{number}]\n");
    fs::write(folder.path().join("schemathesis.toml"), format!("{settings}\n{there}")).unwrap();

    let mut schemathesis = Command::new(env::var_os("ROAMKEY_SCHEMATHESIS").unwrap());
    schemathesis
        .arg("--config-file")
        .arg(folder.path().join("schemathesis.toml"))
        .arg("run")
        .arg(root.join("docs/openapi.json"))
        .args(["--url", &server.client.url])
        // It keeps notes where it is started.
        .current_dir(&folder)
        .env("PYTHONPATH", bodies)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("ROAMKEY_SESSION", &token)
        .env("ROAMKEY_MAILBOX", claimed.token.to_string())
        .env("ROAMKEY_INVITATION", "0".repeat(32));
    assert!(schemathesis.status().unwrap().success(), "the server is not as described");
    // None of it did harm.
    assert_eq!(server.client.get(&account.path("heads"), Some(&token)).status, 200);
}
