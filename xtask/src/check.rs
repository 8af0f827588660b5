//! `cargo xtask check`: everything that can be judged without running the product.

mod house;
pub(crate) mod law;

use crate::failure::{Failure, Outcome};
use crate::generate;
use crate::place::Place;
use crate::run::Run;
use crate::setup;
use crate::stages::Stages;

/// All checks, or those that compile no Rust; each timed.
pub(crate) fn start(place: &Place, arguments: &[String]) -> Outcome {
    let only_quick = match arguments {
        [] => false,
        [word] if word == "quick" => true,
        _ => return Err(Failure::Usage("cargo xtask check [quick]".to_owned())),
    };
    setup::for_building(place)?;
    let mut stages = Stages::begin();
    quick(&mut stages, place);
    if !only_quick {
        rust(&mut stages, place);
        stages.step("generated TypeScript", || generate::check(place));
    }
    stages.summary().1
}

/// Checks that need no compiling of Rust.
pub(crate) fn quick(stages: &mut Stages, place: &Place) {
    stages.step("dependency law", || law::check(place));
    stages.step("house rules", || house::check(place));
    stages.step("format of Rust", || Run::cargo(place, "fmt --all --check").go());
    stages.step("format of the screens", || Run::npx(place, "ui", "prettier --check --log-level warn .").go());
    stages.step("lints of the screens", || Run::npx(place, "ui", "eslint . --max-warnings 0").go());
    stages.step("types of the screens", || Run::npx(place, "ui", "vue-tsc --noEmit").go());
    stages.step("format of the journeys", || Run::npx(place, "tests", "prettier --check --log-level warn .").go());
    stages.step("types of the journeys", || Run::npx(place, "tests", "tsc --noEmit").go());
}

/// Lints of all Rust code, tests included.
pub(crate) fn rust(stages: &mut Stages, place: &Place) {
    stages.step("lints of Rust", || {
        Run::cargo(place, "clippy --workspace --all-targets --locked --quiet -- -D warnings").go()
    });
}
