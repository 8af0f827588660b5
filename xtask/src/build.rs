//! Builds the screens and the programs. Always the whole workspace at once: building packages one by one would unite
//! features differently and compile the large dependencies again.

use crate::failure::Outcome;
use crate::place::Place;
use crate::run::Run;

/// The screens, into ui/dist. Before the programs, because the desktop program carries them.
pub(crate) fn screens(place: &Place) -> Outcome {
    Run::npx(place, "ui", "vite build").go()
}

/// Every program, everyday build. The examples come along because with them the features of dependencies are united as for
/// the tests: whoever runs the demonstration and the tests compiles them once.
pub(crate) fn programs(place: &Place) -> Outcome {
    Run::cargo(place, "build --workspace --bins --examples --locked").go()
}

/// Every program and every test, everyday build.
pub(crate) fn programs_and_tests(place: &Place) -> Outcome {
    Run::cargo(place, "build --workspace --all-targets --locked").go()
}

/// Every program that is shipped or measured, release build.
pub(crate) fn release(place: &Place) -> Outcome {
    Run::cargo(place, "build --release --workspace --bins --exclude xtask --locked").go()
}

/// The shipped programs.
pub(crate) const SHIPPED: [&str; 3] = ["fengqiao", "fengqiao-browser", "fengqiao-station"];
