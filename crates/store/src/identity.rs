//! Who this replica is: one row. Must not know how it enrolled.

use rusqlite::{Connection, OptionalExtension, params};
use sync::ids::{OfficerId, ReplicaId, StationId};
use zeroize::Zeroizing;

use crate::error::Result;
use crate::row::{Bytes, officer_of, replica_of};

/// Who this replica is.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The replica.
    pub replica: ReplicaId,
    /// Its officer.
    pub officer: OfficerId,
    /// The station.
    pub station: StationId,
    /// The laptop's label.
    pub laptop: String,
    /// Seed of the key that signs its frames.
    pub signing_key: Zeroizing<[u8; 32]>,
    /// What the enrolment file said.
    pub enrolment: Vec<u8>,
    /// The station has certified it.
    pub certified: bool,
    /// Why the station refused it for good.
    pub refused: Option<String>,
    /// The replica it was restored from.
    pub predecessor: Option<ReplicaId>,
}

pub(crate) fn insert(conn: &Connection, identity: &Identity) -> Result<()> {
    conn.execute(
        "INSERT OR REPLACE INTO identity
            (one, replica, officer, station, laptop, signing_key, enrolment, certified, refused, predecessor)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            identity.replica.as_bytes(),
            identity.officer.as_bytes(),
            identity.station.as_bytes(),
            identity.laptop,
            identity.signing_key.as_slice(),
            identity.enrolment,
            identity.certified,
            identity.refused,
            identity.predecessor.as_ref().map(ReplicaId::as_bytes),
        ],
    )?;
    Ok(())
}

pub(crate) fn read(conn: &Connection) -> Result<Option<Identity>> {
    let found = conn
        .query_row(
            "SELECT replica, officer, station, laptop, signing_key, enrolment, certified, refused, predecessor FROM identity",
            [],
            |row| {
                Ok(Identity {
                    replica: replica_of(row, 0)?,
                    officer: officer_of(row, 1)?,
                    station: StationId::from_bytes(row.get::<_, Bytes<16>>(2)?.0),
                    laptop: row.get(3)?,
                    signing_key: Zeroizing::new(row.get::<_, Bytes<32>>(4)?.0),
                    enrolment: row.get(5)?,
                    certified: row.get(6)?,
                    refused: row.get(7)?,
                    predecessor: row.get::<_, Option<Bytes<16>>>(8)?.map(|bytes| ReplicaId::from_bytes(bytes.0)),
                })
            },
        )
        .optional()?;
    Ok(found)
}
