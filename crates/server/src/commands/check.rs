//! `roamkey-server check`

use roamkey_server::Database;

use super::flags::Flags;

/// Read the whole database, and say what is wrong with it
#[derive(Debug, clap::Args)]
pub(super) struct Check {
    #[command(flatten)]
    flags: Flags,
}

impl Check {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let Database::Sqlite(path) = self.flags.database()? else {
            anyhow::bail!("PostgreSQL has its own means, such as pg_amcheck");
        };
        let faults = roamkey_store_sqlite::check(&path)?;
        if faults.is_empty() {
            println!("the database is sound");
            return Ok(());
        }
        anyhow::bail!("the database is damaged:\n    {}", faults.join("\n    "))
    }
}
