//! `roamkey-server backup` and `roamkey-server restore`

use std::path::PathBuf;

use roamkey_server::Database;

use super::flags::Flags;

/// Copy the database to a new file, while the server runs or not
///
/// The copy holds the key of the server's receipts: keep it as private as the original.
#[derive(Debug, clap::Args)]
pub(super) struct Backup {
    /// Where to; it must not be there.
    to: PathBuf,
    #[command(flatten)]
    flags: Flags,
}

/// Put a backup in the place of a database that is gone; the server must not run
///
/// Devices that are ahead of the backup give back what it lacks, by themselves.
#[derive(Debug, clap::Args)]
pub(super) struct Restore {
    /// The backup.
    from: PathBuf,
    #[command(flatten)]
    flags: Flags,
}

impl Backup {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let path = file(self.flags)?;
        roamkey_store_sqlite::backup(&path, &self.to)?;
        println!("backed up to {}", self.to.display());
        Ok(())
    }
}

impl Restore {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let path = file(self.flags)?;
        roamkey_store_sqlite::restore(&self.from, &path)?;
        println!("restored {}", path.display());
        Ok(())
    }
}

fn file(flags: Flags) -> anyhow::Result<PathBuf> {
    match flags.database()? {
        Database::Sqlite(path) => Ok(path),
        _ => anyhow::bail!("PostgreSQL has its own means, such as pg_dump and pg_basebackup"),
    }
}
