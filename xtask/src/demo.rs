//! `cargo xtask demo`.

use crate::failure::{Failure, Outcome};
use crate::place::Place;

/// Starts the demonstration.
pub(crate) fn start(_place: &Place, _arguments: &[String]) -> Outcome {
    Err(Failure::Missing("not yet".to_owned()))
}
