//! Years of work on a made-up station, week by week, through the commands the screens call: visits, patrols, disputes in
//! every stage, mediators, and now and then two officers who wrote the same field without knowing of each other. Owns how
//! much happens when; must not know SQL or how laptops and station talk.

mod case;
mod case_plan;
mod differences;
mod mediators;
mod patrol;
mod visit;
mod worker;

use chrono::{Datelike as _, Days, NaiveDate};
use domain::week::{on_date, start_of_day_ms};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use station::Station;

use crate::SimulateError;
use crate::laptop::Laptop;
use crate::phrases::Phrases;
use crate::town::{CellPlan, Town};
use worker::Worker;

/// An hour in milliseconds.
const HOUR_MS: i64 = 3_600_000;
/// Laptops of beat officers meet the station at the end of every second week, and of each of the last ones.
const SYNC_EVERY_WEEKS: u32 = 2;
/// The chief's laptop meets it so often.
const CHIEF_SYNC_EVERY_WEEKS: u32 = 8;
/// The last weeks are synced one by one.
const LAST_WEEKS: u32 = 3;

/// How much happens in the whole time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// Visits.
    pub visits: u32,
    /// Patrols.
    pub patrols: u32,
    /// Disputes.
    pub disputes: u32,
    /// Weeks.
    pub weeks: u32,
}

impl Sizes {
    /// Two years of work of an officer's beat: 10,000 residents make 3,000 visits, 400 patrols, 150 disputes.
    #[must_use]
    pub fn for_residents(residents: usize) -> Self {
        Self::over_weeks(residents, 104)
    }

    /// The same density over another time.
    #[must_use]
    pub fn over_weeks(residents: usize, weeks: u32) -> Self {
        let residents = u32::try_from(residents).unwrap_or(u32::MAX);
        // however small the station, no kind of work is missing
        let share = |per_10k: u32, at_least_a_week: u32| -> u32 {
            let all = u64::from(residents) * u64::from(per_10k) * u64::from(weeks) / (10_000 * 104);
            u32::try_from(all).unwrap_or(u32::MAX).max(at_least_a_week.saturating_mul(weeks))
        };
        Self { visits: share(3_000, 4), patrols: share(400, 1), disputes: share(150, 1), weeks }
    }
}

/// A laptop at work.
pub struct Beat<'a> {
    /// The laptop.
    pub laptop: &'a Laptop,
    /// The officer's name, as crews list it.
    pub officer: &'a str,
    /// His cells.
    pub cells: &'a [CellPlan],
    /// His part of the work, in thousandths of [`Sizes`].
    pub share: u32,
}

/// Who works, and for how long.
pub struct Life<'a> {
    /// Everything follows from it.
    pub seed: u64,
    /// How much.
    pub sizes: Sizes,
    /// The last moment.
    pub until_ms: i64,
    /// Laptops at work. The first two may share cells; then they also differ in opinion.
    pub beats: Vec<Beat<'a>>,
    /// The chief's laptop, which keeps the register of mediators.
    pub chief: Option<&'a Laptop>,
    /// Where they meet; none for a laptop that stays alone.
    pub station: Option<&'a Station>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Lived {
    /// Visits recorded.
    pub visits: u64,
    /// Patrols logged.
    pub patrols: u64,
    /// Disputes opened.
    pub disputes: u64,
    /// Steps of disputes taken.
    pub steps: u64,
    /// Mediators registered.
    pub mediators: u64,
    /// Fields two officers wrote without knowing of each other.
    pub conflicts: u64,
    /// Of these, settled.
    pub settled: u64,
}

/// The Monday the life begins with.
#[must_use]
pub fn first_monday(until_ms: i64, weeks: u32) -> NaiveDate {
    let today = on_date(until_ms);
    let monday = today - Days::new(u64::from(today.weekday().num_days_from_monday()));
    monday - Days::new(7 * u64::from(weeks.saturating_sub(1)))
}

impl Life<'_> {
    /// Works through all weeks.
    ///
    /// # Errors
    /// Those of the commands and of the exchanges.
    pub fn live(&self) -> Result<Lived, SimulateError> {
        let phrases = Phrases::load()?;
        let begin = first_monday(self.until_ms, self.sizes.weeks);
        let mut lived = Lived::default();
        let register = self.chief.or_else(|| self.beats.first().map(|beat| beat.laptop));
        let Some(register) = register else { return Ok(lived) };
        register.host.set_ms(start_of_day_ms(begin) + 2 * HOUR_MS);
        let town = Town::built_in()?;
        lived.mediators = mediators::register(register, self.seed, &town)?;
        self.meet_all(register, start_of_day_ms(begin) + 3 * HOUR_MS)?;
        let mut workers = Vec::new();
        for (beat, number) in self.beats.iter().zip(1_u64..) {
            let rng = ChaCha8Rng::seed_from_u64(self.seed.wrapping_mul(31).wrapping_add(number));
            workers.push(Worker::new(beat, rng, self.sizes, self.until_ms, &phrases)?);
        }
        let weights = busy(self.seed, begin, self.sizes.weeks);
        for (week, weight) in (0..self.sizes.weeks).zip(weights) {
            let monday = begin + Days::new(7 * u64::from(week));
            // the last hours are for what two officers write apart
            let last_ms = (self.until_ms - 2 * HOUR_MS).max(start_of_day_ms(monday) + HOUR_MS / 60);
            let until_ms = last_ms.min(start_of_day_ms(monday + Days::new(7)) - 2 * HOUR_MS);
            std::thread::scope(|scope| {
                let at_work: Vec<_> =
                    workers.iter_mut().map(|one| scope.spawn(move || one.week(monday, until_ms, weight))).collect();
                let ended = at_work.into_iter().map(|one| {
                    one.join().unwrap_or(Err(SimulateError::Broken { what: "a worker's thread died".to_owned() }))
                });
                ended.collect::<Result<Vec<()>, _>>()
            })?;
            self.end_of_week(week, until_ms)?;
        }
        for worker in &workers {
            worker.count(&mut lived);
        }
        self.differ(&mut lived)?;
        Ok(lived)
    }

    /// The laptops whose turn it is meet the station.
    fn end_of_week(&self, week: u32, until_ms: i64) -> Result<(), SimulateError> {
        let Some(station) = self.station else { return Ok(()) };
        let number = week + 1;
        let last = number + LAST_WEEKS > self.sizes.weeks;
        if last || number.is_multiple_of(SYNC_EVERY_WEEKS) {
            for beat in &self.beats {
                beat.laptop.host.set_ms(until_ms);
                beat.laptop.sync(station)?;
            }
        }
        if let Some(chief) = self.chief.filter(|_| last || number.is_multiple_of(CHIEF_SYNC_EVERY_WEEKS)) {
            chief.host.set_ms(until_ms);
            chief.sync(station)?;
        }
        Ok(())
    }

    /// Everybody gets what the register's keeper wrote.
    fn meet_all(&self, first: &Laptop, at_ms: i64) -> Result<(), SimulateError> {
        let Some(station) = self.station else { return Ok(()) };
        first.host.set_ms(at_ms);
        first.sync(station)?;
        for beat in &self.beats {
            beat.laptop.host.set_ms(at_ms);
            beat.laptop.sync(station)?;
        }
        Ok(())
    }

    /// The first two officers write the same fields apart, meet, and settle some of it.
    fn differ(&self, lived: &mut Lived) -> Result<(), SimulateError> {
        let (Some(station), [first, second, ..]) = (self.station, self.beats.as_slice()) else { return Ok(()) };
        if first.cells != second.cells {
            return Ok(());
        }
        let all: Vec<&Laptop> = self.beats.iter().map(|beat| beat.laptop).chain(self.chief).collect();
        for laptop in &all {
            laptop.sync(station)?;
        }
        let found = differences::write(first.laptop, second.laptop, self.until_ms)?;
        lived.conflicts = found.conflicts;
        all_meet(&all, station, self.until_ms - HOUR_MS / 6)?;
        lived.settled = differences::settle(first.laptop, &found)?;
        all_meet(&all, station, self.until_ms)
    }
}

/// Twice: what the first round brings to the station, the second brings to the others.
fn all_meet(all: &[&Laptop], station: &Station, at_ms: i64) -> Result<(), SimulateError> {
    for laptop in all.iter().chain(all) {
        laptop.host.set_ms(at_ms);
        laptop.sync(station)?;
    }
    Ok(())
}

/// How busy each week is, in thousandths of a mean week: few people at home in the hot month, many visits before the
/// Spring Festival, and chance.
fn busy(seed: u64, begin: NaiveDate, weeks: u32) -> Vec<u32> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0xB_0517);
    (0..weeks)
        .map(|week| {
            let monday = begin + Days::new(7 * u64::from(week));
            let season = match monday.month() {
                1 | 12 => 1_350,
                2 => 650,
                7 | 8 => 750,
                10 => 850,
                _ => 1_050,
            };
            season * rng.random_range(600..1_400_u32) / 1_000
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_officers_beat_of_ten_thousand_makes_two_years_of_work() {
        let sizes = Sizes::for_residents(10_000);
        assert_eq!((sizes.visits, sizes.patrols, sizes.disputes, sizes.weeks), (3_000, 400, 150, 104));
    }

    #[test]
    fn the_last_week_is_the_week_of_the_last_moment() {
        let saturday = start_of_day_ms(NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()) + HOUR_MS;
        assert_eq!(first_monday(saturday, 1), NaiveDate::from_ymd_opt(2026, 11, 16).unwrap());
        assert_eq!(first_monday(saturday, 104), NaiveDate::from_ymd_opt(2024, 11, 25).unwrap());
    }

    #[test]
    fn some_weeks_are_busier_than_others_and_no_week_is_empty() {
        let weights = busy(3, NaiveDate::from_ymd_opt(2024, 11, 25).unwrap(), 104);
        assert!(weights.iter().all(|weight| *weight > 0));
        assert!(weights.iter().max() > weights.iter().min().map(|least| least * 2).as_ref());
    }
}
