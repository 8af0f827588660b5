//! Programs that come from cargo: only tauri-driver. cargo-nextest is used when it is there.

use crate::failure::Outcome;
use crate::out;
use crate::place::{Place, on_path};
use crate::run::Run;

/// tauri-driver speaks WebDriver to the desktop window.
pub(super) fn tauri_driver(place: &Place) -> Outcome {
    if on_path("tauri-driver").is_some() {
        return Ok(());
    }
    out::line("installing tauri-driver");
    Run::cargo(place, "install tauri-driver --version ^2 --locked --quiet")
        .go()
        .map_err(|failure| super::cannot_fetch("tauri-driver", &failure))
}
