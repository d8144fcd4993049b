//! Mutants in the source, which must be those of the registry, and in what people run, where there must be none.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;

use crate::workspace::{Flavour, Workspace};

/// Compares the names in the source with those that are tested.
pub(super) fn compare(workspace: &Workspace, tested: &BTreeSet<&str>) -> Result<Vec<String>> {
    let mut named = BTreeSet::new();
    for file in files(&workspace.root().join("crates"), "rs")? {
        // What explains the macro names no check.
        if file.ends_with("mutant.rs") {
            continue;
        }
        named.extend(names(&fs::read_to_string(file)?));
    }
    let untested = named.iter().filter(|name| !tested.contains(name.as_str()));
    let mut faults: Vec<_> = untested.map(|name| format!("{name}: no attack tests this mutant")).collect();
    let missing = tested.iter().filter(|name| !named.contains(**name));
    faults.extend(missing.map(|name| format!("{name}: there is no such mutant in the source")));
    Ok(faults)
}

/// Finds journeys that are named and not there. They run with all others, in a browser.
pub(super) fn missing_journeys<'j>(workspace: &Workspace, journeys: impl Iterator<Item = &'j str>) -> Vec<String> {
    let folder = workspace.extension().join("e2e/journeys");
    let missing = journeys.filter(|name| !folder.join(format!("{name}.mjs")).is_file());
    missing.map(|name| format!("there is no journey {name}")).collect()
}

/// Finds names of mutants in builds without the feature, as far as there are any.
pub(super) fn find_in_builds(workspace: &Workspace, mutants: &BTreeSet<&str>) -> Result<Vec<String>> {
    let mut builds: Vec<PathBuf> = files(&workspace.bundle(Flavour::Release), "wasm")?;
    builds.extend(files(&workspace.core(Flavour::Release), "wasm")?);
    for profile in ["debug", "release"] {
        let folder = workspace.cargo_target().join(profile);
        builds.extend(
            ["roamkey", "roamkey-server"].map(|name| folder.join(name)).into_iter().filter(|path| path.is_file()),
        );
    }
    let mut faults = Vec::new();
    for build in builds {
        let bytes = fs::read(&build)?;
        let found = mutants.iter().filter(|name| holds(&bytes, name.as_bytes()));
        faults.extend(found.map(|name| format!("{} holds the mutant {name}", build.display())));
    }
    Ok(faults)
}

fn names(source: &str) -> impl Iterator<Item = String> {
    let after = source.split("mutant!(").skip(1);
    after.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next()).map(str::to_owned)
}

fn holds(bytes: &[u8], name: &[u8]) -> bool {
    // From each first letter on: ten times as fast as every window.
    let first = name.first().copied().unwrap_or_default();
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == first) {
        rest = rest.get(at..).unwrap_or_default();
        if rest.starts_with(name) {
            return true;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    false
}

fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path, extension)?);
        } else if path.extension().is_some_and(|ending| ending == extension) {
            found.push(path);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_where_checks_are() {
        let source = r#"if !mutant!("a.b", x) {} mutant!(
            "c.d" => y
        ); mutant!(nothing)"#;
        assert_eq!(names(source).collect::<Vec<_>>(), ["a.b", "c.d"]);
    }

    #[test]
    fn a_name_is_found_in_bytes() {
        assert!(holds(b"..aaa.b..", b"a.b"));
        assert!(!holds(b"..aaa,b..", b"a.b") && !holds(b"", b"a.b"));
    }
}
