//! What the suites in Python need, from PyPI, under `target/tools`.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::{
    packages::{FIDO2_TESTS, PYTHON, PythonPackage, SCHEMATHESIS},
    process::Call,
    workspace::Workspace,
};

/// Makes the environment, and beside it the device suite of python-fido2, unless these very files are already there.
pub(super) fn provide(workspace: &Workspace) -> Result<()> {
    let environment = workspace.suites();
    let stamp = environment.join("installed.txt");
    let packages = requirements(PYTHON) + &requirements(SCHEMATHESIS);
    let tests = requirements(&[FIDO2_TESTS]);
    let wanted = format!("{packages}{tests}");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    eprintln!("installing the suites in Python under {}", environment.display());
    Call::new("python3").args(["-m", "venv", "--clear"]).arg(&environment).run()?;
    let list = environment.join("packages.txt");
    fs::write(&list, packages)?;
    pip(&environment, "install").arg("--only-binary=:all:").arg("--requirement").arg(list).run()?;
    fetch_tests(&environment, &tests)?;
    fs::write(stamp, wanted).context("cannot note what is installed")
}

/// The wheel of fido2 has no tests, its source package has them. It is fetched, never built.
fn fetch_tests(environment: &Path, tests: &str) -> Result<()> {
    let list = environment.join("tests.txt");
    fs::write(&list, tests)?;
    let download = pip(environment, "download").args(["--no-binary=:all:", "--no-build-isolation", "--requirement"]);
    download.arg(list).arg("--dest").arg(environment).run()?;
    let archive = environment.join(format!("{}-{}.tar.gz", FIDO2_TESTS.name, FIDO2_TESTS.version));
    Call::new("tar").arg("--extract").arg("--file").arg(archive).arg("--directory").arg(environment).run()
}

fn pip(environment: &Path, verb: &str) -> Call {
    let pip = Call::new(environment.join("bin/python")).args(["-m", "pip", verb]);
    pip.args(["--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"])
}

/// The packages in the form that pip reads.
fn requirements(packages: &[PythonPackage]) -> String {
    let line = |package: &PythonPackage| {
        let hashes: String = package.sha256.iter().map(|hash| format!(" --hash=sha256:{hash}")).collect();
        format!("{}=={}{hashes}\n", package.name, package.version)
    };
    packages.iter().map(line).collect()
}
