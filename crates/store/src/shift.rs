//! What was written on this laptop since an instant: the shift so far. Must not know whose shift it is.

use rusqlite::params;

use crate::error::Result;
use crate::save_state::{SAVE_STATE_COLUMN, SaveState};
use crate::store::Reader;

/// A record written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenLine {
    /// Record.
    pub document: String,
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub title: String,
    /// When it was last written here, device time.
    pub at: i64,
    /// Where its newest change is.
    pub state: SaveState,
}

/// Own entries since an instant, newest first, one line a record. The lane is short and has its index; an import of ten
/// thousand rows is cut off by `ENTRIES_MAX`.
const ENTRIES_MAX: u32 = 2_000;

/// Records written here since an instant, newest first. Residences and addresses, which are written along with others, are
/// left out.
///
/// # Errors
/// Those of the database.
pub fn written_since(reader: &Reader<'_>, since_at: i64, limit: u32) -> Result<Vec<WrittenLine>> {
    let sql = format!(
        "WITH own AS (
            SELECT document, max(device_at) AS at FROM (
                SELECT document, device_at FROM entry WHERE replica = (SELECT replica FROM identity)
                ORDER BY lane_index DESC LIMIT {ENTRIES_MAX})
            WHERE device_at >= ?1 GROUP BY document)
         SELECT d.id, d.kind, d.title, own.at, {SAVE_STATE_COLUMN}
         FROM own JOIN entry e ON e.id = (SELECT max(id) FROM entry WHERE document = own.document)
         JOIN document d ON d.id = lower(printf('%s-%s-%s-%s-%s',
            substr(hex(own.document), 1, 8), substr(hex(own.document), 9, 4), substr(hex(own.document), 13, 4),
            substr(hex(own.document), 17, 4), substr(hex(own.document), 21, 12)))
         WHERE d.kind NOT IN ('residence', 'address')
         ORDER BY own.at DESC, d.id LIMIT ?2"
    );
    let mut statement = reader.conn().prepare_cached(&sql)?;
    let found = statement.query_map(params![since_at, limit], |row| {
        Ok(WrittenLine {
            document: row.get(0)?,
            kind: row.get(1)?,
            title: row.get(2)?,
            at: row.get(3)?,
            state: SaveState::from_sql(row.get(4)?),
        })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}
