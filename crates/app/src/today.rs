//! Tasks made by rules from other records, and the shift so far. Owns the rules of tasks; must not write.

mod shift;
mod tasks;

use domain::permit::Action;
use domain::week::{on_date, start_of_day_ms};
use store::report::{Figure, total};
use store::status;

use crate::contract::Empty;
use crate::contract::today::Today;
use crate::error::AppError;
use crate::session::Session;

/// Handler of the command `today`.
#[expect(clippy::module_inception, reason = "the room has one command of its own name")]
pub(crate) mod today {
    pub(crate) use super::run;
}

const DAY_MS: i64 = 86_400_000;

/// Reads the screen.
///
/// # Errors
/// Refusals of permits, faults of the disk.
pub(crate) fn run(session: &Session, _: Empty) -> Result<Today, AppError> {
    session.permit_list(Action::Read, None)?;
    let now = session.now_ms();
    let today = on_date(now);
    let (from, to) = (start_of_day_ms(today), start_of_day_ms(today).saturating_add(DAY_MS));
    let (tasks, later) = tasks::due(session, today)?;
    let shift = shift::written(session, from)?;
    session.store.read(|reader| {
        let count = |figure| total(reader, figure, from, to).map(|amount| amount.value);
        let status = status::of(reader, from)?;
        Ok(Today {
            on: today.to_string(),
            tasks,
            later,
            visits: count(Figure::HouseholdsVisited)?,
            patrols: count(Figure::Patrols)?,
            disputes: count(Figure::DisputesOpened)?,
            findings: count(Figure::Findings)?,
            shift,
            unsent: status.unsent,
            receipt_at: status.receipt_at,
        })
    })
}
