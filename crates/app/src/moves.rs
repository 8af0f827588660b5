//! Households moved between cells. Must not know what a household says.

pub(crate) mod household_move;
pub(crate) mod household_move_preview;
pub(crate) mod moved_list;

use ::sync::ids::{DocumentId, ScopeId};
use domain::kind::Kind;
use domain::permit::Action;
use domain::scope::Scope;
use store::household::moving::{self, Moving};

use crate::error::AppError;
use crate::records::Opened;
use crate::session::Session;

/// A move worked out: the household, where it is, where it goes, what goes along.
pub(crate) struct Planned {
    pub(crate) opened: Opened,
    pub(crate) from: ScopeId,
    pub(crate) to: ScopeId,
    pub(crate) moving: Moving,
}

/// Works out a move. The permit is for the cell the household leaves; the other one need not be held.
///
/// # Errors
/// [`AppError::CellUnknown`], [`AppError::MoveSameCell`], [`AppError::OlderWorkToCome`], [`AppError::NotFound`], refusals of
/// permits.
pub(crate) fn plan(session: &Session, household: &str, to_cell: &str) -> Result<Planned, AppError> {
    let opened = session.open_for(Action::Move, household, Kind::Household)?;
    let directory = session.directory();
    let to = directory.cell(to_cell).and_then(|cell| ScopeId::cell(&cell.code).ok()).ok_or(AppError::CellUnknown {})?;
    let from = crate::acts::scope_of(&opened.permit)?;
    if from == to {
        return Err(AppError::MoveSameCell {});
    }
    crate::sync::nothing_to_come(session)?;
    let moving = session.store.read(|reader| moving::moving(reader, opened.id, from.as_str()))?;
    Ok(Planned { opened, from, to, moving })
}

impl Planned {
    /// The records that go.
    pub(crate) fn documents(&self) -> Vec<DocumentId> {
        self.moving.goes.iter().map(|line| line.document).collect()
    }
}

/// Code and name of a scope's cell; the code alone where the directory does not know it.
pub(crate) fn cell_of(session: &Session, scope: &ScopeId) -> (String, String) {
    let code = match scope.as_str().parse() {
        Ok(Scope::Cell(code) | Scope::CellSensitive(code)) => code,
        Ok(Scope::Station) | Err(_) => return (String::new(), String::new()),
    };
    let name = session.directory().cell(&code).map_or_else(|| code.clone(), |cell| cell.name.clone());
    (code, name)
}
