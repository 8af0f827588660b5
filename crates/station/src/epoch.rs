//! Log epochs: a station brought back from a backup goes on in a new one, so no position of its logs means two things.
//! Owns the number and its history. Must not know how laptops find their place in it.

use rusqlite::{Connection, Transaction, TransactionBehavior};
use sync::crypto::SignKey;

use crate::fault::StationFault;
use crate::station::{self, Station};

/// Versions of the directory left out when an epoch opens: more than an operator signs in the life of a backup.
const VERSIONS_SKIPPED: u64 = 10_000;

/// Why an epoch was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EpochCause {
    /// The station was founded.
    Founded,
    /// The database was brought back from a backup.
    Restored,
    /// A laptop showed that this database is older than what the station had signed: brought back without saying so.
    Noticed,
}

impl EpochCause {
    /// As stored and printed.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Founded => "founded",
            Self::Restored => "restored",
            Self::Noticed => "noticed",
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
        let next = open_above(&transaction, self.sign_key(), 0, cause, now_ms)?;
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

/// Opens an epoch above the present one and above `lost`, inside a transaction of the caller. The directory takes a new
/// version far above any that may have been lost, so that no number ever means two directories.
pub(crate) fn open_above(
    transaction: &Transaction<'_>,
    sign: &SignKey,
    lost: u32,
    cause: EpochCause,
    now_ms: i64,
) -> Result<u32, StationFault> {
    let present = station::epoch(transaction)?;
    let next = present.max(lost).checked_add(1).ok_or(StationFault::Damaged { what: "epoch" })?;
    put(transaction, next, cause, now_ms)?;
    let newest = station::newest_version(transaction)?;
    let signed = station::signed_directory(transaction, newest)?.ok_or(StationFault::Damaged { what: "directory" })?;
    let mut directory = signed.verify(&sign.public())?.into_value();
    directory.version = directory.version.saturating_add(VERSIONS_SKIPPED);
    directory.signed_at_ms = now_ms;
    station::insert_directory(transaction, &directory, sign, &format!("epoch {next}"))?;
    Ok(next)
}

fn put(connection: &Connection, epoch: u32, cause: EpochCause, now_ms: i64) -> Result<(), StationFault> {
    station::put_setting(connection, "epoch", &epoch.to_be_bytes())?;
    connection
        .execute("INSERT INTO epoch (epoch, opened_at_ms, cause) VALUES (?1, ?2, ?3)", (epoch, now_ms, cause.code()))?;
    Ok(())
}
