//! Who this replica is: one row. Must not know how it enrolled or what it goes on for.

use rusqlite::{Connection, OptionalExtension, params};
use sync::crypto::SignKey;
use sync::ids::{OfficerId, ReplicaId, StationId};
use sync::succession::SignedSuccession;
use zeroize::Zeroizing;

use crate::error::{Result, StoreError};
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
    /// The replica it goes on for.
    pub predecessor: Option<ReplicaId>,
    /// Seed of that replica's key, until the station lists this one.
    pub predecessor_key: Option<Zeroizing<[u8; 32]>>,
    /// What lists this replica at the station; absent for one that came by an enrolment file.
    pub succession: Option<SignedSuccession>,
}

impl Identity {
    /// Who signs a successor in: this replica, or, as long as the station does not list it, the one it goes on for.
    pub(crate) fn signer(&self) -> (ReplicaId, SignKey) {
        match (self.certified, self.predecessor, &self.predecessor_key) {
            (false, Some(before), Some(seed)) => (before, SignKey::from_seed(seed)),
            (true | false, _, _) => (self.replica, SignKey::from_seed(&self.signing_key)),
        }
    }
}

pub(crate) fn insert(conn: &Connection, identity: &Identity) -> Result<()> {
    let wrong = |_| StoreError::Unreadable { what: "succession" };
    let succession = identity.succession.as_ref().map(minicbor::to_vec).transpose().map_err(wrong)?;
    conn.execute(
        "INSERT OR REPLACE INTO identity
            (one, replica, officer, station, laptop, signing_key, enrolment, certified, refused, predecessor, predecessor_key,
             succession)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
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
            identity.predecessor_key.as_ref().map(|seed| seed.as_slice()),
            succession,
        ],
    )?;
    Ok(())
}

pub(crate) fn read(conn: &Connection) -> Result<Option<Identity>> {
    let found = conn
        .query_row(
            "SELECT replica, officer, station, laptop, signing_key, enrolment, certified, refused, predecessor, predecessor_key,
                succession FROM identity",
            [],
            |row| {
                let identity = Identity {
                    replica: replica_of(row, 0)?,
                    officer: officer_of(row, 1)?,
                    station: StationId::from_bytes(row.get::<_, Bytes<16>>(2)?.0),
                    laptop: row.get(3)?,
                    signing_key: Zeroizing::new(row.get::<_, Bytes<32>>(4)?.0),
                    enrolment: row.get(5)?,
                    certified: row.get(6)?,
                    refused: row.get(7)?,
                    predecessor: row.get::<_, Option<Bytes<16>>>(8)?.map(|bytes| ReplicaId::from_bytes(bytes.0)),
                    predecessor_key: row.get::<_, Option<Bytes<32>>>(9)?.map(|bytes| Zeroizing::new(bytes.0)),
                    succession: None,
                };
                Ok((identity, row.get::<_, Option<Vec<u8>>>(10)?))
            },
        )
        .optional()?;
    let Some((identity, succession)) = found else { return Ok(None) };
    let wrong = |_| StoreError::Unreadable { what: "succession" };
    let succession = succession.map(|bytes| minicbor::decode(&bytes)).transpose().map_err(wrong)?;
    Ok(Some(Identity { succession, ..identity }))
}
