//! Setting own entries aside: what the station refused, the rest of its act, and what builds on it. They leave the views and
//! stay in the log with the reason. Deletes nothing itself; an erasure the station took is carried out here.

use std::collections::{BTreeMap, BTreeSet};

use documents::ChangeHash;
use rusqlite::{Connection, Row, params};
use sync::ids::{DocumentId, ReplicaId};
use sync::lane::EntryKind;
use sync::receipt::{Receipt, RefusalReason};
use sync::scope_log::{PulledContent, VerifiedPage};

use super::load::receipted;
use crate::erase;
use crate::error::Result;
use crate::row::{document_of, hash_of, int};
use crate::write::moved;

/// Writes down what a receipt says of its entries; gives the records whose views change.
pub(crate) fn receipt(conn: &Connection, replica: ReplicaId, receipt: &Receipt) -> Result<BTreeSet<DocumentId>> {
    let mut documents = accepted(conn, replica, receipt)?;
    for refusal in &receipt.refusals {
        set_aside(
            conn,
            "replica = ?1 AND lane_index = ?2",
            params![replica.as_bytes(), int(refusal.index)],
            refusal.reason,
            &mut documents,
        )?;
    }
    if !receipt.refusals.is_empty() {
        follow(conn, replica, &mut documents)?;
    }
    for (header, body) in erase::accepted(conn, replica, receipt.first, receipt.last())? {
        documents.extend(erase::erase(conn, replica, &header, &body)?);
    }
    Ok(documents)
}

/// Entries set aside here that the station took after all.
fn accepted(conn: &Connection, replica: ReplicaId, receipt: &Receipt) -> Result<BTreeSet<DocumentId>> {
    let refused: BTreeSet<u64> = receipt.refusals.iter().map(|refusal| refusal.index).collect();
    let mut statement = conn.prepare_cached(
        "SELECT lane_index, document, id, kind, body FROM entry INDEXED BY entry_refused WHERE refused IS NOT NULL AND replica = ?1 AND lane_index BETWEEN ?2 AND ?3",
    )?;
    let rows = statement.query_map(params![replica.as_bytes(), int(receipt.first), int(receipt.last())], |row| {
        Ok((crate::row::uint(row.get(0)?), row.get::<_, i64>(2)?, named(row, 1, 3)?))
    })?;
    let mut documents = BTreeSet::new();
    for (index, id, named) in rows.collect::<rusqlite::Result<Vec<_>>>()? {
        if !refused.contains(&index) {
            conn.prepare_cached("UPDATE entry SET refused = NULL WHERE id = ?1")?.execute([id])?;
            documents.extend(named);
        }
    }
    Ok(documents)
}

/// Own entries set aside that are in a scope's log after all: the station has judged them again since.
pub(crate) fn logged(conn: &Connection, replica: ReplicaId, page: &VerifiedPage) -> Result<BTreeSet<DocumentId>> {
    let mut statement = conn.prepare_cached(
        "UPDATE entry SET refused = NULL WHERE replica = ?1 AND lane_index = ?2 AND refused IS NOT NULL
         RETURNING document, kind, body",
    )?;
    let mut documents = BTreeSet::new();
    for pulled in page.entries() {
        let PulledContent::Own { index } = pulled.content else { continue };
        let rows = statement.query_map(params![replica.as_bytes(), int(index)], |row| named(row, 0, 1))?;
        for named in rows {
            documents.extend(named?);
        }
    }
    Ok(documents)
}

fn set_aside(
    conn: &Connection,
    which: &str,
    parameters: &[&dyn rusqlite::ToSql],
    reason: RefusalReason,
    documents: &mut BTreeSet<DocumentId>,
) -> Result<bool> {
    let sql = format!(
        "UPDATE entry SET refused = {} WHERE {which} AND refused IS NULL RETURNING document, kind, body",
        reason.number()
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_map(parameters, |row| named(row, 0, 1))?.collect::<rusqlite::Result<Vec<_>>>()?;
    let any = !found.is_empty();
    documents.extend(found.into_iter().flatten());
    Ok(any)
}

/// The records an entry touches: its own, and those it moves. `kind` is followed by the body.
fn named(row: &Row<'_>, document: usize, kind: usize) -> rusqlite::Result<Vec<DocumentId>> {
    let mut named = vec![document_of(row, document)?];
    let kind_of = EntryKind::from_number(row.get(kind)?);
    if kind_of == EntryKind::Move {
        named.extend(moved(kind_of, &row.get::<_, Vec<u8>>(kind + 1)?));
    }
    Ok(named)
}

/// Entries the station has not judged yet follow those it refused: the rest of an act, and what builds on it.
pub(crate) fn follow(conn: &Connection, replica: ReplicaId, documents: &mut BTreeSet<DocumentId>) -> Result<()> {
    let judged = int(receipted(conn)?);
    loop {
        let mut more = set_aside(
            conn,
            "replica = ?1 AND lane_index > ?2
             AND act IN (SELECT act FROM entry INDEXED BY entry_refused WHERE refused IS NOT NULL AND replica = ?1)",
            params![replica.as_bytes(), judged],
            RefusalReason::ActRefused,
            documents,
        )?;
        for document in documents.clone() {
            for id in dependants(conn, replica, document, judged)? {
                more |= set_aside(conn, "id = ?1", params![id], RefusalReason::DependencyRefused, documents)?;
            }
        }
        if !more {
            return Ok(());
        }
    }
}

/// Own unjudged entries of a record that build on one set aside.
fn dependants(conn: &Connection, replica: ReplicaId, document: DocumentId, judged: i64) -> Result<Vec<i64>> {
    let mut statement = conn.prepare_cached(
        "SELECT id, hash, refused IS NOT NULL, replica = ?2 AND lane_index > ?3, body FROM entry WHERE document = ?1",
    )?;
    let rows = statement
        .query_map(params![document.as_bytes(), replica.as_bytes(), judged], |row| {
            Ok((
                row.get(0)?,
                hash_of(row, 1)?,
                row.get::<_, bool>(2)?,
                row.get::<_, bool>(3)?,
                row.get::<_, Vec<u8>>(4)?,
            ))
        })?
        .collect::<rusqlite::Result<Vec<(i64, ChangeHash, bool, bool, Vec<u8>)>>>()?;
    let refused: BTreeMap<ChangeHash, bool> = rows.iter().map(|(_, hash, refused, _, _)| (*hash, *refused)).collect();
    let mut found = Vec::new();
    for (id, _, is_refused, open, body) in &rows {
        if *is_refused || !*open {
            continue;
        }
        let Ok(summary) = documents::describe(body) else { continue };
        if summary.deps.iter().any(|dep| refused.get(dep) == Some(&true)) {
            found.push(*id);
        }
    }
    Ok(found)
}
