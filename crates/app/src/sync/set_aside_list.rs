//! Acts the station set aside: with the reason, and the records they touched.

use domain::permit::Action;
use store::set_aside::{self, SetAsideAct, Which};

use crate::contract::Empty;
use crate::contract::sync::{SetAsideList, SetAsideRecord, SetAsideRow};
use crate::error::AppError;
use crate::session::Session;

/// Lists them, newest first.
///
/// # Errors
/// Refusals of permits, faults of the disk.
pub(crate) fn run(session: &Session, _: Empty) -> Result<SetAsideList, AppError> {
    session.permit_hand_over(Action::Read)?;
    let which = if session.is_revoked() { Which::RefusedAndUnsent } else { Which::Refused };
    let acts = session.store.read(|reader| set_aside::list(reader, which))?;
    let row = |act: SetAsideAct| SetAsideRow {
        act: act.act.to_string(),
        at: act.at,
        officer: session.name_of(act.officer),
        reason: act.reason.code().to_owned(),
        entries: act.entries,
        rewritten_at: act.rewritten_at,
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
