//! The weekly report: figures, the rows behind each, files. Owns which figures there are and what the report stands on.

mod paper;
pub(crate) mod report_export;
pub(crate) mod report_rows;
pub(crate) mod report_week;
mod stands;

use chrono::NaiveDateTime;
use domain::permit::Action;
use domain::week::{IsoWeek, local_time};
use store::report::{Amount, Figure};

use crate::contract::report::{AmountView, FigureUnit};
use crate::error::AppError;
use crate::session::Session;

/// The week asked for, or the running one. A week that has not begun has no report.
pub(crate) fn week(session: &Session, year: Option<i32>, week: Option<u32>) -> Result<IsoWeek, AppError> {
    let running = IsoWeek::at(session.now_ms());
    let asked = match (year, week) {
        (Some(year), Some(week)) => IsoWeek::new(year, week).ok_or(AppError::BadWeek {})?,
        (None, None) => running,
        (Some(_), None) | (None, Some(_)) => return Err(AppError::BadWeek {}),
    };
    if asked.monday() > running.monday() { Err(AppError::BadWeek {}) } else { Ok(asked) }
}

/// A report over everything this replica holds: the chief's are all cells, an officer's his own.
pub(crate) fn permit(session: &Session) -> Result<(), AppError> {
    match session.permit_list(Action::ReportAllCells, None) {
        Ok(_) => Ok(()),
        Err(denied) => {
            let cells = session.cells();
            let Some(first) = cells.first() else { return Err(denied) };
            session.permit_list(Action::Report, Some(first)).map(drop)
        }
    }
}

/// What a figure counts in.
pub(crate) const fn unit(figure: Figure) -> FigureUnit {
    match figure {
        Figure::PatrolMinutes => FigureUnit::Minutes,
        Figure::MediationSuccess => FigureUnit::Rate,
        Figure::HouseholdsVisited
        | Figure::Visits
        | Figure::Patrols
        | Figure::DisputesOpened
        | Figure::DisputesConcluded
        | Figure::Findings => FigureUnit::Count,
    }
}

/// An amount in the words of the contract.
pub(crate) const fn view(amount: Amount) -> AmountView {
    AmountView { value: amount.value, of: amount.of }
}

/// What a workbook or paper that could not be made says.
pub(crate) fn failed(error: reports::ReportError) -> AppError {
    if matches!(error, reports::ReportError::NoChineseFont { .. }) {
        return AppError::NoChineseFont {};
    }
    tracing::error!(%error, "file not made");
    AppError::ReportFailed {}
}

/// Station-local time.
pub(crate) fn local(at_ms: i64) -> NaiveDateTime {
    local_time(at_ms).map_or_else(NaiveDateTime::default, |time| time.naive_local())
}
