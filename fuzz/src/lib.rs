//! Runs a target for libFuzzer. A panic behind a fence is none; a panic that comes out of a target ends the process.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};

mod targets;

/// Lets fenced panics pass without a word: libFuzzer's own hook would take them for crashes.
pub fn quiet() {
    set_hook(Box::new(|_| {}));
}

/// Runs the target of that name.
pub fn run(name: &str, bytes: &[u8]) {
    let Some((_, target)) = targets::TARGETS.iter().find(|(known, _)| *known == name) else { return };
    if catch_unwind(AssertUnwindSafe(|| target(bytes))).is_err() {
        std::process::abort();
    }
}
