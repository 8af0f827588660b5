//! Laptops that met hold the same, whatever the line, the disks and the clocks do; and the simulation would notice if not.

use crate::kit::station::StationBug;
use crate::sim::laptop::LaptopBug;
use crate::sim::world::{Bug, Story, World};

const SEEDS: u64 = 500;

/// Seeds are lived side by side, on as many cores as a small machine has.
const PARTS: u64 = 4;

#[test]
fn whatever_happens_laptops_that_met_hold_the_same_and_every_queue_is_empty() {
    let part = |first: u64| {
        let live = |seed| World::new(seed, Bug::None).live().unwrap_or_else(|broken| panic!("seed {seed}: {broken}"));
        (first..SEEDS).step_by(PARTS as usize).map(live).fold(Story::default(), Story::and)
    };
    let sum = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..PARTS).map(|first| scope.spawn(move || part(first))).collect();
        parts.into_iter().map(|part| part.join().unwrap()).fold(Story::default(), Story::and)
    });
    // The faults were real: otherwise this test promises nothing.
    assert!(sum.crashes > SEEDS && sum.refused > SEEDS && sum.failures > SEEDS, "{sum:?}");
    assert!(sum.set_back > SEEDS / 8 && sum.given_back > SEEDS && sum.succeeded > SEEDS / 8, "{sum:?}");
    assert!(sum.destroyed > SEEDS / 10 && sum.branched > 0, "{sum:?}");
    assert!(sum.moved > SEEDS / 4 && sum.erased > 0, "{sum:?}");
}

#[test]
fn the_same_seed_lives_the_same_life() {
    let (one, two) = (World::new(5, Bug::None).live().unwrap(), World::new(5, Bug::None).live().unwrap());
    assert_eq!(format!("{one:?}"), format!("{two:?}"));
}

fn noticed(bug: Bug) -> String {
    (0..SEEDS)
        .find_map(|seed| World::new(seed, bug).live().err())
        .unwrap_or_else(|| panic!("{bug:?} went unnoticed in {SEEDS} seeds"))
}

#[test]
fn an_answer_given_before_the_commit_is_noticed() {
    let broken = noticed(Bug::Station(StationBug::AnswerBeforeCommit));
    assert!(broken.contains("receipt without its data"), "{broken}");
}

#[test]
fn an_entry_left_out_of_the_log_is_noticed() {
    let broken = noticed(Bug::Station(StationBug::ForgetsToLog));
    assert!(broken.contains("neither logged nor refused"), "{broken}");
}

#[test]
fn a_cursor_that_moves_without_its_entries_is_noticed() {
    let broken = noticed(Bug::Laptop(LaptopBug::CursorWithoutEntries));
    assert!(broken.contains("another log") || broken.contains("lacks") || broken.contains("differs"), "{broken}");
}

#[test]
fn work_called_saved_that_a_crash_takes_away_is_noticed() {
    let broken = noticed(Bug::Laptop(LaptopBug::ForgetsOnCrash));
    assert!(
        ["receipt without its data", "LaneForked", "is gone", "differs", "lacks changes"]
            .iter()
            .any(|word| broken.contains(word)),
        "{broken}"
    );
}

#[test]
fn frames_taken_before_the_common_ground_is_found_are_noticed() {
    noticed(Bug::Station(StationBug::FramesWhileUnknown));
}

#[test]
fn what_is_given_back_twice_is_noticed() {
    noticed(Bug::Station(StationBug::DoublesGivenBack));
}

#[test]
fn what_is_given_back_and_not_logged_is_noticed() {
    noticed(Bug::Station(StationBug::ForgetsGivenBack));
}

#[test]
fn an_actor_used_again_after_a_disk_was_set_back_is_noticed() {
    noticed(Bug::Laptop(LaptopBug::ReusesActor));
}

#[test]
fn a_successor_that_carries_nothing_over_is_noticed() {
    noticed(Bug::Laptop(LaptopBug::CarriesNothing));
}

#[test]
fn a_laptop_that_gives_nothing_back_is_noticed() {
    noticed(Bug::Laptop(LaptopBug::GivesNothingBack));
}
