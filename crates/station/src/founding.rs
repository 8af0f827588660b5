//! What a new station is made from, and the secrets it keeps. Randomness arrives here from outside.
//! Must not know the database.

use sync::crypto::{KdfParams, NONCE_BYTES};
use sync::directory::DataKind;
use sync::enrolment::EnrolmentCode;
use sync::ids::StationId;

use crate::tls::Certificates;

/// Random bytes for a new station; each used once.
pub struct FoundingSeeds {
    /// Opens the database.
    pub database_key: [u8; 32],
    /// The signing key.
    pub signing: [u8; 32],
    /// The recovery key.
    pub recovery: [u8; 32],
    /// Salt of the code that seals the recovery key.
    pub recovery_salt: [u8; 16],
    /// Nonce of that seal.
    pub recovery_nonce: [u8; NONCE_BYTES],
}

/// A new station.
pub struct Founding {
    /// Its id.
    pub station: StationId,
    /// Its name.
    pub name: String,
    /// The division it serves, by code.
    pub division: String,
    /// Real records or made-up ones.
    pub data_kind: DataKind,
    /// The code on paper that opens the recovery key. The station does not keep it.
    pub recovery_code: EnrolmentCode,
    /// How hard the code is to guess.
    pub kdf: KdfParams,
    /// Keys and certificates of the server; `None` for a station that is never reached over a network.
    pub certificates: Option<Certificates>,
    /// Random bytes.
    pub seeds: FoundingSeeds,
}
