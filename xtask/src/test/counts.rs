//! Reads how many tests passed and failed from what the runners write. A test that was skipped did not pass.

use serde_json::Value;

use crate::stages::Counts;

/// nextest: `Summary [   1.2s] 10 tests run: 8 passed (1 slow), 2 failed, 1 skipped`.
pub(super) fn of_nextest(text: &str) -> Option<Counts> {
    let line = text.lines().rev().find(|line| line.trim_start().starts_with("Summary ["))?;
    let failed =
        ["failed", "timed out", "exec failed", "leaky failed"].iter().filter_map(|word| before(line, word)).sum();
    Some(Counts { passed: before(line, "passed").unwrap_or(0), failed })
}

/// libtest: `test result: ok. 8 passed; 0 failed; 0 ignored; …`, once a program.
pub(super) fn of_libtest(text: &str) -> Option<Counts> {
    let mut lines = text.lines().filter(|line| line.starts_with("test result:")).peekable();
    lines.peek()?;
    let mut sum = Counts::default();
    for line in lines {
        sum.passed += before(line, "passed").unwrap_or(0);
        sum.failed += before(line, "failed").unwrap_or(0) + before(line, "ignored").unwrap_or(0);
    }
    Some(sum)
}

/// vitest's JSON report.
pub(super) fn of_vitest(text: &str) -> Option<Counts> {
    let report: Value = serde_json::from_str(text).ok()?;
    let number = |key: &str| report.get(key).and_then(Value::as_u64).unwrap_or(0);
    Some(Counts {
        passed: report.get("numPassedTests")?.as_u64()?,
        failed: number("numFailedTests") + number("numPendingTests") + number("numTodoTests"),
    })
}

/// Playwright's JSON report. A test that passed only when tried again failed.
pub(super) fn of_playwright(text: &str) -> Option<Counts> {
    let report: Value = serde_json::from_str(text).ok()?;
    let stats = report.get("stats")?;
    let number = |key: &str| stats.get(key).and_then(Value::as_u64).unwrap_or(0);
    let errors = report.get("errors").and_then(Value::as_array).map_or(0, Vec::len);
    let failed = number("unexpected") + number("flaky") + number("skipped");
    Some(Counts { passed: number("expected"), failed: failed.max(u64::from(errors > 0)) })
}

/// The number in front of a word: `2` in `8 passed, 2 failed` for `failed`.
fn before(line: &str, word: &str) -> Option<u64> {
    let pieces = line.split([',', ';', '.', ':']).map(str::trim);
    let found = pieces.filter_map(|piece| piece.split_once(' ')).find(|(_, rest)| {
        let rest = rest.split('(').next().unwrap_or_default();
        rest.trim() == word
    });
    found.and_then(|(number, _)| number.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_of_every_runner_are_read() {
        let counts = |passed, failed| Some(Counts { passed, failed });
        assert_eq!(
            of_nextest("     Summary [   0.012s] 10 tests run: 8 passed (1 slow), 2 failed, 3 skipped\n"),
            counts(8, 2)
        );
        assert_eq!(of_nextest("     Summary [   0.012s] 1 test run: 1 passed, 0 skipped\n"), counts(1, 0));
        assert_eq!(of_nextest("error: could not compile"), None);
        let libtest = "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: FAILED. 1 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
        assert_eq!(of_libtest(libtest), counts(4, 3));
        assert_eq!(of_vitest(r#"{"numPassedTests": 5, "numFailedTests": 1, "numPendingTests": 1}"#), counts(5, 2));
        let playwright = r#"{"stats": {"expected": 7, "unexpected": 1, "flaky": 1, "skipped": 0}, "errors": []}"#;
        assert_eq!(of_playwright(playwright), counts(7, 2));
        assert_eq!(of_playwright(""), None);
    }
}
