//! Settles fields of one record: one act, one change that names every value that stood on the card.

use documents::ChangeHash;
use domain::permit::Action;
use domain::shape::Scalar;
use store::Decide;

use crate::contract::Written;
use crate::contract::conflict::{DecideRequest, Decision};
use crate::error::AppError;
use crate::fields;
use crate::records::{Here, Opened, heads};
use crate::session::Session;

/// Decides.
///
/// # Errors
/// [`AppError::DecisionStale`] when other values stand by now, [`AppError::DecisionUnclear`], [`AppError::NotInConflict`],
/// what is wrong with own words, refusals of permits.
pub(crate) fn run(session: &Session, request: DecideRequest) -> Result<Written, AppError> {
    let opened = session.open_any(Action::Decide, &request.document)?;
    if request.decisions.is_empty() {
        return Err(AppError::NothingToChange {});
    }
    let decisions: Vec<Decide> =
        request.decisions.iter().map(|decision| one(session, &opened, decision)).collect::<Result<_, _>>()?;
    session.decide(&opened, &decisions)
}

fn one(session: &Session, opened: &Opened, decision: &Decision) -> Result<Decide, AppError> {
    let key = decision.key.clone();
    let candidates = opened.reading.conflicts.get(&key).ok_or_else(|| AppError::NotInConflict { key: key.clone() })?;
    let named: Vec<ChangeHash> = heads(&decision.named).map_err(|_| AppError::DecisionStale {})?;
    let value = match (&decision.take, &decision.own) {
        (Some(take), None) => {
            let taken = heads(std::slice::from_ref(take)).map_err(|_| AppError::DecisionStale {})?;
            let side = candidates.iter().find(|candidate| taken.first() == Some(&candidate.change));
            side.map(|candidate| candidate.value.clone()).ok_or(AppError::DecisionStale {})?
        }
        (None, Some(own)) => own_words(session, opened, &key, &own.0)?,
        (Some(_), Some(_)) | (None, None) => return Err(AppError::DecisionUnclear { key }),
    };
    Ok(Decide { key, named, value })
}

/// Own words pass the same checks as any form.
fn own_words(session: &Session, opened: &Opened, key: &str, value: &Scalar) -> Result<Scalar, AppError> {
    fields::one(opened.reading.kind, key, value, &Here { session })
}
