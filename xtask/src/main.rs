//! The one tool of the project: sets a machine up, checks, tests, plays the demonstration, measures, packs.
//! Owns how the parts are built and started. Must not know anything inside them: it starts programs and reads files.

mod bench;
mod build;
mod check;
mod demo;
mod dist;
mod failure;
mod fuzz;
mod generate;
mod out;
mod place;
mod proof;
mod run;
mod setup;
mod sim;
mod stages;
mod test;

use std::process::ExitCode;

use failure::{Failure, Outcome};
use place::Place;

const USAGE: &str = "\
cargo xtask <command>

  demo                        a made-up station, its server and an enrolled laptop; opens the desktop window
  demo --headless --out DIR   plays a whole shift through the real programs, leaves reports and summary.json
  test                        sets the machine up and runs every check and every test
  setup                       installs what is missing: system packages, npm packages, tauri-driver
  check                       format, lints, types, generated files, dependency law, house rules
  check quick                 the part of it that compiles no Rust
  gen                         writes the TypeScript contract into ui/src/ipc/generated
  bench shift --json FILE     release build, then the measured shift
  sim [arguments]             runs fengqiao-simulate with these arguments
  proof [NAME] [--cuts N] [--kills N] [--inputs N]
                              power cuts, failing calls, kill -9, attacks, bad lines: many of each, with figures;
                              NAME runs one kind, such as kill or cuts
  fuzz [--target T] [--runs N]
                              the fuzzers of every decoder; needs a nightly compiler and cargo-fuzz
  dist [--out DIR]            release programs with their sizes and checksums";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            out::problem(&failure.to_string());
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Outcome {
    let place = Place::find()?;
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", arguments),
    };
    match command {
        "setup" => setup::all(&place),
        "check" => check::start(&place, rest),
        "test" => test::all(&place),
        "gen" => generate::write(&place),
        "demo" => demo::start(&place, rest),
        "bench" => bench::start(&place, rest),
        "sim" => sim::start(&place, rest),
        "proof" => proof::start(&place, rest),
        "fuzz" => fuzz::start(&place, rest),
        "dist" => dist::start(&place, rest),
        "help" | "-h" | "--help" => {
            out::line(USAGE);
            Ok(())
        }
        other => Err(Failure::Usage(format!("there is no command `{other}`\n\n{USAGE}"))),
    }
}
