//! `roamkey check-up`

use roamkey_cli::machine::Machine;
use roamkey_client::Session;
use roamkey_proto::Chain;
use roamkey_sync::checkup::Comparison;
use serde_json::json;

use super::unlocked;
use crate::{Global, Report, explain::Explanation};

/// `roamkey check-up [CODE]`
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The code that the other device shows. Without it, this one shows its own, and twelve words to compare by eye.
    code: Option<String>,
}

impl Arguments {
    pub(super) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        let session = unlocked(global).await?;
        match &self.code {
            None => show(&session),
            Some(code) => compare(&session, code).await,
        }
    }
}

fn show(session: &Session<Machine>) -> Result<Report, Explanation> {
    let own = session.check_up()?;
    let (words, code) = (own.words().join(" "), hex(&session.check_up_code()?));
    let text = format!(
        "{words}\n\nThe same words on another device that has just synced: both see one history.\n\
         Otherwise compare there with `roamkey check-up CODE`, the code being\n{code}"
    );
    Ok(Report::new(text, json!({ "words": words, "code": code })))
}

async fn compare(session: &Session<Machine>, code: &str) -> Result<Report, Explanation> {
    let bytes = bytes(code).ok_or_else(Explanation::no_check_up)?;
    let (result, text) = match session.compare(&bytes).await? {
        Comparison::Same => ("same", "Both devices see one history.".to_owned()),
        Comparison::Apart { behind, .. } if !behind.is_empty() => ("behind", {
            let what = if behind.contains(&Chain::Log) { "the log" } else { "the vault" };
            format!("This device is behind with {what}. Run `roamkey sync`: it has to lead to where the other one is.")
        }),
        Comparison::Apart { .. } => ("ahead", "The other device is behind. Sync it, and compare again.".to_owned()),
        Comparison::OtherAccount => ("other-account", "The other device is of another account.".to_owned()),
        Comparison::UnknownDevice => (
            "unknown-device",
            "That device is none of the account's that this one knows. Sync, and compare again.".to_owned(),
        ),
        _ => ("different", {
            "The server showed the two devices DIFFERENT histories. Run `roamkey sync` to keep that as evidence, \
             export it with `roamkey evidence export FILE`, and ask whoever runs the server."
                .to_owned()
        }),
    };
    Ok(Report::new(text, json!({ "result": result })))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.trim().as_bytes();
    let pairs = digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    if digits.len().is_multiple_of(2) { pairs.collect() } else { None }
}
