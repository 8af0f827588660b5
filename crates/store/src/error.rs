//! Why the store could not do what was asked. Owns the mapping from SQLite's codes; must not hold sentences for people.

use documents::DocumentError;
use sync::ids::DocumentId;

/// The result of everything in this crate.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No database or key file where one was expected.
    #[error("no file")]
    Missing,
    /// A database or key file is there already.
    #[error("already exists")]
    AlreadyExists,
    /// The passphrase does not open the key file.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// The key file cannot be read.
    #[error("key file damaged")]
    KeyFileDamaged,
    /// The machine could not give the memory the passphrase hash needs.
    #[error("not enough memory for the key derivation")]
    NotEnoughMemory,
    /// The database does not open with this key, or is not one of ours. These cannot be told apart.
    #[error("wrong key or not our file")]
    NotOurFile,
    /// The database is cut short or changed.
    #[error("database damaged")]
    Damaged,
    /// Written by a newer version of the product.
    #[error("file of version {found}, {known} is known")]
    NewerVersion {
        /// Version of the file.
        found: i64,
        /// Newest version this build knows.
        known: i64,
    },
    /// The SQLite linked in is older than the one that keeps its promises.
    #[error("SQLite {found} is too old")]
    SqliteTooOld {
        /// Its version number, e.g. 3051003.
        found: i32,
    },
    /// No room on the disk. Nothing of the command was kept.
    #[error("disk full")]
    DiskFull,
    /// Another program holds the file.
    #[error("busy")]
    Busy,
    /// The disk failed, or a folder may not be written.
    #[error("input or output failed")]
    Io(#[source] std::io::Error),
    /// The database has no identity yet.
    #[error("no identity")]
    NoIdentity,
    /// No such document here.
    #[error("document {document} not found")]
    NotFound {
        /// The document.
        document: DocumentId,
    },
    /// A document is in another scope than the command says.
    #[error("document {document} is in another scope")]
    NotInScope {
        /// The document.
        document: DocumentId,
    },
    /// A document of this id exists.
    #[error("document {document} exists")]
    DocumentExists {
        /// The document.
        document: DocumentId,
    },
    /// Fields stand in conflict: only a decision that names all values changes them.
    #[error("fields in conflict")]
    FieldInConflict {
        /// The keys.
        keys: Vec<String>,
    },
    /// The values of a field are not those the decision names; look again.
    #[error("values of {key} have changed")]
    ConflictMoved {
        /// The key.
        key: String,
    },
    /// A document could not be opened or edited.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The change is longer than an entry may be, in bytes.
    #[error("change of {length} bytes, {max} are allowed")]
    TooLong {
        /// Bytes.
        length: usize,
        /// Bytes allowed.
        max: usize,
    },
    /// The caller stopped the work.
    #[error("cancelled")]
    Cancelled,
    /// The folder is no backup, or one that was not finished.
    #[error("not a backup")]
    NotABackup,
    /// The backup just written does not read back the same.
    #[error("backup does not read back")]
    BackupNotTheSame,
    /// A stored value is not what the schema says: damage or our bug.
    #[error("stored {what} unreadable")]
    Unreadable {
        /// Which value.
        what: &'static str,
    },
    /// SQLite refused in a way that is our bug.
    #[error("database")]
    Database(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    #[expect(clippy::wildcard_enum_match_arm, reason = "SQLite's codes are not ours; the rest are defects")]
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let Some(code) = error.sqlite_error_code() else { return Self::Database(error) };
        match code {
            Code::DiskFull => Self::DiskFull,
            Code::NotADatabase => Self::NotOurFile,
            Code::DatabaseCorrupt => Self::Damaged,
            Code::DatabaseBusy | Code::DatabaseLocked => Self::Busy,
            Code::SystemIoFailure | Code::CannotOpen | Code::ReadOnly | Code::PermissionDenied => {
                Self::Io(std::io::Error::other(error))
            }
            Code::OperationInterrupted => Self::Cancelled,
            _ => Self::Database(error),
        }
    }
}

impl From<std::io::Error> for StoreError {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the system's kinds are not ours; the rest are shown as they are"
    )]
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::NotFound => Self::Missing,
            std::io::ErrorKind::AlreadyExists => Self::AlreadyExists,
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Io(error),
        }
    }
}
