//! People on a server, and what one of them costs.

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::bench::Measurements;
use crate::workspace::Workspace;

/// Put people with real devices on a server of each kind, and tell what a person costs it
///
/// Each has three devices that run the client's engine, on a store in memory. They sign up, join, sign in and live the
/// day that docs/capacity.md describes, as fast as the machine lets them.
#[derive(Args)]
pub(crate) struct Load {
    /// Where the server keeps things; both, when this is not given
    database: Option<Database>,
    /// How many there are at once
    #[arg(long, default_value_t = 16)]
    people: u32,
    /// Items that each has
    #[arg(long, default_value_t = 150)]
    items: u32,
    /// Days that each lives
    #[arg(long, default_value_t = 4)]
    days: u32,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Database {
    Sqlite,
    Postgres,
}

impl Load {
    /// More than a household, for a day.
    pub(crate) fn of_a_hundred() -> Self {
        Self { database: None, people: 100, items: 150, days: 1, json: false }
    }

    pub(crate) fn run(self, workspace: &Workspace) -> Result<()> {
        let subject = match self.database {
            None => "load.",
            Some(Database::Sqlite) => "load.sqlite.",
            Some(Database::Postgres) => "load.postgres.",
        };
        let plan = [self.people.max(1), self.items.max(1), self.days.max(1)].map(|number| number.to_string());
        let arguments: Vec<&str> = [subject].into_iter().chain(plan.iter().map(String::as_str)).collect();
        Measurements::native(workspace, &arguments)?.print(self.json)
    }
}
