//! `roamkey`: a device of an account, on the command line.

mod commands;
mod explain;
mod prompt;
mod report;

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;

use crate::{commands::Command, report::Report};

/// Passkeys and passwords that follow you to every device, readable on none but your own.
#[derive(Debug, Parser)]
#[command(name = "roamkey", version, about)]
struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, clap::Args)]
struct Global {
    /// Print one JSON value and nothing else.
    #[arg(long, global = true)]
    json: bool,
    /// Read the passphrase from a file, or from standard input (`-`), instead of asking for it.
    #[arg(long, global = true, value_name = "PATH")]
    passphrase_file: Option<PathBuf>,
    /// Trust only the certificate authorities in this PEM file.
    #[arg(long, global = true, env = "ROAMKEY_CA", value_name = "PATH")]
    ca: Option<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let global = &arguments.global;
    match pollster::block_on(arguments.command.run(global)) {
        Ok(report) => {
            report.print(global.json);
            ExitCode::SUCCESS
        }
        Err(explanation) => {
            explanation.print(global.json);
            ExitCode::FAILURE
        }
    }
}
