//! Enrolment: the file that makes a laptop one of the station's, and the request that certifies its key at first contact.
//! The file works without a network; its token works once. Must not know where files lie or how tokens are stored.

mod code;

use minicbor::{Decode, Encode};

pub use code::{CodeFault, EnrolmentCode};

use crate::cbor::{self, DecodeFault};
use crate::crypto::{self, KdfFault, KdfParams, PublicKey, SignKey, Signable, SignatureFault, Signed, Verified};
use crate::directory::{self, Directory, DirectoryFault};
use crate::ids::{Hash, OfficerId, ReplicaId, StationId};
use crate::limits;

const MAGIC: &[u8; 7] = b"FQENROL";

/// The version of the enrolment file this build writes and the newest it reads.
pub const ENROLMENT_VERSION: u8 = 1;

/// What an enrolment file holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Enrolment {
    /// Which station.
    #[n(0)]
    pub station: StationId,
    /// The station's signing key: the root of a laptop's trust.
    #[n(1)]
    pub station_key: PublicKey,
    /// Where the station's servers are, as URLs, in order of preference.
    #[n(2)]
    pub servers: Vec<String>,
    /// SHA-256 of the server's SubjectPublicKeyInfo.
    #[n(3)]
    pub tls_pin: Hash,
    /// The signed directory of the day the file was made.
    #[n(4)]
    pub directory: Signed<Directory>,
    /// For whom.
    #[n(5)]
    pub officer: OfficerId,
    /// The replica to be.
    #[n(6)]
    pub replica: ReplicaId,
    /// What the laptop is called.
    #[n(7)]
    pub laptop_label: String,
    /// The one-time token.
    #[cbor(n(8), with = "minicbor::bytes")]
    pub token: [u8; 32],
    /// The key of extension codes, see [`crate::lease`].
    #[cbor(n(9), with = "minicbor::bytes")]
    pub lease_key: [u8; 32],
}

impl Enrolment {
    /// The bytes a laptop keeps, inside its encrypted database.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::to_bytes(self)
    }

    /// Reads bytes a laptop kept.
    ///
    /// # Errors
    /// [`DecodeFault`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeFault> {
        cbor::from_bytes(bytes, limits::ENROLMENT_BYTES_MAX)
    }
}

/// An opened enrolment file whose directory was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedEnrolment {
    /// The contents.
    pub enrolment: Enrolment,
    /// The directory inside, verified.
    pub directory: Verified<Directory>,
}

/// Why an enrolment file cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnrolmentFault {
    /// Some other file.
    #[error("not an enrolment file")]
    NotAnEnrolmentFile,
    /// Made by a newer station.
    #[error("enrolment file of version {found}, newest known is {known}")]
    NewerVersion {
        /// Its version.
        found: u8,
        /// The newest version this build reads.
        known: u8,
    },
    /// Cut short or changed on the way.
    #[error("enrolment file damaged")]
    Damaged,
    /// The code does not open it.
    #[error("wrong code")]
    WrongCode,
    /// The code could not be tried.
    #[error(transparent)]
    Kdf(#[from] KdfFault),
    /// The directory inside is not signed by the station named inside.
    #[error(transparent)]
    Directory(#[from] DirectoryFault),
    /// The directory inside does not list the officer.
    #[error("officer is not in the directory")]
    OfficerUnknown,
}

#[derive(Encode, Decode)]
struct Wrapping {
    #[n(0)]
    params: KdfParams,
    #[cbor(n(1), with = "minicbor::bytes")]
    salt: [u8; 16],
    #[n(2)]
    checksum: Hash,
    #[cbor(n(3), with = "minicbor::bytes")]
    sealed: Vec<u8>,
}

/// Makes an enrolment file. `salt` and `nonce` must be fresh random bytes.
///
/// # Errors
/// [`KdfFault`] when the code cannot be turned into a key on this machine.
pub fn write_file(
    enrolment: &Enrolment,
    code: &EnrolmentCode,
    params: KdfParams,
    salt: [u8; 16],
    nonce: [u8; crypto::NONCE_BYTES],
) -> Result<Vec<u8>, KdfFault> {
    let key = params.derive(code.secret(), &salt)?;
    let sealed = crypto::seal(&key, nonce, &context(params, &salt), &cbor::to_bytes(enrolment));
    let checksum = crypto::sha256(&sealed);
    let mut out = MAGIC.to_vec();
    out.push(ENROLMENT_VERSION);
    out.extend_from_slice(&cbor::to_bytes(&Wrapping { params, salt, checksum, sealed }));
    Ok(out)
}

/// Checks that bytes are a whole enrolment file, before a code is asked for.
///
/// # Errors
/// [`EnrolmentFault::NotAnEnrolmentFile`], [`EnrolmentFault::NewerVersion`], [`EnrolmentFault::Damaged`].
pub fn probe_file(bytes: &[u8]) -> Result<(), EnrolmentFault> {
    read_wrapping(bytes).map(|_| ())
}

/// Opens an enrolment file with the code that was told separately.
///
/// # Errors
/// [`EnrolmentFault`].
pub fn open_file(bytes: &[u8], code: &EnrolmentCode) -> Result<OpenedEnrolment, EnrolmentFault> {
    let wrapping = read_wrapping(bytes)?;
    let key = wrapping.params.derive(code.secret(), &wrapping.salt)?;
    let plain = crypto::open(&key, &context(wrapping.params, &wrapping.salt), &wrapping.sealed)
        .map_err(|_| EnrolmentFault::WrongCode)?;
    let enrolment: Enrolment =
        cbor::from_bytes(&plain, limits::ENROLMENT_BYTES_MAX).map_err(|_| EnrolmentFault::Damaged)?;
    if enrolment.servers.len() > limits::SERVERS_MAX {
        return Err(EnrolmentFault::Damaged);
    }
    let directory = directory::verify(enrolment.directory.clone(), enrolment.station, &enrolment.station_key)?;
    if directory.officer(enrolment.officer).is_none() {
        return Err(EnrolmentFault::OfficerUnknown);
    }
    Ok(OpenedEnrolment { enrolment, directory })
}

fn read_wrapping(bytes: &[u8]) -> Result<Wrapping, EnrolmentFault> {
    let rest = bytes.strip_prefix(MAGIC.as_slice()).ok_or(EnrolmentFault::NotAnEnrolmentFile)?;
    let (version, body) = rest.split_first().ok_or(EnrolmentFault::Damaged)?;
    if *version > ENROLMENT_VERSION {
        return Err(EnrolmentFault::NewerVersion { found: *version, known: ENROLMENT_VERSION });
    }
    let wrapping: Wrapping =
        cbor::from_bytes(body, limits::ENROLMENT_BYTES_MAX).map_err(|_| EnrolmentFault::Damaged)?;
    if *version == 0 || crypto::sha256(&wrapping.sealed) != wrapping.checksum {
        return Err(EnrolmentFault::Damaged);
    }
    Ok(wrapping)
}

fn context(params: KdfParams, salt: &[u8; 16]) -> Vec<u8> {
    [MAGIC.as_slice(), &[ENROLMENT_VERSION], &cbor::to_bytes(&params), salt].concat()
}

/// What a laptop asks at first contact: list this key as mine, here is the token.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct CertificateRequest {
    /// Which station the token is of.
    #[n(0)]
    pub station: StationId,
    /// The replica from the enrolment file.
    #[n(1)]
    pub replica: ReplicaId,
    /// The one-time token.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub token: [u8; 32],
    /// The key the laptop made; the request is signed with it.
    #[n(3)]
    pub public_key: PublicKey,
}

impl Signable for CertificateRequest {
    const DOMAIN: &'static str = "certificate request 1";
    const BYTES_MAX: usize = limits::CERTIFICATE_BYTES_MAX;
}

/// A certificate request with the key that must have signed it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SelfSignedRequest {
    /// The key the request claims.
    #[n(0)]
    pub public_key: PublicKey,
    /// The request, signed by that key.
    #[n(1)]
    pub signed: Signed<CertificateRequest>,
}

impl SelfSignedRequest {
    /// Makes a request with the laptop's new key.
    #[must_use]
    pub fn sign(station: StationId, replica: ReplicaId, token: [u8; 32], key: &SignKey) -> Self {
        let request = CertificateRequest { station, replica, token, public_key: key.public() };
        Self { public_key: key.public(), signed: Signed::sign(&request, key) }
    }

    /// Checks that the writer holds the key.
    ///
    /// # Errors
    /// [`SignatureFault`].
    pub fn verify(self) -> Result<Verified<CertificateRequest>, SignatureFault> {
        let request = self.signed.verify(&self.public_key)?;
        if request.public_key == self.public_key { Ok(request) } else { Err(SignatureFault::Wrong) }
    }
}

/// A token the station gave out, as it remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedToken {
    /// Hash of the token.
    pub token_hash: Hash,
    /// For which officer.
    pub officer: OfficerId,
    /// For which replica.
    pub replica: ReplicaId,
    /// What the laptop is called.
    pub laptop_label: String,
}

/// Why a certificate request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateRefusal {
    /// The token is of another station.
    #[error("token of another station")]
    AnotherStation,
    /// The station never gave out this token for this replica.
    #[error("token unknown")]
    TokenUnknown,
    /// The token was used with another key: a second use of the same file.
    #[error("token used")]
    TokenUsed,
    /// The replica was revoked.
    #[error("replica revoked")]
    Revoked,
}

/// What to do with a certificate request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateVerdict {
    /// The replica is listed with this very key: an answer was lost. Nothing to do.
    AlreadyCertified,
    /// List these two in the next version of the directory.
    Certify {
        /// The replica to add.
        replica: directory::Replica,
        /// The use to add.
        used: directory::EnrolmentUse,
    },
}

/// Decides on a certificate request. `issued` is the station's memory of the token with this hash, if any.
///
/// # Errors
/// [`CertificateRefusal`].
pub fn judge_certificate(
    request: &Verified<CertificateRequest>,
    newest: &Directory,
    issued: Option<&IssuedToken>,
    now_ms: i64,
) -> Result<CertificateVerdict, CertificateRefusal> {
    if request.station != newest.station {
        return Err(CertificateRefusal::AnotherStation);
    }
    let token_hash = directory::token_hash(&request.token);
    if let Some(listed) = newest.replica(request.replica) {
        return match listed.state {
            directory::ReplicaState::Active if listed.public_key == request.public_key => {
                Ok(CertificateVerdict::AlreadyCertified)
            }
            directory::ReplicaState::Active => Err(CertificateRefusal::TokenUsed),
            directory::ReplicaState::Frozen => Ok(CertificateVerdict::AlreadyCertified),
            directory::ReplicaState::Revoked | directory::ReplicaState::Other(_) => Err(CertificateRefusal::Revoked),
        };
    }
    if newest.enrolments.iter().any(|used| used.token_hash == token_hash) {
        return Err(CertificateRefusal::TokenUsed);
    }
    let issued = issued
        .filter(|token| token.token_hash == token_hash && token.replica == request.replica)
        .ok_or(CertificateRefusal::TokenUnknown)?;
    Ok(CertificateVerdict::Certify {
        replica: directory::Replica {
            id: request.replica,
            officer: issued.officer,
            laptop_label: issued.laptop_label.clone(),
            public_key: request.public_key,
            state: directory::ReplicaState::Active,
            certified_at_ms: now_ms,
            successor_of: None,
        },
        used: directory::EnrolmentUse { token_hash, replica: request.replica, used_at_ms: now_ms },
    })
}

impl From<DecodeFault> for EnrolmentFault {
    fn from(_: DecodeFault) -> Self {
        Self::Damaged
    }
}
