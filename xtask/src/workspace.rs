//! Where things are.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::process::Call;

/// Names another browser than the one Debian installs.
pub(crate) const CHROMIUM_VARIABLE: &str = "ROAMKEY_CHROMIUM";

/// Names another Firefox than the one Debian installs.
pub(crate) const FIREFOX_VARIABLE: &str = "ROAMKEY_FIREFOX";

/// Which build of the extension and its core.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// What people install: holds no hook.
    Release,
    /// What tests drive.
    Test,
}

impl Flavour {
    /// From a command's `--test`.
    pub(crate) fn of(test: bool) -> Self {
        if test { Self::Test } else { Self::Release }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Test => "test",
        }
    }
}

/// The checkout that this program was built from.
pub(crate) struct Workspace {
    root: PathBuf,
    cargo_target: PathBuf,
}

impl Workspace {
    /// Finds the checkout.
    ///
    /// # Errors
    ///
    /// When this crate has no parent folder, which means that it was moved out of the checkout.
    pub(crate) fn locate() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask is outside its workspace")?.to_owned();
        let cargo_target =
            env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder));
        Ok(Self { root, cargo_target })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where our own products go, whatever Cargo uses.
    pub(crate) fn products(&self) -> PathBuf {
        self.root.join("target")
    }

    /// Where Cargo puts what it builds.
    pub(crate) fn cargo_target(&self) -> &Path {
        &self.cargo_target
    }

    pub(crate) fn tools(&self) -> PathBuf {
        self.products().join("tools")
    }

    /// The environment of the suites in Python.
    pub(crate) fn suites(&self) -> PathBuf {
        self.tools().join("suites")
    }

    /// What we bring to suites that others wrote.
    pub(crate) fn conformance(&self) -> PathBuf {
        self.root.join("conformance")
    }

    pub(crate) fn extension(&self) -> PathBuf {
        self.root.join("extension")
    }

    /// One of this program's own scripts for Node.
    pub(crate) fn script(&self, name: &str) -> PathBuf {
        self.root.join("xtask/scripts").join(name)
    }

    pub(crate) fn vectors(&self) -> PathBuf {
        self.root.join("vectors")
    }

    /// The browser's core, as the extension takes it in.
    pub(crate) fn core(&self, flavour: Flavour) -> PathBuf {
        self.products().join("core").join(flavour.name())
    }

    /// The folder of the extension's bundles.
    pub(crate) fn bundles(&self) -> PathBuf {
        self.products().join("ext")
    }

    pub(crate) fn bundle(&self, flavour: Flavour) -> PathBuf {
        self.bundles().join(flavour.name())
    }

    /// Where `cargo build` leaves `roamkey` and `roamkey-server`.
    pub(crate) fn binaries(&self) -> PathBuf {
        self.cargo_target.join("debug")
    }

    /// A cargo call at the root, with the same cargo that started us.
    pub(crate) fn cargo(&self) -> Call {
        Call::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into())).at(&self.root)
    }

    /// A program of `target/tools/bin`, which also leads its `PATH`, so that scripts started by it find the same ones.
    pub(crate) fn tool(&self, name: &str) -> Result<Call> {
        let bin = self.tools().join("bin");
        let mut folders = vec![bin.clone()];
        folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        let path: OsString = env::join_paths(folders).context("PATH holds a folder that cannot be in PATH")?;
        let call = Call::new(bin.join(name)).at(&self.root).env("PATH", path).env("NO_COLOR", "1");
        Ok(call.env(CHROMIUM_VARIABLE, chromium()).env(FIREFOX_VARIABLE, firefox()))
    }
}

/// The browser to drive.
pub(crate) fn chromium() -> PathBuf {
    env::var_os(CHROMIUM_VARIABLE).map_or_else(|| PathBuf::from("/usr/bin/chromium"), PathBuf::from)
}

/// The Firefox that the tests drive.
pub(crate) fn firefox() -> PathBuf {
    env::var_os(FIREFOX_VARIABLE).map_or_else(|| PathBuf::from("/usr/bin/firefox-esr"), PathBuf::from)
}
