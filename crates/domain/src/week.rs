//! Owns: ISO weeks and other report periods in station-local time (UTC+8).
//! Must not know: what is counted in a period.

use chrono::{DateTime, Datelike, Duration, FixedOffset, IsoWeek as ChronoWeek, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// China has one time zone without summer time since 1991.
const STATION_OFFSET_MS: i64 = 8 * 60 * 60 * 1_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// The station-local day of an instant in UTC milliseconds. Instants outside the calendar give its first or last day.
#[must_use]
pub fn on_date(at_ms: i64) -> NaiveDate {
    let local = at_ms.saturating_add(STATION_OFFSET_MS);
    DateTime::from_timestamp_millis(local)
        .map_or(if at_ms < 0 { NaiveDate::MIN } else { NaiveDate::MAX }, |instant| instant.date_naive())
}

/// The instant a station-local day begins, in UTC milliseconds.
#[must_use]
pub fn start_of_day_ms(on: NaiveDate) -> i64 {
    let days = on.signed_duration_since(NaiveDate::default()).num_days();
    days.saturating_mul(DAY_MS).saturating_sub(STATION_OFFSET_MS)
}

/// The station-local date and time of an instant, for texts and exports; none outside the calendar.
#[must_use]
pub fn local_time(at_ms: i64) -> Option<DateTime<FixedOffset>> {
    let offset = FixedOffset::east_opt(8 * 3_600)?;
    DateTime::from_timestamp_millis(at_ms).map(|instant| instant.with_timezone(&offset))
}

/// A stretch of whole station-local days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    pub from_on: NaiveDate,
    /// Last day, included.
    pub to_on: NaiveDate,
}

impl Period {
    /// The days from the first to the last, both included; none when the last is before the first.
    #[must_use]
    pub fn days(from_on: NaiveDate, to_on: NaiveDate) -> Option<Self> {
        (from_on <= to_on).then_some(Self { from_on, to_on })
    }

    /// A calendar month; none when there is no such month.
    #[must_use]
    pub fn month(year: i32, month: u32) -> Option<Self> {
        let from_on = NaiveDate::from_ymd_opt(year, month, 1)?;
        let to_on = from_on.checked_add_months(chrono::Months::new(1))?.pred_opt()?;
        Some(Self { from_on, to_on })
    }

    /// The first instant, UTC milliseconds.
    #[must_use]
    pub fn from_at_ms(self) -> i64 {
        start_of_day_ms(self.from_on)
    }

    /// The first instant after the period, UTC milliseconds.
    #[must_use]
    pub fn to_at_ms(self) -> i64 {
        start_of_day_ms(self.to_on).saturating_add(DAY_MS)
    }

    /// Whether an instant lies within.
    #[must_use]
    pub fn contains(self, at_ms: i64) -> bool {
        (self.from_at_ms()..self.to_at_ms()).contains(&at_ms)
    }

    /// Whether a day lies within.
    #[must_use]
    pub fn contains_day(self, on: NaiveDate) -> bool {
        (self.from_on..=self.to_on).contains(&on)
    }
}

/// An ISO 8601 week, Monday to Sunday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IsoWeek {
    monday: NaiveDate,
}

/// The text is no week of the form `2026-W46`, or that year has no such week.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no ISO week")]
pub struct NotAWeek(pub String);

impl IsoWeek {
    /// The week of a year and number (1 to 52 or 53); none when the year has no such week.
    #[must_use]
    pub fn new(year: i32, week: u32) -> Option<Self> {
        let monday = NaiveDate::from_isoywd_opt(year, week, Weekday::Mon)?;
        Some(Self { monday })
    }

    /// The week a day lies in.
    #[must_use]
    pub fn of(on: NaiveDate) -> Self {
        let back = i64::from(on.weekday().num_days_from_monday());
        let monday = on.checked_sub_signed(Duration::days(back)).unwrap_or(on);
        Self { monday }
    }

    /// The week an instant lies in, station-local.
    #[must_use]
    pub fn at(at_ms: i64) -> Self {
        Self::of(on_date(at_ms))
    }

    fn iso(self) -> ChronoWeek {
        self.monday.iso_week()
    }

    /// The ISO year: that of the Thursday.
    #[must_use]
    pub fn year(self) -> i32 {
        self.iso().year()
    }

    /// The number of the week, from 1.
    #[must_use]
    pub fn week(self) -> u32 {
        self.iso().week()
    }

    /// The Monday.
    #[must_use]
    pub const fn monday(self) -> NaiveDate {
        self.monday
    }

    /// The Sunday.
    #[must_use]
    pub fn sunday(self) -> NaiveDate {
        self.shifted(6)
    }

    fn shifted(self, days: i64) -> NaiveDate {
        self.monday.checked_add_signed(Duration::days(days)).unwrap_or(self.monday)
    }

    /// The days of the week.
    #[must_use]
    pub fn period(self) -> Period {
        Period { from_on: self.monday, to_on: self.sunday() }
    }

    /// The week as `[from_at_ms, to_at_ms)` in UTC milliseconds.
    #[must_use]
    pub fn range_ms(self) -> (i64, i64) {
        (self.period().from_at_ms(), self.period().to_at_ms())
    }

    /// The week before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self { monday: self.shifted(-7) }
    }

    /// The week after.
    #[must_use]
    pub fn next(self) -> Self {
        Self { monday: self.shifted(7) }
    }

    /// The week of the same number a year earlier (同比); week 53 of a year whose predecessor has 52 gives its week 52.
    #[must_use]
    pub fn year_before(self) -> Self {
        let year = self.year().saturating_sub(1);
        Self::new(year, self.week()).or_else(|| Self::new(year, 52)).unwrap_or(self)
    }
}

/// The ISO form, `2026-W46`: also the label of the week in files and lists.
impl fmt::Display for IsoWeek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-W{:02}", self.year(), self.week())
    }
}

impl FromStr for IsoWeek {
    type Err = NotAWeek;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (year, week) = text.split_once("-W")?;
            if year.len() != 4 || week.len() != 2 {
                return None;
            }
            Self::new(year.parse().ok()?, week.parse().ok()?)
        };
        read().ok_or_else(|| NotAWeek(text.to_owned()))
    }
}

impl TryFrom<String> for IsoWeek {
    type Error = NotAWeek;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<IsoWeek> for String {
    fn from(week: IsoWeek) -> Self {
        week.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn week(text: &str) -> IsoWeek {
        text.parse().unwrap()
    }

    #[test]
    fn week_46_of_2026_runs_from_the_ninth_to_the_fifteenth_of_november() {
        let found = week("2026-W46");
        assert_eq!(found.monday().to_string(), "2026-11-09");
        assert_eq!(found.sunday().to_string(), "2026-11-15");
        // 2026-11-08 16:00 UTC is Monday midnight at the station.
        assert_eq!(found.range_ms().0, 1_794_153_600_000);
        assert_eq!(on_date(found.range_ms().0).to_string(), "2026-11-09");
        assert_eq!(on_date(found.range_ms().0 - 1).to_string(), "2026-11-08");
        assert!(found.period().contains(found.range_ms().0) && !found.period().contains(found.range_ms().1));
        assert!(found.period().contains_day(found.sunday()) && !found.period().contains_day(found.next().monday()));
        assert_eq!(found.previous().to_string(), "2026-W45");
        assert_eq!(found.year_before().to_string(), "2025-W46");
    }

    #[test]
    fn years_with_53_weeks_are_known() {
        assert_eq!(week("2026-W53").next().to_string(), "2027-W01");
        assert_eq!(week("2026-W53").year_before().to_string(), "2025-W52");
        assert_eq!(IsoWeek::new(2025, 53), None);
        assert_eq!(IsoWeek::of("2027-01-03".parse().unwrap()).to_string(), "2026-W53");
        for wrong in ["2026-W00", "2026-W54", "2026W46", "26-W46", "2026-W4", "", "2025-W53"] {
            assert!(wrong.parse::<IsoWeek>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_month_ends_on_its_last_day() {
        let february = Period::month(2028, 2).unwrap();
        assert_eq!(february.to_on.to_string(), "2028-02-29");
        assert_eq!(Period::month(2026, 13), None);
    }

    #[test]
    fn instants_far_outside_the_calendar_do_not_crash() {
        let _ = (on_date(i64::MAX), on_date(i64::MIN), IsoWeek::at(i64::MAX), IsoWeek::at(i64::MIN));
        let _ = (IsoWeek::at(i64::MAX).next().range_ms(), IsoWeek::at(i64::MIN).year_before().range_ms());
    }

    proptest! {
        #[test]
        fn weeks_follow_each_other_without_gap(at in -2_000_000_000_000_i64..8_000_000_000_000) {
            let found = IsoWeek::at(at);
            let (from, to) = found.range_ms();
            prop_assert!((from..to).contains(&at));
            prop_assert_eq!(to - from, 7 * DAY_MS);
            prop_assert_eq!(found.previous().range_ms().1, from);
            prop_assert_eq!(found.next().previous(), found);
            prop_assert_eq!(found.to_string().parse(), Ok(found));
            prop_assert_eq!(IsoWeek::new(found.year(), found.week()), Some(found));
            prop_assert_eq!(found.year_before().year(), found.year() - 1);
        }

        #[test]
        fn a_day_begins_when_the_day_before_ends(at in -2_000_000_000_000_i64..8_000_000_000_000) {
            let on = on_date(at);
            prop_assert!(start_of_day_ms(on) <= at);
            prop_assert!(start_of_day_ms(on.succ_opt().unwrap()) > at);
            prop_assert_eq!(local_time(at).unwrap().date_naive(), on);
        }
    }
}
