//! Writing an entry into the database, wherever it comes from: a frame of its lane, or a piece given back by another laptop.
//! Must not decide what becomes of it.

use rusqlite::{OptionalExtension, Transaction, named_params};
use sync::change::ChangeFacts;
use sync::ids::ReplicaId;
use sync::judge::{JudgedEntry, Ruling};
use sync::lane::{Entry, EntryHeader, LaneHead};
use sync::receipt::RefusalReason;
use sync::repair::{GivenBack, GivenContent};

use super::{HELD, LOGGED, REFUSED};
use crate::fault::StationFault;

/// An entry on its way into the database.
pub(crate) struct NewEntry<'a> {
    replica: ReplicaId,
    place: LaneHead,
    header: &'a EntryHeader,
    bytes: &'a [u8],
    /// Salt and body; nothing of an erased document.
    contents: Option<(&'a [u8], &'a [u8])>,
    change: Option<&'a ChangeFacts>,
    outcome: i64,
    reason: Option<u8>,
}

impl<'a> NewEntry<'a> {
    /// An entry of a frame, as it was judged.
    pub(crate) fn judged(replica: ReplicaId, one: &'a JudgedEntry) -> Self {
        // what comes late for an erased document, or as a header alone, is kept as that: who, when, why not
        let late = matches!(&one.ruling, Ruling::Refused(RefusalReason::DocumentErased));
        let contents = (!late).then_some(&one.entry).and_then(contents);
        let (outcome, reason) = outcome(&one.ruling);
        Self {
            replica,
            place: one.place,
            header: &one.header,
            bytes: &one.entry.header,
            contents,
            change: one.change.as_ref().filter(|_| contents.is_some()),
            outcome,
            reason,
        }
    }

    /// An entry of a piece: it was accepted once.
    pub(crate) fn given_back(one: &'a GivenBack) -> Self {
        let (bytes, contents, change) = match &one.content {
            GivenContent::Change { entry, facts } => (&entry.header, contents(entry), Some(facts)),
            GivenContent::Move { entry, .. } | GivenContent::Erase { entry } | GivenContent::Freeze { entry } => {
                (&entry.header, contents(entry), None)
            }
            GivenContent::Erased { header } => (header, None, None),
        };
        Self {
            replica: one.replica,
            place: LaneHead { index: one.header.index, hash: one.header_hash },
            header: &one.header,
            bytes,
            contents,
            change,
            outcome: LOGGED,
            reason: None,
        }
    }

    /// Inserts it and gives its id; the same place may hold others, of other branches. One that is there stays as it is,
    /// unless it was set aside and is not any more, or for another reason.
    pub(crate) fn insert(&self, transaction: &Transaction<'_>, now_ms: i64) -> Result<i64, StationFault> {
        let written: Option<i64> = transaction
            .prepare_cached(
                "INSERT INTO entry (replica, lane_index, header_hash, header, salt, body, document, act,
                                    change_hash, actor, actor_number, outcome, reason, received_at_ms)
                 VALUES (:replica, :lane_index, :header_hash, :header, :salt, :body, :document, :act,
                         :change_hash, :actor, :actor_number, :outcome, :reason, :now_ms)
                 ON CONFLICT (replica, lane_index, header_hash) DO UPDATE
                     SET change_hash = excluded.change_hash, actor = excluded.actor,
                         actor_number = excluded.actor_number, outcome = excluded.outcome, reason = excluded.reason
                     WHERE entry.outcome = :refused
                 RETURNING id",
            )?
            .query_row(
                named_params! {
                    ":replica": self.replica.as_bytes(),
                    ":lane_index": self.place.index.cast_signed(),
                    ":header_hash": self.place.hash.as_bytes(),
                    ":header": self.bytes,
                    ":salt": self.contents.map(|(salt, _)| salt),
                    ":body": self.contents.map(|(_, body)| body),
                    ":document": self.header.document.as_bytes(),
                    ":act": self.header.act.as_bytes(),
                    ":change_hash": self.change.map(|change| change.hash.0),
                    ":actor": self.change.map(|change| change.actor.0),
                    ":actor_number": self.change.map(|change| change.seq.cast_signed()),
                    ":outcome": self.outcome,
                    ":reason": self.reason,
                    ":now_ms": now_ms,
                    ":refused": REFUSED,
                },
                |row| row.get(0),
            )
            .optional()?;
        let Some(id) = written else {
            let found = find(transaction, self.replica, self.place)?;
            return found.map(|(id, _)| id).ok_or(StationFault::Damaged { what: "entry" });
        };
        if let (LOGGED, Some(change)) = (self.outcome, self.change) {
            // the first replica whose accepted change names an actor keeps it
            transaction
                .prepare_cached("INSERT INTO actor (actor, replica) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
                .execute((change.actor.0, self.replica.as_bytes()))?;
        }
        Ok(id)
    }
}

/// The id and the outcome of an entry, if it is here.
pub(crate) fn find(
    transaction: &Transaction<'_>,
    replica: ReplicaId,
    place: LaneHead,
) -> Result<Option<(i64, i64)>, StationFault> {
    let key = (replica.as_bytes(), place.index.cast_signed(), place.hash.as_bytes());
    Ok(transaction
        .prepare_cached("SELECT id, outcome FROM entry WHERE replica = ?1 AND lane_index = ?2 AND header_hash = ?3")?
        .query_row(key, |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

fn contents(entry: &Entry) -> Option<(&[u8], &[u8])> {
    (!entry.body.is_empty()).then_some((entry.salt.as_slice(), entry.body.as_slice()))
}

/// As stored: the outcome, and the number of the reason.
pub(crate) fn outcome(ruling: &Ruling) -> (i64, Option<u8>) {
    match ruling {
        Ruling::Log { .. } | Ruling::Move { .. } | Ruling::Erase { .. } => (LOGGED, None),
        Ruling::Held => (HELD, None),
        Ruling::Refused(reason) => (REFUSED, Some(reason.number())),
    }
}
