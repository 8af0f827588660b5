//! The marker on a registered medium: the station's word that bundles may travel on it. USB is off for every medium without
//! one. A marker is a rule against carelessness, not a lock: it can be copied, and bundles are sealed anyway.
//! Must not know file systems.

use minicbor::{Decode, Encode};

use crate::cbor;
use crate::crypto::{PublicKey, SignKey, Signable, Signed};
use crate::directory::{Directory, MediumState};
use crate::ids::{MediumId, StationId};
use crate::limits;

/// Name of the marker's file, in the top folder of a medium.
pub const MARKER_FILE: &str = "fengqiao.medium";

const MAGIC: &[u8; 7] = b"FQMEDIA";

/// The version of the marker this build writes and the newest it reads.
pub const MARKER_VERSION: u8 = 1;

/// What the marker says.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Marker {
    /// Which station registered the medium.
    #[n(0)]
    pub station: StationId,
    /// Which medium.
    #[n(1)]
    pub medium: MediumId,
    /// What is written on it.
    #[n(2)]
    pub label: String,
    /// The version of the directory that lists it first.
    #[n(3)]
    pub directory_version: u64,
}

impl Signable for Marker {
    const DOMAIN: &'static str = "medium 1";
    const BYTES_MAX: usize = limits::MARKER_BYTES_MAX;
}

/// Why bundles may not travel on a medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MediumFault {
    /// The marker is not one of ours.
    #[error("not a marker")]
    NotAMarker,
    /// Made by a newer station.
    #[error("marker version {found}")]
    NewerVersion {
        /// The version found.
        found: u8,
    },
    /// Cut short, changed, or of another station.
    #[error("the marker is damaged or another station's")]
    NotTheStations,
    /// A directory that should list it does not.
    #[error("the medium is not registered")]
    NotRegistered,
    /// It was withdrawn.
    #[error("the medium was withdrawn")]
    Withdrawn,
}

impl Marker {
    /// The marker's bytes.
    #[must_use]
    pub fn to_file(&self, key: &SignKey) -> Vec<u8> {
        [MAGIC.as_slice(), &[MARKER_VERSION], &Signed::sign(self, key).to_bytes()].concat()
    }

    /// Reads a marker and checks that the station signed it.
    ///
    /// # Errors
    /// [`MediumFault`].
    pub fn from_file(bytes: &[u8], station: StationId, key: &PublicKey) -> Result<Self, MediumFault> {
        let rest = bytes.strip_prefix(MAGIC.as_slice()).ok_or(MediumFault::NotAMarker)?;
        let (version, rest) = rest.split_first().ok_or(MediumFault::NotAMarker)?;
        if *version != MARKER_VERSION {
            return Err(MediumFault::NewerVersion { found: *version });
        }
        let signed: Signed<Self> =
            cbor::from_bytes(rest, limits::MARKER_BYTES_MAX).map_err(|_| MediumFault::NotTheStations)?;
        let marker = signed.verify(key).map_err(|_| MediumFault::NotTheStations)?.into_value();
        if marker.station == station { Ok(marker) } else { Err(MediumFault::NotTheStations) }
    }

    /// Whether the medium may be used, by the newest directory held. One that is older than the registration cannot list the
    /// medium; the station's signature on the marker stands for it, or a laptop that never had a network could never begin.
    ///
    /// # Errors
    /// [`MediumFault::NotRegistered`], [`MediumFault::Withdrawn`].
    pub fn admit(&self, directory: &Directory) -> Result<(), MediumFault> {
        match directory.medium(self.medium).map(|medium| medium.state) {
            Some(MediumState::Registered) => Ok(()),
            Some(MediumState::Withdrawn | MediumState::Other(_)) => Err(MediumFault::Withdrawn),
            None if directory.version < self.directory_version => Ok(()),
            None => Err(MediumFault::NotRegistered),
        }
    }
}
