//! What came out of a suite.

use std::collections::BTreeMap;

use serde::Serialize;

/// How many cases of a suite went how.
#[derive(Default, Serialize)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
    /// Why cases were skipped, and how many for each reason: these add up to `skipped`.
    pub(crate) reasons: BTreeMap<String, u64>,
}

impl Tally {
    /// The sums, then a line for each reason.
    pub(crate) fn lines(&self, suite: &str) -> Vec<String> {
        let Self { passed, failed, skipped, reasons } = self;
        let mut lines = vec![format!("{suite}: {passed} passed, {failed} failed, {skipped} skipped")];
        lines.extend(reasons.iter().map(|(reason, count)| format!("    {count} skipped: {reason}")));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn each_reason_has_its_line() {
        let reasons = [("no sensor".to_owned(), 2), ("no antenna".to_owned(), 1)].into();
        let tally = Tally { passed: 1, failed: 0, skipped: 3, reasons };
        assert_eq!(
            tally.lines("suite"),
            ["suite: 1 passed, 0 failed, 3 skipped", "    1 skipped: no antenna", "    2 skipped: no sensor"]
        );
    }
}
