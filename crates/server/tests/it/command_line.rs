//! The program's commands besides `serve`.

use std::{fs, path::Path, process::Command};

use roamkey_proto::{
    InvitationToken,
    api::{Accepted, SignIn},
    problem::Problem,
};
use roamkey_server::{SETTINGS, Setting};

use crate::{
    account::Account,
    http::Client,
    server::{ChildServer, ORIGIN},
};

#[test]
fn an_invitation_starts_one_account() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("server.db");
    let server = ChildServer::start(&database, &["--registration", "invitation"]);
    let client = Client::new(&server.url);
    let (first, second) = (Account::new(1), Account::new(2));
    let start = |account: &Account, token: Option<&str>| client.post("/v1/accounts", token, &account.genesis);
    assert_eq!(start(&first, None).problem(), Problem::NotInvited);
    assert_eq!(start(&first, Some("00")).problem(), Problem::NotInvited);
    assert_eq!(start(&first, Some(&"0".repeat(32))).problem(), Problem::NotInvited);

    let token = invite(&database, &[]);
    assert!(token.parse::<InvitationToken>().is_ok());
    let _: Accepted = start(&first, Some(&token)).ok();
    let _: Accepted = start(&first, Some(&token)).ok();
    assert_eq!(start(&second, Some(&token)).problem(), Problem::NotInvited);

    let taken_back = invite(&database, &[]);
    assert_eq!(invite(&database, &["--withdraw", &taken_back]), "withdrawn");
    assert_eq!(start(&second, Some(&taken_back)).problem(), Problem::NotInvited);
    let over = invite(&database, &["--days", "0"]);
    assert_eq!(start(&second, Some(&over)).problem(), Problem::NotInvited);
    assert!(server.terminate());
}

#[test]
fn an_operator_exports_what_a_member_would() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("server.db");
    let server = ChildServer::start(&database, &[]);
    let client = Client::new(&server.url);
    let account = Account::new(1);
    crate::server::create(&client, &account);
    let challenge = client.challenge(account.id(), &account.founder).challenge;
    let proof = account.founder.proof(account.id(), ORIGIN, challenge);
    let session: roamkey_proto::api::Session = client.post("/v1/sessions", None, &SignIn { proof }).ok();
    let members = client.get(&account.path("export"), Some(&session.token.to_string())).body;
    let output = run(&["export", &account.id().to_string(), "--database", &url(&database)]);
    assert!(output.status.success());
    // They differ in the moment, which has the same length.
    assert_eq!(output.stdout.len(), members.len());
    assert_eq!(output.stdout.last_chunk::<200>(), members.last_chunk());
}

#[test]
fn a_backup_made_while_it_serves_is_restored() {
    let folder = tempfile::tempdir().unwrap();
    let [database, copy, restored] = ["server.db", "copy.db", "restored.db"].map(|name| folder.path().join(name));
    let server = ChildServer::start(&database, &[]);
    let account = Account::new(1);
    crate::server::create(&Client::new(&server.url), &account);
    let command = |name: &str, file: Option<&Path>, database: &Path| {
        let file = file.map(|file| file.to_str().unwrap().to_owned());
        let words: Vec<_> =
            [name.to_owned()].into_iter().chain(file).chain(["--database".into(), url(database)]).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        run(&words).status.success()
    };
    assert!(command("backup", Some(&copy), &database));
    assert!(!command("backup", Some(&copy), &database), "a backup replaces nothing");
    assert!(command("check", None, &copy));
    assert!(!command("restore", Some(&copy), &database), "a restore replaces nothing");
    server.kill();
    assert!(command("restore", Some(&copy), &restored));
    let server = ChildServer::start(&restored, &[]);
    let again = Client::new(&server.url).post("/v1/accounts", None, &account.genesis);
    let _: Accepted = again.ok();
    // A damaged file is told from a sound one.
    let mut bytes = fs::read(&copy).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(7);
    fs::write(&copy, bytes).unwrap();
    assert!(!command("check", None, &copy));
}

#[test]
fn all_mistakes_are_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.toml");
    fs::write(&path, "sockets = \"many\"\nlisten = \"nowhere\"\nlog-format = \"xml\"\n").unwrap();
    for command in [&["serve"][..], &["config", "check"]] {
        let output = run(&[command, &["--config", path.to_str().unwrap(), "--records", "few"]].concat());
        assert!(!output.status.success());
        let told = String::from_utf8(output.stderr).unwrap();
        for mistake in ["sockets", "listen", "log-format", "--records", "database: missing"] {
            assert!(told.contains(mistake), "{mistake} in {told}");
        }
    }
}

#[test]
fn the_sample_is_a_file_that_serves_once_the_database_is_named() {
    let sample = String::from_utf8(run(&["config", "sample"]).stdout).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.toml");
    let database = url(&folder.path().join("server.db"));
    fs::write(&path, format!("{sample}database = \"{database}\"\n")).unwrap();
    let output = run(&["config", "check", "--config", path.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for setting in SETTINGS.iter().copied().flatten().map(Setting::name) {
        assert!(sample.contains(&format!("\n#{setting} = ")), "{setting}");
    }
}

#[test]
fn the_packaged_file_is_sound() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packaging/server.toml");
    let output = run(&["config", "check", "--config", path]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn invite(database: &Path, more: &[&str]) -> String {
    let output = run(&[&["invite", "--database", &url(database)], more].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

fn run(arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_roamkey-server")).args(arguments).output().unwrap()
}

fn url(database: &Path) -> String {
    format!("sqlite:{}", database.display())
}
