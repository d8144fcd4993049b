//! The commands: one file each.

mod account;
mod add;
mod authenticator;
mod check_up;
mod completions;
mod create;
mod devices;
mod evidence;
mod export;
mod exposure;
mod generate;
mod import;
mod join;
mod list;
mod log;
mod lost;
mod pair;
mod passphrase;
mod recover;
mod recovery;
mod remove;
mod repair;
mod revoke;
mod show;
mod status;
mod sync;
mod totp;
mod usage;

use std::{io::Write as _, path::Path, rc::Rc};

use clap::Subcommand;
use roamkey_cli::machine::{Folder, Machine};
use roamkey_client::{Client, Error, Locked, Session, Summary, Vacant};
use roamkey_proto::{DeviceId, ItemId, problem::Problem};
use serde_json::json;

use crate::{Global, Report, explain::Explanation, prompt};

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start an account with this device as its first.
    Create(create::Arguments),
    /// Join an account with a code that another device shows.
    Join(join::Arguments),
    /// Show a code for another device to join.
    Pair(pair::Arguments),
    /// List what the vault holds, or what has some words in title, site or account.
    #[command(visible_alias = "search")]
    List(list::Arguments),
    /// Show one item.
    Show(show::Arguments),
    /// Add a login or a note.
    #[command(subcommand)]
    Add(add::Kind),
    /// Put an item into the trash, or destroy it for good.
    Remove(remove::Arguments),
    /// Take over what another password manager exported.
    Import(import::Arguments),
    /// Write all items to a file for another password manager.
    Export(export::Arguments),
    /// Show what was typed here and came to nothing, as another device had destroyed the item.
    Lost(lost::Arguments),
    /// Meet the server: fetch what is new, send what waits.
    Sync,
    /// List the devices of the account.
    Devices,
    /// Take devices out of the account and re-key the vault.
    Revoke(revoke::Arguments),
    /// List what a lost device could read, where to replace it, and what is done.
    Exposure(exposure::Arguments),
    /// Close the account, or keep it after all; renew this device's keys.
    #[command(subcommand)]
    Account(account::Action),
    /// Compare with another device side by side that the server shows both one history.
    CheckUp(check_up::Arguments),
    /// What this device saw that it should not have: list, export, judge.
    #[command(subcommand)]
    Evidence(evidence::Action),
    /// Show the two histories that a server showed, and go on with one of them.
    Repair(repair::Arguments),
    /// The log of who joined and who went.
    #[command(subcommand)]
    Log(log::Action),
    /// Come back into an account when every device is lost.
    #[command(subcommand)]
    Recover(recover::Way),
    /// The ways back when every device is lost: list, set, try, remove.
    #[command(subcommand)]
    Recovery(recovery::Action),
    /// Say where this device stands, without unlocking it.
    Status,
    /// Change the passphrase that unlocks this device.
    Passphrase(passphrase::Arguments),
    /// Make a password or a passphrase.
    Generate(generate::Arguments),
    /// Show the one-time code of a login.
    Totp(totp::Arguments),
    /// List what was used on this device, and when.
    Usage,
    /// Print what completes commands in a shell.
    Completions(completions::Completions),
    /// Write manual pages.
    Man(completions::Man),
    /// Be a security key: serve passkeys to ssh, to browsers, to whatever speaks CTAP.
    Authenticator(authenticator::Arguments),
}

impl Command {
    /// Does it.
    pub(crate) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        match self {
            Self::Create(arguments) => arguments.run(global).await,
            Self::Join(arguments) => arguments.run(global).await,
            Self::Pair(arguments) => arguments.run(global).await,
            Self::List(arguments) => arguments.run(global).await,
            Self::Show(arguments) => arguments.run(global).await,
            Self::Add(kind) => kind.run(global).await,
            Self::Remove(arguments) => arguments.run(global).await,
            Self::Import(arguments) => arguments.run(global).await,
            Self::Export(arguments) => arguments.run(global).await,
            Self::Lost(arguments) => arguments.run(global).await,
            Self::Sync => sync::run(global).await,
            Self::Devices => devices::run(global).await,
            Self::Revoke(arguments) => arguments.run(global).await,
            Self::Exposure(arguments) => arguments.run(global).await,
            Self::Account(action) => action.run(global).await,
            Self::CheckUp(arguments) => arguments.run(global).await,
            Self::Evidence(action) => action.run(global).await,
            Self::Repair(arguments) => arguments.run(global).await,
            Self::Log(action) => action.run(global).await,
            Self::Recover(way) => way.run(global).await,
            Self::Recovery(action) => action.run(global).await,
            Self::Status => status::run(global).await,
            Self::Passphrase(arguments) => arguments.run(global).await,
            Self::Generate(arguments) => arguments.run(),
            Self::Totp(arguments) => arguments.run(global).await,
            Self::Usage => usage::run(global).await,
            Self::Completions(arguments) => arguments.run(),
            Self::Man(arguments) => arguments.run(),
            Self::Authenticator(arguments) => arguments.run(global).await,
        }
    }
}

/// Opens this machine's device, whatever it is.
async fn open(global: &Global) -> Result<Client<Machine>, Explanation> {
    let machine = Machine::open(Folder::open()?, global.ca.as_deref())?;
    Ok(Client::open(Rc::new(machine)).await?)
}

async fn vacant(global: &Global) -> Result<Vacant<Machine>, Explanation> {
    match open(global).await? {
        Client::Vacant(vacant) => Ok(vacant),
        Client::Locked(_) => Err(Explanation::account_exists()),
    }
}

async fn locked(global: &Global) -> Result<Locked<Machine>, Explanation> {
    match open(global).await? {
        Client::Vacant(_) => Err(Explanation::no_account()),
        Client::Locked(locked) => Ok(locked),
    }
}

async fn unlocked(global: &Global) -> Result<Session<Machine>, Explanation> {
    let locked = locked(global).await?;
    Ok(locked.unlock(&prompt::passphrase(global)?).await?)
}

/// Reads a file that a person names.
fn read_file(path: &Path) -> Result<Vec<u8>, Explanation> {
    std::fs::read(path).map_err(|error| Explanation::unreadable(path, &error))
}

/// Writes a file that a person names, and never over another one.
fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Explanation> {
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(bytes)).map_err(|error| Explanation::unwritable(path, &error))
}

/// Finds the item that a person means: by its title, or by the beginning of its identifier.
async fn find_item(session: &Session<Machine>, named: &str) -> Result<Summary, Explanation> {
    let items = session.list().await?;
    let is_it = |item: &&Summary| item.title == named || begins(&item.id.to_string(), named);
    one(items.iter().filter(is_it), "item", named).cloned()
}

/// Finds the device that a person means: by its name, or by the beginning of its identifier.
async fn find_device(session: &Session<Machine>, named: &str) -> Result<DeviceId, Explanation> {
    let devices = session.devices().await?;
    let is_it = |device: &&roamkey_client::Device| {
        device.profile.as_ref().is_some_and(|profile| profile.name == named) || begins(&device.id.to_string(), named)
    };
    one(devices.iter().filter(is_it), "device", named).map(|device| device.id)
}

fn one<T>(mut found: impl Iterator<Item = T>, what: &str, named: &str) -> Result<T, Explanation> {
    let first = found.next().ok_or_else(|| Explanation::no_such(what, named))?;
    if found.next().is_some() { Err(Explanation::ambiguous(named)) } else { Ok(first) }
}

fn begins(identifier: &str, named: &str) -> bool {
    named.len() >= SHORTEST_NAME && identifier.starts_with(&named.to_lowercase())
}

/// Sends a change that is kept here already; that it cannot be sent now is said, and no failure.
async fn send(session: &Session<Machine>, report: Report) -> Result<Report, Explanation> {
    match session.sync().await {
        Ok(synced) if synced.pending == 0 => Ok(report.add("Synced.", "pending", json!(0))),
        Ok(synced) => Ok(waiting(report, synced.pending, "another device has to sync first")),
        // Waiting helps nobody who is not let in.
        Err(error @ Error::Refused { problem: Problem::NotInvited, .. }) => Err(error.into()),
        Err(error @ (Error::Unreachable(_) | Error::NotAServer | Error::Refused { .. })) => {
            Ok(waiting(report, session.pending()?, &error.to_string()))
        }
        Err(error) => Err(error.into()),
    }
}

fn waiting(report: Report, pending: usize, reason: &str) -> Report {
    let changes = if pending == 1 { "1 change waits".to_owned() } else { format!("{pending} changes wait") };
    report.add(&format!("Kept on this device; {changes} to be synced ({reason})."), "pending", json!(pending))
}

fn hex(id: ItemId) -> String {
    id.to_string()
}

/// What this machine is called, where nobody says otherwise.
fn machine_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { std::env::consts::OS.to_owned() } else { name.to_owned() }
}

/// Letters of an identifier that are shown.
const SHORTEST_SHOWN: usize = 8;

/// Letters of an identifier that are enough to mean one.
const SHORTEST_NAME: usize = 4;
