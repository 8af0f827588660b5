//! Everything that can go wrong at the station, as one closed list. Must not hold sentences for officers.

use sync::DecodeFault;
use sync::crypto::{KdfFault, SealFault, SignatureFault};
use sync::enrolment::CodeFault;
use sync::ids::ReplicaId;

use crate::backup::BackupFault;
use crate::bundle::TakeFault;
use crate::db::OpenFault;
use crate::edit::EditFault;
use crate::key::KeyFault;
use crate::tls::TlsFault;

/// Why the station could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StationFault {
    /// The database could not be opened or made.
    #[error(transparent)]
    Open(#[from] OpenFault),
    /// The key file.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// SQLite failed.
    #[error("database: {0}")]
    Database(#[from] rusqlite::Error),
    /// A stored value is missing.
    #[error("the database holds no {name}")]
    SettingMissing {
        /// Its name.
        name: &'static str,
    },
    /// A stored value is not what it should be.
    #[error("the database holds a damaged {what}")]
    Damaged {
        /// What it should be.
        what: &'static str,
    },
    /// A stored signed value does not verify.
    #[error("stored signature: {0}")]
    Signature(#[from] SignatureFault),
    /// Stored bytes cannot be read.
    #[error("stored bytes: {0}")]
    Decode(#[from] DecodeFault),
    /// A change to the directory was refused.
    #[error(transparent)]
    Edit(#[from] EditFault),
    /// The directory has grown beyond what laptops take.
    #[error("the directory would have {bytes} bytes; laptops take {max}")]
    DirectoryTooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        max: usize,
    },
    /// A receipt has grown beyond what laptops take.
    #[error("a receipt would have {bytes} bytes")]
    ReceiptTooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Certificates.
    #[error(transparent)]
    Tls(#[from] TlsFault),
    /// A key could not be derived from a code.
    #[error(transparent)]
    Kdf(#[from] KdfFault),
    /// A code has the wrong form.
    #[error("code: {0}")]
    Code(#[from] CodeFault),
    /// A code does not open what it should.
    #[error("the code does not open it: {0}")]
    Seal(#[from] SealFault),
    /// A backup.
    #[error(transparent)]
    Backup(Box<BackupFault>),
    /// A bundle.
    #[error(transparent)]
    Bundle(#[from] TakeFault),
    /// An enrolment file was given out for this replica already.
    #[error("an enrolment for replica {replica} exists")]
    ReplicaTaken {
        /// The replica.
        replica: ReplicaId,
    },
}
