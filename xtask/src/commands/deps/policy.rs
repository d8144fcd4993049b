//! `deny.toml`, applied with its own crate's SPDX parser.
//!
//! The file is cargo-deny's: `cargo deny check bans licenses sources` reads the same one. That program takes minutes to
//! build and no registry ships a current one, so the fields we use are applied here; a field we do not know is an error.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::{Context, Result};
use cargo_metadata::{Metadata, Package};
use serde::Deserialize;
use spdx::{Expression, Licensee, ParseMode};

/// What the dependencies may be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Policy {
    graph: Scope,
    licenses: Licences,
    bans: Bans,
    sources: Sources,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Scope {
    targets: Vec<String>,
    #[serde(rename = "all-features")]
    _all_features: Yes,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Licences {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Bans {
    #[serde(rename = "multiple-versions")]
    _multiple_versions: Deny,
    deny: Vec<Named>,
    skip: Vec<Named>,
}

/// A crate and why it is listed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    #[serde(rename = "crate")]
    spec: String,
    #[serde(rename = "reason")]
    _reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Sources {
    #[serde(rename = "unknown-registry")]
    _unknown_registry: Deny,
    #[serde(rename = "unknown-git")]
    _unknown_git: Deny,
    allow_registry: Vec<String>,
}

/// The only level we use: a rule that warns is no rule.
#[derive(Deserialize)]
enum Deny {
    #[serde(rename = "deny")]
    Deny,
}

/// A switch that has to be on.
#[derive(Deserialize)]
#[serde(try_from = "bool")]
struct Yes;

impl TryFrom<bool> for Yes {
    type Error = &'static str;

    fn try_from(on: bool) -> Result<Self, Self::Error> {
        if on { Ok(Self) } else { Err("has to be true") }
    }
}

impl Policy {
    /// Reads the policy.
    ///
    /// # Errors
    ///
    /// When the file is missing, isn't TOML, or has a field or level that this program does not apply.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{} is not a policy we know", path.display()))
    }

    /// The platforms whose dependencies count.
    pub(crate) fn targets(&self) -> impl Iterator<Item = &str> {
        self.graph.targets.iter().map(String::as_str)
    }

    /// A line for each thing that the policy does not allow.
    pub(crate) fn faults(&self, metadata: &Metadata) -> Vec<String> {
        let used: BTreeSet<_> =
            metadata.resolve.iter().flat_map(|resolve| &resolve.nodes).map(|node| &node.id).collect();
        let packages: Vec<&Package> = metadata.packages.iter().filter(|package| used.contains(&package.id)).collect();
        let mut faults = Vec::new();
        for package in &packages {
            faults.extend(self.licence_fault(package));
            faults.extend(self.source_fault(package));
            faults.extend(self.ban_fault(package));
        }
        faults.extend(self.duplicates(&packages));
        faults.extend(self.unused(&packages));
        faults
    }

    fn licence_fault(&self, package: &Package) -> Option<String> {
        let Some(text) = &package.license else { return Some(format!("{}: names no licence", spec(package))) };
        let Ok(expression) = Expression::parse_mode(text, ParseMode::LAX) else {
            return Some(format!("{}: {text:?} is not an SPDX expression", spec(package)));
        };
        let allowed = self.licensees(package);
        let satisfied = expression.evaluate(|required| allowed.iter().any(|licensee| licensee.satisfies(required)));
        (!satisfied).then(|| format!("{}: licence {text} is not allowed", spec(package)))
    }

    fn licensees(&self, package: &Package) -> Vec<Licensee> {
        let exceptions = self.licenses.exceptions.iter().filter(|exception| exception.name == package.name.as_str());
        let names = self.licenses.allow.iter().chain(exceptions.flat_map(|exception| &exception.allow));
        names.filter_map(|name| Licensee::parse(name).ok()).collect()
    }

    fn source_fault(&self, package: &Package) -> Option<String> {
        let source = package.source.as_ref()?;
        let known = self.sources.allow_registry.iter().any(|registry| source.repr == format!("registry+{registry}"));
        (!known).then(|| format!("{}: comes from {source}", spec(package)))
    }

    fn ban_fault(&self, package: &Package) -> Option<String> {
        let banned = self.bans.deny.iter().any(|named| named.spec == package.name.as_str());
        banned.then(|| format!("{}: is banned", spec(package)))
    }

    fn duplicates(&self, packages: &[&Package]) -> Vec<String> {
        let mut versions: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for package in packages.iter().filter(|package| !self.skips(package)) {
            versions.entry(package.name.as_str()).or_default().insert(package.version.to_string());
        }
        let doubled = versions.into_iter().filter(|(_, versions)| versions.len() > 1);
        doubled
            .map(|(name, versions)| format!("{name}: in several versions: {}", Vec::from_iter(versions).join(", ")))
            .collect()
    }

    fn skips(&self, package: &Package) -> bool {
        self.bans.skip.iter().any(|named| named.spec == spec(package))
    }

    /// An exception for what is no longer there would let it come back unseen.
    fn unused(&self, packages: &[&Package]) -> Vec<String> {
        let specs: BTreeSet<String> = packages.iter().map(|package| spec(package)).collect();
        let names: BTreeSet<&str> = packages.iter().map(|package| package.name.as_str()).collect();
        let skips = self.bans.skip.iter().map(|named| named.spec.as_str()).filter(|spec| !specs.contains(*spec));
        let exceptions = self.licenses.exceptions.iter().map(|exception| exception.name.as_str());
        skips
            .chain(exceptions.filter(|name| !names.contains(name)))
            .map(|spec| format!("{spec}: deny.toml excepts it, nobody uses it"))
            .collect()
    }
}

/// `name@version`, as cargo-deny and Cargo write it.
fn spec(package: &Package) -> String {
    format!("{}@{}", package.name, package.version)
}
