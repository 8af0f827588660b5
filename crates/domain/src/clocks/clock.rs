//! Owns: one running deadline as the screens show it.
//! Must not know: what it is about (see `dispute`).

use super::{DayKind, Unit, Verified};
use crate::calendar::Coverage;
use chrono::NaiveDate;
use serde::Serialize;

/// Who sets a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SetBy {
    /// A law or rule; see the article.
    Law,
    /// The station.
    Station,
}

/// Whether missing it is a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// It must be met.
    Must,
    /// The parties may use it.
    May,
}

/// Where a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// What starts it has not happened.
    NotStarted,
    /// It runs.
    Running,
    /// Met in time.
    Met,
    /// Met after its end.
    MetLate,
    /// Its end has passed.
    Overdue,
    /// A right that was not used has ended.
    Lapsed,
    /// The dispute left before it ended.
    Stopped,
}

/// One clock of a dispute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clock {
    /// Stable id: that of the legal deadline, or `grade_settle`, `grade_escalate`, `rm_revisit`.
    pub id: &'static str,
    /// Who sets it.
    pub set_by: SetBy,
    /// Whether it must be met.
    pub duty: Duty,
    /// Law or rule with article, Chinese; empty for the station's own.
    pub article: String,
    /// How sure the entry of the law is; none for the station's own.
    pub verified: Option<Verified>,
    /// Length.
    pub length: u32,
    /// What the length is counted in.
    pub unit: Unit,
    /// Which days count.
    pub day_kind: DayKind,
    /// The day that starts it; not counted.
    pub starts_on: Option<NaiveDate>,
    /// Its last day.
    pub due_on: Option<NaiveDate>,
    /// How well the days up to its end are known.
    pub coverage: Coverage,
    /// When it was met.
    pub met_on: Option<NaiveDate>,
    /// Where it stands.
    pub state: ClockState,
}

impl Clock {
    /// Days from today to its last day, negative when it has passed; none while it is not running.
    #[must_use]
    pub fn days_left(&self, today: NaiveDate) -> Option<i64> {
        let open = match self.state {
            ClockState::Running | ClockState::Overdue => true,
            ClockState::NotStarted
            | ClockState::Met
            | ClockState::MetLate
            | ClockState::Lapsed
            | ClockState::Stopped => false,
        };
        let left = self.due_on?.signed_duration_since(today).num_days();
        open.then_some(left)
    }
}
