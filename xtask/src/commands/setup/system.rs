//! Debian packages.

use std::{collections::BTreeSet, env, fs, path::Path};

use anyhow::{Result, bail};

use crate::{
    packages::{APT, APT_BROWSER, APT_FIREFOX, Apt, POSTGRES},
    process::Call,
    workspace::{CHROMIUM_VARIABLE, FIREFOX_VARIABLE, chromium, firefox},
};

/// Installs the packages that are missing.
///
/// # Errors
///
/// When the system has no apt, or when we may not use it; the error names the command to run.
pub(super) fn provide() -> Result<()> {
    browser_named_by_the_person()?;
    if !Path::new("/usr/bin/apt-get").exists() {
        return without_apt();
    }
    let missing = missing()?;
    if missing.is_empty() {
        return Ok(());
    }
    for package in &missing {
        eprintln!("missing: {} ({})", package.name, package.why);
    }
    install(&missing.iter().map(|package| package.name).collect::<Vec<_>>())
}

fn browser_named_by_the_person() -> Result<()> {
    for (variable, browser) in [(CHROMIUM_VARIABLE, chromium()), (FIREFOX_VARIABLE, firefox())] {
        if env::var_os(variable).is_some() && !browser.exists() {
            bail!("{variable} names {}, which does not exist", browser.display());
        }
    }
    if env::var_os(CHROMIUM_VARIABLE).is_none() && is_ubuntu() {
        bail!(
            "Ubuntu's Chromium is a snap, which cannot load an extension from here: install Google Chrome for Testing \
             or Debian's chromium, and name it: {CHROMIUM_VARIABLE}=/path/to/chrome cargo xtask ..."
        );
    }
    Ok(())
}

fn is_ubuntu() -> bool {
    fs::read_to_string("/etc/os-release").is_ok_and(|text| text.lines().any(|line| line == "ID=ubuntu"))
}

/// Elsewhere than on Debian we install nothing, and say what to look for.
fn without_apt() -> Result<()> {
    let programs = ["python3", "certutil", "openssl"].map(|name| {
        env::split_paths(&env::var_os("PATH").unwrap_or_default()).any(|folder| folder.join(name).exists())
    });
    if chromium().exists() && firefox().exists() && programs.iter().all(|found| *found) {
        return Ok(());
    }
    let names: Vec<&str> = wanted().map(|package| package.name).collect();
    bail!(
        "this system has no apt: install what Debian calls {}, and name the browsers with {CHROMIUM_VARIABLE} and {FIREFOX_VARIABLE}",
        names.join(" ")
    )
}

fn wanted() -> impl Iterator<Item = &'static Apt> {
    let browsers = [(CHROMIUM_VARIABLE, &APT_BROWSER), (FIREFOX_VARIABLE, &APT_FIREFOX)];
    let browsers = browsers.into_iter().filter(|(variable, _)| env::var_os(variable).is_none());
    browsers.map(|(_, package)| package).chain(APT)
}

fn missing() -> Result<Vec<&'static Apt>> {
    let names = wanted().map(|package| package.name);
    let query = Call::new("dpkg-query").args(["-W", "-f=${db:Status-Status} ${Package}\n"]).args(names);
    // It exits with 1 when it does not know a name, which is the case we are looking for.
    let (_, answer) = query.read_any()?;
    let installed: BTreeSet<&str> = answer.lines().filter_map(|line| line.strip_prefix("installed ")).collect();
    Ok(wanted().filter(|package| !installed.contains(package.name)).collect())
}

/// The lists come first: a fresh system has none, and old ones name files that the mirror no longer has.
fn install(names: &[&str]) -> Result<()> {
    let by_hand = format!("apt-get update && apt-get install --yes --no-install-recommends {}", names.join(" "));
    let Some(prefix) = privilege()? else { bail!("this needs root. Run, as root:\n\n    {by_hand}\n") };
    let root = |arguments: &[&str]| {
        let words: Vec<&str> = prefix.iter().copied().chain(["env", "DEBIAN_FRONTEND=noninteractive"]).collect();
        let (program, rest) = words.split_first().map_or(("env", &[][..]), |(program, rest)| (*program, rest));
        Call::new(program).args(rest).args(arguments).run()
    };
    let install = |names: &[&str]| root(&[&["apt-get", "install", "--yes", "--no-install-recommends"], names].concat());
    let done = root(&["apt-get", "update"]).and_then(|()| match names.contains(&POSTGRES) {
        true => without_a_cluster(root, install, names),
        false => install(names),
    });
    done.map_err(|error| error.context(format!("apt failed. Run, as root:\n\n    {by_hand}\n")))
}

/// Debian's PostgreSQL makes a database for the whole machine when it is installed, unless it is told not to.
fn without_a_cluster(
    root: impl Fn(&[&str]) -> Result<()>,
    install: impl Fn(&[&str]) -> Result<()>,
    names: &[&str],
) -> Result<()> {
    install(&["postgresql-common"])?;
    root(&["sed", "-i", "s/^#create_main_cluster = true/create_main_cluster = false/", CREATE_CLUSTER])?;
    let installed = install(names);
    // Whoever wants one later gets it as Debian means it.
    root(&["sed", "-i", "s/^create_main_cluster = false/#create_main_cluster = true/", CREATE_CLUSTER])?;
    installed
}

const CREATE_CLUSTER: &str = "/etc/postgresql-common/createcluster.conf";

/// What to put before a command so that it runs as root, if there is a way.
fn privilege() -> Result<Option<Vec<&'static str>>> {
    let (_, user) = Call::new("id").arg("-u").read_any()?;
    if user.trim() == "0" {
        return Ok(Some(Vec::new()));
    }
    Ok(Path::new("/usr/bin/sudo").exists().then(|| vec!["sudo"]))
}
