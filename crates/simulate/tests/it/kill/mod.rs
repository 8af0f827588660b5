//! The real programs ended at every failpoint, at the first time they reach it and at later ones, as kill -9 ends them.
//! After each: what was acknowledged is there, nothing is there twice, no queue is stuck, and the views are what the log says.

mod laptop_deeds;
mod plan;
mod station_deeds;
mod town;

use failpoint::{Point, Program};
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use plan::Strike;
use town::Town;

/// Kills of one town; then another is founded, so that long lists do not slow the rest.
const KILLS_OF_A_TOWN: u64 = 150;
/// Later times a place is passed are chosen up to this.
const HITS_MAX: u64 = 5;
/// Kills after which everything is checked, views included.
const CHECK_EVERY: usize = 12;

fn kills() -> u64 {
    std::env::var("FENGQIAO_PROOF_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(70)
}

/// Every point once at its first time, then points at random at any time, until there were enough kills.
fn strikes(program: Program, kills: u64, seed: u64) {
    let points: Vec<Point> = Point::ALL.iter().copied().filter(|point| point.program() == program).collect();
    let cheap: Vec<Point> = points.iter().copied().filter(|point| plan::is_cheap(*point)).collect();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut town = Town::found();
    let (mut done, mut of_town, mut tried) = (0, 0, 0);
    while done < kills {
        let strike = match points.get(tried) {
            Some(point) => Strike { point: *point, hit: 1 },
            None => Strike { point: *cheap.choose(&mut rng).unwrap(), hit: rng.random_range(1..=HITS_MAX) },
        };
        let died = plan::carry_out(&mut town, strike);
        assert!(died || strike.hit > 1, "{strike:?} is never reached: a place without a deed");
        tried += 1;
        done += u64::from(died);
        of_town += u64::from(died);
        if tried.is_multiple_of(CHECK_EVERY) {
            town.check_all();
        }
        if of_town >= KILLS_OF_A_TOWN {
            town.check_all();
            (town, of_town) = (Town::found(), 0);
        }
    }
    town.check_all();
    println!("{program:?}: {done} kills at {} places, {tried} tried", points.len());
}

#[test]
fn a_laptop_killed_at_any_place_loses_nothing_and_doubles_nothing() {
    strikes(Program::Laptop, kills() / 2, 21);
}

#[test]
fn a_station_killed_at_any_place_loses_nothing_and_doubles_nothing() {
    strikes(Program::Station, kills() / 2, 22);
}
