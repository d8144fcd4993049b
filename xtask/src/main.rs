//! The project's front door: `cargo xtask COMMAND`.
//!
//! Progress goes to stderr, results to stdout. Every command starts from a clean clone: it brings what it needs.

mod commands;
mod graph;
mod packages;
mod process;
mod stages;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

use crate::{commands::Command, workspace::Workspace};

/// Sets up, builds, tests and measures Roamkey.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let command = Arguments::parse().command;
    match Workspace::locate().and_then(|workspace| command.run(&workspace)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Without the backtrace that `Debug` adds: a failed check is news about the project, not about this program.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
