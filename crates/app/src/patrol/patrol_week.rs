//! Patrols and their minutes of the running week.

use domain::permit::Action;
use domain::week::IsoWeek;
use store::report::{Figure, total};

use crate::contract::Empty;
use crate::contract::patrol::PatrolWeek;
use crate::error::AppError;
use crate::session::Session;

/// Counts.
///
/// # Errors
/// Refusals of permits, faults of the disk.
pub(crate) fn run(session: &Session, _: Empty) -> Result<PatrolWeek, AppError> {
    session.permit_list(Action::Read, None)?;
    let (from_at, to_at) = IsoWeek::at(session.now_ms()).range_ms();
    let (count, minutes) = session.store.read(|reader| {
        let count = total(reader, Figure::Patrols, from_at, to_at)?;
        Ok::<_, AppError>((count.value, total(reader, Figure::PatrolMinutes, from_at, to_at)?.value))
    })?;
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    Ok(PatrolWeek { count: small(count), minutes: small(minutes) })
}
