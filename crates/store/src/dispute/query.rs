//! Lists of disputes. Owns the SQL; each order has its own index and its own page key.

use rusqlite::{Connection, Result, Row, params};

/// A dispute in a list, with what its clocks need.
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
    /// Accepted, else found, else written.
    pub opened_at: i64,
    /// Accepted.
    pub accepted_at: Option<i64>,
    /// Concluded.
    pub concluded_at: Option<i64>,
    /// Mediated by the police under the public order law.
    pub police_mediation: bool,
    /// First session.
    pub first_session_at: Option<i64>,
    /// Newest session.
    pub last_session_at: Option<i64>,
    /// Sessions.
    pub sessions: u32,
    /// Agreement in force.
    pub agreement_on: Option<String>,
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

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, number, coalesce(title, ''), state, grade, due_on, opened_at, accepted_at, concluded_at, ",
            "coalesce(police_mediation, 0), first_session_at, last_session_at, sessions, agreement_on FROM dispute ",
            $rest
        )
    };
}

const BY_DUE: &str = select!(
    "WHERE closed = ?1 AND (?2 IS NULL OR cell = ?2) AND (due_on, id) > (?3, ?4) ORDER BY due_on, id LIMIT ?5"
);
const BY_NEWEST: &str = select!(
    "WHERE closed = ?1 AND (?2 IS NULL OR cell = ?2) AND (opened_at, id) < (?3, ?4)
     ORDER BY opened_at DESC, id DESC LIMIT ?5"
);
const BY_GRADE: &str = select!(
    "WHERE closed = ?1 AND (?2 IS NULL OR cell = ?2) AND (coalesce(grade, ''), id) < (?3, ?4)
     ORDER BY coalesce(grade, '') DESC, id DESC LIMIT ?5"
);
const OF_RESIDENT: &str = select!(
    "WHERE id IN (SELECT dispute FROM dispute_party WHERE resident = ?1) ORDER BY opened_at DESC, id DESC LIMIT 50"
);
const OF_HOUSEHOLD: &str = select!(
    "WHERE id IN (SELECT p.dispute FROM dispute_party p JOIN residence r ON r.resident = p.resident
                  WHERE r.household = ?1 AND r.to_on IS NULL)
     ORDER BY opened_at DESC, id DESC LIMIT 50"
);
const OPEN_DUE_BY: &str = select!("WHERE closed = 0 AND due_on <= ?1 ORDER BY due_on, id LIMIT 500");

/// Open or closed disputes.
///
/// # Errors
/// What SQLite says.
pub fn list(
    reader: &Connection,
    closed: Closed,
    cell: Option<&str>,
    order: &Order,
    limit: usize,
) -> Result<Vec<DisputeRow>> {
    let closed = closed == Closed::Yes;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    match order {
        Order::Due(after) => {
            let (due, id) = after.as_ref().map_or(("", ""), |(due, id)| (due.as_str(), id.as_str()));
            reader.prepare_cached(BY_DUE)?.query_map(params![closed, cell, due, id, limit], read)?.collect()
        }
        Order::Newest(after) => {
            let (at, id) = after.as_ref().map_or((i64::MAX, ""), |(at, id)| (*at, id.as_str()));
            reader.prepare_cached(BY_NEWEST)?.query_map(params![closed, cell, at, id, limit], read)?.collect()
        }
        Order::Grade(after) => {
            let (grade, id) = after.as_ref().map_or(("~", ""), |(grade, id)| (grade.as_str(), id.as_str()));
            reader.prepare_cached(BY_GRADE)?.query_map(params![closed, cell, grade, id, limit], read)?.collect()
        }
    }
}

/// Whether a dispute is at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// Archived or left by an exit.
    Yes,
    /// At work.
    No,
}

/// How many there are.
///
/// # Errors
/// What SQLite says.
pub fn count(reader: &Connection, closed: Closed, cell: Option<&str>) -> Result<u64> {
    let sql = "SELECT count(*) FROM dispute WHERE closed = ?1 AND (?2 IS NULL OR cell = ?2)";
    let count: i64 =
        reader.prepare_cached(sql)?.query_row(params![closed == Closed::Yes, cell], |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Disputes a resident is a party of, newest first: rows, no score.
///
/// # Errors
/// What SQLite says.
pub fn of_resident(reader: &Connection, resident: &str) -> Result<Vec<DisputeRow>> {
    reader.prepare_cached(OF_RESIDENT)?.query_map([resident], read)?.collect()
}

/// Disputes a person living in this household is a party of.
///
/// # Errors
/// What SQLite says.
pub fn of_household(reader: &Connection, household: &str) -> Result<Vec<DisputeRow>> {
    reader.prepare_cached(OF_HOUSEHOLD)?.query_map([household], read)?.collect()
}

/// Open disputes with a clock that ends on or before a day.
///
/// # Errors
/// What SQLite says.
pub fn due_by(reader: &Connection, on: &str) -> Result<Vec<DisputeRow>> {
    reader.prepare_cached(OPEN_DUE_BY)?.query_map([on], read)?.collect()
}

/// One dispute as lists show it.
///
/// # Errors
/// What SQLite says; [`rusqlite::Error::QueryReturnedNoRows`] when there is none.
pub fn one(reader: &Connection, dispute: &str) -> Result<DisputeRow> {
    reader.prepare_cached(select!("WHERE id = ?1"))?.query_row([dispute], read)
}

fn read(row: &Row<'_>) -> Result<DisputeRow> {
    Ok(DisputeRow {
        document: row.get(0)?,
        number: row.get(1)?,
        title: row.get(2)?,
        state: row.get(3)?,
        grade: row.get(4)?,
        due_on: row.get(5)?,
        opened_at: row.get(6)?,
        accepted_at: row.get(7)?,
        concluded_at: row.get(8)?,
        police_mediation: row.get(9)?,
        first_session_at: row.get(10)?,
        last_session_at: row.get(11)?,
        sessions: row.get(12)?,
        agreement_on: row.get(13)?,
    })
}
