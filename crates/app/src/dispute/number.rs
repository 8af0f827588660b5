//! Numbers of new cases. Two laptops without a network must not give the same one, so the laptop's label is part of it.

use domain::week::local_time;

use crate::error::AppError;
use crate::session::Session;
use chrono::Datelike as _;

/// The next number of this laptop in this year, e.g. `QF-07〔2026〕12号`.
pub(super) fn next(session: &Session) -> Result<String, AppError> {
    let year = local_time(session.now_ms()).map_or(0, |now| now.year());
    let prefix = format!("{}〔{year}〕", session.laptop);
    let newest = session.store.read(|reader| store::dispute::query::newest_number(reader, &prefix))?;
    Ok(format!("{prefix}{}号", newest.saturating_add(1)))
}
