//! Every row that the last dry run left out, as a workbook: the reasons before the row as the file has it, so that the rows
//! can be put right there and imported again. Audited before the file exists.

use std::collections::BTreeMap;

use domain::permit::Action;
use reports::{About, Cell, Column, RowTable};
use store::AuditAction;

use super::plan::{Ground, Plan};
use super::{import_inspect, loaded, reasons};
use crate::contract::import::ImportProblemsExportRequest;
use crate::contract::report::FileMade;
use crate::error::AppError;
use crate::files::deliver;
use crate::session::Session;

/// Writes the rows left out.
///
/// # Errors
/// [`AppError::ImportUnknown`], [`AppError::ImportNotTried`], [`AppError::ImportNothing`] when no row is left out, refusals of
/// permits, faults of the disk.
pub(crate) fn run(session: &Session, request: ImportProblemsExportRequest) -> Result<FileMade, AppError> {
    import_inspect::any_cell(session)?;
    session.permit_list(Action::Export, session.cells().first().map(String::as_str))?;
    let loaded = loaded(session, &request.import)?;
    let tried = loaded.tried.clone().ok_or(AppError::ImportNotTried {})?;
    let ground = Ground::of(session);
    let mut left_out: BTreeMap<u64, String> = BTreeMap::new();
    session.store.read(|reader| {
        Plan::make_telling(&ground, &loaded.book, &tried, reader, &mut |row, refused| {
            let said: Vec<String> = refused.iter().map(reasons::said).collect();
            left_out.insert(row, said.join("；"));
        })
    })?;
    if left_out.is_empty() {
        return Err(AppError::ImportNothing {});
    }
    let view = import_inspect::view(&loaded.book, tried.sheet.clone())?.ok_or(AppError::ImportSheetUnknown {})?;
    let mut rows = Vec::with_capacity(left_out.len());
    let mut widest = view.headings.len();
    loaded.book.rows(&tried.sheet, &mut |row| {
        if let Some(said) = left_out.remove(&row.number) {
            let mut cells = vec![Cell::Integer(i64::try_from(row.number).unwrap_or(i64::MAX)), Cell::Text(said)];
            cells.extend(
                row.shown().into_iter().map(|text| if text.is_empty() { Cell::Empty } else { Cell::Text(text) }),
            );
            widest = widest.max(cells.len().saturating_sub(2));
            rows.push(cells);
        }
        Ok(())
    })?;
    session.audit(AuditAction::Export, None, Some("import_problems"), None)?;
    let mut columns = vec![Column::new("row", "原文件行号"), Column::new("reason", "未导入原因")];
    for at in 0..widest {
        columns.push(Column::new(format!("c{at}"), view.headings.get(at).cloned().unwrap_or_default()));
    }
    for row in &mut rows {
        row.resize(columns.len(), Cell::Empty);
    }
    let table = RowTable { key: "import_problems".to_owned(), title_zh: "未导入的行".to_owned(), columns, rows };
    let directory = session.directory();
    let about = About {
        station_name: directory.station_name.clone(),
        made_up: directory.data_kind == ::sync::directory::DataKind::MadeUp,
        made_at: crate::report::local(session.now_ms()),
        author: session.officer_name(),
    };
    let bytes = reports::rows_xlsx(&table, &about).map_err(crate::report::failed)?;
    deliver(session, "未导入的行.xlsx", &bytes)
}
