//! What an import would do: every row checked, nothing written.

use domain::permit::Action;
use domain::scope::Scope;

use super::plan::{Ground, Plan};
use super::{Tried, import_inspect, loaded, mapping};
use crate::contract::import::{ImportDryRun, ImportDryRunRequest};
use crate::error::AppError;
use crate::event::locked;
use crate::session::Session;

/// Checks every row and remembers what was tried.
///
/// # Errors
/// Refusals of permits; [`AppError::ImportUnknown`]; a wrong sheet or mapping; faults of the disk.
pub(crate) fn run(session: &Session, request: ImportDryRunRequest) -> Result<ImportDryRun, AppError> {
    import_inspect::any_cell(session)?;
    if let Some(cell) = &request.cell {
        session.permit(Action::Import, &Scope::Cell(cell.clone()))?;
    }
    if let Some(village) = &request.village
        && session.directory().village(village).is_none()
    {
        return Err(AppError::FieldUnknownRef { key: "village".to_owned() });
    }
    let loaded = loaded(session, &request.import)?;
    let (header_row, columns) = import_inspect::header(&loaded.book, &request.sheet)?;
    let mut tried = Tried {
        mapping: mapping(&request.mapping, columns)?,
        sheet: request.sheet,
        header_row,
        cell: request.cell,
        village: request.village,
        residents: 0,
        households: 0,
    };
    let ground = Ground::of(session);
    let plan = session.store.read(|reader| Plan::make(&ground, &loaded.book, &tried, reader))?;
    tried.residents = plan.residents();
    tried.households = plan.new_households();
    if let Some(held) = locked(&session.import).as_mut().filter(|held| held.import == loaded.import) {
        held.tried = Some(tried);
    }
    Ok(ImportDryRun {
        rows: plan.rows,
        residents: plan.residents(),
        households: plan.new_households(),
        addresses: plan.addresses,
        rejected: plan.rejected,
        problems: plan.problems,
        problem_count: plan.problem_count,
        by_code: plan.by_code,
    })
}
