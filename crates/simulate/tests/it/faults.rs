//! Laptops and a station through faults in virtual time.

use simulate::faults::{Bug, Story, World};

const SEEDS: u64 = 20;

#[test]
fn whatever_happens_nothing_saved_is_lost_and_laptops_of_one_beat_hold_the_same() {
    let mut sum = Story::default();
    for seed in 1..=SEEDS {
        let story = World::new(seed).unwrap().live().unwrap_or_else(|broken| panic!("seed {seed}: {broken}"));
        sum.add(story);
    }
    // The faults were real: otherwise this test promises nothing.
    assert!(sum.crashes > SEEDS && sum.failures > SEEDS && sum.writes > 10 * SEEDS, "{sum:?}");
    assert!(sum.power_cuts > 0 && sum.late_forms > 0 && sum.conflicts > 0 && sum.decisions > 0, "{sum:?}");
    assert!(sum.moves > 0 && sum.erasures > 0, "{sum:?}");
}

#[test]
fn the_same_seed_lives_the_same_life() {
    let live = || World::new(5).unwrap().live().unwrap();
    assert_eq!(live(), live());
}

#[test]
fn work_called_saved_that_a_crash_takes_away_is_noticed() {
    let noticed = (1..=5).any(|seed| World::with(seed, Bug::ForgetsOnCrash).unwrap().live().is_err());
    assert!(noticed);
}
