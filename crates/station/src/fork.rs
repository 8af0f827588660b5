//! Branches of a lane that the station does not follow: who was told, when a replica is frozen, what is kept of it, and how a
//! person thaws it. Must not decide when to freeze; `sync::fork` does.

mod thaw;

pub use thaw::{Branch, Thawed};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use sync::directory::ReplicaState;
use sync::fork::{self, ForkVerdict, Told};
use sync::frame::LaneEntry;
use sync::ids::{Hash, ReplicaId};
use sync::judge::{self, Ruling};
use sync::lane::LaneHead;
use sync::receipt::RefusalReason;
use sync::wire::Request;

use crate::edit;
use crate::fault::StationFault;
use crate::push::entry::{self, NewEntry};
use crate::station::Station;

/// What became of a replica whose frames fork off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is told, and is to go on as another.
    Told,
    /// It was told often enough.
    Frozen,
}

/// Remembers that the laptop is told of another branch, or freezes its replica.
pub(crate) fn forked(station: &Station, request: &Request, now_ms: i64) -> Result<Fate, StationFault> {
    let entries = entries(station, request)?;
    let places: Vec<LaneHead> = entries.iter().map(|one| one.place).collect();
    let Some(end) = places.last().copied() else { return Ok(Fate::Told) };
    let mut connection = station.lock();
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let before = fork::known_of(&told(&transaction, request.replica)?, &places);
    let fate = match fork::judge_fork(before, end, request.heard_at_ms, now_ms) {
        ForkVerdict::Tell(now) => {
            remember(&transaction, request.replica, before, now)?;
            Fate::Told
        }
        ForkVerdict::Freeze => {
            let act = format!("replica freeze {}", request.replica);
            let freeze = |directory: &mut _| edit::freeze(directory, request.replica);
            let (version, ()) = station.edit_within(&transaction, &act, now_ms, freeze)?;
            keep_entries(station, &transaction, request.replica, entries, now_ms)?;
            tracing::error!(event = "replica_frozen", replica = %request.replica, directory_version = version);
            Fate::Frozen
        }
    };
    transaction.commit()?;
    Ok(fate)
}

/// Keeps what a frozen replica sends, set aside without a receipt: of whichever branch.
pub(crate) fn keep(station: &Station, request: &Request, now_ms: i64) -> Result<(), StationFault> {
    let entries = entries(station, request)?;
    let mut connection = station.lock();
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    keep_entries(station, &transaction, request.replica, entries, now_ms)?;
    transaction.commit()?;
    Ok(())
}

/// Whether nobody is heard under a name.
pub(crate) fn is_frozen(station: &Station, replica: ReplicaId) -> Result<bool, StationFault> {
    Ok(station.directory()?.replica(replica).is_some_and(|one| one.state == ReplicaState::Frozen))
}

/// The entries of a request's frames that the replica has signed.
fn entries(station: &Station, request: &Request) -> Result<Vec<LaneEntry>, StationFault> {
    let directory = station.directory()?;
    let Some(replica) = directory.replica(request.replica) else { return Ok(Vec::new()) };
    let own = request.frames.iter().filter(|frame| frame.replica == request.replica);
    let verified = own.map_while(|frame| frame.clone().verify(station.id(), &replica.public_key).ok());
    Ok(verified.flat_map(|frame| frame.entries().to_vec()).collect())
}

fn keep_entries(
    station: &Station,
    transaction: &Transaction<'_>,
    replica: ReplicaId,
    entries: Vec<LaneEntry>,
    now_ms: i64,
) -> Result<(), StationFault> {
    let entries = entries.into_iter().map(|one| one.entry).collect();
    let kept = judge::reopen(replica, entries, station.known()).set_aside(RefusalReason::ReplicaFrozen);
    for mut one in kept.entries {
        if entry::find(transaction, replica, one.place)?.is_some() {
            continue;
        }
        let erased = transaction
            .prepare_cached("SELECT 1 FROM document WHERE document = ?1 AND erased")?
            .exists([one.header.document.as_bytes()])?;
        if erased {
            one.ruling = Ruling::Refused(RefusalReason::DocumentErased);
        }
        NewEntry::judged(replica, &one).insert(transaction, now_ms)?;
    }
    Ok(())
}

fn told(connection: &Connection, replica: ReplicaId) -> Result<Vec<Told>, StationFault> {
    let mut query =
        connection.prepare_cached("SELECT head_index, head_hash, told_at_ms, grown FROM fork WHERE replica = ?1")?;
    let rows = query.query_map([replica.as_bytes()], |row| {
        let head = LaneHead { index: row.get::<_, i64>(0)?.cast_unsigned(), hash: Hash(row.get(1)?) };
        Ok(Told { head, told_at_ms: row.get(2)?, grown: row.get(3)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn remember(
    transaction: &Transaction<'_>,
    replica: ReplicaId,
    before: Option<Told>,
    now: Told,
) -> Result<(), StationFault> {
    if let Some(before) = before {
        transaction
            .prepare_cached("DELETE FROM fork WHERE replica = ?1 AND head_hash = ?2")?
            .execute((replica.as_bytes(), before.head.hash.as_bytes()))?;
    }
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO fork (replica, head_hash, head_index, told_at_ms, grown) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((
            replica.as_bytes(),
            now.head.hash.as_bytes(),
            now.head.index.cast_signed(),
            now.told_at_ms,
            now.grown,
        ))?;
    Ok(())
}
