//! `cargo xtask bench shift --json FILE`: the measured shift, release build, with the sizes of the programs added.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::build::{self, SHIPPED};
use crate::dist::megabytes;
use crate::failure::{Failure, Outcome};
use crate::out;
use crate::place::Place;
use crate::run::Run;
use crate::setup;

const USAGE: &str = "cargo xtask bench shift --json FILE [arguments of fengqiao-simulate bench]";

/// Builds, measures, writes the file.
pub(crate) fn start(place: &Place, arguments: &[String]) -> Outcome {
    let (file, rest) = match arguments {
        [shift, flag, file, rest @ ..] if shift == "shift" && flag == "--json" => (std::path::absolute(file), rest),
        _ => return Err(Failure::Usage(USAGE.to_owned())),
    };
    let file: PathBuf = file.map_err(Failure::file("."))?;
    setup::for_building(place)?;
    build::screens(place)?;
    build::release(place)?;
    let simulate = place.release_program("fengqiao-simulate");
    Run::new(place, simulate).args(["bench", "--json"]).args([&file]).args(rest).go()?;
    let text = std::fs::read_to_string(&file).map_err(Failure::file(&file))?;
    let mut measured: Value =
        serde_json::from_str(&text).map_err(|error| Failure::answer("fengqiao-simulate bench", error))?;
    let sizes = sizes(place)?;
    if let Some(keys) = measured.as_object_mut() {
        keys.insert("binary_mb".to_owned(), sizes.get("fengqiao").cloned().unwrap_or_default());
        keys.insert("binaries_mb".to_owned(), sizes);
    }
    let text = serde_json::to_string_pretty(&measured).map_err(|error| Failure::answer("the figures", error))?;
    std::fs::write(&file, format!("{text}\n")).map_err(Failure::file(&file))?;
    out::line(&text);
    Ok(())
}

/// Size of each shipped program in millions of bytes.
fn sizes(place: &Place) -> Outcome<Value> {
    let mut sizes = json!({});
    for name in SHIPPED {
        let path = place.release_program(name);
        let bytes = std::fs::metadata(&path).map_err(Failure::file(&path))?.len();
        if let Some(keys) = sizes.as_object_mut() {
            keys.insert(name.to_owned(), json!((megabytes(bytes) * 10.0).round() / 10.0));
        }
    }
    Ok(sizes)
}
