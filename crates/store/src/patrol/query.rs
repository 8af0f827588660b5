//! Lists of patrols. Owns the SQL.

use rusqlite::params;

use crate::household::query::json_list;
use crate::save_state::{SAVE_STATE_COLUMN, SaveState};
use crate::{Reader, Result};

/// A patrol in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatrolRow {
    /// Id.
    pub document: String,
    /// Mode code.
    pub mode: Option<String>,
    /// Route.
    pub route: Option<String>,
    /// Start.
    pub start_at: i64,
    /// Minutes.
    pub minutes: Option<u32>,
    /// Crew names, a JSON list.
    pub crew: String,
    /// Cell codes, a JSON list.
    pub cells: String,
    /// Findings.
    pub findings: u32,
    /// Where the newest change is.
    pub saved: SaveState,
}

/// Patrols, newest first; with `cell`, those kept by it or gone through it.
///
/// # Errors
/// Those of the database.
pub fn list(
    reader: &Reader<'_>,
    cells: &[String],
    cell: Option<&str>,
    after: Option<&(i64, String)>,
    limit: usize,
) -> Result<Vec<PatrolRow>> {
    let (at, id) = after.map_or((i64::MAX, ""), |(at, id)| (*at, id.as_str()));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let sql = format!(
        "SELECT p.id, p.mode, p.route, coalesce(p.start_at, 0), p.minutes, p.crew, p.cells, p.findings, {SAVE_STATE_COLUMN}
         FROM patrol p LEFT JOIN document d ON d.id = p.id LEFT JOIN entry e ON e.id = d.last_entry
         WHERE (?1 IS NULL OR p.cell = ?1 OR EXISTS (SELECT 1 FROM json_each(p.cells) WHERE value = ?1))
           AND p.cell IN (SELECT value FROM json_each(?5)) AND (p.start_at, p.id) < (?2, ?3)
         ORDER BY p.start_at DESC, p.id DESC LIMIT ?4"
    );
    let mut statement = reader.conn().prepare_cached(&sql)?;
    let found = statement.query_map(params![cell, at, id, limit, json_list(cells)], |row| {
        Ok(PatrolRow {
            document: row.get(0)?,
            mode: row.get(1)?,
            route: row.get(2)?,
            start_at: row.get(3)?,
            minutes: row.get(4)?,
            crew: row.get(5)?,
            cells: row.get(6)?,
            findings: row.get(7)?,
            saved: SaveState::from_sql(row.get(8)?),
        })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}
