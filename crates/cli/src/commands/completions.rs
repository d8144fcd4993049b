//! `roamkey completions` and `roamkey man`

use std::path::PathBuf;

use clap::CommandFactory as _;
use serde_json::json;

use super::write_file;
use crate::{Report, explain::Explanation};

/// `roamkey completions SHELL`
#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// The shell whose script to print.
    shell: clap_complete::Shell,
}

/// `roamkey man FOLDER`
#[derive(Debug, clap::Args)]
pub(crate) struct Man {
    /// An empty folder to write the pages to: one for each command.
    folder: PathBuf,
}

impl Completions {
    pub(super) fn run(&self) -> Result<Report, Explanation> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut crate::Arguments::command(), "roamkey", &mut script);
        let script = String::from_utf8_lossy(&script).trim_end().to_owned();
        Ok(Report::new(script.clone(), json!({ "script": script })))
    }
}

impl Man {
    pub(super) fn run(&self) -> Result<Report, Explanation> {
        let mut command = crate::Arguments::command();
        command.build();
        let mut pages = Vec::new();
        self.write(&command, "roamkey", &mut pages)?;
        let text = format!("Wrote {} pages to {}.", pages.len(), self.folder.display());
        Ok(Report::new(text, json!({ "pages": pages })))
    }

    /// Writes the page of a command, and those of what is below it.
    fn write(&self, command: &clap::Command, name: &str, pages: &mut Vec<String>) -> Result<(), Explanation> {
        let file = format!("{name}.1");
        let mut page = Vec::new();
        let rendered = clap_mangen::Man::new(command.clone()).title(name).render(&mut page);
        rendered.map_err(|error| Explanation::unwritable(&self.folder, &error))?;
        write_file(&self.folder.join(&file), &page)?;
        pages.push(file);
        for below in command.get_subcommands().filter(|below| !below.is_hide_set() && below.get_name() != "help") {
            self.write(below, &format!("{name}-{}", below.get_name()), pages)?;
        }
        Ok(())
    }
}
