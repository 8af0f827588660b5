//! `cargo xtask sim`: runs fengqiao-simulate with the given arguments.

use crate::build;
use crate::failure::Outcome;
use crate::place::Place;
use crate::run::Run;

/// Builds and runs it.
pub(crate) fn start(place: &Place, arguments: &[String]) -> Outcome {
    build::programs(place)?;
    Run::new(place, place.program("fengqiao-simulate")).args(arguments).go()
}
