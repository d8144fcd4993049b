//! `roamkey export`

use std::path::{Path, PathBuf};

use roamkey_cli::machine::Machine;
use roamkey_client::{FileComparison, Session};
use roamkey_interchange::export::{Target, Written};
use roamkey_sealing::unlock::Passphrase;
use serde_json::{Value, json};

use super::{read_file, unlocked, write_file};
use crate::{Global, Report, explain::Explanation, prompt, report::progress};

/// `roamkey export FILE`
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The file to write. One that is there already is never written over.
    file: PathBuf,
    /// The format.
    #[arg(long, value_enum, default_value = "cxf")]
    format: Format,
    /// Write it without a passphrase, for programs that read no other. Whoever gets the file has everything in it.
    #[arg(long)]
    plain: bool,
    /// Read the passphrase of the file from this one instead of asking for it.
    #[arg(long, value_name = "PATH")]
    file_passphrase: Option<PathBuf>,
    /// Write nothing: compare a file that was written with what the vault holds now.
    #[arg(long)]
    verify: bool,
}

/// A format to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// FIDO's Credential Exchange Format: all but old passwords.
    Cxf,
    /// Bitwarden's JSON: logins, notes, and passkeys without their extensions. Always plain.
    Bitwarden,
    /// CSV: logins. Always plain.
    Csv,
}

impl Arguments {
    pub(super) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        // Whoever exports types the passphrase: an unlocked device alone gives nothing away.
        let session = unlocked(global).await?;
        if self.verify {
            let file = read_file(&self.file)?;
            return self.compare(&session, &file, None).await;
        }
        let passphrase = match (self.plain, self.format) {
            (false, Format::Cxf) => Some(prompt::new_passphrase(self.file_passphrase.as_deref())?),
            (false, _) => return Err(Explanation::always_plain()),
            (true, _) => None,
        };
        let target = match self.format {
            Format::Cxf => Target::Cxf,
            Format::Bitwarden => Target::Bitwarden,
            Format::Csv => Target::Csv,
        };
        let written = session.export(target).await?;
        let file = session.seal_export(&written, passphrase.as_ref());
        write_file(&self.file, &file)?;
        let report = say(&written, &self.file);
        if self.format != Format::Cxf {
            return Ok(report);
        }
        // Read back from the disk, and held against the vault.
        let comparison = compare(&session, &read_file(&self.file)?, passphrase.as_ref()).await?;
        let verified = verdict(&comparison)?;
        Ok(report.add(&verified, "verified", json!(comparison.passkeys + comparison.others)))
    }

    async fn compare(
        &self,
        session: &Session<Machine>,
        file: &[u8],
        passphrase: Option<&Passphrase>,
    ) -> Result<Report, Explanation> {
        let asked;
        let passphrase = match passphrase {
            None if roamkey_sealing::exported::is_sealed(file) => {
                asked = prompt::passphrase_of_file(self.file_passphrase.as_deref())?;
                Some(&asked)
            }
            passphrase => passphrase,
        };
        let comparison = compare(session, file, passphrase).await?;
        for difference in &comparison.differences {
            progress(&format!("{}: {}", difference.title, difference.field));
        }
        let verified = verdict(&comparison)?;
        let json = json!({ "passkeys": comparison.passkeys, "others": comparison.others });
        Ok(Report::new(verified, json))
    }
}

async fn compare(
    session: &Session<Machine>,
    file: &[u8],
    passphrase: Option<&Passphrase>,
) -> Result<FileComparison, Explanation> {
    Ok(session.compare_file(roamkey_client::open_file(file, passphrase)?).await?)
}

fn verdict(comparison: &FileComparison) -> Result<String, Explanation> {
    if !comparison.differences.is_empty() {
        return Err(Explanation::export_differs(comparison.differences.len()));
    }
    Ok(format!(
        "Verified: {} passkeys of the file sign and answer PRF as those of the vault; {} other items are equal.",
        comparison.passkeys, comparison.others
    ))
}

fn say(written: &Written, path: &Path) -> Report {
    let mut fields: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for left_out in &written.left_out {
        *fields.entry(left_out.field).or_default() += 1;
    }
    let mut lines = vec![format!("Wrote {} items to {}.", written.items, path.display())];
    lines.extend(
        fields.iter().map(|(field, count)| format!("Left out, as the format has no place for it: {field} of {count}.")),
    );
    let left_out: Vec<Value> = written
        .left_out
        .iter()
        .map(|left_out| json!({ "item": left_out.item.to_string(), "field": left_out.field }))
        .collect();
    Report::new(lines.join("\n"), json!({ "items": written.items, "leftOut": left_out }))
}
