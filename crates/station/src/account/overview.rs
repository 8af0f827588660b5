//! The station at a glance: its backups, the last restore and what came back since. Reads only.

use sync::directory::ReplicaState;
use sync::ids::{ReplicaId, StationId};

use super::ReplicaAccount;
use crate::backup::Restored;
use crate::epoch::Epoch;
use crate::fault::StationFault;
use crate::station::{self, Station};

/// A backup that was read back and found whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupAccount {
    /// The moment it holds, UTC milliseconds.
    pub at_ms: i64,
    /// Its name when it was made.
    pub file_name: String,
    /// Its bytes.
    pub bytes: u64,
    /// Entries in it.
    pub entries: u64,
    /// The log epoch then.
    pub epoch: u32,
    /// Newest version of the directory then.
    pub directory_version: u64,
}

/// Entries that came back after a restore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    /// The last time some came, UTC milliseconds.
    pub at_ms: i64,
    /// The epoch the restore opened.
    pub epoch: u32,
    /// Whose entries.
    pub replica: ReplicaId,
    /// `lane`: sent again by their writer; `refill`: from what another laptop had pulled.
    pub source: String,
    /// Who brought them.
    pub from_replica: ReplicaId,
    /// How many.
    pub entries: u64,
}

/// The station at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// Which station.
    pub station: StationId,
    /// Newest version of its directory.
    pub directory_version: u64,
    /// The log epoch.
    pub epoch: u32,
    /// Entries of all lanes.
    pub entries: u64,
    /// Acts set aside that nobody has reviewed.
    pub acts_unreviewed: u64,
    /// The newest backup.
    pub backup: Option<BackupAccount>,
    /// The last restore.
    pub restored: Option<Restored>,
    /// Every log epoch, oldest first; more than one means that the station lost something once.
    pub epochs: Vec<Epoch>,
    /// What came back in the epochs after the first.
    pub recovered: Vec<Recovered>,
    /// Active laptops that have not been here since the newest epoch began, when it is not the first.
    pub not_seen_since: Vec<ReplicaAccount>,
}

impl Station {
    /// Every backup recorded, oldest first.
    ///
    /// # Errors
    /// [`StationFault`].
    pub fn backups(&self) -> Result<Vec<BackupAccount>, StationFault> {
        let connection = self.lock();
        let mut query = connection
            .prepare("SELECT at_ms, file_name, bytes, entries, epoch, directory_version FROM backup ORDER BY at_ms")?;
        let backups = query.query_map([], |row| {
            Ok(BackupAccount {
                at_ms: row.get(0)?,
                file_name: row.get(1)?,
                bytes: row.get::<_, i64>(2)?.cast_unsigned(),
                entries: row.get::<_, i64>(3)?.cast_unsigned(),
                epoch: row.get(4)?,
                directory_version: row.get::<_, i64>(5)?.cast_unsigned(),
            })
        })?;
        Ok(backups.collect::<Result<_, _>>()?)
    }

    /// What came back, by epoch.
    fn recovered(&self) -> Result<Vec<Recovered>, StationFault> {
        let connection = self.lock();
        let mut query = connection.prepare(
            "SELECT at_ms, epoch, replica, source, from_replica, entries FROM recovery
             ORDER BY epoch, replica, source, from_replica",
        )?;
        let rows = query.query_map([], |row| {
            Ok(Recovered {
                at_ms: row.get(0)?,
                epoch: row.get(1)?,
                replica: ReplicaId::from_bytes(row.get(2)?),
                source: row.get(3)?,
                from_replica: ReplicaId::from_bytes(row.get(4)?),
                entries: row.get::<_, i64>(5)?.cast_unsigned(),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The station at a glance.
    ///
    /// # Errors
    /// [`StationFault`].
    pub fn overview(&self) -> Result<Overview, StationFault> {
        let readiness = self.readiness()?;
        let epochs = self.epochs()?;
        let mut not_seen_since = Vec::new();
        if let [_, .., newest] = epochs.as_slice() {
            not_seen_since = self.replicas()?;
            let active = ReplicaState::Active.code();
            not_seen_since
                .retain(|one| one.state == active && one.seen_at_ms.is_none_or(|seen| seen < newest.opened_at_ms));
        }
        let acts_unreviewed = self.set_aside()?.iter().filter(|act| act.review.is_none()).count() as u64;
        let backup = self.backups()?.pop();
        let (entries, epoch) = {
            let connection = self.lock();
            let entries: i64 = connection.query_row("SELECT count(*) FROM entry", [], |row| row.get(0))?;
            (entries, station::epoch(&connection)?)
        };
        Ok(Overview {
            station: readiness.station,
            directory_version: readiness.directory_version,
            epoch,
            entries: entries.cast_unsigned(),
            acts_unreviewed,
            backup,
            restored: self.restored()?,
            epochs,
            recovered: self.recovered()?,
            not_seen_since,
        })
    }
}
