//! Log epochs: a station brought back from a backup goes on in a new one, so no position of its logs means two things.
//! Owns the number and its history. Must not know how laptops find their place in it.

use rusqlite::{Connection, TransactionBehavior};

use crate::fault::StationFault;
use crate::station::{self, Station};

/// Why an epoch was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EpochCause {
    /// The station was founded.
    Founded,
    /// The database was brought back from a backup.
    Restored,
}

impl EpochCause {
    /// As stored and printed.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Founded => "founded",
            Self::Restored => "restored",
        }
    }
}

/// One epoch of the station's logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epoch {
    /// Its number, from 1.
    pub epoch: u32,
    /// When it began, UTC milliseconds of the station's clock.
    pub opened_at_ms: i64,
    /// Why, as [`EpochCause::code`].
    pub cause: String,
}

impl Station {
    /// Opens the next epoch and returns its number.
    ///
    /// # Errors
    /// [`StationFault`]; nothing is changed then.
    pub fn open_epoch(&self, cause: EpochCause, now_ms: i64) -> Result<u32, StationFault> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let next = open_next(&transaction, cause, now_ms)?;
        transaction.commit()?;
        Ok(next)
    }

    /// Every epoch, oldest first.
    ///
    /// # Errors
    /// [`StationFault`].
    pub fn epochs(&self) -> Result<Vec<Epoch>, StationFault> {
        let connection = self.lock();
        let mut query = connection.prepare("SELECT epoch, opened_at_ms, cause FROM epoch ORDER BY epoch")?;
        let epochs = query
            .query_map([], |row| Ok(Epoch { epoch: row.get(0)?, opened_at_ms: row.get(1)?, cause: row.get(2)? }))?;
        Ok(epochs.collect::<Result<_, _>>()?)
    }
}

/// The first epoch of a new station.
pub(crate) fn found(connection: &Connection, now_ms: i64) -> Result<(), StationFault> {
    put(connection, 1, EpochCause::Founded, now_ms)
}

/// The next epoch, inside a transaction of the caller.
pub(crate) fn open_next(connection: &Connection, cause: EpochCause, now_ms: i64) -> Result<u32, StationFault> {
    let next = station::epoch(connection)?.checked_add(1).ok_or(StationFault::Damaged { what: "epoch" })?;
    put(connection, next, cause, now_ms)?;
    Ok(next)
}

fn put(connection: &Connection, epoch: u32, cause: EpochCause, now_ms: i64) -> Result<(), StationFault> {
    station::put_setting(connection, "epoch", &epoch.to_be_bytes())?;
    connection
        .execute("INSERT INTO epoch (epoch, opened_at_ms, cause) VALUES (?1, ?2, ?3)", (epoch, now_ms, cause.code()))?;
    Ok(())
}
