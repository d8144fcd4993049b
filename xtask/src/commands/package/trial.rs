//! A package's life: installed, run, upgraded, rolled back, removed.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::Stdio,
};

use anyhow::{Context, Result, ensure};

use super::{LATER, fresh::Debian};

/// Takes two versions through all of it.
///
/// # Errors
///
/// What went wrong first.
pub(super) fn run(debian: &Debian, first: &Path, later: &Path) -> Result<()> {
    for (package, name) in [(first, FIRST_FILE), (later, LATER_FILE)] {
        fs::copy(package, debian.path(name))?;
    }
    install(debian, FIRST_FILE)?;
    let version = version(debian)?;
    unit_is_sound(debian)?;
    starts(debian)?;

    let mut settings = fs::read_to_string(debian.path(SETTINGS))?;
    settings.push_str("\n# the operator's own\n");
    fs::write(debian.path(SETTINGS), &settings)?;
    install(debian, LATER_FILE)?;
    ensure!(self::version(debian)? == LATER, "the upgrade is not there");
    ensure!(fs::read_to_string(debian.path(SETTINGS))? == settings, "an upgrade touched the operator's settings");
    starts(debian)?;

    install(debian, FIRST_FILE)?;
    ensure!(self::version(debian)? == version, "the way back is not there");
    starts(debian)?;

    debian.run("dpkg", &["--remove", PACKAGE])?;
    ensure!(!debian.path(PROGRAM).exists(), "the program is still there");
    ensure!(debian.path(SETTINGS).exists(), "settings went before a purge");
    debian.run("dpkg", &["--purge", PACKAGE])?;
    ensure!(!debian.path(SETTINGS).exists(), "settings stayed after a purge");
    ensure!(!debian.path(KNOWN).exists(), "systemd was not told of the purge");
    ensure!(debian.path(DATABASE).exists(), "a purge took people's vaults");
    println!("installed, run, upgraded, rolled back and removed: {PACKAGE} {version}");
    Ok(())
}

fn install(debian: &Debian, file: &str) -> Result<()> {
    // Questions are answered by nobody: whatever asks one fails.
    debian.run("dpkg", &["--install", file]).map(drop)
}

fn version(debian: &Debian) -> Result<String> {
    debian.run("dpkg-query", &["--show", "--showformat=${Version}", PACKAGE])
}

/// systemd takes the unit without a word, and counts few ways in which the service could do harm.
fn unit_is_sound(debian: &Debian) -> Result<()> {
    let said = debian.run("systemd-analyze", &["verify", UNIT])?;
    ensure!(said.trim().is_empty(), "systemd says of the unit: {said}");
    debian.run("systemd-analyze", &["security", "--offline=true", &format!("--threshold={EXPOSURE}"), UNIT])?;
    let enabled = debian.path("/etc/systemd/system/multi-user.target.wants/roamkey-server.service");
    ensure!(!enabled.exists(), "the service starts before anybody has set it up");
    ensure!(debian.path(KNOWN).exists(), "the package has no scripts that tell systemd of it");
    Ok(())
}

/// Starts the program with the settings of the package, as somebody who owns nothing but its folder.
fn starts(debian: &Debian) -> Result<()> {
    let state = debian.path(STATE);
    fs::create_dir_all(&state)?;
    std::os::unix::fs::chown(&state, Some(NOBODY), Some(NOBODY))?;
    debian.run(PROGRAM, &["config", "check", "--config", SETTINGS])?;
    let mut server = debian
        .command("setpriv")
        .args(["--reuid", &NOBODY.to_string(), "--regid", &NOBODY.to_string(), "--clear-groups", "--no-new-privs"])
        .args([PROGRAM, "serve", "--config", SETTINGS])
        // The ports of the settings may be somebody's on this machine.
        .envs([("ROAMKEY_SERVER_LISTEN", "127.0.0.1:0"), ("ROAMKEY_SERVER_METRICS", "127.0.0.1:0")])
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(server.stdout.take().context("its output is piped")?).read_line(&mut line)?;
    let answer = line.trim().strip_prefix("listening on http://").context("it does not start").and_then(ask_if_ready);
    let asked = std::process::Command::new("kill").arg(server.id().to_string()).status()?;
    ensure!(asked.success() && server.wait()?.success(), "it does not stop well");
    ensure!(answer?.starts_with("HTTP/1.1 204"), "it is not ready");
    Ok(())
}

fn ask_if_ready(address: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

const PACKAGE: &str = "roamkey-server";
const PROGRAM: &str = "/usr/bin/roamkey-server";
const SETTINGS: &str = "/etc/roamkey-server/server.toml";
const STATE: &str = "/var/lib/roamkey-server";
const DATABASE: &str = "/var/lib/roamkey-server/server.db";
const UNIT: &str = "/lib/systemd/system/roamkey-server.service";
const FIRST_FILE: &str = "/first.deb";
const LATER_FILE: &str = "/later.deb";

/// Where Debian notes which units came with packages.
const KNOWN: &str = "/var/lib/systemd/deb-systemd-helper-enabled/roamkey-server.service.dsh-also";

/// Debian's user for those who own nothing.
const NOBODY: u32 = 65_534;

/// Tenths of what `systemd-analyze security` calls exposure: below 2 of 10 it says "OK".
const EXPOSURE: u32 = 20;
