//! House rules that no lint knows: file sizes, openings, no silent exceptions, sealed crates, no registry in a lock file.

use std::path::Path;

use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::run::Run;

/// No file of code is longer.
const LINES_MAX: usize = 600;

/// Nothing with the outside world in these.
const SEALED: [&str; 2] = ["crates/domain/src/", "crates/sync/src/"];

/// Words by which the outside world is reached.
const OUTSIDE: [&str; 8] =
    ["std::fs", "std::net", "std::env", "std::process", "std::thread", "SystemTime", "Instant::now", "getrandom"];

/// Reads every tracked file and lists what does not fit.
pub(crate) fn check(place: &Place) -> Outcome {
    let listed = Run::new(place, "git").args(["ls-files", "-z"]).read()?;
    let mut broken = Vec::new();
    for path in listed.split('\0').filter(|path| !path.is_empty()) {
        if let Ok(text) = std::fs::read_to_string(place.at(path)) {
            broken.extend(problems(path, &text).into_iter().map(|problem| format!("{path}: {problem}")));
        }
    }
    if broken.is_empty() { Ok(()) } else { Err(Failure::Rules(broken)) }
}

/// What is wrong with one file.
fn problems(path: &str, text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let ending = Path::new(path).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if ending == "rs" {
        rust_problems(path, text, &mut problems);
    }
    let code = ["rs", "ts", "vue", "css", "sql"].contains(&ending) && !path.contains("/generated/");
    if code && text.lines().count() > LINES_MAX {
        problems.push(format!("{} lines, at most {LINES_MAX}", text.lines().count()));
    }
    if path.ends_with("package-lock.json") && text.contains("\"resolved\": \"http") {
        problems.push("names a registry; keep omit-lockfile-registry-resolved=true in .npmrc".to_owned());
    }
    problems
}

fn rust_problems(path: &str, text: &str, problems: &mut Vec<String>) {
    if !text.starts_with("//!") {
        problems.push("does not open with `//!`: what it owns, what it must not know".to_owned());
    }
    for (number, line) in text.lines().enumerate() {
        let code = line.trim_start();
        if code.starts_with(concat!("#[", "allow")) || code.starts_with(concat!("#![", "allow")) {
            problems.push(format!("line {}: use #[expect(lint, reason = \"…\")]", number + 1));
        }
        if code.starts_with(concat!("#[", "ignore")) {
            problems.push(format!("line {}: no ignored tests", number + 1));
        }
    }
    if SEALED.iter().any(|folder| path.starts_with(folder)) {
        let product = text.split("#[cfg(test)]").next().unwrap_or_default();
        for word in OUTSIDE.iter().filter(|word| product.contains(*word)) {
            problems.push(format!("sealed crate reaches outside: {word}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_house_rule_finds_its_breach() {
        let long = format!("//! x\n{}", "\n".repeat(LINES_MAX));
        let exception = concat!("//! x\n#[", "allow(dead_code)]\n");
        for (path, text, found) in [
            ("crates/a/src/lib.rs", "fn main() {}", "does not open"),
            ("crates/a/src/lib.rs", long.as_str(), "at most"),
            ("crates/a/src/lib.rs", exception, "#[expect"),
            ("crates/domain/src/x.rs", "//! x\nuse std::fs;", "reaches outside"),
            ("ui/package-lock.json", "\"resolved\": \"https://x\"", "names a registry"),
        ] {
            let problems = problems(path, text);
            assert!(problems.iter().any(|problem| problem.contains(found)), "{path}: {problems:?}");
        }
        assert!(
            problems("crates/domain/src/x.rs", "//! x\nfn a() {}\n#[cfg(test)]\nmod t { use std::fs; }").is_empty()
        );
    }
}
