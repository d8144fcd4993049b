//! What came out, a row an attack.

use std::fmt::Write as _;

use anyhow::Result;
use serde::Serialize;

use super::registry::Attack;

/// An attack and how it went.
pub(super) struct Row {
    pub(super) attack: &'static Attack,
    pub(super) tests: usize,
    pub(super) passed: usize,
    pub(super) killed: usize,
}

/// All rows, and what is wrong.
pub(super) struct Report {
    rows: Vec<Row>,
    faults: Vec<String>,
}

#[derive(Serialize)]
struct Json<'a> {
    attacks: Vec<JsonRow<'a>>,
}

#[derive(Serialize)]
struct JsonRow<'a> {
    id: u32,
    tests: usize,
    passed: usize,
    mutants: usize,
    mutants_killed: usize,
    pending: &'a [&'a str],
}

impl Report {
    pub(super) fn new(rows: Vec<Row>, faults: Vec<String>) -> Self {
        Self { rows, faults }
    }

    pub(super) fn faults(&self) -> &[String] {
        &self.faults
    }

    pub(super) fn to_json(&self) -> Result<String> {
        let row = |row: &Row| JsonRow {
            id: row.attack.id,
            tests: row.tests,
            passed: row.passed,
            mutants: row.attack.mutants.len(),
            mutants_killed: row.killed,
            pending: row.attack.pending,
        };
        Ok(serde_json::to_string(&Json { attacks: self.rows.iter().map(row).collect() })?)
    }

    /// The score in a sentence, and a row an attack, in Markdown.
    pub(super) fn table(&self) -> String {
        let mut table = self.score();
        table.push_str("\n\n| | what holds | tests | mutants | waits for |\n| --- | --- | --- | --- | --- |\n");
        for row in &self.rows {
            let attack = row.attack;
            let pending = attack.pending.join(", ");
            let (tests, mutants) = if row.tests == 0 && attack.mutants.is_empty() {
                (String::new(), String::new())
            } else {
                (format!("{}/{}", row.passed, row.tests), format!("{}/{}", row.killed, attack.mutants.len()))
            };
            // Writing to a string does not fail.
            let _ = writeln!(table, "| {} | {} | {tests} | {mutants} | {pending} |", attack.id, attack.claim);
        }
        table
    }

    fn score(&self) -> String {
        let whole = self.rows.iter().filter(|row| row.attack.pending.is_empty()).count();
        let partly = self.rows.iter().filter(|row| !row.attack.pending.is_empty() && row.tests > 0).count();
        let waiting = self.rows.len() - whole - partly;
        let (tests, passed) = self.rows.iter().fold((0, 0), |(t, p), row| (t + row.tests, p + row.passed));
        let mutants: usize = self.rows.iter().map(|row| row.attack.mutants.len()).sum();
        let killed: usize = self.rows.iter().map(|row| row.killed).sum();
        format!(
            "Of {} attacks {whole} are tried whole, {partly} as far as what they need is built, {waiting} wait. \
             {passed} of {tests} tests pass; of {mutants} checks taken out, {killed} are missed.",
            self.rows.len()
        )
    }
}
