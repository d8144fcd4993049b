//! `roamkey lost`

use roamkey_client::Unapplied;
use roamkey_vault::operation::Field;
use serde_json::{Value, json};

use super::{begins, one, unlocked};
use crate::{Global, Report, explain::Explanation, report::date};

/// `roamkey lost`
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Show passwords as well.
    #[arg(long)]
    reveal: bool,
    /// Forget the change whose identifier begins like this.
    #[arg(long, value_name = "CHANGE", conflicts_with = "reveal")]
    dismiss: Option<String>,
}

impl Arguments {
    pub(super) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        let session = unlocked(global).await?;
        let changes = session.unapplied().await?;
        if let Some(named) = &self.dismiss {
            let is_it = |change: &&Unapplied| begins(&change.id.to_string(), named);
            let id = one(changes.iter().filter(is_it), "change", named)?.id;
            session.dismiss_unapplied(id).await?;
            return Ok(Report::new("Forgotten.", json!({ "dismissed": id.to_string() })));
        }
        let lines: Vec<_> = changes.iter().flat_map(|change| self.lines(change)).collect();
        let text = if lines.is_empty() { "Nothing was lost.".to_owned() } else { lines.join("\n") };
        Ok(Report::new(
            text,
            json!({ "changes": changes.iter().map(|change| self.member(change)).collect::<Vec<_>>() }),
        ))
    }

    fn lines(&self, change: &Unapplied) -> Vec<String> {
        let id = change.id.to_string();
        let mut lines = vec![format!("{}  typed {}", id.get(..8).unwrap_or_default(), date(change.at))];
        lines.extend(self.texts(change).map(|(field, text)| format!("  {field}: {}", text.unwrap_or("(hidden)"))));
        lines
    }

    fn member(&self, change: &Unapplied) -> Value {
        let texts = self.texts(change).map(|(field, text)| json!({ "field": field, "text": text }));
        json!({
            "id": change.id.to_string(),
            "item": change.item.to_string(),
            "typed": change.at.0,
            "texts": texts.collect::<Vec<_>>(),
        })
    }

    /// What was typed; what is secret only where the person asked for it.
    fn texts<'c>(&self, change: &'c Unapplied) -> impl Iterator<Item = (&'static str, Option<&'c str>)> {
        let reveal = self.reveal;
        change.texts.iter().map(move |(field, text)| {
            let is_shown = reveal || !matches!(field, Field::Password | Field::Totp | Field::Fields);
            (name(*field), Some(text.expose()).filter(|_| is_shown))
        })
    }
}

fn name(field: Field) -> &'static str {
    match field {
        Field::Title => "title",
        Field::Sites => "site",
        Field::Username | Field::UserName => "username",
        Field::Password => "password",
        Field::Notes => "notes",
        Field::Totp => "totp",
        Field::Tags => "tags",
        Field::Fields => "fields",
        Field::Text => "text",
        Field::Name => "name",
        Field::DisplayName => "display-name",
        _ => "other",
    }
}
