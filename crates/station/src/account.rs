//! What the station tells its administrator: who was here when, what was set aside, what was done to the directory.
//! Reads only. Must not know how it is printed.

use rusqlite::{OptionalExtension, named_params};
use sync::ids::{ActId, DocumentId, OfficerId, ReplicaId, ScopeId};
use sync::lane;
use sync::receipt::RefusalReason;

use crate::fault::StationFault;
use crate::push::REFUSED;
use crate::station::Station;

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

fn reason(number: u8) -> RefusalReason {
    RefusalReason::from_number(number)
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

    /// Acts of which entries were set aside, oldest first.
    ///
    /// # Errors
    /// [`StationFault`].
    pub fn set_aside(&self) -> Result<Vec<SetAside>, StationFault> {
        let connection = self.lock();
        let follows = [RefusalReason::ActRefused.number(), RefusalReason::DependencyRefused.number()];
        let mut query = connection.prepare(&format!(
            "SELECT act, replica, count(*), min(received_at_ms),
                    coalesce(min(CASE WHEN reason NOT IN (?1, ?2) THEN reason END), min(reason))
             FROM entry WHERE outcome = {REFUSED} GROUP BY act, replica ORDER BY min(id)"
        ))?;
        let acts = query.query_map(follows, |row| {
            Ok(SetAside {
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
