//! `cargo xtask setup`: installs what is missing and says what it did. Safe to run again; does nothing when all is there.

mod cargo_tools;
mod debian;
mod npm;

use crate::failure::{Failure, Outcome};
use crate::out;
use crate::place::Place;
use crate::run::Run;

/// Everything the tests need.
pub(crate) fn all(place: &Place) -> Outcome {
    for_building(place)?;
    debian::install(place, &debian::FOR_TESTS)?;
    npm::install(place, "tests")?;
    cargo_tools::tauri_driver(place)
}

/// What building and the desktop window need.
pub(crate) fn for_building(place: &Place) -> Outcome {
    debian::install(place, &debian::FOR_BUILDING)?;
    node(place)?;
    npm::install(place, "ui")
}

/// Node cannot be had from Debian 12 in a version that is new enough, so it is asked for, not installed.
fn node(place: &Place) -> Outcome {
    let wanted = "Node 20.19 or newer with npm is needed; Debian 12's own is too old. See https://nodejs.org";
    let Ok(answer) = Run::new(place, "node").args(["--version"]).read() else {
        return Err(Failure::Missing(wanted.to_owned()));
    };
    match new_enough(answer.trim()) {
        true => Ok(()),
        false => Err(Failure::Missing(format!("{wanted} (found {})", answer.trim()))),
    }
}

/// Whether `v20.19.4` is at least 20.19.
fn new_enough(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    (major, minor) >= (20, 19)
}

/// Says what could not be fetched, and that a network is the likely reason.
fn cannot_fetch(what: &str, failure: &Failure) -> Failure {
    out::problem(&failure.to_string());
    Failure::Missing(format!(
        "{what} could not be installed. Without a network, install it from your own mirror and run this again."
    ))
}

#[cfg(test)]
mod tests {
    use super::new_enough;

    #[test]
    fn node_20_19_is_the_oldest_that_will_do() {
        for (version, will_do) in
            [("v18.20.4", false), ("v20.18.9", false), ("v20.19.0", true), ("v24.1.0", true), ("", false)]
        {
            assert_eq!(new_enough(version), will_do, "{version}");
        }
    }
}
