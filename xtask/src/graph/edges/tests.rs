use super::{Rule, forbidden_edges};
use crate::graph::Graph;

/// The workspace as it should be, in small.
const CLEAN: &str = "
    roamkey-proto -> minicbor
    roamkey-trust -> roamkey-proto p256
    roamkey-sealing -> roamkey-trust
    roamkey-vault -> roamkey-sealing
    roamkey-sync -> roamkey-vault
    roamkey-authenticator -> p256
    roamkey-client -> roamkey-sync roamkey-vault roamkey-authenticator
    roamkey-cli -> roamkey-client ureq getrandom
    roamkey-server-store -> roamkey-proto
    roamkey-store-sqlite -> roamkey-server-store rusqlite
    roamkey-server -> roamkey-store-sqlite roamkey-trust axum
    axum -> tokio
    p256 -> getrandom
";

fn found(planted: &str) -> Vec<(Rule, String)> {
    let edges = forbidden_edges(&Graph::drawn(&format!("{CLEAN}\n{planted}")));
    edges.into_iter().map(|edge| (edge.rule, edge.chain.join(" > "))).collect()
}

#[test]
fn the_architecture_as_drawn_has_no_forbidden_edge() {
    assert_eq!(found(""), []);
}

#[test]
fn a_server_that_links_what_opens_a_vault_is_refused() {
    for opener in ["roamkey-sealing", "roamkey-vault", "roamkey-sync", "roamkey-authenticator"] {
        let edges = found(&format!("roamkey-server -> {opener}"));
        assert_eq!(edges, [(Rule::ServerStaysBlind, format!("roamkey-server > {opener}"))]);
    }
}

#[test]
fn a_server_that_reaches_it_through_another_crate_is_refused_with_the_whole_chain() {
    let edges = found("roamkey-store-sqlite -> audit\naudit -> roamkey-vault");
    let chains: Vec<&str> = edges.iter().map(|(_, chain)| chain.as_str()).collect();
    assert_eq!(
        chains,
        [
            "roamkey-server > roamkey-store-sqlite > audit > roamkey-vault",
            "roamkey-store-sqlite > audit > roamkey-vault"
        ]
    );
}

#[test]
fn a_backend_that_did_not_exist_when_the_rule_was_written_is_held_to_it() {
    let edges = found("roamkey-store-postgres -> roamkey-sealing");
    assert_eq!(edges, [(Rule::ServerStaysBlind, "roamkey-store-postgres > roamkey-sealing".to_owned())]);
}

#[test]
fn a_pure_crate_that_reaches_a_runtime_is_refused() {
    let edges = found("roamkey-proto -> helper\nhelper -> tokio");
    assert!(edges.contains(&(Rule::CoreStaysPure, "roamkey-proto > helper > tokio".to_owned())));
}

#[test]
fn a_pure_crate_that_draws_its_own_randomness_is_refused_though_a_primitive_may_bring_the_crate() {
    let edges = found("roamkey-trust -> getrandom");
    assert_eq!(edges, [(Rule::CoreStaysPure, "roamkey-trust > getrandom".to_owned())]);
}

#[test]
fn an_importer_that_reads_files_itself_is_refused() {
    let edges = found("roamkey-interchange -> walkdir");
    assert_eq!(edges, [(Rule::CoreStaysPure, "roamkey-interchange > walkdir".to_owned())]);
}

#[test]
fn authenticator_and_vault_are_kept_apart_in_both_directions() {
    let edges = found("roamkey-authenticator -> roamkey-vault");
    assert_eq!(edges, [(Rule::AuthenticatorStaysApart, "roamkey-authenticator > roamkey-vault".to_owned())]);
    let edges = found("roamkey-vault -> glue\nglue -> roamkey-authenticator");
    assert!(
        edges.contains(&(Rule::AuthenticatorStaysApart, "roamkey-vault > glue > roamkey-authenticator".to_owned()))
    );
}

#[test]
fn a_cycle_of_packages_ends() {
    assert_eq!(found("minicbor -> p256\np256 -> minicbor"), []);
}
