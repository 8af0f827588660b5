//! What a report stands on: how far the work of each laptop is here.

use rusqlite::OptionalExtension as _;
use sync::ids::ReplicaId;

use crate::{Reader, Result};

/// When the newest entry of a laptop that is here was written, by that laptop's clock.
///
/// # Errors
/// Those of the database.
pub fn newest_entry_at(reader: &Reader<'_>, replica: ReplicaId) -> Result<Option<i64>> {
    let sql = "SELECT device_at FROM entry WHERE replica = ?1 ORDER BY lane_index DESC LIMIT 1";
    Ok(reader.conn().prepare_cached(sql)?.query_row([replica.as_bytes()], |row| row.get(0)).optional()?)
}
