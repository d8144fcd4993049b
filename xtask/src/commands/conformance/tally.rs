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
    /// Counts a case that went well.
    pub(crate) fn pass(&mut self) {
        self.passed += 1;
    }

    /// Counts a case that did not.
    pub(crate) fn fail(&mut self) {
        self.failed += 1;
    }

    /// Counts a case that does not apply.
    pub(crate) fn skip(&mut self, reason: &str) {
        self.skipped += 1;
        *self.reasons.entry(reason.to_owned()).or_default() += 1;
    }

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
    fn reasons_add_up_to_what_was_skipped() {
        let mut tally = Tally::default();
        tally.pass();
        tally.skip("no sensor");
        tally.skip("no sensor");
        tally.skip("no antenna");
        assert_eq!(
            tally.lines("suite"),
            ["suite: 1 passed, 0 failed, 3 skipped", "    1 skipped: no antenna", "    2 skipped: no sensor"]
        );
    }
}
