//! Lists of disputes. Owns the SQL; each order has its own index and its own page key.

use rusqlite::{Row, ToSql, params};

use super::ClockLine;
use crate::household::query::json_list;
use crate::save_state::{SAVE_STATE_COLUMN, SaveState};
use crate::{Reader, Result};

/// A dispute in a list. Its clocks are read from the record itself, see [`super::clock_facts`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeRow {
    /// Id.
    pub document: String,
    /// Number.
    pub number: Option<String>,
    /// Title.
    pub title: String,
    /// State code.
    pub state: String,
    /// Grade code.
    pub grade: Option<String>,
    /// The clock that ends first, `9999-12-31` when none.
    pub due_on: String,
    /// That clock.
    pub clock: Option<ClockLine>,
    /// Accepted, else found, else written.
    pub opened_at: i64,
    /// Open conflicts.
    pub conflicts: u32,
    /// Where the newest change is.
    pub saved: SaveState,
}

/// Order of a list, with the key of the last row of the page before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// By the clock that ends first.
    Due(Option<(String, String)>),
    /// Newest first.
    Newest(Option<(i64, String)>),
    /// Highest grade first.
    Grade(Option<(String, String)>),
}

/// Whether a dispute is at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// Archived or left by an exit.
    Yes,
    /// At work.
    No,
}

fn select(rest: &str) -> String {
    format!(
        "SELECT x.id, x.number, coalesce(x.title, ''), x.state, x.grade, x.due_on, x.opened_at,
                (SELECT count(DISTINCT c.key) FROM conflict c WHERE c.document = x.id), {SAVE_STATE_COLUMN}, x.clock
         FROM dispute x LEFT JOIN document d ON d.id = x.id LEFT JOIN entry e ON e.id = d.last_entry {rest}"
    )
}

const HELD: &str = "x.cell IN (SELECT value FROM json_each(?3))";

/// Open or closed disputes of the cells held.
///
/// # Errors
/// Those of the database.
pub fn list(
    reader: &Reader<'_>,
    cells: &[String],
    closed: Closed,
    cell: Option<&str>,
    order: &Order,
    limit: usize,
) -> Result<Vec<DisputeRow>> {
    let (column, compare, direction) = match order {
        Order::Due(_) => ("x.due_on", ">", "ASC"),
        Order::Newest(_) => ("x.opened_at", "<", "DESC"),
        Order::Grade(_) => ("coalesce(x.grade, '')", "<", "DESC"),
    };
    let (key, id): (Option<&dyn ToSql>, &str) = match order {
        Order::Due(Some((due, id))) => (Some(due), id),
        Order::Newest(Some((at, id))) => (Some(at), id),
        Order::Grade(Some((grade, id))) => (Some(grade), id),
        Order::Due(None) | Order::Newest(None) | Order::Grade(None) => (None, ""),
    };
    let from = if key.is_some() {
        format!("AND ({column}, x.id) {compare} (?5, ?6)")
    } else {
        "AND ?5 IS NULL AND ?6 = ''".to_owned()
    };
    let sql = select(&format!(
        "WHERE x.closed = ?1 AND (?2 IS NULL OR x.cell = ?2) AND {HELD} {from}
         ORDER BY {column} {direction}, x.id {direction} LIMIT ?4"
    ));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = reader.conn().prepare_cached(&sql)?;
    let found = statement.query_map(params![closed == Closed::Yes, cell, json_list(cells), limit, key, id], read)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// How many there are.
///
/// # Errors
/// Those of the database.
pub fn count(reader: &Reader<'_>, cells: &[String], closed: Closed, cell: Option<&str>) -> Result<u64> {
    let sql = format!("SELECT count(*) FROM dispute x WHERE x.closed = ?1 AND (?2 IS NULL OR x.cell = ?2) AND {HELD}");
    let count: i64 = reader
        .conn()
        .prepare_cached(&sql)?
        .query_row(params![closed == Closed::Yes, cell, json_list(cells)], |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Open disputes with a clock that ends on or before a day, at most 500.
///
/// # Errors
/// Those of the database.
pub fn due_by(reader: &Reader<'_>, cells: &[String], on: &str) -> Result<Vec<DisputeRow>> {
    let sql =
        select(&format!("WHERE x.closed = 0 AND x.due_on <= ?1 AND ?2 AND {HELD} ORDER BY x.due_on, x.id LIMIT 500"));
    let mut statement = reader.conn().prepare_cached(&sql)?;
    let found = statement.query_map(params![on, true, json_list(cells)], read)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The highest number a laptop has given in a year: `prefix` is everything before it, e.g. `QF-07〔2026〕`.
///
/// # Errors
/// Those of the database.
pub fn newest_number(reader: &Reader<'_>, prefix: &str) -> Result<u64> {
    let sql = "SELECT number FROM dispute WHERE substr(number, 1, length(?1)) = ?1";
    let mut statement = reader.conn().prepare_cached(sql)?;
    let numbers = statement.query_map([prefix], |row| row.get::<_, String>(0))?;
    let mut newest = 0;
    for number in numbers {
        let number = number?;
        let digits = number.strip_prefix(prefix).unwrap_or_default().trim_end_matches('号');
        newest = newest.max(digits.parse().unwrap_or(0));
    }
    Ok(newest)
}

fn read(row: &Row<'_>) -> rusqlite::Result<DisputeRow> {
    Ok(DisputeRow {
        document: row.get(0)?,
        number: row.get(1)?,
        title: row.get(2)?,
        state: row.get(3)?,
        grade: row.get(4)?,
        due_on: row.get(5)?,
        opened_at: row.get(6)?,
        conflicts: row.get(7)?,
        saved: SaveState::from_sql(row.get(8)?),
        clock: row.get::<_, Option<String>>(9)?.and_then(|text| serde_json::from_str(&text).ok()),
    })
}
