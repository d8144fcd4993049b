//! `roamkey-server config`

use clap::Subcommand;
use roamkey_server::{SETTINGS, Setting};

use super::flags::Flags;

/// Look at settings without starting
#[derive(Debug, clap::Args)]
pub(super) struct Config {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read the settings as serve would, and say all that is wrong with them
    Check(Check),
    /// Print every setting, as a file to start from
    Sample,
}

#[derive(Debug, clap::Args)]
struct Check {
    #[command(flatten)]
    flags: Flags,
}

impl Config {
    pub(super) fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Check(Check { flags }) => {
                let config = flags.config()?;
                if let Some(files) = &config.tls {
                    files.check()?;
                }
                config.warnings().into_iter().for_each(|warning| eprintln!("warning: {warning}"));
                println!("the configuration is sound");
            }
            Command::Sample => print!("{}", sample()),
        }
        Ok(())
    }
}

/// A file in which each setting stands with its default, commented out.
fn sample() -> String {
    let lines = SETTINGS
        .iter()
        .copied()
        .flatten()
        .map(|setting| format!("# {}\n#{} = {}\n\n", wrapped(setting.help()), setting.name(), value(setting)));
    lines.collect()
}

fn value(setting: &Setting) -> String {
    match (setting.is_switch(), setting.value, setting.default) {
        (true, ..) => "false".to_owned(),
        (_, "NUMBER", Some(default)) => default.to_owned(),
        (.., default) if setting.is_list() => format!("[\"{}\"]", default.unwrap_or(setting.value)),
        (.., default) => format!("\"{}\"", default.unwrap_or(setting.value)),
    }
}

/// Breaks a sentence into lines that fit a terminal.
fn wrapped(text: &str) -> String {
    let (mut lines, mut length) = (String::new(), 0);
    for word in text.split_whitespace() {
        if length + word.len() > 100 {
            lines.push_str("\n#");
            length = 0;
        }
        if !lines.is_empty() {
            lines.push(' ');
        }
        lines.push_str(word);
        length += word.len() + 1;
    }
    lines
}
