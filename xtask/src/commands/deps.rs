//! Who links whom, under which licence, from where.

mod policy;

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use cargo_metadata::{Metadata, MetadataCommand};
use clap::Args;

use self::policy::Policy;
use crate::{
    graph::{Graph, edges::forbidden_edges},
    workspace::Workspace,
};

/// Check the dependencies: the three forbidden edges, licences, sources and duplicates
#[derive(Args, Default)]
pub(crate) struct Deps {
    /// Look at another workspace than this one, with the deny.toml beside it
    #[arg(long, value_name = "CARGO_TOML")]
    manifest_path: Option<PathBuf>,
}

impl Deps {
    pub(crate) fn run(self, workspace: &Workspace) -> Result<()> {
        let manifest = self.manifest_path.unwrap_or_else(|| workspace.root().join("Cargo.toml"));
        let policy = Policy::read(&manifest.with_file_name("deny.toml"))?;
        let metadata = metadata_of(manifest, &policy)?;

        let mut faults: Vec<String> =
            forbidden_edges(&Graph::from(&metadata)).iter().map(ToString::to_string).collect();
        faults.extend(policy.faults(&metadata));

        for fault in &faults {
            println!("{fault}");
        }
        ensure!(faults.is_empty(), "{} faults in the dependencies", faults.len());
        println!("{} packages: no forbidden edge, licence, source or duplicate", metadata.packages.len());
        Ok(())
    }
}

/// The whole graph with every feature on, so that no feature hides an edge.
fn metadata_of(manifest: PathBuf, policy: &Policy) -> Result<Metadata> {
    let platforms: Vec<String> =
        policy.targets().flat_map(|target| ["--filter-platform".to_owned(), target.to_owned()]).collect();
    MetadataCommand::new()
        .manifest_path(&manifest)
        .features(cargo_metadata::CargoOpt::AllFeatures)
        .other_options(platforms)
        .exec()
        .with_context(|| format!("cargo metadata of {}", manifest.display()))
}
