//! Disks that are full or take no writes: real ones, in a mount namespace of the server's own.

use std::{fs, path::PathBuf, process::Command};

use roamkey_proto::{
    ItemId,
    api::{Accepted, PullPage, PullRequest, Session, SignIn},
    problem::Problem,
};

use crate::{
    account::Account,
    http::Client,
    server::{ChildServer, ORIGIN, create},
};

#[test]
fn a_full_disk_loses_nothing_and_is_served_again_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let server =
        ChildServer::start_by(mounted("size=4m", folder.path()), &folder.path().join("server.db"), &[]).unwrap();
    // The disk as the server sees it, through its own root.
    let disk = PathBuf::from(format!("/proc/{}/root{}", server.id(), folder.path().display()));
    let (client, mut account) = (Client::new(&server.url), Account::new(1));
    create(&client, &account);
    let token = sign_in(&client, &account);
    push(&client, &mut account, &token, 1).unwrap();

    // Whatever is left goes to somebody else.
    let _ = fs::write(disk.join("filler"), vec![1; 8 << 20]);
    let refused = (2..100).find_map(|item| push(&client, &mut account, &token, item).err());
    assert_eq!(refused, Some(Problem::Unavailable));
    assert_eq!(client.get("/healthz", None).status, 204);
    assert_eq!(pull(&client, &account, &token), account.revisions.len());

    fs::remove_file(disk.join("filler")).unwrap();
    for item in 100..110 {
        push(&client, &mut account, &token, item).unwrap();
    }
    assert_eq!(pull(&client, &account, &token), account.revisions.len());
    assert!(server.terminate());
}

#[test]
fn a_disk_that_takes_no_writes_is_an_error_that_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("server.db");
    let error = ChildServer::start_by(mounted("ro", folder.path()), &database, &[]).err().unwrap();
    assert!(error.contains("cannot open the database") && error.contains("server.db"), "{error}");
    let server = ChildServer::start(&database, &[]);
    assert_eq!(Client::new(&server.url).get("/readyz", None).status, 204);
    assert!(server.terminate());
}

/// Runs the program where this folder is a disk of its own.
fn mounted(options: &str, folder: &std::path::Path) -> Command {
    let mut command = Command::new("unshare");
    let script = "mount -t tmpfs -o \"$1\" none \"$2\" && shift 2 && exec \"$@\"";
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", options]).arg(folder);
    command.arg(env!("CARGO_BIN_EXE_roamkey-server"));
    command
}

fn push(client: &Client, account: &mut Account, token: &str, item: u8) -> Result<(), Problem> {
    let push = account.push_items(&account.founder, &[ItemId::new([item; 16])], 100_000, |_| {});
    let answer = client.post(&account.path("push"), Some(token), &push);
    if answer.status != 200 {
        return Err(answer.problem());
    }
    let _: Accepted = answer.ok();
    account.accepted(&push);
    Ok(())
}

fn pull(client: &Client, account: &Account, token: &str) -> usize {
    let mut request = PullRequest { target: account.head, commits_after: 0, records_after: 0, cursor: None };
    let mut records = 0;
    loop {
        let page: PullPage = client.post(&account.path("pull"), Some(token), &request).ok();
        records += page.records.len();
        match page.next {
            Some(next) => request.cursor = Some(next),
            None => return records,
        }
    }
}

fn sign_in(client: &Client, account: &Account) -> String {
    let challenge = client.challenge(account.id(), &account.founder).challenge;
    let proof = account.founder.proof(account.id(), ORIGIN, challenge);
    let session: Session = client.post("/v1/sessions", None, &SignIn { proof }).ok();
    session.token.to_string()
}
