//! `roamkey add`

use std::{fs, path::PathBuf};

use roamkey_client::ItemDraft;
use roamkey_vault::{
    SecretText,
    item::{Login, Note},
};
use serde_json::json;

use super::{hex, send, unlocked};
use crate::{Global, Report, explain::Explanation, prompt};

/// What to add.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Kind {
    /// A user name and a password for a site.
    Login(LoginArguments),
    /// Text.
    Note(NoteArguments),
}

/// `roamkey add login`
#[derive(Debug, clap::Args)]
pub(crate) struct LoginArguments {
    /// What to call it; the site where it is left out.
    #[arg(long)]
    title: Option<String>,
    /// The site's address.
    #[arg(long)]
    site: String,
    /// The user name.
    #[arg(long)]
    username: Option<String>,
    /// Read the password from a file instead of asking for it.
    #[arg(long, value_name = "PATH")]
    password_file: Option<PathBuf>,
    /// Remarks.
    #[arg(long)]
    notes: Option<String>,
}

/// `roamkey add note`
#[derive(Debug, clap::Args)]
pub(crate) struct NoteArguments {
    /// What to call it.
    #[arg(long)]
    title: String,
    /// The text.
    #[arg(long)]
    text: String,
}

impl Kind {
    pub(super) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        let session = unlocked(global).await?;
        let (draft, title) = match self {
            Self::Login(login) => (login.draft()?, login.title.as_ref().unwrap_or(&login.site)),
            Self::Note(note) => (note.draft(), &note.title),
        };
        let id = hex(session.add(draft).await?);
        send(&session, Report::new(format!("Added `{title}` as {id}."), json!({ "id": id }))).await
    }
}

impl LoginArguments {
    fn draft(&self) -> Result<ItemDraft, Explanation> {
        let password = match &self.password_file {
            Some(path) => {
                let text = fs::read_to_string(path).map_err(|error| Explanation::unreadable(path, &error))?;
                text.lines().next().unwrap_or_default().to_owned()
            }
            None => prompt::secret("Password: ")?.to_string(),
        };
        Ok(ItemDraft::Login(Login {
            title: self.title.clone().unwrap_or_default(),
            sites: vec![self.site.clone()],
            username: self.username.clone(),
            password: Some(SecretText::new(password)),
            notes: self.notes.clone().map(SecretText::new),
            ..Login::default()
        }))
    }
}

impl NoteArguments {
    fn draft(&self) -> ItemDraft {
        ItemDraft::Note(Note { title: self.title.clone(), text: SecretText::new(self.text.clone()), ..Note::default() })
    }
}
