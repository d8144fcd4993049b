//! `roamkey recover`

use std::path::PathBuf;

use roamkey_cli::machine::Machine;
use roamkey_client::{
    Error, Revocation, Session,
    recovery::{Recovering, Survey},
};
use roamkey_proto::{DeviceId, RecoverySlot, RevokeReason};
use serde_json::json;

use super::{
    machine_name,
    recovery::{read_kit, short},
    vacant,
};
use crate::{
    Global, Report,
    explain::Explanation,
    prompt,
    report::{date, progress},
};

/// How to come back into an account when every device is lost.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Way {
    /// By the recovery kit.
    Kit(KitArguments),
}

/// `roamkey recover kit`
#[derive(Debug, clap::Args)]
pub(crate) struct KitArguments {
    /// A file that holds the kit, or `-` for standard input; without it, the groups are typed.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// What this device will be called.
    #[arg(long)]
    name: Option<String>,
    /// Do not ask: the devices that are there look right.
    #[arg(long)]
    yes: bool,
    /// Take all other devices out of the account: they are lost.
    #[arg(long)]
    revoke_others: bool,
}

impl Way {
    pub(super) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        match self {
            Self::Kit(arguments) => arguments.run(global).await,
        }
    }
}

impl KitArguments {
    async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        let vacant = vacant(global).await?;
        let kit = read_kit(self.file.as_deref())?;
        let mut recovering = vacant.recover(&kit).await?;
        progress(&shown(recovering.survey()));
        if !self.yes && !agrees("Is this your account, and may this device read it? [y/N] ")? {
            return Err(Explanation::recovery_refused());
        }
        let passphrase = prompt::new_passphrase(global.passphrase_file.as_deref())?;
        let name = self.name.clone().unwrap_or_else(machine_name);
        let session = finish(&mut recovering, &passphrase, &name).await?;
        let (account, items) = (session.home().account, session.list().await?.len());
        let text = format!("This device is back in account {account}, as `{name}`, with {items} items.");
        let others = others(&session).await?;
        let revokes = !others.is_empty()
            && (self.revoke_others || (!self.yes && agrees("Are all other devices lost? Take them out now? [y/N] ")?));
        let report = Report::new(text, json!({ "account": account.to_string(), "name": name, "items": items }));
        if revokes { revoke(&session, others, report).await } else { Ok(remaining(&others, report)) }
    }
}

/// Sends the same entry again where there was no answer.
async fn finish(
    recovering: &mut Recovering<Machine>,
    passphrase: &roamkey_sealing::unlock::Passphrase,
    name: &str,
) -> Result<Session<Machine>, Explanation> {
    for _ in 1..ATTEMPTS {
        match recovering.finish(passphrase, name).await {
            Err(Error::Unreachable(_)) => progress("There was no answer. Trying again."),
            done => return Ok(done?),
        }
    }
    Ok(recovering.finish(passphrase, name).await?)
}

/// Takes the others out in one step. The kit stays, as it is in the person's hands; any other way back that one of them set
/// goes with it.
async fn revoke(session: &Session<Machine>, others: Vec<DeviceId>, report: Report) -> Result<Report, Explanation> {
    let names: Vec<_> = others.iter().map(ToString::to_string).collect();
    let keep = vec![session.home().device];
    let keep_slots = vec![RecoverySlot::Kit];
    session.revoke(Revocation { devices: others, keep, reason: RevokeReason::Lost, keep_slots }).await?;
    let line = format!(
        "Took {} other devices out; the vault has a new key. See `roamkey exposure DEVICE` for what they could read.",
        names.len()
    );
    Ok(report.add(&line, "revoked", json!(names)))
}

fn remaining(others: &[DeviceId], report: Report) -> Report {
    let names: Vec<_> = others.iter().map(|id| short(*id)).collect();
    let line = match names.as_slice() {
        [] => "No other device is in the account.".to_owned(),
        names => format!("Still in the account: {0}. Those that are lost: `roamkey revoke {0}`.", names.join(" ")),
    };
    report.add(&line, "others", json!(others.iter().map(ToString::to_string).collect::<Vec<_>>()))
}

async fn others(session: &Session<Machine>) -> Result<Vec<DeviceId>, Explanation> {
    let devices = session.devices().await?;
    let is_other =
        |device: &&roamkey_client::Device| !device.is_current && device.status == roamkey_client::DeviceStatus::Active;
    Ok(devices.iter().filter(is_other).map(|device| device.id).collect())
}

/// What is looked at before anything is signed.
fn shown(survey: &Survey) -> String {
    let mut lines = vec![format!("Account {}\nThe kit was set on {}.", survey.account, date(survey.set))];
    lines.push(match survey.last_change {
        Some((device, time)) => format!("Last change: {}, by {}.", date(time), short(device)),
        None => "Nothing was ever written.".to_owned(),
    });
    if let Some(device) = survey.unfinished {
        lines.push(format!(
            "{} took others out and has not written since: what was written after that may be missing.",
            short(device)
        ));
    }
    lines.push("Devices:".to_owned());
    for device in &survey.devices {
        let contact = device.last_contact.map_or_else(|| "never".to_owned(), date);
        lines.push(format!("  {}  joined {}, last contact {contact}", short(device.id), date(device.added)));
    }
    lines.join("\n")
}

fn agrees(question: &str) -> Result<bool, Explanation> {
    Ok(matches!(prompt::line(question)?.to_lowercase().as_str(), "y" | "yes"))
}

const ATTEMPTS: usize = 3;
