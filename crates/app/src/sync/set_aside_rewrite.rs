//! Writes an act that was set aside again, as a new act on the records as they are now, without the records left out. What
//! the act had made is made anew under new ids: the station holds the old ids as refused.

use std::collections::{BTreeMap, BTreeSet};

use ::sync::ids::{ActId, DocumentId, ScopeId};
use ::sync::lane::EntryKind;
use documents::Edit;
use domain::kind::Kind;
use domain::permit::{Action, Permit};
use domain::shape::Scalar;
use store::set_aside::{self, SetAsideEntry, Which};
use store::{Saved, record};

use crate::contract::sync::{SetAsideRewriteRequest, SetAsideRewritten};
use crate::error::AppError;
use crate::session::Session;

/// What an act said of one record.
struct Part {
    document: DocumentId,
    scope: ScopeId,
    /// The kind, where the act made the record.
    makes: Option<Kind>,
    sets: BTreeMap<String, Scalar>,
}

/// Writes it again.
///
/// # Errors
/// [`AppError::ActUnknown`], [`AppError::ActRewritten`], [`AppError::ActNotRewritable`] for moves and erasures,
/// [`AppError::RewriteEmpty`], [`AppError::FieldInConflict`], refusals of permits.
pub(crate) fn run(session: &Session, request: SetAsideRewriteRequest) -> Result<SetAsideRewritten, AppError> {
    let act: ActId = request.act.parse().map_err(|_| AppError::ActUnknown {})?;
    let (entries, list) = session.store.read(|reader| {
        Ok::<_, AppError>((set_aside::entries(reader, act, Which::Refused)?, set_aside::list(reader, Which::Refused)?))
    })?;
    if list.iter().any(|known| known.act == act && known.rewritten_at.is_some()) {
        return Err(AppError::ActRewritten {});
    }
    let left_out: BTreeSet<&str> = request.without.iter().map(String::as_str).collect();
    let parts: Vec<Part> = parts(entries)?
        .into_iter()
        .filter(|part| !left_out.contains(part.document.to_string().as_str()) && !part.sets.is_empty())
        .collect();
    if parts.is_empty() {
        return Err(AppError::RewriteEmpty {});
    }
    let permits = permits(session, &parts)?;
    let fresh: BTreeMap<String, DocumentId> = parts
        .iter()
        .filter(|part| part.makes.is_some())
        .map(|part| (part.document.to_string(), DocumentId(session.fresh_id())))
        .collect();
    let written = session.act(|again| {
        let mut written = Vec::new();
        for (part, permit) in parts.iter().zip(&permits) {
            let edits = edits(part, &fresh);
            let saved: Saved = match (part.makes, fresh.get(&part.document.to_string())) {
                (Some(kind), Some(id)) => again.tx.create(kind, *id, &crate::acts::scope_of(permit)?, &edits)?,
                (Some(_) | None, _) => {
                    let heads = record::open(&again.tx.reader()?, part.document)?.reading.heads;
                    again.tx.edit(part.document, &heads, &edits)?
                }
            };
            written.push(saved.document.to_string());
        }
        again.tx.rewrites(act)?;
        Ok(written)
    })?;
    Ok(SetAsideRewritten { documents: written })
}

/// A permit for every part: in the scope the record is in now, or in the one it is to be made in.
fn permits(session: &Session, parts: &[Part]) -> Result<Vec<Permit>, AppError> {
    let permit = |part: &Part| match part.makes {
        Some(_) => session.permit_in(Action::Edit, &part.scope),
        None => session.open_any(Action::Edit, &part.document.to_string()).map(|opened| opened.permit),
    };
    parts.iter().map(permit).collect()
}

/// Sums up the entries by record, in order of writing.
fn parts(entries: Vec<SetAsideEntry>) -> Result<Vec<Part>, AppError> {
    if entries.is_empty() {
        return Err(AppError::ActUnknown {});
    }
    let mut parts: Vec<Part> = Vec::new();
    for entry in entries {
        match entry.kind {
            EntryKind::Change | EntryKind::Decision => {}
            EntryKind::Move | EntryKind::Freeze | EntryKind::Erase | EntryKind::Other(_) => {
                return Err(AppError::ActNotRewritable {});
            }
        }
        let makes =
            entry.sets.iter().find(|(key, _)| key == "_kind").and_then(|(_, kind)| Kind::parse(kind.as_text()?));
        let sets = entry.sets.into_iter().filter(|(key, _)| !key.starts_with('_'));
        match parts.iter_mut().find(|part| part.document == entry.document) {
            Some(part) => part.sets.extend(sets),
            None => parts.push(Part { document: entry.document, scope: entry.scope, makes, sets: sets.collect() }),
        }
    }
    Ok(parts)
}

/// The values, with references to records made anew following them.
fn edits(part: &Part, fresh: &BTreeMap<String, DocumentId>) -> Vec<Edit> {
    let follow = |value: &Scalar| match value {
        Scalar::Text(text) => fresh.get(text).map_or_else(|| value.clone(), |id| Scalar::Text(id.to_string())),
        Scalar::Null | Scalar::Bool(_) | Scalar::Int(_) => value.clone(),
    };
    part.sets.iter().map(|(key, value)| Edit { key: key.clone(), value: follow(value) }).collect()
}
