//! `roamkey recovery`

use std::{
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use roamkey_cli::machine::Machine;
use roamkey_client::{Session, WayBack};
use roamkey_proto::{DeviceId, RecoverySlot};
use roamkey_sealing::recovery::Kit;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{SHORTEST_SHOWN, send, unlocked, write_file};
use crate::{Global, Report, explain::Explanation, prompt, report::date};

/// The ways back into the account.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Action {
    /// List them, and when each was last tried.
    Status,
    /// Make a recovery kit, in place of any other.
    Set {
        /// What to make.
        way: Way,
        /// Write it to this file, which must not be there yet, instead of showing it.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Try it as if everything were lost, up to the last step, which is not taken.
    Rehearse {
        /// What to try.
        way: Way,
        /// A file that holds it, or `-` for standard input; without it, the groups are typed.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Remove a way back: whoever has its secret gets no later key.
    Remove {
        /// What to remove.
        way: Way,
    },
}

/// A way back that can be set.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Way {
    /// The recovery kit.
    Kit,
}

impl Action {
    pub(super) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        match self {
            Self::Status => status(global).await,
            Self::Set { way: Way::Kit, file } => set_kit(global, file.as_deref()).await,
            Self::Rehearse { way: Way::Kit, file } => rehearse_kit(global, file.as_deref()).await,
            Self::Remove { way: Way::Kit } => remove(global, RecoverySlot::Kit).await,
        }
    }
}

async fn status(global: &Global) -> Result<Report, Explanation> {
    let session = unlocked(global).await?;
    let ways = session.ways_back().await?;
    let text = if ways.is_empty() {
        "There is no way back if every device is lost. Make a kit: `roamkey recovery set kit`.".to_owned()
    } else {
        ways.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    Ok(Report::new(text, json!({ "recovery": ways.iter().map(member).collect::<Vec<_>>() })))
}

fn line(way: &WayBack) -> String {
    let rehearsed = way.rehearsed.map_or_else(
        || format!("never tried (`roamkey recovery rehearse {}`)", way.slot),
        |at| format!("tried {}", date(at)),
    );
    format!("{}  set {} by {}  {rehearsed}", way.slot, date(way.set), short(way.by))
}

fn member(way: &WayBack) -> Value {
    json!({
        "slot": way.slot.to_string(),
        "set": way.set.0,
        "by": way.by.to_string(),
        "rehearsed": way.rehearsed.map(|at| at.0),
    })
}

async fn set_kit(global: &Global, file: Option<&Path>) -> Result<Report, Explanation> {
    let session = unlocked(global).await?;
    if let Some(path) = file
        && path.exists()
    {
        // Before anything is set: the kit of before still serves.
        return Err(Explanation::unwritable(path, &io::Error::from(io::ErrorKind::AlreadyExists)));
    }
    let kit = session.make_kit().await?;
    let page = page(&kit, &session).await?;
    let report = match file {
        Some(path) => {
            write_file(path, page.as_bytes())?;
            Report::new(format!("The kit is in {}.", path.display()), json!({ "file": path.display().to_string() }))
        }
        None => Report::new(page.as_str(), json!({ "kit": kit.to_text().as_str() })),
    };
    let report = report.add(
        "Any kit of before serves no more. Try this one: `roamkey recovery rehearse kit`.",
        "set",
        json!("kit"),
    );
    send(&session, report).await
}

/// The kit as a page to print: what it is, whose, and the groups.
async fn page(kit: &Kit, session: &Session<Machine>) -> Result<Zeroizing<String>, Explanation> {
    let made = session.ways_back().await?.into_iter().find(|way| way.slot == RecoverySlot::Kit);
    let made = made.map(|way| date(way.set)).unwrap_or_default();
    let text = kit.to_text();
    let groups: Vec<&str> = text.split(' ').collect();
    let mut lines = Zeroizing::new(String::new());
    for groups in groups.chunks(GROUPS_A_LINE) {
        lines.push_str(&groups.join(" "));
        lines.push('\n');
    }
    Ok(Zeroizing::new(format!(
        "Roamkey recovery kit, made {made}\n\
         Account {}\n\
         Server  {}\n\n\
         Whoever has this page can read your vault. Print it, or keep the file where nobody else finds it;\n\
         not on a device that you may lose. Everything lost: `roamkey recover kit`.\n\n\
         {}\n{}{}",
        kit.account,
        kit.server,
        Kit::BEGIN,
        &*lines,
        Kit::END,
    )))
}

async fn rehearse_kit(global: &Global, file: Option<&Path>) -> Result<Report, Explanation> {
    let session = unlocked(global).await?;
    let kit = read_kit(file)?;
    let survey = session.rehearse_kit(&kit).await?;
    let text = format!("The kit opens the vault. {} devices are in the account.", survey.devices.len());
    send(&session, Report::new(text, json!({ "rehearsed": "kit", "devices": survey.devices.len() }))).await
}

async fn remove(global: &Global, slot: RecoverySlot) -> Result<Report, Explanation> {
    let session = unlocked(global).await?;
    session.remove_way_back(slot).await?;
    let text = format!("The recovery {slot} serves no more, and the vault has a new key.");
    Ok(Report::new(text, json!({ "removed": slot.to_string() })))
}

/// Gets a kit: from a file, or typed group by group until an empty line.
pub(super) fn read_kit(file: Option<&Path>) -> Result<Kit, Explanation> {
    let text = match file {
        Some(path) if path == Path::new("-") => {
            let mut text = Zeroizing::new(String::new());
            io::stdin().lock().read_to_string(&mut text).map_err(|error| Explanation::unreadable(path, &error))?;
            text
        }
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| Explanation::unreadable(path, &error))?;
            Zeroizing::new(text)
        }
        None => typed()?,
    };
    Ok(Kit::from_text(&text).map_err(roamkey_client::Error::Kit)?)
}

fn typed() -> Result<Zeroizing<String>, Explanation> {
    let mut text = Zeroizing::new(String::new());
    let mut question = "The groups of your kit, as many a line as you like; an empty line ends:\n";
    loop {
        let line = Zeroizing::new(prompt::line(question)?);
        if line.is_empty() {
            return Ok(text);
        }
        text.push_str(&line);
        text.push(' ');
        question = "";
    }
}

/// A device by enough of its name.
pub(super) fn short(id: DeviceId) -> String {
    id.to_string().chars().take(SHORTEST_SHOWN).collect()
}

const GROUPS_A_LINE: usize = 5;
