//! Acts the station set aside: with the reason, and the records they touched.

use domain::permit::Action;
use domain::scope::Scope;
use store::set_aside::{self, SetAsideAct};

use crate::contract::Empty;
use crate::contract::sync::{SetAsideList, SetAsideRecord, SetAsideRow};
use crate::error::AppError;
use crate::session::Session;

/// Lists them, newest first.
///
/// # Errors
/// Refusals of permits, faults of the disk.
pub(crate) fn run(session: &Session, _: Empty) -> Result<SetAsideList, AppError> {
    session.permit(Action::Read, &Scope::Station)?;
    let acts = session.store.read(set_aside::list)?;
    let row = |act: SetAsideAct| SetAsideRow {
        act: act.act.to_string(),
        at: act.at,
        officer: session.name_of(act.officer),
        reason: act.reason.code().to_owned(),
        entries: act.entries,
        records: act
            .records
            .into_iter()
            .map(|(document, kind, title)| SetAsideRecord {
                document: document.to_string(),
                kind: kind.map_or_else(String::new, |kind| kind.as_str().to_owned()),
                title,
            })
            .collect(),
    };
    Ok(SetAsideList { rows: acts.into_iter().map(row).collect() })
}
