//! The directory: who works at the station, with which laptops, in which cells. A numbered full snapshot signed by the
//! station; never a document, so nobody can grant himself a cell. Must not know what officers do in their cells.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};

use crate::code::code_enum;
use crate::crypto::{self, BoxPublicKey, PublicKey, Signable, SignatureFault, Signed, Verified};
use crate::ids::{Hash, MediumId, OfficerId, ReplicaId, ScopeId, ScopeKind, StationId};
use crate::lane::EntryKind;
use crate::limits;

code_enum! {
    /// What an officer is at the station.
    pub enum Role {
        /// A beat officer.
        Officer = 1 => "officer",
        /// An auxiliary: records, but settles and moves nothing.
        Auxiliary = 2 => "auxiliary",
        /// A clerk of the records room.
        Clerk = 3 => "clerk",
        /// The chief: everything, erasure included.
        Chief = 4 => "chief",
        /// Reads and checks, writes nothing.
        Auditor = 5 => "auditor",
        /// Keeps the station server, writes no records.
        Admin = 6 => "admin",
    }
}

impl Role {
    /// Whether the role may write entries of a kind.
    #[must_use]
    pub fn may_write(self, kind: EntryKind) -> bool {
        match self {
            Self::Chief => !matches!(kind, EntryKind::Other(_)),
            Self::Officer | Self::Clerk => {
                matches!(kind, EntryKind::Change | EntryKind::Decision | EntryKind::Move | EntryKind::Freeze)
            }
            Self::Auxiliary => kind == EntryKind::Change,
            Self::Auditor | Self::Admin | Self::Other(_) => false,
        }
    }
}

code_enum! {
    /// Whether a replica may write and sync.
    pub enum ReplicaState {
        /// It may.
        Active = 1 => "active",
        /// Lost, stolen or left: its entries are set aside.
        Revoked = 2 => "revoked",
        /// Two copies of its disk write on in one lane: nobody is heard under this name until a person has decided.
        Frozen = 3 => "frozen",
    }
}

code_enum! {
    /// Whether the station's records are of real people.
    pub enum DataKind {
        /// Real records.
        Real = 1 => "real",
        /// Made up for demonstration; every screen says so.
        MadeUp = 2 => "made_up",
    }
}

code_enum! {
    /// Whether bundles may travel on a medium.
    pub enum MediumState {
        /// They may.
        Registered = 1 => "registered",
        /// Lost, broken or given away.
        Withdrawn = 2 => "withdrawn",
    }
}

/// A village or community.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Village {
    /// Division code, 12 digits.
    #[n(0)]
    pub code: String,
    /// Name.
    #[n(1)]
    pub name: String,
}

/// A cell: the area of one beat.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Cell {
    /// Code; the scope is `cell:<code>`.
    #[n(0)]
    pub code: String,
    /// Name.
    #[n(1)]
    pub name: String,
    /// Codes of the villages in it.
    #[n(2)]
    pub villages: Vec<String>,
}

/// A person of the station.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Officer {
    /// Id.
    #[n(0)]
    pub id: OfficerId,
    /// Name.
    #[n(1)]
    pub name: String,
    /// Police number.
    #[n(2)]
    pub police_number: String,
    /// Role.
    #[n(3)]
    pub role: Role,
}

/// What an assignment gives.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum AssignedTo {
    /// One scope.
    #[n(0)]
    Scope(#[n(0)] ScopeId),
    /// Every cell, now and later, without the sensitive parts.
    #[n(1)]
    AllCells,
}

/// An officer's duty from one day to another, both included.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Assignment {
    /// Who.
    #[n(0)]
    pub officer: OfficerId,
    /// Where.
    #[n(1)]
    pub to: AssignedTo,
    /// First day, `YYYY-MM-DD`, station-local.
    #[n(2)]
    pub from_on: String,
    /// Last day; open when absent.
    #[n(3)]
    pub to_on: Option<String>,
}

impl Assignment {
    /// Whether the assignment runs on a day (`YYYY-MM-DD`, station-local).
    #[must_use]
    pub fn runs_on(&self, day: &str) -> bool {
        self.from_on.as_str() <= day && self.to_on.as_deref().is_none_or(|last| day <= last)
    }
}

/// One officer's database on one laptop.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Replica {
    /// Id.
    #[n(0)]
    pub id: ReplicaId,
    /// Whose.
    #[n(1)]
    pub officer: OfficerId,
    /// What the laptop is called.
    #[n(2)]
    pub laptop_label: String,
    /// The key that signs its frames.
    #[n(3)]
    pub public_key: PublicKey,
    /// Active or revoked.
    #[n(4)]
    pub state: ReplicaState,
    /// When the station certified it, UTC milliseconds.
    #[n(5)]
    pub certified_at_ms: i64,
    /// The dead replica whose unsent entries this one may carry over.
    #[n(6)]
    pub successor_of: Option<ReplicaId>,
}

/// A one-time token that was used.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct EnrolmentUse {
    /// Hash of the token, see [`token_hash`].
    #[n(0)]
    pub token_hash: Hash,
    /// By which replica.
    #[n(1)]
    pub replica: ReplicaId,
    /// When, UTC milliseconds.
    #[n(2)]
    pub used_at_ms: i64,
}

/// A medium that the station registered for bundles. USB is off for every other.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Medium {
    /// Id; also in the marker on the medium, see [`crate::medium`].
    #[n(0)]
    pub id: MediumId,
    /// What is written on it.
    #[n(1)]
    pub label: String,
    /// Registered or withdrawn.
    #[n(2)]
    pub state: MediumState,
    /// When it was registered, UTC milliseconds.
    #[n(3)]
    pub registered_at_ms: i64,
}

/// Hash of an enrolment token; the token itself is never in a directory.
#[must_use]
pub fn token_hash(token: &[u8; 32]) -> Hash {
    crypto::hash("fengqiao enrolment token 1", &[token])
}

/// The whole directory at one version.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Directory {
    /// Rises by one with each signing.
    #[n(0)]
    pub version: u64,
    /// Which station.
    #[n(1)]
    pub station: StationId,
    /// The station's name.
    #[n(2)]
    pub station_name: String,
    /// The division the station serves, by code.
    #[n(3)]
    pub division: String,
    /// Real or made up.
    #[n(4)]
    pub data_kind: DataKind,
    /// When it was signed, UTC milliseconds.
    #[n(5)]
    pub signed_at_ms: i64,
    /// The station's signing key.
    #[n(6)]
    pub station_key: PublicKey,
    /// The station's recovery key.
    #[n(7)]
    pub recovery_key: BoxPublicKey,
    /// SHA-256 of the servers' SubjectPublicKeyInfo that laptops accept.
    #[n(8)]
    pub tls_pins: Vec<Hash>,
    /// Villages.
    #[n(9)]
    pub villages: Vec<Village>,
    /// Cells.
    #[n(10)]
    pub cells: Vec<Cell>,
    /// Officers.
    #[n(11)]
    pub officers: Vec<Officer>,
    /// Assignments, past ones too.
    #[n(12)]
    pub assignments: Vec<Assignment>,
    /// Replicas, revoked ones too.
    #[n(13)]
    pub replicas: Vec<Replica>,
    /// Enrolment tokens used.
    #[n(14)]
    pub enrolments: Vec<EnrolmentUse>,
    /// Days a laptop shows records without having reached the station; 0 for no end. Absent:
    /// [`crate::lease::LEASE_DAYS_DEFAULT`].
    #[n(15)]
    pub lease_days: Option<u32>,
    /// The station's key for bundles: what a laptop writes for the station is sealed to it.
    #[n(16)]
    pub bundle_key: BoxPublicKey,
    /// Media, withdrawn ones too.
    #[n(17)]
    pub media: Vec<Medium>,
}

impl Signable for Directory {
    const DOMAIN: &'static str = "directory 1";
    const BYTES_MAX: usize = limits::DIRECTORY_BYTES_MAX;
}

/// Why a directory is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryFault {
    /// Not signed by the station.
    #[error(transparent)]
    Signature(#[from] SignatureFault),
    /// Of another station.
    #[error("directory of another station")]
    AnotherStation,
    /// Lists another signing key than the one that signed it.
    #[error("directory names another key than its own")]
    AnotherKey,
    /// More items than a directory may hold.
    #[error("directory too large")]
    TooLarge,
}

/// Checks a directory against the station a laptop belongs to.
///
/// # Errors
/// [`DirectoryFault`].
pub fn verify(
    signed: Signed<Directory>,
    station: StationId,
    station_key: &PublicKey,
) -> Result<Verified<Directory>, DirectoryFault> {
    let directory = signed.verify(station_key)?;
    if directory.station != station {
        return Err(DirectoryFault::AnotherStation);
    }
    if directory.station_key != *station_key {
        return Err(DirectoryFault::AnotherKey);
    }
    let largest = [
        directory.villages.len(),
        directory.cells.len(),
        directory.officers.len(),
        directory.assignments.len(),
        directory.replicas.len(),
        directory.enrolments.len(),
        directory.media.len(),
    ];
    if largest.into_iter().any(|count| count > limits::DIRECTORY_ITEMS_MAX) {
        return Err(DirectoryFault::TooLarge);
    }
    Ok(directory)
}

/// The hash by which a laptop names the signed directory it holds.
#[must_use]
pub fn held_hash(signed: &[u8]) -> Hash {
    crypto::hash("fengqiao directory held 1", &[signed])
}

impl Directory {
    /// The officer with an id.
    #[must_use]
    pub fn officer(&self, id: OfficerId) -> Option<&Officer> {
        self.officers.iter().find(|officer| officer.id == id)
    }

    /// The replica with an id.
    #[must_use]
    pub fn replica(&self, id: ReplicaId) -> Option<&Replica> {
        self.replicas.iter().find(|replica| replica.id == id)
    }

    /// The cell with a code.
    #[must_use]
    pub fn cell(&self, code: &str) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.code == code)
    }

    /// The village with a code.
    #[must_use]
    pub fn village(&self, code: &str) -> Option<&Village> {
        self.villages.iter().find(|village| village.code == code)
    }

    /// The medium with an id.
    #[must_use]
    pub fn medium(&self, id: MediumId) -> Option<&Medium> {
        self.media.iter().find(|medium| medium.id == id)
    }

    /// The scopes an officer receives and writes on a day (`YYYY-MM-DD`, station-local). Everyone has the station's.
    #[must_use]
    pub fn scopes_of(&self, officer: OfficerId, on: &str) -> BTreeSet<ScopeId> {
        let mut scopes = BTreeSet::new();
        if self.officer(officer).is_none() {
            return scopes;
        }
        scopes.insert(ScopeId::station());
        for assignment in self.assignments.iter().filter(|one| one.officer == officer && one.runs_on(on)) {
            match &assignment.to {
                AssignedTo::Scope(scope) => {
                    scopes.insert(scope.clone());
                }
                AssignedTo::AllCells => {
                    scopes.extend(self.cells.iter().filter_map(|cell| ScopeId::cell(&cell.code).ok()));
                }
            }
        }
        scopes
    }

    /// Whether an officer has a scope by one of the assignments that `held` accepts. Everyone has the station's.
    pub(crate) fn has_scope(&self, officer: OfficerId, scope: &ScopeId, held: impl Fn(&Assignment) -> bool) -> bool {
        let gives = |assignment: &Assignment| match (&assignment.to, scope.kind()) {
            (AssignedTo::Scope(given), _) => given == scope,
            (AssignedTo::AllCells, ScopeKind::Cell { code }) => self.cell(&code).is_some(),
            (AssignedTo::AllCells, ScopeKind::Station | ScopeKind::Sensitive { .. }) => false,
        };
        let duties = || self.assignments.iter().filter(|one| one.officer == officer);
        self.officer(officer).is_some() && (*scope == ScopeId::station() || duties().any(|one| gives(one) && held(one)))
    }

    /// Whether `replica` is `other` or its successor, directly or through others.
    #[must_use]
    pub fn is_successor(&self, replica: ReplicaId, other: ReplicaId) -> bool {
        let mut at = Some(replica);
        for _ in 0..=self.replicas.len() {
            match at {
                Some(id) if id == other => return true,
                Some(id) => at = self.replica(id).and_then(|found| found.successor_of),
                None => return false,
            }
        }
        false
    }
}

/// The station-local day (UTC+8) of an instant, `YYYY-MM-DD`; instants outside the years 0 to 9999 give the nearest day.
#[must_use]
pub fn station_day(at_ms: i64) -> String {
    let days = at_ms.saturating_add(8 * 3_600_000).div_euclid(86_400_000);
    // Civil date from a day count, Howard Hinnant's algorithm; eras of 400 years.
    let shifted = days.saturating_add(719_468);
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    match year_of_era + era * 400 + i64::from(month <= 2) {
        ..0 => "0000-01-01".to_owned(),
        year @ 0..=9999 => format!("{year:04}-{month:02}-{day:02}"),
        10_000.. => "9999-12-31".to_owned(),
    }
}
