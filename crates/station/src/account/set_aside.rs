//! Acts set aside: what they are, and who looked into them. Must not decide what is set aside; `sync::judge` does.

use rusqlite::TransactionBehavior;
use sync::ids::{ActId, DocumentId, OfficerId, ReplicaId, ScopeId};
use sync::lane;
use sync::receipt::RefusalReason;

use crate::edit;
use crate::fault::StationFault;
use crate::push::REFUSED;
use crate::station::Station;

/// An act of which entries were set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// The act.
    pub act: ActId,
    /// Whose lane.
    pub replica: ReplicaId,
    /// Entries set aside.
    pub entries: u64,
    /// The reason that is not about other entries of the act, if there is one.
    pub reason: RefusalReason,
    /// When the station got it.
    pub received_at_ms: i64,
    /// Who looked into it and when.
    pub review: Option<Review>,
}

/// That somebody looked into an act set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Who.
    pub officer: OfficerId,
    /// When, UTC milliseconds.
    pub reviewed_at_ms: i64,
    /// What was found; may be empty.
    pub note: String,
}

/// An entry set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAsideEntry {
    /// Index in the lane.
    pub lane_index: u64,
    /// The document.
    pub document: DocumentId,
    /// The scope named.
    pub scope: Option<ScopeId>,
    /// What the entry does, as a code.
    pub kind: Option<&'static str>,
    /// The laptop's clock when it was written.
    pub device_at_ms: Option<i64>,
    /// Why.
    pub reason: RefusalReason,
    /// The entry itself; absent when its document was erased since.
    pub entry: Option<lane::Entry>,
}

/// What became of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reviewed {
    /// It is there.
    Marked {
        /// By whom.
        officer: OfficerId,
    },
    /// Nothing of this act was set aside.
    ActUnknown,
}

/// What was kept of a frozen replica and has come again from its successor.
const CARRIED_OVER: &str = "reason = 20 AND EXISTS (SELECT 1 FROM entry AS again WHERE again.document = entry.document
    AND again.change_hash = entry.change_hash AND again.outcome <> 2)";

fn reason(number: u8) -> RefusalReason {
    RefusalReason::from_number(number)
}

impl Station {
    /// Acts of which entries were set aside, oldest first.
    ///
    /// # Errors
    /// [`StationFault`].
    pub fn set_aside(&self) -> Result<Vec<SetAside>, StationFault> {
        let connection = self.lock();
        let follows = [RefusalReason::ActRefused.number(), RefusalReason::DependencyRefused.number()];
        let mut query = connection.prepare(&format!(
            "SELECT refused.*, review.officer, review.reviewed_at_ms, review.note
             FROM (SELECT act, replica, count(*), min(received_at_ms),
                          coalesce(min(CASE WHEN reason NOT IN (?1, ?2) THEN reason END), min(reason)), min(id) AS first
                   FROM entry WHERE outcome = {REFUSED} AND NOT ({CARRIED_OVER}) GROUP BY act, replica) AS refused
             LEFT JOIN review ON review.act = refused.act ORDER BY refused.first"
        ))?;
        let acts = query.query_map(follows, |row| {
            let review: (Option<[u8; 16]>, Option<i64>, Option<String>) = (row.get(6)?, row.get(7)?, row.get(8)?);
            Ok(SetAside {
                review: match review {
                    (Some(officer), Some(reviewed_at_ms), Some(note)) => {
                        Some(Review { officer: OfficerId::from_bytes(officer), reviewed_at_ms, note })
                    }
                    _ => None,
                },
                act: ActId::from_bytes(row.get(0)?),
                replica: ReplicaId::from_bytes(row.get(1)?),
                entries: row.get::<_, i64>(2)?.cast_unsigned(),
                received_at_ms: row.get(3)?,
                reason: reason(row.get(4)?),
            })
        })?;
        Ok(acts.collect::<Result<_, _>>()?)
    }

    /// The entries of an act that were set aside, in lane order.
    ///
    /// # Errors
    /// [`StationFault`].
    pub fn set_aside_entries(&self, act: ActId) -> Result<Vec<SetAsideEntry>, StationFault> {
        let connection = self.lock();
        let mut query = connection.prepare(&format!(
            "SELECT lane_index, document, reason, header, salt, body FROM entry
             WHERE act = ?1 AND outcome = {REFUSED} ORDER BY replica, lane_index"
        ))?;
        let entries = query.query_map([act.as_bytes()], |row| {
            let bytes: Vec<u8> = row.get(3)?;
            let header = lane::read_header(&bytes).ok();
            let contents: (Option<[u8; 32]>, Option<Vec<u8>>) = (row.get(4)?, row.get(5)?);
            Ok(SetAsideEntry {
                lane_index: row.get::<_, i64>(0)?.cast_unsigned(),
                document: DocumentId::from_bytes(row.get(1)?),
                scope: header.as_ref().map(|header| header.scope.clone()),
                kind: header.as_ref().map(|header| header.kind.code()),
                device_at_ms: header.as_ref().map(|header| header.device_at_ms),
                reason: reason(row.get(2)?),
                entry: match contents {
                    (Some(salt), Some(body)) => Some(lane::Entry { header: bytes, salt, body }),
                    _ => None,
                },
            })
        })?;
        Ok(entries.collect::<Result<_, _>>()?)
    }

    /// Marks an act set aside as looked into by an officer of the directory.
    ///
    /// # Errors
    /// [`StationFault`], also when the officer is unknown.
    pub fn review(&self, act: ActId, officer: &str, note: &str, now_ms: i64) -> Result<Reviewed, StationFault> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let directory = self.newest_directory(&transaction)?;
        let officer = edit::find_officer(&directory, officer)?.id;
        let note = if note.is_empty() { String::new() } else { edit::plain_text("note", note)? };
        let known = transaction
            .prepare_cached(&format!("SELECT 1 FROM entry WHERE act = ?1 AND outcome = {REFUSED}"))?
            .exists([act.as_bytes()])?;
        if !known {
            return Ok(Reviewed::ActUnknown);
        }
        transaction.execute(
            "INSERT INTO review (act, reviewed_at_ms, officer, note) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (act) DO UPDATE SET reviewed_at_ms = ?2, officer = ?3, note = ?4",
            (act.as_bytes(), now_ms, officer.as_bytes(), note),
        )?;
        transaction.commit()?;
        Ok(Reviewed::Marked { officer })
    }
}
