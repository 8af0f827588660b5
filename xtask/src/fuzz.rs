//! `cargo xtask fuzz`: the fuzzers of `fuzz/`, which need a nightly compiler and `cargo-fuzz`.

use std::path::Path;

use crate::failure::{Failure, Outcome};
use crate::out;
use crate::place::Place;
use crate::run::Run;

/// Inputs of each target when no number is given.
const RUNS: &str = "1000000";
/// Longest input; every format's interesting part is shorter.
const LONGEST: u32 = 4096;

/// Runs one target or all of them.
pub(crate) fn start(place: &Place, arguments: &[String]) -> Outcome {
    let (mut only, mut runs) = (None, RUNS.to_owned());
    let mut rest = arguments;
    while let [flag, value, after @ ..] = rest {
        match flag.as_str() {
            "--target" => only = Some(value.clone()),
            "--runs" => runs.clone_from(value),
            _ => return Err(usage()),
        }
        rest = after;
    }
    if !rest.is_empty() {
        return Err(usage());
    }
    if !cargo(place).args(["--version"]).works() {
        let how = "rustup toolchain install nightly, then cargo install cargo-fuzz --locked";
        return Err(Failure::Missing(format!("the fuzzers need a nightly compiler and cargo-fuzz: {how}")));
    }
    for target in targets(&place.at("fuzz/targets"))? {
        if only.as_ref().is_none_or(|only| *only == target) {
            one(place, &target, &runs)?;
        }
    }
    Ok(())
}

/// New inputs that reach new code stay in the scratch folder; the corpora of the repository are read only.
fn one(place: &Place, target: &str, runs: &str) -> Outcome {
    out::heading(&format!("fuzz {target}"));
    let found = place.scratch(&format!("fuzz-{target}"))?;
    cargo(place)
        .args(["run", "--sanitizer", "none"])
        .folder(&place.at("fuzz"))
        .env("CARGO_TARGET_DIR", place.target.join("fuzz"))
        .args([target])
        .args([&found, &place.at("fuzz/corpus").join(target)])
        .args(["--", &format!("-runs={runs}"), &format!("-max_len={LONGEST}"), "-print_final_stats=1"])
        .go()
}

/// The cargo on the path chooses the compiler; the one that runs this tool cannot.
fn cargo(place: &Place) -> Run {
    Run::new(place, "cargo").args(["+nightly", "fuzz"])
}

fn targets(folder: &Path) -> Outcome<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(Failure::file(folder))? {
        let path = entry.map_err(Failure::file(folder))?.path();
        names.extend(path.file_stem().and_then(|name| name.to_str()).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

fn usage() -> Failure {
    Failure::Usage("cargo xtask fuzz [--target NAME] [--runs N]".to_owned())
}
