//! `cargo xtask demo`: a made-up station with its server running, and an enrolled laptop to look at or, with `--headless`,
//! a whole shift played through the real programs.

mod laptop;
mod programs;
mod shown;
mod station;
mod story;

use std::path::PathBuf;

use shown::Making;

use crate::build;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::setup;

const USAGE: &str = "cargo xtask demo [--residents N] [--fresh] [--built]\n\
    cargo xtask demo --headless [--out DIR] [--residents N] [--built]\n\n\
    --fresh makes another station, --built takes the programs as they are";

/// What was asked for.
struct Wish {
    headless: bool,
    out: Option<PathBuf>,
    residents: u32,
    making: Making,
    building: Building,
}

/// Whether the programs are built first.
#[derive(PartialEq, Eq)]
enum Building {
    /// Set up and build.
    First,
    /// What was built before will do.
    Done,
}

/// Sets up, builds, and starts one of the two demonstrations.
pub(crate) fn start(place: &Place, arguments: &[String]) -> Outcome {
    let wish = read(arguments)?;
    if wish.building == Building::First {
        setup::for_building(place)?;
        build::screens(place)?;
        build::programs(place)?;
    }
    if wish.headless {
        let out = wish.out.unwrap_or_else(|| place.target.join("fengqiao").join("shift"));
        return story::play(place, &out, wish.residents);
    }
    shown::show(place, wish.residents, wish.making)
}

fn read(arguments: &[String]) -> Outcome<Wish> {
    let usage = || Failure::Usage(USAGE.to_owned());
    let mut wish =
        Wish { headless: false, out: None, residents: 10_000, making: Making::Once, building: Building::First };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--headless" => wish.headless = true,
            "--built" => wish.building = Building::Done,
            "--fresh" => wish.making = Making::Anew,
            "--out" => {
                wish.out = Some(std::path::absolute(rest.next().ok_or_else(usage)?).map_err(Failure::file("."))?)
            }
            "--residents" => {
                let number = rest.next().and_then(|number| number.parse().ok());
                wish.residents = number.ok_or_else(usage)?;
            }
            _ => return Err(usage()),
        }
    }
    Ok(wish)
}
