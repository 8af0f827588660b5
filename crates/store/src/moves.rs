//! Moves in the log: which records went where, by whom. Must not decide what moves with what.

use rusqlite::params;
use sync::ids::{ActId, DocumentId, OfficerId, ReplicaId, ScopeId};
use sync::lane::MoveBody;

use crate::error::Result;
use crate::record::{Judged, title};
use crate::row::{act_of, document_of, officer_of, replica_of, scope};
use crate::save_state::SaveState;
use crate::store::Reader;
use crate::{project, scopes};

/// One move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveLine {
    /// The record it is about.
    pub document: DocumentId,
    /// Its kind, as lists knew it; empty where this laptop never showed it.
    pub kind: String,
    /// How lists called it; empty where this laptop never showed it.
    pub title: String,
    /// Where it was.
    pub from: ScopeId,
    /// Where it went.
    pub to: ScopeId,
    /// Records that went, this one included.
    pub records: u64,
    /// Device time.
    pub at: i64,
    /// By whom.
    pub officer: OfficerId,
    /// On which replica.
    pub replica: ReplicaId,
    /// The command.
    pub act: ActId,
    /// Where the move is.
    pub state: SaveState,
    /// Whether the record is in the views.
    pub shown: bool,
}

const LIST: &str = "SELECT document, scope, body, device_at, officer, replica, act, lane_index, refused
    FROM entry INDEXED BY entry_moves WHERE kind = 3 ORDER BY device_at DESC, id DESC LIMIT ?1";

/// Moves this laptop has heard of, newest first.
///
/// # Errors
/// Those of the database.
pub fn list(reader: &Reader<'_>, limit: u32) -> Result<Vec<MoveLine>> {
    let judged = Judged::of(reader)?;
    let mut statement = reader.conn().prepare_cached(LIST)?;
    let mut rows = statement.query(params![limit])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        let Ok(body) = MoveBody::from_body(&row.get::<_, Vec<u8>>(2)?) else { continue };
        let document = document_of(row, 0)?;
        let replica = replica_of(row, 5)?;
        let kind = project::is_shown(reader.conn(), document)?;
        let (known, called) = match kind {
            Some(kind) => (kind.as_str().to_owned(), title(reader, document)?),
            None => scopes::departed(reader.conn(), document)?.unwrap_or_default(),
        };
        lines.push(MoveLine {
            document,
            kind: known,
            title: called,
            from: scope(&row.get::<_, String>(1)?)?,
            to: body.to,
            records: u64::try_from(body.documents.len()).unwrap_or(u64::MAX),
            at: row.get(3)?,
            officer: officer_of(row, 4)?,
            replica,
            act: act_of(row, 6)?,
            state: judged.state(replica, row.get(7)?, row.get(8)?),
            shown: kind.is_some(),
        });
    }
    Ok(lines)
}
