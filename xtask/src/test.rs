//! `cargo xtask test`: sets the machine up, checks, builds everything once, runs every runner, ends with one count.

mod counts;

use crate::build;
use crate::check;
use crate::failure::{Failure, Outcome};
use crate::generate;
use crate::out;
use crate::place::Place;
use crate::run::Run;
use crate::setup;
use crate::stages::{Counts, Stages};

/// Everything.
pub(crate) fn all(place: &Place) -> Outcome {
    let mut stages = Stages::begin();
    if stages.step("setup", || setup::all(place)) {
        check::quick(&mut stages, place);
        let screens = stages.step("build the screens", || build::screens(place));
        let programs = stages.step("build programs and tests", || build::programs_and_tests(place));
        stages.tests("tests of the screens", || vitest(place));
        if programs {
            stages.step("generated TypeScript", || generate::check(place));
            stages.tests("tests of Rust", || rust(place));
        }
        if programs && screens {
            stages.tests("journeys in the browser", || playwright(place, "browser"));
            stages.tests("journeys in the desktop window", || playwright(place, "desktop"));
        }
        check::rust(&mut stages, place);
    }
    let (counts, ended) = stages.summary();
    out::line(&format!("\n{} passed, {} failed", counts.passed, counts.failed));
    ended
}

/// All Rust tests, by nextest where it is installed. Both use what was built before.
fn rust(place: &Place) -> Outcome<Counts> {
    let nextest = Run::cargo(place, "nextest --version").works();
    let arguments = match nextest {
        true => {
            "nextest run --workspace --all-targets --locked --no-fail-fast --status-level fail --final-status-level fail"
        }
        false => "test --workspace --all-targets --locked --no-fail-fast --quiet",
    };
    let (text, ended) = Run::cargo(place, arguments).env("NEXTEST_HIDE_PROGRESS_BAR", "1").watch()?;
    let counts = if nextest { counts::of_nextest(&text) } else { counts::of_libtest(&text) };
    settle("the Rust tests", counts, ended)
}

fn vitest(place: &Place) -> Outcome<Counts> {
    let report = place.scratch("results")?.join("vitest.json");
    forget(&report);
    let ended = Run::npx(place, "ui", "vitest run --reporter=default --reporter=json --passWithNoTests")
        .args([format!("--outputFile.json={}", report.display())])
        .go();
    settle("vitest", counts::of_vitest(&read(&report)), ended)
}

fn playwright(place: &Place, project: &str) -> Outcome<Counts> {
    let report = place.scratch("results")?.join(format!("playwright-{project}.json"));
    forget(&report);
    let ended = Run::npx(place, "tests", "playwright test --reporter=list,json --pass-with-no-tests")
        .args(["--project", project])
        .env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report)
        .env("FENGQIAO_PROGRAMS", place.target.join("debug"))
        .go();
    settle("Playwright", counts::of_playwright(&read(&report)), ended)
}

/// A runner that failed without a failed test (it did not start, a file did not load) is a failure of its own.
fn settle(runner: &str, counts: Option<Counts>, ended: Outcome) -> Outcome<Counts> {
    match (counts, ended) {
        (Some(counts), Ok(())) => Ok(counts),
        (Some(counts), Err(_)) if counts.failed > 0 => Ok(counts),
        (Some(counts), Err(failure)) => {
            out::problem(&failure.to_string());
            Ok(Counts { passed: counts.passed, failed: 1 })
        }
        (None, Err(failure)) => Err(failure),
        (None, Ok(())) => Err(Failure::answer(runner, "left no count")),
    }
}

fn forget(report: &std::path::Path) {
    let _ = std::fs::remove_file(report);
}

fn read(report: &std::path::Path) -> String {
    std::fs::read_to_string(report).unwrap_or_default()
}
