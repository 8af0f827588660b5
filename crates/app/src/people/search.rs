//! One box: names, pinyin, initials, ends of numbers, addresses, titles. A search by the end of a number is audited before
//! anything is shown.

use std::collections::BTreeMap;

use domain::kind::Kind;
use domain::permit::Action;
use domain::scope::Scope;
use store::AuditAction;
use store::search::{MatchedBy as Matched, VillageName, find};

use super::village_names;
use crate::contract::people::{Hit, HitGroup, HitKind, MatchedBy, SearchRequest, SearchResult};
use crate::error::AppError;
use crate::session::Session;

/// Hits of a kind at most.
const HITS_MAX: u32 = 50;
/// Characters of a query at most.
const QUERY_CHARS_MAX: usize = 100;

/// Searches what the officer may read.
///
/// # Errors
/// [`AppError::TooLarge`], refusals of permits, faults of the disk.
pub(crate) fn run(session: &Session, request: SearchRequest) -> Result<SearchResult, AppError> {
    session.permit(Action::Read, &Scope::Station)?;
    if request.limit == 0 || request.limit > HITS_MAX {
        return Err(AppError::TooLarge { what: "limit", max: u64::from(HITS_MAX) });
    }
    if request.query.chars().count() > QUERY_CHARS_MAX {
        return Err(AppError::TooLarge { what: "query", max: QUERY_CHARS_MAX as u64 });
    }
    let limit = usize::try_from(request.limit).unwrap_or(0);
    let directory = session.directory();
    let villages: Vec<VillageName<'_>> =
        directory.villages.iter().map(|one| VillageName { code: &one.code, name: &one.name }).collect();
    let groups = session.store.read(|reader| find(reader, &request.query, &villages, limit))?;
    let by_number = |matched: Matched| matches!(matched, Matched::IdTail | Matched::PhoneTail);
    if groups.iter().flat_map(|group| &group.hits).any(|hit| by_number(hit.matched)) {
        session.audit(AuditAction::Search, None, None, Some(request.query.trim()))?;
    }
    let held = session.cells();
    let named = village_names(session);
    let groups = groups.into_iter().filter_map(|group| {
        // records left over from a cell that was taken away are not shown
        let ours = |hit: &store::search::Hit| {
            hit.scope == "station" || held.iter().any(|cell| hit.scope == format!("cell:{cell}"))
        };
        let hits: Vec<Hit> = group.hits.into_iter().filter(ours).map(|found| hit(found, &named)).collect();
        let kind = kind(group.kind)?;
        (!hits.is_empty()).then_some(HitGroup { kind, hits, more: group.more })
    });
    Ok(SearchResult { groups: groups.collect() })
}

/// A hit as it is shown: the name of the village stands before the rest, as addresses are written.
fn hit(found: store::search::Hit, villages: &BTreeMap<String, String>) -> Hit {
    let village = found.village.and_then(|code| villages.get(&code)).cloned();
    let detail = [village, Some(found.detail)].into_iter().flatten().filter(|text| !text.is_empty());
    Hit {
        document: found.document,
        household: found.household,
        title: found.title,
        detail: detail.collect::<Vec<_>>().join(" "),
        matched: match found.matched {
            Matched::Name => MatchedBy::Name,
            Matched::Pinyin => MatchedBy::Pinyin,
            Matched::Initials => MatchedBy::Initials,
            Matched::IdTail => MatchedBy::IdTail,
            Matched::PhoneTail => MatchedBy::PhoneTail,
            Matched::Address => MatchedBy::Address,
            Matched::Plate => MatchedBy::Plate,
            Matched::Number => MatchedBy::Number,
            Matched::Text => MatchedBy::Text,
        },
    }
}

const fn kind(kind: Kind) -> Option<HitKind> {
    match kind {
        Kind::Resident => Some(HitKind::Resident),
        Kind::Household => Some(HitKind::Household),
        Kind::Address => Some(HitKind::Address),
        Kind::Dispute => Some(HitKind::Dispute),
        Kind::Patrol => Some(HitKind::Patrol),
        Kind::Mediator => Some(HitKind::Mediator),
        Kind::Residence | Kind::Visit => None,
    }
}
