//! `roamkey import`

use std::{fs, io::Write as _, path::PathBuf};

use roamkey_client::{Duplicates, Fate, ImportPlan, ImportSummary, Kind, Planned, open_file};
use roamkey_interchange::{
    import::{Effect, Import, ImportError},
    limits,
};
use roamkey_vault::item::ImportId;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{send, unlocked};
use crate::{
    Global, Report,
    explain::Explanation,
    prompt,
    report::{date, progress},
};

/// `roamkey import FILE`
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The file that another password manager exported. What it is shows from its structure.
    #[arg(required_unless_present_any = ["undo", "list"])]
    file: Option<PathBuf>,
    /// Only say what would be done.
    #[arg(long)]
    preview: bool,
    /// Read the passphrase of an encrypted file from this one instead of asking for it.
    #[arg(long, value_name = "PATH")]
    file_passphrase: Option<PathBuf>,
    /// What to do with accounts that the vault has, but not as the file has them.
    #[arg(long, value_enum, default_value = "add")]
    duplicates: OnDuplicate,
    /// Take an import back: the name that it printed. All that it added goes to the trash.
    #[arg(long, value_name = "IMPORT", conflicts_with_all = ["file", "list"])]
    undo: Option<String>,
    /// List the imports of the account.
    #[arg(long, conflicts_with = "file")]
    list: bool,
}

/// What to do with accounts that the vault has, but not as the file has them.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum OnDuplicate {
    /// Add them beside those.
    Add,
    /// Leave them out.
    Skip,
}

impl Arguments {
    pub(super) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        if self.list {
            return list(global).await;
        }
        if let Some(import) = &self.undo {
            return undo(import, global).await;
        }
        let import = self.read()?;
        let session = unlocked(global).await?;
        let plan = session.plan_import(import).await?;
        let (text, json) = self.say(&plan);
        if self.preview {
            return Ok(Report::new(text, json));
        }
        let duplicates = match self.duplicates {
            OnDuplicate::Add => Duplicates::Add,
            OnDuplicate::Skip => Duplicates::Skip,
        };
        let bar = Bar::new();
        let imported = session.import(plan, duplicates, |done, all| bar.show(done, all)).await?;
        bar.end();
        let report = Report::new(text, json)
            .add(
                &format!("Added {}. To take it back: `roamkey import --undo {}`.", imported.added, imported.id),
                "added",
                json!(imported.added),
            )
            .and("import", json!(imported.id.to_string()));
        send(&session, report).await
    }

    fn read(&self) -> Result<Import, Explanation> {
        let Some(path) = &self.file else { return Err(Explanation::no_such("file", "")) };
        let unreadable = |error| Explanation::unreadable(path, &error);
        // Looked at before it is read: a file that is too large is not to fill the memory first.
        let length = fs::metadata(path).map_err(unreadable)?.len();
        if length > u64::try_from(limits::FILE_BYTES).unwrap_or(u64::MAX) {
            return Err(ImportError::TooLarge { limit: limits::FILE_BYTES }.into());
        }
        let bytes = Zeroizing::new(fs::read(path).map_err(unreadable)?);
        match open_file(&bytes, None) {
            Err(ImportError::NeedsSecret) => {
                let passphrase = prompt::passphrase_of_file(self.file_passphrase.as_deref())?;
                Ok(open_file(&bytes, Some(&passphrase))?)
            }
            import => Ok(import?),
        }
    }

    fn say(&self, plan: &ImportPlan) -> (String, Value) {
        let mut lines: Vec<_> = plan.items.iter().flat_map(lines).collect();
        let count = |is_it: fn(&Planned) -> bool| plan.items.iter().filter(|planned| is_it(planned)).count();
        let counts = [
            ("new", count(|planned| planned.fate == Fate::Added)),
            ("known", count(|planned| planned.fate == Fate::Known)),
            ("differing", count(|planned| planned.fate == Fate::Differs)),
            ("refused", count(|planned| matches!(planned.fate, Fate::Refused(_)))),
            ("changed", count(|planned| has(planned, Effect::Changed) || has(planned, Effect::Unshown))),
            ("lossy", count(|planned| has(planned, Effect::Lost))),
        ];
        let said: Vec<_> =
            counts.iter().filter(|(_, count)| *count > 0).map(|(name, count)| format!("{count} {name}")).collect();
        lines.push(format!(
            "{}: {} items{}",
            plan.format,
            plan.items.len(),
            if said.is_empty() { ".".to_owned() } else { format!(": {}.", said.join(", ")) }
        ));
        let mut json = json!({ "format": plan.format, "items": plan.items.iter().map(member).collect::<Vec<_>>() });
        if let Value::Object(members) = &mut json {
            members.extend(counts.into_iter().map(|(name, count)| (name.to_owned(), json!(count))));
        }
        (lines.join("\n"), json)
    }
}

fn has(planned: &Planned, effect: Effect) -> bool {
    planned.notices.iter().any(|notice| notice.reason.effect() == effect)
}

/// What is to be said of an item; nothing of one that comes as it is.
fn lines(planned: &Planned) -> Vec<String> {
    let name = match &planned.account {
        _ if planned.kind.is_none() && planned.title.is_empty() => planned.place.to_string(),
        Some(account) => format!("{} ({account}), {}", planned.title, planned.place),
        None => format!("{}, {}", planned.title, planned.place),
    };
    let fate = match planned.fate {
        Fate::Added => None,
        Fate::Known => Some("is here already".to_owned()),
        Fate::Differs => Some("is here with another password, or something else in it".to_owned()),
        Fate::Refused(reason) => Some(format!("refused: {reason}")),
    };
    let notices = planned.notices.iter().map(|notice| format!("{}: {}", notice.field, notice.reason));
    fate.into_iter().chain(notices).map(|said| format!("{name}: {said}")).collect()
}

fn member(planned: &Planned) -> Value {
    let (fate, reason) = match planned.fate {
        Fate::Added => ("new", None),
        Fate::Known => ("known", None),
        Fate::Differs => ("differing", None),
        Fate::Refused(reason) => ("refused", Some(reason.name())),
    };
    let notices = planned.notices.iter().map(|notice| {
        let effect = match notice.reason.effect() {
            Effect::Changed => "changed",
            Effect::Unshown => "unshown",
            Effect::Lost => "lost",
        };
        json!({ "field": notice.field, "reason": notice.reason.name(), "effect": effect })
    });
    json!({
        "title": planned.title,
        "account": planned.account,
        "kind": planned.kind.map(|kind| match kind {
            Kind::Passkey => "passkey",
            Kind::Login => "login",
            Kind::Note => "note",
        }),
        "place": planned.place.to_string(),
        "fate": fate,
        "reason": reason,
        "notices": notices.collect::<Vec<_>>(),
    })
}

async fn list(global: &Global) -> Result<Report, Explanation> {
    let imports = unlocked(global).await?.imports().await?;
    let line = |import: &ImportSummary| {
        format!("{}  {}  {}  {} items", import.id, date(import.at), import.format, import.items)
    };
    let lines: Vec<_> = imports.iter().map(line).collect();
    let text = if lines.is_empty() { "Nothing was imported.".to_owned() } else { lines.join("\n") };
    let member = |import: &ImportSummary| json!({ "import": import.id.to_string(), "at": import.at.0, "format": import.format, "items": import.items });
    Ok(Report::new(text, json!({ "imports": imports.iter().map(member).collect::<Vec<_>>() })))
}

async fn undo(named: &str, global: &Global) -> Result<Report, Explanation> {
    let session = unlocked(global).await?;
    let imports = session.imports().await?;
    let is_it = |import: &&ImportSummary| super::begins(&import.id.to_string(), named);
    let id: ImportId = super::one(imports.iter().filter(is_it), "import", named)?.id;
    let count = session.undo_import(id).await?;
    send(&session, Report::new(format!("Put {count} items into the trash."), json!({ "trashed": count }))).await
}

/// Shows how far long work is, on a terminal, where it changes in place.
struct Bar {
    is_shown: bool,
}

impl Bar {
    fn new() -> Self {
        Self { is_shown: std::io::IsTerminal::is_terminal(&std::io::stderr()) }
    }

    fn show(&self, done: usize, all: usize) {
        if self.is_shown {
            // Nobody may be there to see it.
            let _ = write!(std::io::stderr(), "\r{done} of {all}");
        } else if done < all {
            progress(&format!("{done} of {all}"));
        }
    }

    fn end(&self) {
        if self.is_shown {
            let _ = writeln!(std::io::stderr());
        }
    }
}
