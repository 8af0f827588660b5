//! `cargo xtask gen`: the contract as TypeScript. `app` says what the files are; this writes them.

use std::path::Path;

use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::run::Run;

/// Where the generated files live.
const FOLDER: &str = "ui/src/ipc/generated";

/// Writes the files.
pub(crate) fn write(place: &Place) -> Outcome {
    into(place, &place.at(FOLDER))
}

/// Compares the committed files with what would be written.
pub(crate) fn check(place: &Place) -> Outcome {
    let fresh = place.scratch("generated")?;
    into(place, &fresh)?;
    let mut differ = Vec::new();
    let entries = std::fs::read_dir(&fresh).map_err(Failure::file(&fresh))?;
    for entry in entries.flatten() {
        let committed = place.at(FOLDER).join(entry.file_name());
        let expected = std::fs::read(entry.path()).map_err(Failure::file(entry.path()))?;
        if std::fs::read(&committed).ok() != Some(expected) {
            differ.push(format!("{FOLDER}/{} is not up to date: run `cargo xtask gen`", entry.file_name().display()));
        }
    }
    if differ.is_empty() { Ok(()) } else { Err(Failure::Rules(differ)) }
}

/// Runs the small program of `app`. It is built as part of the workspace, so its features are those of every build.
fn into(place: &Place, folder: &Path) -> Outcome {
    let program = place.target.join("debug").join("examples").join(format!("gen{}", std::env::consts::EXE_SUFFIX));
    Run::cargo(place, "build --workspace --example gen").go()?;
    Run::new(place, program).args([folder]).go()
}
