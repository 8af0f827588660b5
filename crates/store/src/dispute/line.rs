//! A clock as the view keeps it. Owns its written form; how it stands on a day is for the reader to say.

use chrono::NaiveDate;
use domain::clocks::{Clock, DayKind, SetBy, Unit};
use serde::{Deserialize, Serialize};

/// The clock of a dispute that ends first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockLine {
    /// Id of the clock, see `domain::clocks`.
    pub id: String,
    /// Set by law, else by the station.
    pub by_law: bool,
    /// Article, Chinese; empty for the station's own.
    pub article: String,
    /// How long it runs.
    pub length: u32,
    /// `hour`, `day`, `working_day`, `month`, `year`.
    pub unit: String,
    /// Day it started.
    pub starts_on: Option<NaiveDate>,
    /// Day it ends.
    pub due_on: Option<NaiveDate>,
}

impl ClockLine {
    /// What the view keeps of a clock.
    #[must_use]
    pub fn of(clock: &Clock) -> Self {
        Self {
            id: clock.id.to_owned(),
            by_law: clock.set_by == SetBy::Law,
            article: clock.article.clone(),
            length: clock.length,
            unit: unit(clock.unit, clock.day_kind).to_owned(),
            starts_on: clock.starts_on,
            due_on: clock.due_on,
        }
    }
}

/// The code of a unit.
#[must_use]
pub const fn unit(unit: Unit, day_kind: DayKind) -> &'static str {
    match (unit, day_kind) {
        (Unit::Hour, DayKind::Working | DayKind::Calendar) => "hour",
        (Unit::Day, DayKind::Working) => "working_day",
        (Unit::Day, DayKind::Calendar) => "day",
        (Unit::Month, DayKind::Working | DayKind::Calendar) => "month",
        (Unit::Year, DayKind::Working | DayKind::Calendar) => "year",
    }
}
