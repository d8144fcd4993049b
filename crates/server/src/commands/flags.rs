//! Settings as flags, beside the variables and the file.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use roamkey_server::{Config, ConfigError, Database, Given, SETTINGS, Setting, Source};

/// All settings as they were given on the command line.
#[derive(Clone, Debug)]
pub(super) struct Flags {
    config: Option<PathBuf>,
    given: Vec<(&'static Setting, Vec<String>)>,
}

impl Flags {
    /// Takes the flags, the variables and the file together.
    pub(super) fn given(self) -> Given {
        let mut given = Given::default();
        if let Some(path) = self.config {
            given.put_file(&path);
        }
        given.put_variables(
            std::env::vars_os().filter_map(|(name, text)| Some((name.into_string().ok()?, text.into_string().ok()?))),
        );
        for (setting, values) in self.given {
            given.put(setting, Source::Flag, values);
        }
        given
    }

    /// Reads the whole configuration.
    pub(super) fn config(self) -> anyhow::Result<Config> {
        Config::read(&mut self.given()).map_err(together)
    }

    /// Reads where the database is.
    pub(super) fn database(self) -> anyhow::Result<Database> {
        self.given().database().map_err(together)
    }
}

/// One message with a line for each mistake.
fn together(errors: Vec<ConfigError>) -> anyhow::Error {
    let lines: String = errors.iter().map(|error| format!("\n    {error}")).collect();
    anyhow::anyhow!("the configuration has mistakes:{lines}")
}

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        let config = Arg::new(CONFIG)
            .long(CONFIG)
            .env("ROAMKEY_SERVER_CONFIG")
            .value_name("PATH")
            .value_parser(clap::value_parser!(PathBuf))
            .help("A TOML file with settings, named as the flags are.");
        SETTINGS.iter().copied().flatten().map(flag).fold(command.arg(config), Command::arg)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let values = |setting: &'static Setting| {
            let name = setting.name();
            if setting.is_switch() {
                return matches.get_flag(&name).then(|| (setting, vec!["true".to_owned()]));
            }
            let values: Vec<String> = matches.get_many(&name)?.cloned().collect();
            Some((setting, values))
        };
        let given = SETTINGS.iter().copied().flatten().filter_map(values).collect();
        Ok(Self { config: matches.get_one(CONFIG).cloned(), given })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn flag(setting: &'static Setting) -> Arg {
    let default = setting.default.map(|value| format!(" [default: {value}]")).unwrap_or_default();
    let arg = Arg::new(setting.name()).long(setting.name()).help(format!("{}{default}", setting.help()));
    match (setting.is_switch(), setting.is_list()) {
        (true, _) => arg.action(ArgAction::SetTrue),
        (false, true) => arg.value_name(setting.value).action(ArgAction::Append),
        (false, false) => arg.value_name(setting.value),
    }
}

const CONFIG: &str = "config";
