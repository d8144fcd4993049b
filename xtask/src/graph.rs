//! Who links whom, reduced to what the rules ask about.

pub(crate) mod edges;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use cargo_metadata::{DependencyKind, Metadata};

/// The packages of a build, and between them the normal dependencies: what ends up linked.
#[derive(Default)]
pub(crate) struct Graph {
    packages: BTreeMap<Id, Package>,
}

/// A package as Cargo tells it apart from others of its name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Id(String);

pub(crate) struct Package {
    pub(crate) name: String,
    /// Part of this workspace, not fetched.
    pub(crate) member: bool,
    links: BTreeSet<Id>,
}

impl From<&Metadata> for Graph {
    fn from(metadata: &Metadata) -> Self {
        let mut graph = Self::default();
        for package in &metadata.packages {
            let member = metadata.workspace_members.contains(&package.id);
            graph.add(Id(package.id.repr.clone()), package.name.as_str(), member);
        }
        for node in metadata.resolve.iter().flat_map(|resolve| &resolve.nodes) {
            for dependency in &node.deps {
                if dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal) {
                    graph.link(&Id(node.id.repr.clone()), Id(dependency.pkg.repr.clone()));
                }
            }
        }
        graph
    }
}

impl Graph {
    fn add(&mut self, id: Id, name: &str, member: bool) {
        self.packages.insert(id, Package { name: name.to_owned(), member, links: BTreeSet::new() });
    }

    fn link(&mut self, from: &Id, to: Id) {
        if let Some(package) = self.packages.get_mut(from) {
            package.links.insert(to);
        }
    }

    /// The packages of this workspace.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&Id, &Package)> {
        self.packages.iter().filter(|(_, package)| package.member)
    }

    /// What `from` names in its own manifest.
    pub(crate) fn direct(&self, from: &Id) -> impl Iterator<Item = &Package> {
        let links = self.packages.get(from).map(|package| &package.links);
        links.into_iter().flatten().filter_map(|id| self.packages.get(id))
    }

    /// A shortest chain of names from `from` to the first package that `wanted` accepts, both ends included.
    pub(crate) fn chain(&self, from: &Id, wanted: impl Fn(&Package) -> bool) -> Option<Vec<&str>> {
        let (from, _) = self.packages.get_key_value(from)?;
        let mut came_from: BTreeMap<&Id, &Id> = BTreeMap::new();
        let mut queue = VecDeque::from([from]);
        while let Some(id) = queue.pop_front() {
            let package = self.packages.get(id)?;
            if id != from && wanted(package) {
                return Some(self.names_back_to(id, from, &came_from));
            }
            for next in &package.links {
                if next != from && !came_from.contains_key(next) {
                    came_from.insert(next, id);
                    queue.push_back(next);
                }
            }
        }
        None
    }

    fn names_back_to<'a>(&'a self, end: &'a Id, start: &'a Id, came_from: &BTreeMap<&'a Id, &'a Id>) -> Vec<&'a str> {
        let mut names = Vec::new();
        let mut at = Some(end);
        while let Some(id) = at {
            names.extend(self.packages.get(id).map(|package| package.name.as_str()));
            at = if id == start { None } else { came_from.get(id).copied() };
        }
        names.reverse();
        names
    }
}

#[cfg(test)]
impl Graph {
    /// A graph from lines such as `roamkey-server -> axum tokio`. A name that starts with `roamkey-` is a member.
    pub(crate) fn drawn(lines: &str) -> Self {
        let id = |name: &str| Id(name.to_owned());
        let mut graph = Self::default();
        for name in lines.split_whitespace().filter(|word| *word != "->") {
            graph.add(id(name), name, name.starts_with("roamkey-"));
        }
        for (from, links) in lines.lines().filter_map(|line| line.split_once("->")) {
            for to in links.split_whitespace() {
                graph.link(&id(from.trim()), id(to));
            }
        }
        graph
    }
}
