//! `roamkey-server check`

use roamkey_server::{Database, Limits, check_chains, open};

use super::{flags::Flags, wait};

/// Read the whole database, verify every account, and say what is wrong
///
/// Of a SQLite file the pages, rows and indexes are checked first; a server may run meanwhile.
#[derive(Debug, clap::Args)]
pub(super) struct Check {
    #[command(flatten)]
    flags: Flags,
}

impl Check {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let database = self.flags.database()?;
        if let Database::Sqlite(path) = &database {
            refuse("the database is damaged", &roamkey_store_sqlite::check(path)?)?;
        }
        let report = wait(async { Ok(check_chains(open(&database, &Limits::default()).await?.as_ref()).await?) })?;
        refuse("not all that is stored is what was signed", &report.faults)?;
        println!("the database is sound, and so are {} accounts", report.accounts);
        Ok(())
    }
}

fn refuse(what: &str, faults: &[String]) -> anyhow::Result<()> {
    anyhow::ensure!(faults.is_empty(), "{what}:\n    {}", faults.join("\n    "));
    Ok(())
}
