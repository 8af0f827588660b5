//! `cargo xtask dist`: the shipped programs, release build, with sizes and checksums.

use std::path::{Path, PathBuf};

use crate::build::{self, SHIPPED};
use crate::failure::{Failure, Outcome};
use crate::out;
use crate::place::Place;
use crate::run::Run;
use crate::setup;

/// The variable of the environment that test builds listen to; `failpoint::KILL_AT`.
const FAILPOINTS: &[u8] = b"FENGQIAO_KILL_AT";

/// Builds and copies.
pub(crate) fn start(place: &Place, arguments: &[String]) -> Outcome {
    let folder = match arguments {
        [] => place.target.join("dist"),
        [flag, folder] if flag == "--out" => PathBuf::from(folder),
        _ => return Err(Failure::Usage("cargo xtask dist [--out DIR]".to_owned())),
    };
    setup::for_building(place)?;
    build::screens(place)?;
    build::release(place)?;
    std::fs::create_dir_all(&folder).map_err(Failure::file(&folder))?;
    for name in SHIPPED {
        let from = place.release_program(name);
        let to = folder.join(from.file_name().unwrap_or_default());
        without_failpoints(&from)?;
        let bytes = std::fs::copy(&from, &to).map_err(Failure::file(&from))?;
        out::line(&format!("{:>8.1} MB  {}", megabytes(bytes), to.display()));
    }
    copy_screens(place, &folder)?;
    let sums = Run::new(place, "sha256sum").args(SHIPPED).folder(&folder).read()?;
    let list = folder.join("SHA256SUMS");
    std::fs::write(&list, sums).map_err(Failure::file(&list))
}

/// A program that is shipped does not know the variable that would end it at a failpoint.
fn without_failpoints(program: &Path) -> Outcome {
    let bytes = std::fs::read(program).map_err(Failure::file(program))?;
    match knows_failpoints(&bytes) {
        false => Ok(()),
        true => Err(Failure::Rules(vec![format!("{} was built with failpoints", program.display())])),
    }
}

fn knows_failpoints(program: &[u8]) -> bool {
    program.windows(FAILPOINTS.len()).any(|window| window == FAILPOINTS)
}

/// The browser edition finds its screens in a folder `ui` beside the program.
fn copy_screens(place: &Place, folder: &std::path::Path) -> Outcome {
    let to = folder.join("ui");
    if to.exists() {
        std::fs::remove_dir_all(&to).map_err(Failure::file(&to))?;
    }
    Run::new(place, "cp").args(["-R"]).args([place.at("ui/dist"), to]).go()
}

/// Bytes as millions of bytes.
#[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
pub(crate) fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_build_is_told_from_one_that_may_be_shipped() {
        let place = Place::find().expect("a place");
        assert!(!knows_failpoints(b"\x7fELF fengqiao"));
        let mark = std::fs::read_to_string(place.at("crates/failpoint/src/lib.rs")).expect("the list of places");
        assert!(knows_failpoints(mark.as_bytes()), "the variable has another name now");
    }
}
