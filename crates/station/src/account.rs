//! What the station tells its administrator: who was here when and what was done to the directory; below it, what was
//! set aside, and the station at a glance. Reads, and marks what was reviewed. Must not know how it is printed.

mod overview;
mod set_aside;

use rusqlite::{OptionalExtension, named_params};
use sync::ids::{OfficerId, ReplicaId};

use crate::fault::StationFault;
use crate::push::REFUSED;
use crate::station::Station;

pub use overview::{BackupAccount, Overview, Recovered};
pub use set_aside::{Review, Reviewed, SetAside, SetAsideEntry};

/// One version of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryAct {
    /// The version.
    pub version: u64,
    /// When it was signed, UTC milliseconds.
    pub signed_at_ms: i64,
    /// What was done.
    pub act: String,
}

/// A replica and its last exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplicaAccount {
    /// The replica.
    pub replica: ReplicaId,
    /// Whose.
    pub officer: OfficerId,
    /// The officer's name.
    pub officer_name: String,
    /// What the laptop is called.
    pub laptop_label: String,
    /// `active`, `revoked`, or `waiting` while its enrolment file is unused.
    pub state: &'static str,
    /// When it was certified.
    pub certified_at_ms: Option<i64>,
    /// When it was last here.
    pub seen_at_ms: Option<i64>,
    /// Its clock minus the station's, then.
    pub clock_ahead_ms: Option<i64>,
    /// Version of the directory it held then.
    pub directory_version: Option<u64>,
    /// Entries of its lane that the station holds.
    pub entries: u64,
    /// Of these, set aside.
    pub set_aside: u64,
    /// Entries it still had to fetch after the last answer.
    pub behind: Option<u64>,
    /// Attempts to use its enrolment file again.
    pub refused_uses: u64,
}

impl Station {
    /// Every act on the directory, oldest first.
    ///
    /// # Errors
    /// [`StationFault`].
    pub fn directory_log(&self) -> Result<Vec<DirectoryAct>, StationFault> {
        let connection = self.lock();
        let mut query =
            connection.prepare("SELECT version, signed_at_ms, act FROM directory_version ORDER BY version")?;
        let acts = query.query_map([], |row| {
            Ok(DirectoryAct {
                version: row.get::<_, i64>(0)?.cast_unsigned(),
                signed_at_ms: row.get(1)?,
                act: row.get(2)?,
            })
        })?;
        Ok(acts.collect::<Result<_, _>>()?)
    }

    /// Every replica, enrolled or still to be, those not seen for longest first.
    ///
    /// # Errors
    /// [`StationFault`].
    pub fn replicas(&self) -> Result<Vec<ReplicaAccount>, StationFault> {
        let connection = self.lock();
        let directory = self.newest_directory(&connection)?;
        let mut accounts = Vec::new();
        for replica in &directory.replicas {
            accounts.push(ReplicaAccount {
                replica: replica.id,
                officer: replica.officer,
                officer_name: name(&directory, replica.officer),
                laptop_label: replica.laptop_label.clone(),
                state: replica.state.code(),
                certified_at_ms: Some(replica.certified_at_ms),
                ..blank(replica.id, replica.officer)
            });
        }
        let mut waiting = connection.prepare(
            "SELECT replica, officer, laptop_label FROM token WHERE used_at_ms IS NULL ORDER BY issued_at_ms",
        )?;
        let mut rows = waiting.query([])?;
        while let Some(row) = rows.next()? {
            let (replica, officer) = (ReplicaId::from_bytes(row.get(0)?), OfficerId::from_bytes(row.get(1)?));
            accounts.push(ReplicaAccount {
                officer_name: name(&directory, officer),
                laptop_label: row.get(2)?,
                ..blank(replica, officer)
            });
        }
        for account in &mut accounts {
            fill(&connection, account)?;
        }
        accounts.sort_by_key(|account| account.seen_at_ms);
        Ok(accounts)
    }
}

fn name(directory: &sync::directory::Directory, officer: OfficerId) -> String {
    directory.officer(officer).map(|found| found.name.clone()).unwrap_or_default()
}

fn blank(replica: ReplicaId, officer: OfficerId) -> ReplicaAccount {
    ReplicaAccount {
        replica,
        officer,
        officer_name: String::new(),
        laptop_label: String::new(),
        state: "waiting",
        certified_at_ms: None,
        seen_at_ms: None,
        clock_ahead_ms: None,
        directory_version: None,
        entries: 0,
        set_aside: 0,
        behind: None,
        refused_uses: 0,
    }
}

fn fill(connection: &rusqlite::Connection, account: &mut ReplicaAccount) -> Result<(), StationFault> {
    let replica = account.replica;
    let contact = connection
        .prepare_cached("SELECT seen_at_ms, device_at_ms, directory_version, behind FROM contact WHERE replica = ?1")?
        .query_row([replica.as_bytes()], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?, row.get::<_, i64>(3)?))
        })
        .optional()?;
    if let Some((seen_at_ms, device_at_ms, version, behind)) = contact {
        account.seen_at_ms = Some(seen_at_ms);
        account.clock_ahead_ms = Some(device_at_ms.saturating_sub(seen_at_ms));
        account.directory_version = Some(version.cast_unsigned());
        account.behind = Some(behind.cast_unsigned());
    }
    (account.entries, account.set_aside) = connection
        .prepare_cached(
            "SELECT count(*), count(*) FILTER (WHERE outcome = :refused) FROM entry WHERE replica = :replica",
        )?
        .query_row(named_params! { ":refused": REFUSED, ":replica": replica.as_bytes() }, |row| {
            Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get::<_, i64>(1)?.cast_unsigned()))
        })?;
    account.refused_uses = connection
        .prepare_cached("SELECT refused_uses FROM token WHERE replica = ?1")?
        .query_row([replica.as_bytes()], |row| row.get::<_, i64>(0))
        .optional()?
        .map_or(0, i64::cast_unsigned);
    Ok(())
}
