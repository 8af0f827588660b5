//! A frame into the database: admit, look up, judge, store, order, sign a receipt; one transaction, and the receipt is
//! handed out only after its commit. Must not decide what is refused; `sync::judge` does.

pub(crate) mod append;
mod lookup;

pub(crate) use lookup::read_scope;

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, named_params};
use sync::crypto::{Signable, Signed};
use sync::frame::Frame;
use sync::ids::{Hash, ReplicaId};
use sync::judge::{self, Admission, JudgedEntry, Judgement, Ruling};
use sync::lane::LaneHead;
use sync::receipt::{Receipt, RefusalReason};
use sync::wire::FrameRejection;

use crate::fault::StationFault;
use crate::repair;
use crate::station::{self, Station};
use append::Log;

/// Entry outcomes as stored.
pub(crate) const LOGGED: i64 = 0;
/// The same change is in a log already, from another lane.
pub(crate) const HELD: i64 = 1;
/// Set aside.
pub(crate) const REFUSED: i64 = 2;

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// Committed, with a receipt.
    Stored,
    /// The station had it already.
    Known,
    /// Does not continue the lane.
    Rejected(FrameRejection),
}

/// Takes one frame in one transaction.
pub(crate) fn take_frame(station: &Station, frame: Frame, now_ms: i64) -> Result<Taken, StationFault> {
    let mut connection = station.lock();
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let newest = station.newest_directory(&transaction)?;
    let (head, named_version) = lane_head(&transaction, frame.replica)?;
    let pending = match judge::admit(frame, station.id(), &newest, head) {
        Admission::Known => return Ok(Taken::Known),
        Admission::Rejected(rejection) => return Ok(Taken::Rejected(rejection)),
        Admission::Fresh(pending) => pending,
    };
    let answers = lookup::answers(station, &transaction, &pending)?;
    if answers.another_branch(&pending) {
        return Ok(Taken::Rejected(FrameRejection::Fork));
    }
    let judgement = pending.judge(&answers.facts(&newest, named_version, now_ms));
    store(station, &transaction, &judgement, now_ms)?;
    count_lost(&transaction, &judgement, now_ms)?;
    transaction.commit()?;
    if judgement.entries.iter().any(|one| matches!(one.ruling, Ruling::Erase { .. })) {
        forget(&connection)?;
    }
    Ok(Taken::Stored)
}

/// Cuts the write-ahead log, which would hold what was erased until it is used again. `secure_delete` has overwritten the
/// pages of the file itself; a reader in the way leaves the log to the next checkpoint.
fn forget(connection: &rusqlite::Connection) -> Result<(), StationFault> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

/// The station's place in a lane, and the highest directory version the lane has named.
pub(crate) fn lane_head(transaction: &Transaction<'_>, replica: ReplicaId) -> Result<(LaneHead, u64), StationFault> {
    let found = transaction
        .prepare_cached("SELECT head_index, head_hash, directory_version FROM lane WHERE replica = ?1")?
        .query_row([replica.as_bytes()], |row| {
            let head = LaneHead { index: row.get::<_, i64>(0)?.cast_unsigned(), hash: Hash(row.get(1)?) };
            Ok((head, row.get::<_, i64>(2)?.cast_unsigned()))
        })
        .optional()?;
    Ok(found.unwrap_or_else(|| (LaneHead::genesis(replica), 0)))
}

fn store(
    station: &Station,
    transaction: &Transaction<'_>,
    judgement: &Judgement,
    now_ms: i64,
) -> Result<(), StationFault> {
    let epoch = station::epoch(transaction)?;
    let mut log = Log::new(transaction, station.id(), epoch);
    for one in &judgement.entries {
        let id = insert_entry(transaction, judgement.replica, one, now_ms)?;
        let place = (judgement.replica, one.place.hash);
        match &one.ruling {
            Ruling::Log { scope } => {
                append::settle(transaction, one.header.document, scope)?;
                log.append(scope, id, place)?;
            }
            Ruling::Move { from, to, documents } => {
                log.append(from, id, place)?;
                for document in documents {
                    log.copy(*document, id, from, to)?;
                    append::relocate(transaction, *document, id, from, to)?;
                }
                log.append_once(to, id, place)?;
            }
            Ruling::Erase { scope } => {
                log.append(scope, id, place)?;
                // whoever held it before it moved on holds it still
                for former in append::former(transaction, one.header.document)? {
                    log.append_once(&former, id, place)?;
                }
                append::erase(transaction, one.header.document, id)?;
            }
            Ruling::Held | Ruling::Refused(_) => {}
        }
        remember_actor(transaction, judgement.replica, one)?;
    }
    let receipt = judgement.receipt(station.id(), epoch, log.finish()?, now_ms);
    put_receipt(transaction, &receipt, Signed::sign(&receipt, station.sign_key()))?;
    put_head(transaction, judgement)
}

/// Entries that come again after a restore are counted for the operator.
fn count_lost(transaction: &Transaction<'_>, judgement: &Judgement, now_ms: i64) -> Result<(), StationFault> {
    let lost: Option<i64> = transaction
        .prepare_cached("SELECT last_index FROM lane_lost WHERE replica = ?1")?
        .query_row([judgement.replica.as_bytes()], |row| row.get(0))
        .optional()?;
    let last = lost.map_or(0, i64::cast_unsigned).min(judgement.head.index);
    let again = (last + 1).saturating_sub(judgement.first);
    if again > 0 {
        repair::count(transaction, (judgement.replica, "lane", judgement.replica), again, now_ms)?;
    }
    Ok(())
}

fn insert_entry(
    transaction: &Transaction<'_>,
    replica: ReplicaId,
    one: &JudgedEntry,
    now_ms: i64,
) -> Result<i64, StationFault> {
    // what comes late for an erased document, or as a header alone, is kept as that: who, when, why not
    let late = matches!(&one.ruling, Ruling::Refused(RefusalReason::DocumentErased));
    let contents =
        (!late && !one.entry.body.is_empty()).then_some((one.entry.salt.as_slice(), one.entry.body.as_slice()));
    let change = one.change.as_ref().filter(|_| contents.is_some());
    let (outcome, reason) = match &one.ruling {
        Ruling::Log { .. } | Ruling::Move { .. } | Ruling::Erase { .. } => (LOGGED, None),
        Ruling::Held => (HELD, None),
        Ruling::Refused(reason) => (REFUSED, Some(reason.number())),
    };
    transaction
        .prepare_cached(
            "INSERT INTO entry (replica, lane_index, header_hash, header, salt, body, document, act,
                                change_hash, actor, actor_number, outcome, reason, received_at_ms)
             VALUES (:replica, :lane_index, :header_hash, :header, :salt, :body, :document, :act,
                     :change_hash, :actor, :actor_number, :outcome, :reason, :now_ms)
             ON CONFLICT (replica, lane_index) DO NOTHING",
        )?
        .execute(named_params! {
            ":replica": replica.as_bytes(),
            ":lane_index": one.place.index.cast_signed(),
            ":header_hash": one.place.hash.as_bytes(),
            ":header": one.entry.header,
            ":salt": contents.map(|(salt, _)| salt),
            ":body": contents.map(|(_, body)| body),
            ":document": one.header.document.as_bytes(),
            ":act": one.header.act.as_bytes(),
            ":change_hash": change.map(|change| change.hash.0),
            ":actor": change.map(|change| change.actor.0),
            ":actor_number": change.map(|change| change.seq.cast_signed()),
            ":outcome": outcome,
            ":reason": reason,
            ":now_ms": now_ms,
        })?;
    Ok(transaction.last_insert_rowid())
}

/// The first replica whose accepted change names an actor keeps it.
fn remember_actor(transaction: &Transaction<'_>, replica: ReplicaId, one: &JudgedEntry) -> Result<(), StationFault> {
    let accepted = match &one.ruling {
        Ruling::Log { .. } | Ruling::Move { .. } | Ruling::Erase { .. } => true,
        Ruling::Held | Ruling::Refused(_) => false,
    };
    if let (true, Some(change)) = (accepted, &one.change) {
        transaction
            .prepare_cached("INSERT INTO actor (actor, replica) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
            .execute((change.actor.0, replica.as_bytes()))?;
    }
    Ok(())
}

fn put_receipt(transaction: &Transaction<'_>, receipt: &Receipt, signed: Signed<Receipt>) -> Result<(), StationFault> {
    let bytes = signed.to_bytes();
    if bytes.len() > Receipt::BYTES_MAX {
        return Err(StationFault::ReceiptTooLarge { bytes: bytes.len() });
    }
    transaction
        .prepare_cached(
            "INSERT INTO receipt (replica, last_index, first_index, signed, station_at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((
            receipt.replica.as_bytes(),
            receipt.last().cast_signed(),
            receipt.first.cast_signed(),
            bytes,
            receipt.station_at_ms,
        ))?;
    Ok(())
}

fn put_head(transaction: &Transaction<'_>, judgement: &Judgement) -> Result<(), StationFault> {
    transaction
        .prepare_cached(
            "INSERT INTO lane (replica, head_index, head_hash, directory_version) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (replica) DO UPDATE SET head_index = ?2, head_hash = ?3, directory_version = ?4",
        )?
        .execute((
            judgement.replica.as_bytes(),
            judgement.head.index.cast_signed(),
            judgement.head.hash.as_bytes(),
            judgement.lane_directory_version.cast_signed(),
        ))?;
    Ok(())
}
