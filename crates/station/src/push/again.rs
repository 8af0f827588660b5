//! Entries set aside that are judged once more by a build that reads what an earlier one did not: without a new receipt, the
//! laptop hears of it by the scope's log. Must not decide what is refused; `sync::judge` does.

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};
use sync::ids::ReplicaId;
use sync::judge::{self, Ruling};
use sync::lane::Entry;
use sync::receipt::RefusalReason;

use super::append::Log;
use super::lookup::{self, Judging};
use super::{REFUSED, write};
use crate::fault::StationFault;
use crate::station::{self, Station};

/// What was read last, as [`sync::known::Known::mark`] tells.
const READ_BY: &str = "read_by";

/// Reasons that another build may not find.
const UNREADABLE: [RefusalReason; 3] =
    [RefusalReason::KindUnknown, RefusalReason::MalformedBody, RefusalReason::TooLarge];

/// And those that follow from them.
const FOLLOWING: [RefusalReason; 3] =
    [RefusalReason::ActRefused, RefusalReason::DependencyRefused, RefusalReason::DependencyUnknown];

/// The numbers of the reasons tried again, for SQL.
pub(super) fn reasons() -> String {
    list(UNREADABLE.into_iter().chain(FOLLOWING))
}

fn list(reasons: impl IntoIterator<Item = RefusalReason>) -> String {
    let numbers: Vec<String> = reasons.into_iter().map(|reason| reason.number().to_string()).collect();
    numbers.join(", ")
}

/// Marks a new database as read by this build.
pub(crate) fn begin(connection: &Connection, station: &Station) -> Result<(), StationFault> {
    station::put_setting(connection, READ_BY, station.known().mark().as_bytes())
}

/// Judges again what another build could not read, once after each upgrade. Gives how many entries were taken.
pub(crate) fn after_upgrade(station: &Station) -> Result<u64, StationFault> {
    let mut connection = station.lock();
    let mark = station.known().mark();
    if read_by(&connection)?.is_some_and(|read| read == mark.as_bytes()) {
        return Ok(0);
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut taken = 0_u64;
    for replica in lanes(&transaction)? {
        taken = taken.saturating_add(lane(station, &transaction, replica)?);
    }
    begin(&transaction, station)?;
    transaction.commit()?;
    tracing::info!(event = "read_again", taken);
    Ok(taken)
}

fn read_by(connection: &Connection) -> Result<Option<Vec<u8>>, StationFault> {
    Ok(connection.query_row("SELECT value FROM setting WHERE name = ?1", [READ_BY], |row| row.get(0)).optional()?)
}

fn lanes(transaction: &Transaction<'_>) -> Result<Vec<ReplicaId>, StationFault> {
    let mut query = transaction.prepare(&format!(
        "SELECT DISTINCT replica FROM entry WHERE outcome = {REFUSED} AND reason IN ({}) ORDER BY replica",
        list(UNREADABLE)
    ))?;
    let lanes = query.query_map([], |row| row.get(0).map(ReplicaId::from_bytes))?;
    Ok(lanes.collect::<Result<_, _>>()?)
}

/// Judges one lane's, in their order, as of when the last of them came.
fn lane(station: &Station, transaction: &Transaction<'_>, replica: ReplicaId) -> Result<u64, StationFault> {
    let mut query = transaction.prepare_cached(&format!(
        "SELECT header, salt, body, received_at_ms FROM entry
         WHERE replica = ?1 AND outcome = {REFUSED} AND reason IN ({}) AND body IS NOT NULL ORDER BY lane_index, id",
        reasons()
    ))?;
    let rows = query.query_map([replica.as_bytes()], |row| {
        Ok((Entry { header: row.get(0)?, salt: row.get(1)?, body: row.get(2)? }, row.get::<_, i64>(3)?))
    })?;
    let (entries, times): (Vec<Entry>, Vec<i64>) = rows.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
    let received_at_ms = times.into_iter().max().unwrap_or(0);
    let pending = judge::reopen(replica, entries, station.known());
    let answers = lookup::answers(station, transaction, &pending, Judging::Again)?;
    let newest = station.newest_directory(transaction)?;
    let judgement = pending.judge(&answers.facts(&newest, 0, received_at_ms));
    let mut log = Log::new(transaction, station.id(), station::epoch(transaction)?);
    write(transaction, &mut log, &judgement, received_at_ms)?;
    log.finish()?;
    Ok(judgement.entries.iter().map(|one| u64::from(!matches!(one.ruling, Ruling::Refused(_)))).sum())
}
