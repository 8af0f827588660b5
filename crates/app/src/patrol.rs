//! Patrol logs (巡逻). Owns the rules of a patrol.

pub(crate) mod patrol_list;
pub(crate) mod patrol_open;
pub(crate) mod patrol_save;
pub(crate) mod patrol_week;

/// Whole minutes between two instants; none while one is missing or they are the wrong way round.
pub(crate) fn minutes(start_at: Option<i64>, end_at: Option<i64>) -> Option<u32> {
    let span = end_at?.checked_sub(start_at?)?;
    u32::try_from(span / 60_000).ok()
}
