//! Lists of visits. Owns the SQL; a page begins after the key of the last row.

use rusqlite::params;

use crate::household::query::json_list;
use crate::save_state::{SAVE_STATE_COLUMN, SaveState};
use crate::{Reader, Result};

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
    /// Where the newest change is.
    pub saved: SaveState,
}

/// Which visits.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Cells that may be seen.
    pub cells: Vec<String>,
    /// Only this cell.
    pub cell: Option<String>,
    /// Only this household.
    pub household: Option<String>,
}

fn sql(filter: &Filter) -> String {
    // each way of asking has its own index
    let household = if filter.household.is_some() { "v.household = ?1" } else { "?1 IS NULL" };
    format!(
        "SELECT v.id, coalesce(v.at, 0), v.kind, v.household, coalesce(t.title, v.place, ''), v.officers, v.notes,
                {SAVE_STATE_COLUMN}
         FROM visit v LEFT JOIN document t ON t.id = v.household
         LEFT JOIN document d ON d.id = v.id LEFT JOIN entry e ON e.id = d.last_entry
         WHERE {household} AND (?2 IS NULL OR v.cell = ?2) AND v.cell IN (SELECT value FROM json_each(?6))
           AND (v.at, v.id) < (?3, ?4)
         ORDER BY v.at DESC, v.id DESC LIMIT ?5"
    )
}

/// Visits, newest first.
///
/// # Errors
/// Those of the database.
pub fn list(
    reader: &Reader<'_>,
    filter: &Filter,
    after: Option<&(i64, String)>,
    limit: usize,
) -> Result<Vec<VisitRow>> {
    let (at, id) = after.map_or((i64::MAX, ""), |(at, id)| (*at, id.as_str()));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = reader.conn().prepare_cached(&sql(filter))?;
    let found = statement.query_map(
        params![filter.household, filter.cell, at, id, limit, json_list(&filter.cells)],
        |row| {
            Ok(VisitRow {
                document: row.get(0)?,
                at: row.get(1)?,
                kind: row.get(2)?,
                household: row.get(3)?,
                place: row.get(4)?,
                officers: row.get(5)?,
                notes: row.get(6)?,
                saved: SaveState::from_sql(row.get(7)?),
            })
        },
    )?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}
