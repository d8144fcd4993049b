//! What a test runner says last.

/// Cargo has a result line for each test binary: these are added up, after the name of every test that failed.
pub(crate) fn cargo(lines: &[String]) -> Vec<String> {
    let mut closing: Vec<String> =
        lines.iter().filter(|line| line.starts_with("test ") && line.ends_with("FAILED")).cloned().collect();
    let results: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("test result: ")).collect();
    let sum = |word: &str| -> u64 { results.iter().map(|result| count_before(result, word)).sum() };
    closing.push(format!(
        "test result: {} binaries, {} passed, {} failed, {} ignored",
        results.len(),
        sum("passed"),
        sum("failed"),
        sum("ignored")
    ));
    closing
}

/// The journeys have a line each.
pub(crate) fn journeys(lines: &[String]) -> Vec<String> {
    lines.iter().filter(|line| line.starts_with("ok ") || line.starts_with("FAIL ")).cloned().collect()
}

/// Other runners end with their summary.
pub(crate) fn tail(lines: &[String]) -> Vec<String> {
    let spoken: Vec<&String> = lines.iter().filter(|line| !line.trim().is_empty()).collect();
    spoken.iter().skip(spoken.len().saturating_sub(LAST)).map(|line| (*line).clone()).collect()
}

/// As many lines as vitest needs for its summary.
const LAST: usize = 4;

/// The number in front of `word` in `ok. 12 passed; 0 failed; ...`.
fn count_before(result: &str, word: &str) -> u64 {
    let words: Vec<&str> = result.split([' ', ';', '.']).filter(|part| !part.is_empty()).collect();
    let pairs = words.iter().zip(words.iter().skip(1));
    pairs.filter(|(_, next)| **next == word).find_map(|(number, _)| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{cargo, journeys, tail};

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(|line| line.trim().to_owned()).collect()
    }

    #[test]
    fn results_of_all_binaries_are_added_up() {
        let output = lines(
            "running 2 tests
            test a ... ok
            test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s
            test result: ok. 10 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out; finished in 1.20s",
        );
        assert_eq!(cargo(&output), ["test result: 2 binaries, 12 passed, 0 failed, 1 ignored"]);
    }

    #[test]
    fn a_failed_test_is_named() {
        let output = lines(
            "test engine::forks_are_seen ... FAILED
            test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
        );
        assert_eq!(
            cargo(&output),
            ["test engine::forks_are_seen ... FAILED", "test result: 1 binaries, 1 passed, 1 failed, 0 ignored"]
        );
    }

    #[test]
    fn each_journey_is_told() {
        let output = lines("server up\nok   first minute (3.1 s)\nFAIL second device\nError: late");
        assert_eq!(journeys(&output), ["ok   first minute (3.1 s)", "FAIL second device"]);
    }

    #[test]
    fn a_tail_has_no_empty_lines() {
        let output = lines("1\n\n2\n3\n4\n\n5\n6\n7\n8\n9\n");
        assert_eq!(tail(&output), ["6", "7", "8", "9"]);
    }
}
