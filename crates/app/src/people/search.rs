//! One box: names, pinyin, initials, ends of numbers, addresses, titles. A search by the end of a number is audited before
//! anything is shown.

use domain::kind::Kind;
use domain::permit::Action;
use domain::scope::Scope;
use store::AuditAction;
use store::search::{MatchedBy as Matched, find};

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
    let (groups, foreign) = session.store.read(|reader| {
        let groups = find(reader, &request.query, limit)?;
        let held = session.cells();
        let ids: Vec<&str> = groups.iter().flat_map(|group| &group.hits).map(|hit| hit.document.as_str()).collect();
        let foreign = store::household::query::outside(reader, &ids, &held)?;
        Ok::<_, AppError>((groups, foreign))
    })?;
    let by_number = |matched: Matched| matches!(matched, Matched::IdTail | Matched::PhoneTail);
    if groups.iter().flat_map(|group| &group.hits).any(|hit| by_number(hit.matched)) {
        session.audit(AuditAction::Search, None, None, Some(request.query.trim()))?;
    }
    let groups = groups.into_iter().filter_map(|group| {
        let hits: Vec<Hit> = group.hits.into_iter().filter(|hit| !foreign.contains(&hit.document)).map(hit).collect();
        let kind = kind(group.kind)?;
        (!hits.is_empty()).then_some(HitGroup { kind, hits, more: group.more })
    });
    Ok(SearchResult { groups: groups.collect() })
}

fn hit(found: store::search::Hit) -> Hit {
    Hit {
        document: found.document,
        household: found.household,
        title: found.title,
        detail: found.detail,
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
