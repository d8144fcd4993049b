//! `roamkey show`

use roamkey_client::Found;
use roamkey_vault::{
    Content, SecretText,
    item::{CustomField, FieldKind, Login, Note},
};
use serde_json::{Value, json};

use super::{find_item, list, unlocked};
use crate::{Global, Report, explain::Explanation, report::date};

/// `roamkey show ITEM`
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Its title, or the beginning of its identifier.
    item: String,
    /// Show the password and what else is hidden as well.
    #[arg(long)]
    reveal: bool,
}

impl Arguments {
    pub(super) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        let session = unlocked(global).await?;
        let summary = find_item(&session, &self.item).await?;
        let found = session.item(summary.id).await?;
        let fields = self.fields(&found);
        let mut json = list::member(&summary);
        let mut lines = vec![summary.title.clone(), format!("  created: {}", date(summary.created))];
        for (name, value) in fields {
            if let (Some(text), Value::Object(members)) = (value, &mut json) {
                lines.push(format!("  {name}: {text}"));
                members.insert(name.to_owned(), json!(text));
            }
        }
        if let (
            Content::Login(Login { tags, fields, .. }) | Content::Note(Note { tags, fields, .. }),
            Value::Object(members),
        ) = (&found.item.content, &mut json)
        {
            if !tags.is_empty() {
                lines.push(format!("  tags: {}", tags.join(", ")));
                members.insert("tags".to_owned(), json!(tags));
            }
            lines.extend(
                fields.iter().map(|field| format!("  {}: {}", field.label, self.value(field).unwrap_or("(hidden)"))),
            );
            if !fields.is_empty() {
                let member = |field: &CustomField| json!({ "label": field.label, "value": self.value(field) });
                members.insert("fields".to_owned(), fields.iter().map(member).collect());
            }
        }
        Ok(Report::new(lines.join("\n"), json))
    }

    fn value<'f>(&self, field: &'f CustomField) -> Option<&'f str> {
        (self.reveal || field.kind == FieldKind::Text).then(|| field.value.expose())
    }

    fn fields(&self, found: &Found) -> Vec<(&'static str, Option<String>)> {
        // Shown because the person asked for it.
        let shown = |secret: &Option<SecretText>| secret.as_ref().map(|secret| secret.expose().to_owned());
        match &found.item.content {
            Content::Passkey(passkey) => vec![
                ("site", Some(passkey.rp_id.clone())),
                ("username", passkey.user_name.clone()),
                ("display-name", passkey.display_name.clone()),
            ],
            Content::Login(login) => vec![
                ("site", login.sites.first().cloned()),
                ("username", login.username.clone()),
                ("password", shown(&login.password).filter(|_| self.reveal)),
                ("notes", shown(&login.notes)),
            ],
            Content::Note(note) => vec![("text", Some(note.text.expose().to_owned()))],
            _ => Vec::new(),
        }
    }
}
