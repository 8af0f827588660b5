//! The week as a file. Audited before the file exists.

use reports::Fonts;
use store::AuditAction;

use super::{failed, paper, permit, week};
use crate::contract::report::{FileMade, ReportExportRequest, ReportFormat};
use crate::error::AppError;
use crate::files::deliver;
use crate::session::Session;

/// Exports.
///
/// # Errors
/// [`AppError::BadWeek`], [`AppError::NoChineseFont`], [`AppError::ReportFailed`], refusals of permits, faults of the disk.
pub(crate) fn run(session: &Session, request: ReportExportRequest) -> Result<FileMade, AppError> {
    permit(session)?;
    session.permit_list(domain::permit::Action::Export, session.cells().first().map(String::as_str))?;
    let week = week(session, Some(request.year), Some(request.week))?;
    session.audit(AuditAction::Export, None, Some("weekly_report"), Some(&week.to_string()))?;
    let report = paper::of(session, week)?;
    let (bytes, ending) = match request.format {
        ReportFormat::Xlsx => (reports::weekly::xlsx(&report).map_err(failed)?, "xlsx"),
        ReportFormat::Pdf => {
            let fonts = Fonts::system().map_err(failed)?;
            (reports::weekly::pdf(&report, &fonts).map_err(failed)?, "pdf")
        }
    };
    let name = format!("{}{}年第{}周周报.{ending}", report.station_name, week.year(), week.week());
    deliver(session, &name, &bytes)
}
