//! The three edges that never exist.
//!
//! 1. The server and its stores never reach the code that opens a vault: what is not linked cannot decrypt.
//! 2. The pure crates never reach a runtime, a network, a database or a clock: they are handed time and randomness.
//! 3. The authenticator and the vault never reach each other: `roamkey-client` is the only glue.

use std::fmt;

use super::{Graph, Id, Package};

/// A chain of dependencies that must not be there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ForbiddenEdge {
    pub(crate) rule: Rule,
    /// From the package that the rule protects to the one that it keeps away.
    pub(crate) chain: Vec<String>,
}

/// Which of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    ServerStaysBlind,
    CoreStaysPure,
    AuthenticatorStaysApart,
}

impl fmt::Display for ForbiddenEdge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule.reason(), self.chain.join(" -> "))
    }
}

impl Rule {
    fn reason(self) -> &'static str {
        match self {
            Self::ServerStaysBlind => "the server must not link what opens a vault",
            Self::CoreStaysPure => "the core must not link a runtime, a network, a database or a clock",
            Self::AuthenticatorStaysApart => "authenticator and vault meet only in roamkey-client",
        }
    }
}

/// Every forbidden edge of `graph`, a shortest chain for each package that starts one.
pub(crate) fn forbidden_edges(graph: &Graph) -> Vec<ForbiddenEdge> {
    graph.members().flat_map(|(id, package)| edges_from(graph, id, package)).collect()
}

fn edges_from(graph: &Graph, id: &Id, package: &Package) -> Vec<ForbiddenEdge> {
    let name = package.name.as_str();
    let mut edges = Vec::new();
    let mut reaches = |rule, kept_away: &[&str]| {
        let chain = graph.chain(id, |reached| kept_away.contains(&reached.name.as_str()));
        edges.extend(chain.map(|chain| forbidden(rule, &chain)));
    };
    if BLIND.iter().any(|prefix| name.starts_with(prefix)) {
        reaches(Rule::ServerStaysBlind, OPENS_VAULTS);
    }
    if PURE.contains(&name) {
        reaches(Rule::CoreStaysPure, NEVER_REACHED);
    }
    match name {
        AUTHENTICATOR => reaches(Rule::AuthenticatorStaysApart, &[VAULT]),
        VAULT => reaches(Rule::AuthenticatorStaysApart, &[AUTHENTICATOR]),
        _ => {}
    }
    if PURE.contains(&name) {
        let named = graph.direct(id).filter(|dependency| NEVER_NAMED.contains(&dependency.name.as_str()));
        edges.extend(named.map(|dependency| forbidden(Rule::CoreStaysPure, &[name, &dependency.name])));
    }
    edges
}

fn forbidden(rule: Rule, chain: &[&str]) -> ForbiddenEdge {
    ForbiddenEdge { rule, chain: chain.iter().map(|name| (*name).to_owned()).collect() }
}

const AUTHENTICATOR: &str = "roamkey-authenticator";
const VAULT: &str = "roamkey-vault";

/// The server, its traits, every backend and the realm, by how their names start: a new backend is covered when it appears.
const BLIND: &[&str] = &["roamkey-server", "roamkey-store-", "roamkey-realm"];

const OPENS_VAULTS: &[&str] = &["roamkey-sealing", VAULT, "roamkey-sync", AUTHENTICATOR];

const PURE: &[&str] = &[
    "roamkey-proto",
    "roamkey-trust",
    "roamkey-realm",
    "roamkey-sealing",
    VAULT,
    "roamkey-sync",
    AUTHENTICATOR,
    "roamkey-interchange",
];

/// Not even through another crate: whoever links one of these does I/O.
const NEVER_REACHED: &[&str] = &[
    // Runtimes.
    "async-io",
    "async-std",
    "mio",
    "polling",
    "rayon",
    "smol",
    "tokio",
    // Network.
    "axum",
    "hickory-resolver",
    "hyper",
    "native-tls",
    "reqwest",
    "rustls",
    "socket2",
    "tungstenite",
    "ureq",
    // Databases and files.
    "libsqlite3-sys",
    "memmap2",
    "rusqlite",
    "sqlx",
    "tempfile",
    "tokio-postgres",
    "walkdir",
    // Clocks.
    "web-time",
];

/// Not in a pure crate's own manifest. Primitives may bring them for their traits; calling them is the shell's business.
const NEVER_NAMED: &[&str] =
    &["chrono", "getrandom", "jiff", "js-sys", "rand", "time", "wasm-bindgen", "wasm-bindgen-futures", "web-sys"];

#[cfg(test)]
mod tests;
