//! A frame into the database: admit, look up, judge, store, order, sign a receipt; one transaction, and the receipt is
//! handed out only after its commit. Must not decide what is refused; `sync::judge` does.

pub(crate) mod again;
pub(crate) mod append;
pub(crate) mod entry;
mod lookup;

pub(crate) use lookup::read_scope;

use failpoint::{Point, reached};
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior};
use sync::crypto::{Signable, Signed};
use sync::frame::Frame;
use sync::ids::{Hash, ReplicaId};
use sync::judge::{self, Admission, Judgement, Pending, Ruling};
use sync::lane::LaneHead;
use sync::receipt::Receipt;
use sync::wire::FrameRejection;

use crate::fault::StationFault;
use crate::repair;
use crate::station::{self, Station};
use append::Log;
use entry::NewEntry;
use lookup::Judging;

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
    let replica = frame.replica;
    let pending = match judge::admit_knowing(frame, station.id(), &newest, head, station.known()) {
        Admission::Known(place) if entry::find(&transaction, replica, place)?.is_some() => return Ok(Taken::Known),
        Admission::Known(_) => return Ok(Taken::Rejected(FrameRejection::Fork)),
        Admission::Rejected(rejection) => return Ok(Taken::Rejected(rejection)),
        Admission::Fresh(pending) => pending,
    };
    let answers = lookup::answers(station, &transaction, &pending, Judging::AfterHead(head))?;
    if answers.another_branch(&pending) {
        return Ok(Taken::Rejected(FrameRejection::Fork));
    }
    let judgement = pending.judge(&answers.facts(&newest, named_version, now_ms));
    reached(Point::FrameJudged);
    store(station, &transaction, &judgement, now_ms)?;
    count_lost(&transaction, &judgement, now_ms)?;
    reached(Point::FrameWritten);
    transaction.commit()?;
    reached(Point::FrameCommitted);
    if judgement.entries.iter().any(|one| matches!(one.ruling, Ruling::Erase { .. })) {
        forget(&connection)?;
        reached(Point::FrameForgotten);
    }
    Ok(Taken::Stored)
}

/// Takes entries kept of a frozen replica as if they came now, after `head`. Gives the lane's head.
pub(crate) fn take_kept(
    station: &Station,
    transaction: &Transaction<'_>,
    pending: Pending,
    head: LaneHead,
    now_ms: i64,
) -> Result<LaneHead, StationFault> {
    let newest = station.newest_directory(transaction)?;
    let answers = lookup::answers(station, transaction, &pending, Judging::Kept(head))?;
    let judgement = pending.judge(&answers.facts(&newest, 0, now_ms));
    store(station, transaction, &judgement, now_ms)?;
    Ok(judgement.head)
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
    write(transaction, &mut log, judgement, now_ms)?;
    let receipt = judgement.receipt(station.id(), epoch, log.finish()?, now_ms);
    put_receipt(transaction, &receipt, Signed::sign(&receipt, station.sign_key()))?;
    put_head(transaction, judgement)
}

/// Writes judged entries, into the logs too where they were accepted, and what they do.
fn write(
    transaction: &Transaction<'_>,
    log: &mut Log<'_>,
    judgement: &Judgement,
    now_ms: i64,
) -> Result<(), StationFault> {
    for one in &judgement.entries {
        let id = NewEntry::judged(judgement.replica, one).insert(transaction, now_ms)?;
        let place = (judgement.replica, one.place.hash);
        match &one.ruling {
            Ruling::Log { scope } | Ruling::Move { from: scope, .. } | Ruling::Erase { scope } => {
                log.append(scope, id, place)?;
            }
            Ruling::Held | Ruling::Refused(_) => {}
        }
        log.effect(&one.ruling, one.header.document, id, place)?;
    }
    Ok(())
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
