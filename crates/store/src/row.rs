//! Between SQLite's columns and the ids of the product. Must not know tables.

use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use sync::ids::{ActId, DocumentId, Hash, OfficerId, ReplicaId, ScopeId};
use uuid::Uuid;

use crate::error::{Result, StoreError};

/// Bytes of a fixed length out of a column.
pub(crate) struct Bytes<const N: usize>(pub [u8; N]);

impl<const N: usize> FromSql for Bytes<N> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let bytes = value.as_blob()?;
        bytes.try_into().map(Self).map_err(|_| FromSqlError::InvalidType)
    }
}

macro_rules! id_of {
    ($name:ident, $id:ident) => {
        pub(crate) fn $name(row: &Row<'_>, column: usize) -> rusqlite::Result<$id> {
            row.get::<_, Bytes<16>>(column).map(|bytes| $id::from_bytes(bytes.0))
        }
    };
}
id_of!(document_of, DocumentId);
id_of!(replica_of, ReplicaId);
id_of!(officer_of, OfficerId);
id_of!(act_of, ActId);

pub(crate) fn hash_of(row: &Row<'_>, column: usize) -> rusqlite::Result<[u8; 32]> {
    row.get::<_, Bytes<32>>(column).map(|bytes| bytes.0)
}

pub(crate) fn sync_hash_of(row: &Row<'_>, column: usize) -> rusqlite::Result<Hash> {
    hash_of(row, column).map(Hash)
}

/// A scope out of its text.
pub(crate) fn scope(text: &str) -> Result<ScopeId> {
    text.parse().map_err(|_| StoreError::Unreadable { what: "scope" })
}

/// A document out of the text of a view.
pub(crate) fn document(text: &str) -> Result<DocumentId> {
    text.parse().map_err(|_| StoreError::Unreadable { what: "document" })
}

/// Sorted heads as one blob.
pub(crate) fn join_hashes(hashes: &[[u8; 32]]) -> Vec<u8> {
    hashes.concat()
}

/// The canonical text of a reference, or the text as it is when it names nothing.
pub(crate) fn reference(text: &str) -> String {
    Uuid::parse_str(text).map_or_else(|_| text.to_owned(), |id| id.hyphenated().to_string())
}

/// An unsigned number as SQLite keeps it. Counts and indexes here never reach 2^63.
pub(crate) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number SQLite kept, as the unsigned one it was.
pub(crate) fn uint(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
