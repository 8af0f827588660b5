//! Lists of visits. Owns the SQL; a page begins after the key of the last row.

use rusqlite::{Connection, Result, params};

/// A visit in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitRow {
    /// Id.
    pub document: String,
    /// When.
    pub at: i64,
    /// Kind code.
    pub kind: Option<String>,
    /// Household.
    pub household: Option<String>,
    /// Title of the household, or the place.
    pub place: String,
    /// Officers, a JSON list of names.
    pub officers: String,
    /// Notes.
    pub notes: Option<String>,
}

const BY_HOUSEHOLD: &str = "
SELECT v.id, coalesce(v.at, 0), v.kind, v.household, coalesce(d.title, v.place, ''), v.officers, v.notes
FROM visit v LEFT JOIN document d ON d.id = v.household
WHERE v.household = ?1 AND (?2 IS NULL OR v.cell = ?2) AND (v.at, v.id) < (?3, ?4)
ORDER BY v.at DESC, v.id DESC LIMIT ?5";

const ALL: &str = "
SELECT v.id, coalesce(v.at, 0), v.kind, v.household, coalesce(d.title, v.place, ''), v.officers, v.notes
FROM visit v LEFT JOIN document d ON d.id = v.household
WHERE ?1 IS NULL AND (?2 IS NULL OR v.cell = ?2) AND (v.at, v.id) < (?3, ?4)
ORDER BY v.at DESC, v.id DESC LIMIT ?5";

/// Visits, newest first.
///
/// # Errors
/// What SQLite says.
pub fn list(
    reader: &Connection,
    household: Option<&str>,
    cell: Option<&str>,
    after: Option<&(i64, String)>,
    limit: usize,
) -> Result<Vec<VisitRow>> {
    let (at, id) = after.map_or((i64::MAX, ""), |(at, id)| (*at, id.as_str()));
    let sql = if household.is_some() { BY_HOUSEHOLD } else { ALL };
    let mut statement = reader.prepare_cached(sql)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let found = statement.query_map(params![household, cell, at, id, limit], |row| {
        Ok(VisitRow {
            document: row.get(0)?,
            at: row.get(1)?,
            kind: row.get(2)?,
            household: row.get(3)?,
            place: row.get(4)?,
            officers: row.get(5)?,
            notes: row.get(6)?,
        })
    })?;
    found.collect()
}

/// How many visits a household has had.
///
/// # Errors
/// What SQLite says.
pub fn count_of_household(reader: &Connection, household: &str) -> Result<u32> {
    reader
        .prepare_cached("SELECT count(*) FROM visit WHERE household = ?1")?
        .query_row([household], |row| row.get(0))
}
