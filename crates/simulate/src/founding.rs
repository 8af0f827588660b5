//! Founds the made-up station by the station's own library and gives out enrolment files. Keys follow from the seed, so a
//! station founded here is never fit for real records; its directory says that everything in it is made up.

use std::path::Path;

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use station::edit::{add_cell, add_officer, assign};
use station::tls::Certificates;
use station::{Founding, FoundingSeeds, Issue, Station};
use sync::crypto::KdfParams;
use sync::directory::{AssignedTo, Assignment, DataKind, Officer, Village};
use sync::enrolment::{EnrolmentCode, write_file};
use sync::ids::{OfficerId, ReplicaId, ScopeId, StationId};
use uuid::Builder;

use crate::SimulateError;
use crate::laptop::Enrolment;
use crate::town::{DIVISION, Holds, Post, STATION, Town};

/// Made-up officers have kept their cells for long: a clock years behind does not take them off duty.
const ON_DUTY_FROM: &str = "2010-01-01";

/// Makes a station and its enrolment files.
pub struct Founder {
    rng: ChaCha8Rng,
    kdf: KdfParams,
    now_ms: i64,
}

/// A station just founded.
pub struct Founded {
    /// The station.
    pub station: Station,
    /// The code that opens its recovery key.
    pub recovery_code: String,
}

impl Founder {
    /// A founder whose keys follow from `seed`; everything happens at `now_ms`.
    #[must_use]
    pub fn new(seed: u64, kdf: KdfParams, now_ms: i64) -> Self {
        Self { rng: ChaCha8Rng::seed_from_u64(seed ^ 0x5748_4f5f_4953), kdf, now_ms }
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.fill_bytes(&mut bytes);
        bytes
    }

    fn id(&mut self) -> uuid::Uuid {
        let millis = u64::try_from(self.now_ms).unwrap_or(0);
        Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }

    /// Founds the station with the cells of a town.
    ///
    /// # Errors
    /// Those of the station, also when there is one in `dir`.
    pub fn found(&mut self, dir: &Path, town: &Town) -> Result<Founded, SimulateError> {
        let id = StationId(self.id());
        let code = EnrolmentCode::from_random(self.bytes());
        let founding = Founding {
            station: id,
            name: STATION.to_owned(),
            division: DIVISION.to_owned(),
            data_kind: DataKind::MadeUp,
            recovery_code: code.clone(),
            kdf: self.kdf,
            certificates: Some(Certificates::generate(id)?),
            seeds: FoundingSeeds {
                database_key: self.bytes(),
                signing: self.bytes(),
                recovery: self.bytes(),
                recovery_salt: self.bytes(),
                recovery_nonce: self.bytes(),
            },
        };
        let station = Station::create(dir, founding, self.now_ms)?;
        for cell in &town.cells {
            let villages: Vec<Village> =
                cell.villages.iter().map(|one| Village { code: one.code.clone(), name: one.name.clone() }).collect();
            let act = format!("cell add {}", cell.code);
            station.edit(&act, self.now_ms, |directory| add_cell(directory, &cell.code, &cell.name, &villages))?;
        }
        Ok(Founded { station, recovery_code: code.to_string() })
    }

    /// Adds an officer with his cells.
    ///
    /// # Errors
    /// Those of the station.
    pub fn post(&mut self, station: &Station, town: &Town, post: &Post) -> Result<OfficerId, SimulateError> {
        let id = OfficerId(self.id());
        let officer =
            Officer { id, name: post.name.to_owned(), police_number: post.number.to_owned(), role: post.role };
        station.edit(&format!("officer add {id}"), self.now_ms, |directory| add_officer(directory, officer))?;
        let mut given = Vec::new();
        if post.holds == Holds::All {
            given.push(AssignedTo::AllCells);
        } else {
            for cell in town.cells_of(post.holds) {
                let bad = |_| SimulateError::Argument { text: cell.code.clone(), why: "no code of a cell" };
                given.push(AssignedTo::Scope(ScopeId::cell(&cell.code).map_err(bad)?));
            }
        }
        for to in given {
            let assignment = Assignment { officer: id, to, from_on: ON_DUTY_FROM.to_owned(), to_on: None };
            station.edit(&format!("assign {}", post.number), self.now_ms, |directory| assign(directory, assignment))?;
        }
        Ok(id)
    }

    /// The enrolment file of an officer's laptop.
    ///
    /// # Errors
    /// Those of the station.
    pub fn enrolment(
        &mut self,
        station: &Station,
        officer: OfficerId,
        laptop: &str,
        url: &str,
    ) -> Result<Enrolment, SimulateError> {
        let issue = Issue {
            officer,
            laptop_label: laptop.to_owned(),
            replica: ReplicaId(self.id()),
            token: self.bytes(),
            servers: vec![url.to_owned()],
        };
        let enrolment = station.issue(&issue, self.now_ms)?;
        let code = EnrolmentCode::from_random(self.bytes());
        // the file is used at once and kept nowhere
        let file = write_file(&enrolment, &code, KdfParams::FLOOR, self.bytes(), self.bytes())?;
        Ok(Enrolment { file, code: code.to_string() })
    }
}
