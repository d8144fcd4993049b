//! Plants forbidden dependencies in a real workspace and sees the command refuse them.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{fs, path::Path, process::Command};

use tempfile::TempDir;

const POLICY: &str = r#"
[graph]
targets = ["x86_64-unknown-linux-gnu"]
all-features = true
[licenses]
allow = ["MIT"]
exceptions = []
[bans]
multiple-versions = "deny"
deny = [{ crate = "openssl", reason = "rustls" }]
skip = []
[sources]
unknown-registry = "deny"
unknown-git = "deny"
allow-registry = []
"#;

/// A workspace of empty crates: for each its name, its licence and the lines of its `[dependencies]`.
fn workspace(crates: &[(&str, &str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("Cargo.toml"), "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\nexclude = [\"target\"]\n")
        .unwrap();
    fs::write(root.join("deny.toml"), POLICY).unwrap();
    for (name, licence, dependencies) in crates {
        write_crate(&root.join(name), name, licence, dependencies);
    }
    folder
}

fn write_crate(folder: &Path, name: &str, licence: &str, dependencies: &str) {
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\nlicense = \"{licence}\"\n{dependencies}"
    );
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("src/lib.rs"), "").unwrap();
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
}

/// Whether `cargo xtask deps` accepts the workspace, and what it says.
fn judge(workspace: &TempDir) -> (bool, String) {
    let manifest = workspace.path().join("Cargo.toml");
    let output =
        Command::new(env!("CARGO_BIN_EXE_xtask")).args(["deps", "--manifest-path"]).arg(manifest).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

fn depends_on(name: &str) -> String {
    format!("[dependencies]\n{name} = {{ path = \"../{name}\" }}\n")
}

fn refused(crates: &[(&str, &str, &str)], because: &str) {
    let (accepted, said) = judge(&workspace(crates));
    assert!(!accepted, "{said}");
    assert!(said.contains(because), "{said}");
}

#[test]
fn a_clean_workspace_is_accepted() {
    let server = depends_on("roamkey-proto");
    let (accepted, said) = judge(&workspace(&[("roamkey-proto", "MIT", ""), ("roamkey-server", "MIT", &server)]));
    assert!(accepted, "{said}");
}

#[test]
fn a_server_that_could_decrypt_is_refused() {
    let (server, store) = (depends_on("roamkey-store-sqlite"), depends_on("roamkey-sealing"));
    refused(
        &[("roamkey-server", "MIT", &server), ("roamkey-store-sqlite", "MIT", &store), ("roamkey-sealing", "MIT", "")],
        "roamkey-server -> roamkey-store-sqlite -> roamkey-sealing",
    );
}

#[test]
fn a_core_with_a_runtime_is_refused_also_behind_a_feature() {
    let proto = "[dependencies]\ntokio = { path = \"../tokio\", optional = true }\n";
    refused(&[("roamkey-proto", "MIT", proto), ("tokio", "MIT", "")], "roamkey-proto -> tokio");
}

#[test]
fn an_authenticator_that_knows_the_vault_is_refused() {
    let authenticator = depends_on("roamkey-vault");
    refused(
        &[("roamkey-authenticator", "MIT", &authenticator), ("roamkey-vault", "MIT", "")],
        "roamkey-authenticator -> roamkey-vault",
    );
}

#[test]
fn what_only_tests_use_is_not_linked_and_so_not_refused() {
    let server = "[dev-dependencies]\nroamkey-vault = { path = \"../roamkey-vault\" }\n";
    let (accepted, said) = judge(&workspace(&[("roamkey-server", "MIT", server), ("roamkey-vault", "MIT", "")]));
    assert!(accepted, "{said}");
}

#[test]
fn a_licence_that_is_not_listed_is_refused() {
    refused(&[("roamkey-proto", "AGPL-3.0", "")], "roamkey-proto@0.1.0: licence AGPL-3.0 is not allowed");
}

#[test]
fn one_allowed_licence_of_two_is_enough() {
    let (accepted, said) = judge(&workspace(&[("roamkey-proto", "AGPL-3.0-only OR MIT", "")]));
    assert!(accepted, "{said}");
}

#[test]
fn a_banned_crate_is_refused() {
    let cli = depends_on("openssl");
    refused(&[("roamkey-cli", "MIT", &cli), ("openssl", "MIT", "")], "openssl@0.1.0: is banned");
}

#[test]
fn a_policy_with_a_field_that_nobody_applies_is_refused() {
    let folder = workspace(&[("roamkey-proto", "MIT", "")]);
    fs::write(folder.path().join("deny.toml"), POLICY.replace("[sources]", "[sources]\nprivate = []")).unwrap();
    let (accepted, said) = judge(&folder);
    assert!(!accepted && said.contains("private"), "{said}");
}
