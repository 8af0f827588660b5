//! Lists of patrols. Owns the SQL.

use rusqlite::{Connection, Result, params};

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
}

const LIST: &str = "
SELECT id, mode, route, coalesce(start_at, 0), minutes, crew, cells, findings FROM patrol
WHERE (?1 IS NULL OR cell = ?1 OR EXISTS (SELECT 1 FROM json_each(cells) WHERE value = ?1))
  AND (start_at, id) < (?2, ?3)
ORDER BY start_at DESC, id DESC LIMIT ?4";

/// Patrols, newest first.
///
/// # Errors
/// What SQLite says.
pub fn list(
    reader: &Connection,
    cell: Option<&str>,
    after: Option<&(i64, String)>,
    limit: usize,
) -> Result<Vec<PatrolRow>> {
    let (at, id) = after.map_or((i64::MAX, ""), |(at, id)| (*at, id.as_str()));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = reader.prepare_cached(LIST)?;
    let found = statement.query_map(params![cell, at, id, limit], |row| {
        Ok(PatrolRow {
            document: row.get(0)?,
            mode: row.get(1)?,
            route: row.get(2)?,
            start_at: row.get(3)?,
            minutes: row.get(4)?,
            crew: row.get(5)?,
            cells: row.get(6)?,
            findings: row.get(7)?,
        })
    })?;
    found.collect()
}
