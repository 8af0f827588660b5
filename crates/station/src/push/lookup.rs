//! The station's answers to what the judge asks, read inside the frame's transaction. Must not judge.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rusqlite::{OptionalExtension, Transaction};
use sync::directory::Directory;
use sync::ids::{ActId, Actor, DocumentId, Hash, ReplicaId, ScopeId};
use sync::judge::{ChangeState, Control, DocumentFacts, DocumentState, Facts, MissingDependency, Pending, Questions};
use sync::lane::{self, LaneHead};
use sync::receipt::RefusalReason;

use super::{LOGGED, REFUSED, again};
use crate::fault::StationFault;
use crate::station::{self, Station};

/// Entries of the lane beyond its head: given back by other laptops after a restore.
#[derive(Default)]
struct Beyond {
    all: BTreeSet<Hash>,
    /// Of these, those that follow the head by their chain, by index.
    following: BTreeMap<u64, BTreeSet<Hash>>,
}

/// What is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judging {
    /// New entries after the head of their lane.
    AfterHead(LaneHead),
    /// Entries that are here, set aside for the reasons of [`again`]: what was said of them before does not count.
    Again,
    /// Entries kept of a frozen replica, after a place of its lane.
    Kept(LaneHead),
}

/// Everything looked up; [`Facts`] borrows the directories from it.
pub(super) struct Answers {
    directories: BTreeMap<u64, Arc<Directory>>,
    documents: BTreeMap<DocumentId, DocumentFacts>,
    changes: BTreeMap<(DocumentId, Hash), ChangeState>,
    slots: BTreeMap<(DocumentId, Actor, u64), Hash>,
    actors: BTreeMap<Actor, ReplicaId>,
    refused_acts: BTreeSet<ActId>,
    beyond: Beyond,
    controls: BTreeSet<Control>,
    missing_dependency: MissingDependency,
}

impl Answers {
    pub(super) fn facts<'a>(&'a self, newest: &'a Directory, lane_directory_version: u64, now_ms: i64) -> Facts<'a> {
        Facts {
            newest,
            directories: self.directories.iter().map(|(version, directory)| (*version, &**directory)).collect(),
            lane_directory_version,
            documents: self.documents.clone(),
            changes: self.changes.clone(),
            slots: self.slots.clone(),
            actors: self.actors.clone(),
            refused_acts: self.refused_acts.clone(),
            logged: self.beyond.all.clone(),
            controls: self.controls.clone(),
            missing_dependency: self.missing_dependency,
            now_ms,
        }
    }

    /// Whether the lane goes on differently here: two copies of a disk wrote on, and another laptop gave back the other's.
    pub(super) fn another_branch(&self, pending: &Pending) -> bool {
        let other =
            |place: LaneHead| self.beyond.following.get(&place.index).is_some_and(|held| !held.contains(&place.hash));
        pending.places().any(other)
    }
}

/// Looks everything up.
pub(super) fn answers(
    station: &Station,
    transaction: &Transaction<'_>,
    pending: &Pending,
    judging: Judging,
) -> Result<Answers, StationFault> {
    let asked = pending.questions();
    let mut directories = BTreeMap::new();
    for version in &asked.directory_versions {
        if let Some(directory) = station.directory_from(transaction, *version)? {
            directories.insert(*version, directory);
        }
    }
    Ok(Answers {
        directories,
        documents: documents(transaction, asked)?,
        changes: changes(transaction, asked, (pending.replica(), judging))?,
        slots: slots(transaction, asked)?,
        actors: actors(transaction, asked)?,
        refused_acts: refused_acts(transaction, asked, (pending.replica(), judging))?,
        beyond: match judging {
            Judging::AfterHead(head) | Judging::Kept(head) => beyond(transaction, pending.replica(), head)?,
            Judging::Again => Beyond::default(),
        },
        controls: controls(transaction, asked)?,
        missing_dependency: match station::epoch(transaction)? {
            0 | 1 => MissingDependency::Refuse,
            2.. => MissingDependency::Admit,
        },
    })
}

fn documents(
    transaction: &Transaction<'_>,
    asked: &Questions,
) -> Result<BTreeMap<DocumentId, DocumentFacts>, StationFault> {
    let mut query = transaction.prepare_cached("SELECT scope, erased FROM document WHERE document = ?1")?;
    let mut former = transaction.prepare_cached("SELECT scope FROM former_scope WHERE document = ?1")?;
    let mut found = BTreeMap::new();
    for id in &asked.documents {
        let row: Option<(String, bool)> =
            query.query_row([id.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((scope, erased)) = row else { continue };
        let left: Vec<String> = former.query_map([id.as_bytes()], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let facts = DocumentFacts {
            scope: read_scope(&scope)?,
            former: left.iter().map(|scope| read_scope(scope)).collect::<Result<_, _>>()?,
            state: if erased { DocumentState::Erased } else { DocumentState::Live },
        };
        found.insert(*id, facts);
    }
    Ok(found)
}

fn beyond(transaction: &Transaction<'_>, replica: ReplicaId, head: LaneHead) -> Result<Beyond, StationFault> {
    let mut query = transaction.prepare_cached(
        "SELECT lane_index, header_hash, header FROM entry
         WHERE replica = ?1 AND lane_index > ?2 AND outcome <> ?3 ORDER BY lane_index",
    )?;
    let mut rows = query.query((replica.as_bytes(), head.index.cast_signed(), REFUSED))?;
    let mut beyond = Beyond::default();
    let mut reached = BTreeSet::from([head.hash]);
    while let Some(row) = rows.next()? {
        let (index, hash) = (row.get::<_, i64>(0)?.cast_unsigned(), Hash(row.get(1)?));
        let header: Vec<u8> = row.get(2)?;
        let header = lane::read_header(&header).map_err(|_| StationFault::Damaged { what: "header" })?;
        if reached.contains(&header.prev) {
            reached.insert(hash);
            beyond.following.entry(index).or_default().insert(hash);
        }
        beyond.all.insert(hash);
    }
    Ok(beyond)
}

/// Of the controls asked for, those that are in a log.
fn controls(transaction: &Transaction<'_>, asked: &Questions) -> Result<BTreeSet<Control>, StationFault> {
    let mut query = transaction.prepare_cached(&format!(
        "SELECT header FROM entry WHERE document = ?1 AND change_hash IS NULL AND act = ?2 AND outcome = {LOGGED}"
    ))?;
    let mut found = BTreeSet::new();
    for control in &asked.controls {
        let headers = query.query_map((control.document.as_bytes(), control.act.as_bytes()), |row| row.get(0))?;
        for header in headers.collect::<Result<Vec<Vec<u8>>, _>>()? {
            let header = lane::read_header(&header).map_err(|_| StationFault::Damaged { what: "header" })?;
            if Control::of(&header) == *control {
                found.insert(*control);
            }
        }
    }
    Ok(found)
}

pub(crate) fn read_scope(text: &str) -> Result<ScopeId, StationFault> {
    text.parse().map_err(|_| StationFault::Damaged { what: "scope" })
}

fn changes(
    transaction: &Transaction<'_>,
    asked: &Questions,
    (replica, judging): (ReplicaId, Judging),
) -> Result<BTreeMap<(DocumentId, Hash), ChangeState>, StationFault> {
    // A change refused in one lane and accepted in another is accepted.
    let mut query = transaction.prepare_cached(&format!(
        "SELECT min(outcome) FROM entry WHERE document = ?1 AND change_hash = ?2 AND NOT (replica = ?3 AND {})",
        judged_again(judging)
    ))?;
    let mut found = BTreeMap::new();
    for (document, hash) in &asked.changes {
        let key = (document.as_bytes(), hash.as_bytes(), replica.as_bytes());
        let outcome: Option<i64> = query.query_row(key, |row| row.get(0))?;
        let Some(outcome) = outcome else { continue };
        let state = if outcome == REFUSED { ChangeState::Refused } else { ChangeState::Accepted };
        found.insert((*document, *hash), state);
    }
    Ok(found)
}

/// Which entries of the lane are being judged again.
fn judged_again(judging: Judging) -> String {
    match judging {
        Judging::AfterHead(_) => "0".to_owned(),
        Judging::Again => format!("outcome = {REFUSED} AND reason IN ({})", again::reasons()),
        Judging::Kept(_) => format!("outcome = {REFUSED} AND reason = {}", RefusalReason::ReplicaFrozen.number()),
    }
}

fn slots(
    transaction: &Transaction<'_>,
    asked: &Questions,
) -> Result<BTreeMap<(DocumentId, Actor, u64), Hash>, StationFault> {
    let mut query = transaction.prepare_cached(&format!(
        "SELECT change_hash FROM entry
         WHERE document = ?1 AND actor = ?2 AND actor_number = ?3 AND outcome = {LOGGED}"
    ))?;
    let mut found = BTreeMap::new();
    for slot in &asked.slots {
        let (document, actor, number) = slot;
        let hash: Option<[u8; 32]> =
            query.query_row((document.as_bytes(), actor.0, number.cast_signed()), |row| row.get(0)).optional()?;
        if let Some(hash) = hash {
            found.insert(*slot, Hash(hash));
        }
    }
    Ok(found)
}

fn actors(transaction: &Transaction<'_>, asked: &Questions) -> Result<BTreeMap<Actor, ReplicaId>, StationFault> {
    let mut query = transaction.prepare_cached("SELECT replica FROM actor WHERE actor = ?1")?;
    let mut found = BTreeMap::new();
    for actor in &asked.actors {
        if let Some(replica) = query.query_row([actor.0], |row| row.get::<_, [u8; 16]>(0)).optional()? {
            found.insert(*actor, ReplicaId::from_bytes(replica));
        }
    }
    Ok(found)
}

/// Only acts of the same lane: no laptop can have another's act refused by naming it.
fn refused_acts(
    transaction: &Transaction<'_>,
    asked: &Questions,
    (replica, judging): (ReplicaId, Judging),
) -> Result<BTreeSet<ActId>, StationFault> {
    let mut query = transaction.prepare_cached(&format!(
        "SELECT 1 FROM entry WHERE act = ?1 AND replica = ?2 AND outcome = {REFUSED} AND NOT ({})",
        judged_again(judging)
    ))?;
    let mut found = BTreeSet::new();
    for act in &asked.acts {
        if query.exists((act.as_bytes(), replica.as_bytes()))? {
            found.insert(*act);
        }
    }
    Ok(found)
}
