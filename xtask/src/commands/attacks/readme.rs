//! The same table in the README.

use std::fs;

use anyhow::{Context, Result, bail};

use super::report::Report;
use crate::workspace::Workspace;

/// Checks that the README shows what came out.
pub(super) fn check(workspace: &Workspace, report: &Report) -> Result<()> {
    let text = fs::read_to_string(workspace.root().join(README))?;
    if with_table(&text, &report.table())? == text {
        return Ok(());
    }
    bail!("the table in the {README} is not the newest: cargo xtask attacks --write")
}

/// Writes it there.
pub(super) fn write(workspace: &Workspace, report: &Report) -> Result<()> {
    let path = workspace.root().join(README);
    let text = fs::read_to_string(&path)?;
    Ok(fs::write(path, with_table(&text, &report.table())?)?)
}

fn with_table(text: &str, table: &str) -> Result<String> {
    let (before, rest) = text.split_once(BEGIN).with_context(|| format!("no `{BEGIN}` in the {README}"))?;
    let (_, after) = rest.split_once(END).with_context(|| format!("no `{END}` in the {README}"))?;
    let (score, rows) = table.split_once("\n\n").context("a table starts with its score")?;
    let folded = format!("{score}\n\n<details><summary>Every attack</summary>\n\n{rows}\n</details>");
    Ok(format!("{before}{BEGIN}\n{folded}\n{END}{after}"))
}

const README: &str = "README.md";
const BEGIN: &str = "<!-- attacks: written by cargo xtask attacks --write -->";
const END: &str = "<!-- end of attacks -->";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_goes_between_its_marks_and_nothing_else_changes() {
        let text = format!("before\n{BEGIN}\nold\n{END}\nafter\n");
        let new = with_table(&text, "score\n\n| row |\n").expect("both marks");
        assert!(new.starts_with("before\n") && new.ends_with("\nafter\n") && !new.contains("old"));
        assert_eq!(with_table(&new, "score\n\n| row |\n").expect("both marks"), new);
        assert!(with_table("no marks", "score\n\nrows").is_err());
    }
}
