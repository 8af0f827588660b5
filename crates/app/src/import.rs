//! Importing a village register: inspect, dry run, import. Owns what is kept between the three; all or nothing.

mod households;
pub(crate) mod import_commit;
pub(crate) mod import_dry_run;
pub(crate) mod import_inspect;
pub(crate) mod import_problems_export;
pub(crate) mod job_cancel;
pub(crate) mod job_status;
mod plan;
mod reading;
mod reasons;
mod write;

use std::collections::BTreeMap;
use std::str::FromStr;

use domain::register::{Mapping, RegisterColumn};

use crate::error::AppError;
use crate::event::locked;
use crate::session::Session;

use self::reading::Book;

/// The file in memory, and what the last dry run said. One at a time; forgotten on locking.
#[derive(Clone)]
pub(crate) struct Loaded {
    /// Names it.
    pub(crate) import: String,
    /// The file.
    pub(crate) book: Book,
    /// The last dry run.
    pub(crate) tried: Option<Tried>,
}

/// What was tried, to be done the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tried {
    /// Sheet.
    pub(crate) sheet: String,
    /// Mapping.
    pub(crate) mapping: Mapping,
    /// Row of the headings.
    pub(crate) header_row: u64,
    /// Cell for rows that name none.
    pub(crate) cell: Option<String>,
    /// Village for rows that name none.
    pub(crate) village: Option<String>,
    /// Residents it would create.
    pub(crate) residents: u64,
    /// Households it would create.
    pub(crate) households: u64,
}

/// The file an import is about.
fn loaded(session: &Session, import: &str) -> Result<Loaded, AppError> {
    let held = locked(&session.import);
    held.as_ref().filter(|one| one.import == import).cloned().ok_or(AppError::ImportUnknown {})
}

/// The mapping of a request, checked against the headings.
fn mapping(asked: &BTreeMap<String, u32>, columns: usize) -> Result<Mapping, AppError> {
    let mut mapping = Mapping::default();
    for (name, place) in asked {
        let wrong = || AppError::ImportMappingWrong { column: name.chars().take(60).collect() };
        let column = RegisterColumn::from_str(name).map_err(|_| wrong())?;
        let place = usize::try_from(*place).map_err(|_| wrong())?;
        if place >= columns || mapping.columns.values().any(|taken| *taken == place) {
            return Err(wrong());
        }
        mapping.columns.insert(column, place);
    }
    if mapping.place(RegisterColumn::Name).is_none() {
        return Err(AppError::ImportColumnMissing { column: RegisterColumn::Name.code().to_owned() });
    }
    Ok(mapping)
}
