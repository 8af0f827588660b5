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
    assert!(sum.walked > 4 * SEEDS, "{sum:?}");
    assert!(sum.moved > SEEDS / 4 && sum.erased > 0, "{sum:?}");
}

#[test]
fn the_same_seed_lives_the_same_life() {
    let (one, two) = (World::new(5, Bug::None).live().unwrap(), World::new(5, Bug::None).live().unwrap());
    assert_eq!(format!("{one:?}"), format!("{two:?}"));
}

/// A planted fault breaks one of these promises in some life.
fn noticed(bug: Bug, promises: &[&str]) {
    let broken = |seed| World::new(seed, bug).live().err();
    let kept = |broken: &String| promises.iter().any(|promise| broken.contains(promise));
    assert!((0..SEEDS).filter_map(broken).any(|broken| kept(&broken)), "{bug:?} went unnoticed in {SEEDS} seeds");
}

#[test]
fn an_answer_given_before_the_commit_is_noticed() {
    noticed(Bug::Station(StationBug::AnswerBeforeCommit), &["receipt without its data"]);
}

#[test]
fn an_entry_left_out_of_the_log_is_noticed() {
    noticed(Bug::Station(StationBug::ForgetsToLog), &["neither logged nor refused", "half of"]);
}

#[test]
fn a_cursor_that_moves_without_its_entries_is_noticed() {
    noticed(Bug::Laptop(LaptopBug::CursorWithoutEntries), &["holds another log"]);
}

#[test]
fn work_called_saved_that_a_crash_takes_away_is_noticed() {
    noticed(Bug::Laptop(LaptopBug::ForgetsOnCrash), &["receipt without its data", "is gone", "lacks changes"]);
}

#[test]
fn frames_taken_before_the_common_ground_is_found_are_noticed() {
    noticed(Bug::Station(StationBug::FramesWhileUnknown), &["work was refused that was good"]);
}

#[test]
fn what_is_given_back_twice_is_noticed() {
    noticed(Bug::Station(StationBug::DoublesGivenBack), &["an entry is twice in"]);
}

#[test]
fn what_is_given_back_and_not_logged_is_noticed() {
    noticed(Bug::Station(StationBug::ForgetsGivenBack), &["neither logged nor refused", "differs", "lacks changes"]);
}

#[test]
fn an_actor_used_again_after_a_disk_was_set_back_is_noticed() {
    noticed(Bug::Laptop(LaptopBug::ReusesActor), &["work was refused that was good: ActorNumberTaken"]);
}

#[test]
fn a_successor_that_carries_nothing_over_is_noticed() {
    noticed(Bug::Laptop(LaptopBug::CarriesNothing), &["that a laptop held is gone"]);
}

#[test]
fn a_copy_that_writes_on_in_a_lane_it_was_told_is_not_its_own_is_frozen() {
    noticed(Bug::Laptop(LaptopBug::NeverSucceeds), &["is frozen"]);
}

#[test]
fn a_laptop_that_gives_nothing_back_is_noticed() {
    noticed(Bug::Laptop(LaptopBug::GivesNothingBack), &["that a laptop held is gone", "lacks changes"]);
}

#[test]
fn a_document_that_is_called_sent_and_was_not_is_noticed() {
    noticed(Bug::Station(StationBug::ForgetsWhole), &["half of", "began again"]);
}

#[test]
fn a_first_sync_taken_for_finished_too_early_is_noticed() {
    noticed(Bug::Laptop(LaptopBug::DropsBacklogEarly), &["another log"]);
}

#[test]
fn what_makes_a_document_whole_thrown_away_is_noticed() {
    noticed(Bug::Laptop(LaptopBug::ForgetsWhole), &["half of", "began again"]);
}
