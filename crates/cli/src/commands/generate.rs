//! `roamkey generate`

use rand_core::UnwrapErr;
use roamkey_client::generate::{PasswordRules, make_passphrase};
use serde_json::json;

use crate::{Report, explain::Explanation};

/// `roamkey generate`
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How many letters a password has.
    #[arg(long, conflicts_with = "words")]
    length: Option<usize>,
    /// A passphrase of so many words instead.
    #[arg(long, value_name = "COUNT")]
    words: Option<usize>,
    /// What the site wants, in the words of its `passwordrules` attribute.
    #[arg(long, conflicts_with = "words")]
    rules: Option<String>,
}

impl Arguments {
    pub(super) fn run(&self) -> Result<Report, Explanation> {
        let mut rng = UnwrapErr(getrandom::SysRng);
        let made = match self.words {
            Some(count) => make_passphrase(count, &mut rng),
            None => {
                let rules = self.rules.as_deref().map_or_else(PasswordRules::default, PasswordRules::parse);
                let rules = match self.length {
                    Some(length) => rules.with_length(length),
                    None => rules,
                };
                rules.make(&mut rng)
            }
        };
        // Shown because the person asked for it.
        Ok(Report::new(made.expose(), json!({ "password": made.expose() })))
    }
}
