//! Owns: Chinese working days: weekends, the yearly holiday arrangement with its make-up days, and which years are covered.
//! Must not know: what is counted (see `clocks`).

use crate::limits::WORKING_DAYS_MAX;
use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// How well a year is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// The yearly arrangement of the State Council office is in the data.
    Official,
    /// Only the legal festival days are known, not bridges and make-up days.
    StatutoryOnly,
    /// Nothing is known: only weekends are days off.
    WeekendsOnly,
}

/// What the arrangement says about one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A day off.
    Holiday,
    /// A weekend day that is worked.
    Workday,
}

/// A counted day and how well the days before it are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// The day.
    pub on: NaiveDate,
    /// The weakest coverage among the years passed.
    pub coverage: Coverage,
}

/// A holiday calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    days: BTreeMap<NaiveDate, (DayKind, String)>,
    years: BTreeMap<i32, Coverage>,
}

static BUILT_IN: LazyLock<Calendar> = LazyLock::new(|| {
    let (mut calendar, _) = Calendar::from_csv(include_str!("../data/calendar/holidays.csv"), Coverage::Official);
    let (statutory, _) =
        Calendar::from_csv(include_str!("../data/calendar/statutory_days_2027.csv"), Coverage::StatutoryOnly);
    calendar.add(statutory);
    calendar
});

impl Calendar {
    /// The calendar built into the product.
    #[must_use]
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Reads `date,kind,name` rows; the second value holds the lines (from 1) that could not be taken.
    #[must_use]
    pub fn from_csv(csv: &str, coverage: Coverage) -> (Self, Vec<u64>) {
        let mut calendar = Self { days: BTreeMap::new(), years: BTreeMap::new() };
        let mut bad = Vec::new();
        let mut line = 1_u64;
        for record in csv::Reader::from_reader(csv.as_bytes()).records() {
            line = line.saturating_add(1);
            match record.ok().as_ref().and_then(read_day) {
                Some((on, kind, name)) => {
                    calendar.years.insert(on.year(), coverage);
                    calendar.days.insert(on, (kind, name));
                }
                None => bad.push(line),
            }
        }
        (calendar, bad)
    }

    /// Adds the years of another calendar; a year known before is replaced as a whole only by a better or equal coverage.
    pub fn add(&mut self, other: Self) {
        let better: Vec<i32> = other
            .years
            .iter()
            .filter(|(year, coverage)| **coverage <= self.coverage(**year))
            .map(|(year, _)| *year)
            .collect();
        self.days.retain(|day, _| !better.contains(&day.year()));
        for (day, what) in other.days {
            if better.contains(&day.year()) {
                self.days.insert(day, what);
            }
        }
        for (year, coverage) in other.years {
            if better.contains(&year) {
                self.years.insert(year, coverage);
            }
        }
    }

    /// How well a year is known.
    #[must_use]
    pub fn coverage(&self, year: i32) -> Coverage {
        self.years.get(&year).copied().unwrap_or(Coverage::WeekendsOnly)
    }

    /// What the arrangement says about a day, with the name of the holiday; none for an ordinary day.
    #[must_use]
    pub fn special(&self, on: NaiveDate) -> Option<(DayKind, &str)> {
        self.days.get(&on).map(|(kind, name)| (*kind, name.as_str()))
    }

    /// Whether a day is worked.
    #[must_use]
    pub fn is_working_day(&self, on: NaiveDate) -> bool {
        match self.days.get(&on) {
            Some((DayKind::Holiday, _)) => false,
            Some((DayKind::Workday, _)) => true,
            None => !matches!(on.weekday(), Weekday::Sat | Weekday::Sun),
        }
    }

    /// The `count`-th working day after a day. The day itself is not counted (procedure rules for administrative cases art. 35);
    /// zero gives the day itself. At most [`WORKING_DAYS_MAX`] are counted.
    #[must_use]
    pub fn add_working_days(&self, from: NaiveDate, count: u32) -> Counted {
        let mut on = from;
        let mut coverage = self.coverage(from.year());
        let mut left = count.min(WORKING_DAYS_MAX);
        while left > 0 {
            let Some(next) = on.succ_opt() else { break };
            on = next;
            coverage = coverage.max(self.coverage(on.year()));
            if self.is_working_day(on) {
                left = left.saturating_sub(1);
            }
        }
        Counted { on, coverage }
    }

    /// The day itself if it is worked, else the first working day after it (a term ending on a day off ends then).
    #[must_use]
    pub fn working_day_from(&self, on: NaiveDate) -> Counted {
        let coverage = self.coverage(on.year());
        if self.is_working_day(on) {
            return Counted { on, coverage };
        }
        self.add_working_days(on, 1)
    }

    /// How many working days lie after `from` up to and including `to`; zero when `to` is not later.
    /// At most [`WORKING_DAYS_MAX`] days are looked at.
    #[must_use]
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> u32 {
        let days = from.iter_days().skip(1).take_while(|day| *day <= to);
        let worked = days
            .take(usize::try_from(WORKING_DAYS_MAX).unwrap_or(usize::MAX))
            .filter(|day| self.is_working_day(*day))
            .count();
        u32::try_from(worked).unwrap_or(WORKING_DAYS_MAX)
    }
}

fn read_day(record: &csv::StringRecord) -> Option<(NaiveDate, DayKind, String)> {
    let on = record.get(0)?.parse().ok()?;
    let kind = match record.get(1)? {
        "holiday" => DayKind::Holiday,
        "workday" => DayKind::Workday,
        _ => return None,
    };
    Some((on, kind, record.get(2)?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn every_row_of_the_calendar_files_reads() {
        let official = include_str!("../data/calendar/holidays.csv");
        let statutory = include_str!("../data/calendar/statutory_days_2027.csv");
        assert_eq!(Calendar::from_csv(official, Coverage::Official).1, Vec::<u64>::new());
        assert_eq!(Calendar::from_csv(statutory, Coverage::StatutoryOnly).1, Vec::<u64>::new());
        let days = official.lines().count() + statutory.lines().count() - 2;
        assert_eq!(Calendar::built_in().days.len(), days);
    }

    #[test]
    fn working_days_follow_the_yearly_arrangement() {
        let calendar = Calendar::built_in();
        for (on, worked) in [
            ("2026-11-20", true),
            ("2026-11-21", false),
            ("2026-10-01", false),
            ("2026-10-10", true),
            ("2026-02-14", true),
            ("2027-02-08", false),
            ("2028-10-02", true),
        ] {
            assert_eq!(calendar.is_working_day(day(on)), worked, "{on}");
        }
    }

    #[test]
    fn terms_of_working_days_are_counted_from_the_day_after() {
        let calendar = Calendar::built_in();
        for (from, count, to) in [
            ("2026-11-16", 3, "2026-11-19"),
            ("2026-11-11", 7, "2026-11-20"),
            ("2026-09-30", 3, "2026-10-10"),
            ("2026-11-21", 0, "2026-11-21"),
        ] {
            assert_eq!(calendar.add_working_days(day(from), count).on, day(to), "{from}");
        }
        assert_eq!(calendar.working_day_from(day("2026-11-22")).on, day("2026-11-23"));
        assert_eq!(calendar.working_day_from(day("2026-11-23")).on, day("2026-11-23"));
    }

    #[test]
    fn uncovered_years_are_flagged() {
        let calendar = Calendar::built_in();
        let coverage = |from: &str, count| calendar.add_working_days(day(from), count).coverage;
        assert_eq!(coverage("2026-11-16", 3), Coverage::Official);
        assert_eq!(coverage("2026-12-30", 7), Coverage::StatutoryOnly);
        assert_eq!(coverage("2027-12-30", 7), Coverage::WeekendsOnly);
        assert_eq!(coverage("2023-05-01", 1), Coverage::WeekendsOnly);
    }

    #[test]
    fn an_official_year_replaces_a_computed_one_and_never_the_other_way() {
        let mut calendar = Calendar::built_in().clone();
        let (official, _) = Calendar::from_csv("date,kind,name\n2027-01-02,holiday,元旦\n", Coverage::Official);
        calendar.add(official.clone());
        assert_eq!(calendar.coverage(2027), Coverage::Official);
        assert!(calendar.is_working_day(day("2027-01-01")));
        let (computed, _) = Calendar::from_csv("date,kind,name\n2027-01-01,holiday,元旦\n", Coverage::StatutoryOnly);
        calendar.add(computed);
        assert_eq!(calendar.coverage(2027), Coverage::Official);
        assert!(calendar.is_working_day(day("2027-01-01")));
    }

    fn any_day() -> impl Strategy<Value = NaiveDate> {
        (0_i64..2_200).prop_map(|days| day("2023-06-01") + chrono::Duration::days(days))
    }

    proptest! {
        #[test]
        fn the_nth_working_day_is_worked_and_has_n_before_it(from in any_day(), count in 1_u32..40) {
            let calendar = Calendar::built_in();
            let to = calendar.add_working_days(from, count).on;
            prop_assert!(calendar.is_working_day(to));
            prop_assert_eq!(calendar.working_days_between(from, to), count);
        }

        #[test]
        fn counting_in_two_steps_is_counting_once(from in any_day(), a in 0_u32..20, b in 0_u32..20) {
            let calendar = Calendar::built_in();
            let middle = calendar.add_working_days(from, a).on;
            prop_assert_eq!(
                calendar.add_working_days(middle, b).on,
                calendar.add_working_days(from, a + b).on
            );
        }

        #[test]
        fn a_later_start_never_ends_earlier(from in any_day(), later in 0_i64..30, count in 0_u32..20) {
            let calendar = Calendar::built_in();
            let other = from + chrono::Duration::days(later);
            prop_assert!(calendar.add_working_days(other, count).on >= calendar.add_working_days(from, count).on);
        }
    }
}
