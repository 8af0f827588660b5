//! `cargo xtask proof`: power cuts, failing calls, kill -9, attacks and bad lines, as in every test run but many more of
//! each, with the figures they print.

use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::run::Run;
use crate::setup;

/// The tests that count in cuts, kills and inputs, by the modules they are in.
const TESTS: [&str; 9] = ["power", "failing", "kill", "durable", "attacks", "bad_line", "cuts", "strange", "hostile"];

/// Runs them, or those of one name. Without numbers: 1,000 cuts, 2,000 kills, 100,000 generated inputs of a kind.
pub(crate) fn start(place: &Place, arguments: &[String]) -> Outcome {
    let mut many = Many::default();
    let (what, mut rest) = match arguments {
        [name, rest @ ..] if TESTS.contains(&name.as_str()) => (std::slice::from_ref(name), rest),
        _ => (&[] as &[String], arguments),
    };
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
        .args(["-E".to_owned(), tests(what)])
        .env("FENGQIAO_PROOF_CUTS", many.cuts.to_string())
        .env("FENGQIAO_PROOF_KILLS", many.kills.to_string())
        .env("FENGQIAO_PROOF_INPUTS", many.inputs.to_string())
        .go()
}

/// Names as nextest selects them; all when none is given.
fn tests(what: &[String]) -> String {
    let all = TESTS.map(str::to_owned);
    let names = if what.is_empty() { all.as_slice() } else { what };
    names.iter().map(|name| format!("test(/(^|::){name}::/)")).collect::<Vec<_>>().join(" | ")
}

struct Many {
    cuts: u32,
    kills: u32,
    inputs: u32,
}

impl Default for Many {
    fn default() -> Self {
        Self { cuts: 1_000, kills: 2_000, inputs: 100_000 }
    }
}

fn usage() -> Failure {
    Failure::Usage(format!("cargo xtask proof [{}] [--cuts N] [--kills N] [--inputs N]", TESTS.join(" | ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_selects_its_module_and_no_name_selects_all() {
        assert_eq!(tests(&["kill".to_owned()]), "test(/(^|::)kill::/)");
        assert_eq!(tests(&[]).matches("test(").count(), TESTS.len());
    }

    #[test]
    fn every_name_is_a_module_of_some_test_program() {
        let place = Place::find().expect("a place");
        let crates = std::fs::read_dir(place.at("crates")).expect("the crates").flatten();
        let mains: String =
            crates.filter_map(|entry| std::fs::read_to_string(entry.path().join("tests/it/main.rs")).ok()).collect();
        for name in TESTS {
            assert!(mains.contains(&format!("mod {name};")), "{name}");
        }
    }
}
