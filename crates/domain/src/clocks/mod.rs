//! Owns: legal and station deadlines: the table of the law, the clocks of a dispute, and whether a laptop's own clock can be trusted.
//! Must not know: tasks, screens. A clock informs and warns; it never refuses data.

mod clock;
mod dispute;
mod doubt;

pub use clock::{Clock, ClockState, Duty, SetBy};
pub use dispute::{DisputeClockFacts, dispute_clocks};
pub use doubt::{ClockDoubt, clock_doubt};

use crate::calendar::{Calendar, Counted};
use chrono::{Months, NaiveDate};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a length is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Months: the same day of a later month, or its last.
    Month,
    /// Years.
    Year,
}

/// Which days count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// Working days of the Chinese calendar.
    Working,
    /// Every day.
    Calendar,
}

/// How sure the entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verified {
    /// The text of the article was read.
    Yes,
    /// See the note.
    Partial,
}

/// One entry of the table of legal deadlines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LawClock {
    /// Stable id.
    pub id: String,
    /// What it is about, Chinese.
    pub matter_zh: String,
    /// The rule in a sentence, Chinese; for printed papers.
    pub rule_zh: String,
    /// Length; zero for a condition or event, none for a counting rule.
    pub length: Option<u32>,
    /// What the length is counted in.
    pub unit: Unit,
    /// Which days count.
    pub day_kind: DayKind,
    /// What starts it.
    pub start_event_zh: String,
    /// What ends it.
    pub end_event_zh: String,
    /// Law or rule and article.
    pub source: String,
    /// How sure the entry is.
    pub verified: Verified,
    /// `national` or the place where it holds.
    pub scope: String,
    /// Remark.
    pub note: String,
}

static LAW: LazyLock<BTreeMap<String, LawClock>> = LazyLock::new(|| read(include_str!("../../data/law/clocks.csv")).0);

/// The entry of an id.
#[must_use]
pub fn law_clock(id: &str) -> Option<&'static LawClock> {
    LAW.get(id)
}

/// All entries by id.
pub fn law_clocks() -> impl Iterator<Item = &'static LawClock> {
    LAW.values()
}

/// The last day of a term that starts on a day; the day itself is not counted (程序规定 art. 35, 民事诉讼法 art. 85).
/// Hours and unending terms give the day itself.
#[must_use]
pub fn due(calendar: &Calendar, from: NaiveDate, length: u32, unit: Unit, day_kind: DayKind) -> Counted {
    let shifted = match (unit, day_kind) {
        (Unit::Day, DayKind::Working) => return calendar.add_working_days(from, length),
        (Unit::Day, DayKind::Calendar) => from.checked_add_days(chrono::Days::new(u64::from(length))),
        (Unit::Month, DayKind::Working | DayKind::Calendar) => from.checked_add_months(Months::new(length)),
        (Unit::Year, DayKind::Working | DayKind::Calendar) => {
            from.checked_add_months(Months::new(length.saturating_mul(12)))
        }
        (Unit::Hour, DayKind::Working | DayKind::Calendar) => Some(from),
    };
    Counted {
        on: shifted.unwrap_or(from),
        // Calendar days need no holiday arrangement.
        coverage: crate::calendar::Coverage::Official,
    }
}

/// Reads the table; the second value holds the lines (from 1) that could not be taken.
fn read(csv: &str) -> (BTreeMap<String, LawClock>, Vec<u64>) {
    let mut found = BTreeMap::new();
    let mut bad = Vec::new();
    let mut line = 1_u64;
    for record in csv::Reader::from_reader(csv.as_bytes()).records() {
        line = line.saturating_add(1);
        match record.ok().as_ref().and_then(law_row) {
            Some(clock) => {
                found.insert(clock.id.clone(), clock);
            }
            None => bad.push(line),
        }
    }
    (found, bad)
}

fn law_row(record: &csv::StringRecord) -> Option<LawClock> {
    let text = |at: usize| record.get(at).map(str::to_owned);
    Some(LawClock {
        id: text(0)?,
        matter_zh: text(1)?,
        rule_zh: text(2)?,
        length: match record.get(3)? {
            "" => None,
            digits => Some(digits.parse().ok()?),
        },
        unit: match record.get(4)? {
            "hour" => Unit::Hour,
            "day" => Unit::Day,
            "month" => Unit::Month,
            "year" => Unit::Year,
            _ => return None,
        },
        day_kind: match record.get(5)? {
            "working" => DayKind::Working,
            "calendar" => DayKind::Calendar,
            _ => return None,
        },
        start_event_zh: text(6)?,
        end_event_zh: text(7)?,
        source: text(8)?,
        verified: match record.get(9)? {
            "yes" => Verified::Yes,
            "partial" => Verified::Partial,
            _ => return None,
        },
        scope: text(10)?,
        note: text(11)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_of_clocks_reads() {
        let csv = include_str!("../../data/law/clocks.csv");
        let (found, bad) = read(csv);
        assert_eq!(bad, Vec::<u64>::new());
        assert_eq!(found.len(), csv.lines().count() - 1);
    }

    #[test]
    fn terms_end_as_the_rules_say() {
        let calendar = Calendar::built_in();
        let on =
            |from: &str, length, unit, kind| due(calendar, from.parse().unwrap(), length, unit, kind).on.to_string();
        assert_eq!(on("2026-11-16", 3, Unit::Day, DayKind::Working), "2026-11-19");
        assert_eq!(on("2026-10-23", 30, Unit::Day, DayKind::Calendar), "2026-11-22");
        assert_eq!(on("2026-11-06", 1, Unit::Month, DayKind::Calendar), "2026-12-06");
        assert_eq!(on("2026-01-31", 1, Unit::Month, DayKind::Calendar), "2026-02-28");
        assert_eq!(on("2028-02-29", 1, Unit::Year, DayKind::Calendar), "2029-02-28");
    }
}
