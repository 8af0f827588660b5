//! `cargo xtask proof`: power cuts, failing calls, kill -9, attacks and bad lines, as in every test run but many more of
//! each, with the figures they print.

use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::run::Run;
use crate::setup;

/// The tests that count in cuts, kills and inputs.
const TESTS: &str =
    "test(power) | test(failing) | test(kill) | test(durable) | test(attacks) | test(bad_line) | test(strange)";

/// Runs them. Without arguments: 1,000 cuts of the line, 3,000 power cuts, 2,000 kills, 100,000 generated inputs of a kind.
pub(crate) fn start(place: &Place, arguments: &[String]) -> Outcome {
    let mut many = Many::default();
    let mut rest = arguments;
    while let [flag, value, after @ ..] = rest {
        let number = value.parse().map_err(|_| usage())?;
        match flag.as_str() {
            "--cuts" => many.cuts = number,
            "--kills" => many.kills = number,
            "--inputs" => many.inputs = number,
            _ => return Err(usage()),
        }
        rest = after;
    }
    if !rest.is_empty() {
        return Err(usage());
    }
    setup::for_building(place)?;
    Run::cargo(place, "nextest run --workspace --all-targets --locked --no-fail-fast --success-output final")
        .args(["-E", TESTS])
        .env("FENGQIAO_PROOF_CUTS", many.cuts.to_string())
        .env("FENGQIAO_PROOF_KILLS", many.kills.to_string())
        .env("FENGQIAO_PROOF_INPUTS", many.inputs.to_string())
        .go()
}

struct Many {
    cuts: u32,
    kills: u32,
    inputs: u32,
}

impl Default for Many {
    fn default() -> Self {
        Self { cuts: 1_000, kills: 1_000, inputs: 100_000 }
    }
}

fn usage() -> Failure {
    Failure::Usage("cargo xtask proof [--cuts N] [--kills N] [--inputs N]".to_owned())
}
