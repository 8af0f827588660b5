//! Where a record is: the scope it was made in, and the moves that name it. Moves the station took form one way from
//! scope to scope, so where it ends follows from the steps alone: no clock and no order of arrival decides. Must not
//! know what a record says.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};
use sync::ids::DocumentId;
use sync::lane::MoveBody;

use super::load::Change;
use crate::error::Result;
use crate::row::document_of;

/// One move that names a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    /// The scope it leaves.
    pub(crate) from: String,
    /// The scope it enters.
    pub(crate) to: String,
    /// Whether the station is known to have taken it.
    pub(crate) taken: Taken,
}

/// What is known of a move's fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It has a place in a scope log.
    Yes,
    /// Written here and not yet judged.
    Open,
}

/// The moves that name a record, those set aside left out, in order of arrival.
pub(crate) const STEPS: &str = "SELECT e.scope, e.body, m.taken FROM movement m JOIN entry e ON e.id = m.entry
    WHERE m.document = ?1 AND e.refused IS NULL ORDER BY m.entry";

/// Reads the moves that name one record.
pub(crate) fn steps(conn: &Connection, document: DocumentId) -> Result<Vec<Step>> {
    let mut statement = conn.prepare_cached(STEPS)?;
    let rows = statement.query_map([document.as_bytes()], |row| step(row, 0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(rows.into_iter().flatten().collect())
}

/// Reads the moves that name the records after `after` up to `last`.
pub(crate) fn steps_between(conn: &Connection, after: &[u8], last: &[u8]) -> Result<BTreeMap<DocumentId, Vec<Step>>> {
    let mut statement = conn.prepare_cached(
        "SELECT m.document, e.scope, e.body, m.taken FROM movement m JOIN entry e ON e.id = m.entry
         WHERE m.document > ?1 AND m.document <= ?2 AND e.refused IS NULL ORDER BY m.document, m.entry",
    )?;
    let mut found: BTreeMap<DocumentId, Vec<Step>> = BTreeMap::new();
    let mut rows = statement.query(params![after, last])?;
    while let Some(row) = rows.next()? {
        if let Some(step) = step(row, 1)? {
            found.entry(document_of(row, 0)?).or_default().push(step);
        }
    }
    Ok(found)
}

fn step(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<Step>> {
    let body: Vec<u8> = row.get(first + 1)?;
    let taken = if row.get(first + 2)? { Taken::Yes } else { Taken::Open };
    let from: String = row.get(first)?;
    Ok(MoveBody::from_body(&body).ok().map(|body| Step { from, to: body.to.as_str().to_owned(), taken }))
}

/// The scope a record is in now.
pub(crate) fn scope_of(live: &[Change], steps: &[Step]) -> Option<String> {
    let oldest = live.iter().min_by_key(|change| (change.device_at, change.hash))?;
    if steps.is_empty() {
        return Some(oldest.scope.clone());
    }
    let origin = live.iter().filter(|change| is_first(change)).min_by_key(|change| change.hash).unwrap_or(oldest);
    let mut scope = end_of_way(&origin.scope, steps);
    for step in steps.iter().filter(|step| step.taken == Taken::Open && step.from != step.to) {
        if step.from == scope {
            scope.clone_from(&step.to);
        }
    }
    Some(scope)
}

/// Whether a change builds on none.
fn is_first(change: &Change) -> bool {
    documents::describe(&change.body).is_ok_and(|summary| summary.deps.is_empty())
}

/// Where a way from `origin` over all steps taken ends: the one scope entered once more than left. Whoever holds a scope
/// holds every step into and out of it, and the station sends earlier steps along with a record; while some are still
/// to come, a scope other than the origin is preferred.
fn end_of_way(origin: &str, steps: &[Step]) -> String {
    let mut balance: BTreeMap<&str, i64> = BTreeMap::from([(origin, 1)]);
    for step in steps.iter().filter(|step| step.taken == Taken::Yes) {
        *balance.entry(step.from.as_str()).or_default() -= 1;
        *balance.entry(step.to.as_str()).or_default() += 1;
    }
    let ends = || balance.iter().filter(|(_, count)| **count > 0).map(|(scope, _)| *scope);
    ends().find(|scope| *scope != origin).or_else(|| ends().next()).unwrap_or(origin).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Step, Taken, end_of_way};

    fn way(steps: &[(&str, &str)]) -> Vec<Step> {
        let step = |(from, to): &(&str, &str)| Step { from: (*from).into(), to: (*to).into(), taken: Taken::Yes };
        steps.iter().map(step).collect()
    }

    #[test]
    fn a_way_ends_at_the_same_scope_in_whatever_order_its_steps_come() {
        let ways: &[(&[(&str, &str)], &str)] = &[
            (&[], "A"),
            (&[("A", "B")], "B"),
            (&[("A", "B"), ("B", "A")], "A"),
            (&[("A", "B"), ("B", "A"), ("A", "C")], "C"),
            (&[("A", "B"), ("B", "C"), ("C", "A"), ("A", "B")], "B"),
            // a step that has not come yet
            (&[("B", "C")], "C"),
        ];
        for (steps, end) in ways {
            let mut steps = way(steps);
            for _ in 0..steps.len().max(1) {
                assert_eq!(end_of_way("A", &steps), *end, "{steps:?}");
                if !steps.is_empty() {
                    steps.rotate_left(1);
                }
            }
        }
    }
}
