use std::{collections::BTreeMap, fmt, fmt::Display, path::Path, str::FromStr};

use super::settings::{SETTINGS, Setting, VARIABLES};

/// What was given, by whom, before anybody has looked at the values.
///
/// A flag goes before a variable, a variable before the file.
#[derive(Debug, Default)]
pub struct Given {
    values: BTreeMap<&'static str, (Source, Vec<String>)>,
    errors: Vec<ConfigError>,
}

/// Who gave a value, in the order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A line of the file.
    File,
    /// An environment variable.
    Variable,
    /// A flag of the command line.
    Flag,
}

/// Something wrong with what was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    name: String,
    source: Option<Source>,
    reason: String,
}

impl Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, source, reason } = self;
        match source {
            Some(Source::Flag) => write!(f, "--{name}: {reason}"),
            Some(Source::Variable) => write!(f, "{VARIABLES}{}: {reason}", name.replace('-', "_").to_uppercase()),
            Some(Source::File) => write!(f, "{name}, in the file: {reason}"),
            None => write!(f, "{name}: {reason}"),
        }
    }
}

impl Given {
    /// Takes the values of a flag or of a variable.
    pub fn put(&mut self, setting: &Setting, source: Source, values: Vec<String>) {
        let known = self.values.get(setting.field);
        if known.is_none_or(|(before, _)| *before <= source) {
            self.values.insert(setting.field, (source, values));
        }
    }

    /// Takes what variables say. One that starts like ours and names no setting is an error: it says nothing, to
    /// somebody who believes that it does.
    pub fn put_variables(&mut self, variables: impl Iterator<Item = (String, String)>) {
        for (name, text) in variables.filter(|(name, _)| name.starts_with(VARIABLES)) {
            // The file's own path is not among what a file can set.
            if name == format!("{VARIABLES}CONFIG") {
                continue;
            }
            match all().find(|setting| setting.variable() == name) {
                Some(setting) if setting.is_list() => {
                    self.put(setting, Source::Variable, text.split_whitespace().map(str::to_owned).collect());
                }
                Some(setting) => self.put(setting, Source::Variable, vec![text]),
                None => self.errors.push(ConfigError { name, source: None, reason: NO_SETTING.to_owned() }),
            }
        }
    }

    /// Takes what a file says.
    pub fn put_file(&mut self, path: &Path) {
        let failed = |reason: String| ConfigError { name: path.display().to_string(), source: None, reason };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => return self.errors.push(failed(error.to_string())),
        };
        match text.parse::<toml::Table>() {
            Ok(table) => table.into_iter().for_each(|(name, value)| self.put_line(name, value)),
            Err(error) => self.errors.push(failed(error.to_string().trim_end().to_owned())),
        }
    }

    fn put_line(&mut self, name: String, value: toml::Value) {
        let Some(setting) = Setting::named(&name) else {
            return self.errors.push(ConfigError { name, source: Some(Source::File), reason: NO_SETTING.to_owned() });
        };
        match texts(setting, value) {
            Some(values) => self.put(setting, Source::File, values),
            None => {
                let reason = "this is not the kind of value that it takes".to_owned();
                self.errors.push(ConfigError { name, source: Some(Source::File), reason });
            }
        }
    }

    /// Takes out a value, if one was given that can be read.
    pub(super) fn take<T: FromStr<Err: Display>>(&mut self, name: &str) -> Option<T> {
        self.take_all(name).pop()
    }

    /// Takes out a number; thousands may be kept apart, as in 12_000.
    pub(super) fn take_number<T: FromStr<Err: Display>>(&mut self, field: &str) -> Option<T> {
        if let Some((_, values)) = self.values.get_mut(field) {
            values.iter_mut().for_each(|text| text.retain(|letter| letter != '_'));
        }
        self.take(field)
    }

    /// Takes out every value of a list.
    pub(super) fn take_all<T: FromStr<Err: Display>>(&mut self, name: &str) -> Vec<T> {
        let field = name.replace('-', "_");
        let Some((source, texts)) = self.values.get(field.as_str()).cloned() else { return Vec::new() };
        let mut values = Vec::new();
        for text in texts {
            match T::from_str(&text) {
                Ok(value) => values.push(value),
                Err(error) => self.errors.push(ConfigError {
                    name: field.replace('_', "-"),
                    source: Some(source),
                    reason: error.to_string(),
                }),
            }
        }
        values
    }

    /// Takes out a value that must be there.
    pub(super) fn require<T: FromStr<Err: Display>>(&mut self, name: &str) -> Option<T> {
        if !self.values.contains_key(name) {
            self.refuse(name, "missing: it has no default");
        }
        self.take(name)
    }

    /// Takes out whether a switch is on.
    pub(super) fn switch(&mut self, name: &str) -> bool {
        self.take(name).unwrap_or(false)
    }

    /// Notes that a value cannot be, for a reason that shows only in the whole.
    pub(super) fn refuse(&mut self, name: &str, reason: &str) {
        let source = self.values.get(name.replace('-', "_").as_str()).map(|(source, _)| *source);
        self.errors.push(ConfigError { name: name.to_owned(), source, reason: reason.to_owned() });
    }

    /// Reads where the database is, for commands that need nothing else.
    ///
    /// # Errors
    /// All that is wrong, the rest included: a file with mistakes is no file to rely on.
    pub fn database(&mut self) -> Result<super::Database, Vec<ConfigError>> {
        let database = self.require("database");
        self.finish()?;
        database.ok_or_else(Vec::new)
    }

    /// Ends the reading.
    pub(super) fn finish(&mut self) -> Result<(), Vec<ConfigError>> {
        match std::mem::take(&mut self.errors) {
            errors if errors.is_empty() => Ok(()),
            errors => Err(errors),
        }
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs, an object a line.
    Json,
}

impl FromStr for LogFormat {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("a log format is text or json"),
        }
    }
}

fn all() -> impl Iterator<Item = &'static Setting> {
    SETTINGS.iter().copied().flatten()
}

/// The value of a line as flags would have it.
fn texts(setting: &Setting, value: toml::Value) -> Option<Vec<String>> {
    match value {
        toml::Value::Array(values) if setting.is_list() => {
            values.into_iter().map(|value| value.as_str().map(str::to_owned)).collect()
        }
        toml::Value::Boolean(on) if setting.is_switch() => Some(vec![on.to_string()]),
        toml::Value::Integer(number) if setting.value == "NUMBER" => Some(vec![number.to_string()]),
        toml::Value::String(text) if !setting.is_switch() && setting.value != "NUMBER" => Some(vec![text]),
        _ => None,
    }
}

const NO_SETTING: &str = "there is no such setting";
