//! What a command prints.

use std::io::{self, Write as _};

use roamkey_proto::{Calendar, Time};
use serde_json::Value;

/// What came of a command: for people and for programs.
#[derive(Debug)]
pub(crate) struct Report {
    text: String,
    json: Value,
}

impl Report {
    /// Says the same in two ways.
    pub(crate) fn new(text: impl Into<String>, json: Value) -> Self {
        Self { text: text.into(), json }
    }

    /// Says nothing: all was said while the command ran.
    pub(crate) fn nothing() -> Self {
        Self::new("", Value::Null)
    }

    /// Adds a line for people, and a member for programs.
    pub(crate) fn add(mut self, line: &str, name: &str, value: Value) -> Self {
        self.text.push('\n');
        self.text.push_str(line);
        if let Value::Object(members) = &mut self.json {
            members.insert(name.to_owned(), value);
        }
        self
    }

    /// Adds a member for programs alone.
    pub(crate) fn and(mut self, name: &str, value: Value) -> Self {
        if let Value::Object(members) = &mut self.json {
            members.insert(name.to_owned(), value);
        }
        self
    }

    /// Prints it on standard output.
    pub(crate) fn print(&self, json: bool) {
        if self.text.is_empty() {
            return;
        }
        let text = if json { self.json.to_string() } else { self.text.clone() };
        // Whoever reads may have seen enough: a closed pipe is no failure.
        let _ = writeln!(io::stdout(), "{text}");
    }
}

/// Says on standard error how it goes, for people who wait.
pub(crate) fn progress(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// A time as `2026-11-22 17:45`, UTC.
pub(crate) fn date(time: Time) -> String {
    let Calendar { year, month, day, hour, minute, .. } = time.into();
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02} UTC")
}

#[cfg(test)]
mod tests {
    use roamkey_proto::Time;

    use super::date;

    #[test]
    fn a_time_is_shown_as_a_date() {
        assert_eq!(date(Time(0)), "1970-01-01 00:00 UTC");
        assert_eq!(date(Time(951_782_400_000)), "2000-02-29 00:00 UTC");
        assert_eq!(date(Time(1_795_369_544_000)), "2026-11-22 17:45 UTC");
    }
}
