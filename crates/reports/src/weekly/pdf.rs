//! The weekly report as a PDF. Owns what the template is told, as finished text; must not know how it is set.

mod columns;
mod plain;
mod sheet;

use super::WeeklyReport;
use crate::{Fonts, ReportError, rows, typeset};

/// The template; it reads `data.json`.
const TEMPLATE: &str = include_str!("weekly.typ");

/// Most rows of one table on paper; the workbook holds all of them, and the paper says how many it shows.
pub const ROWS_SHOWN_MAX: usize = 120;

/// Sets the report as an A4 paper in Chinese type.
///
/// Tables show at most [`ROWS_SHOWN_MAX`] rows and say how many there are.
///
/// # Errors
/// [`ReportError::UnevenRow`], [`ReportError::TooLarge`]; [`ReportError::Typesetting`] is a defect of this crate.
pub fn pdf(report: &WeeklyReport, fonts: &Fonts) -> Result<Vec<u8>, ReportError> {
    report.sections.iter().try_for_each(rows::check)?;
    // The codes of missing characters hold nothing that JSON would have to escape.
    let data = fonts.spelled_out(&serde_json::to_string(&sheet::sheet(report))?);
    typeset::pdf(TEMPLATE, data, fonts, report.made_at)
}
