//! The mediator register with plain statistics: rows and counts, no score. Owns the SQL.

use rusqlite::{Connection, Result};

/// A mediator with his cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediatorRow {
    /// Id.
    pub document: String,
    /// Name.
    pub name: String,
    /// Kind code.
    pub kind: Option<String>,
    /// Skills.
    pub skills: Option<String>,
    /// Areas.
    pub areas: Option<String>,
    /// May be assigned.
    pub available: bool,
    /// Cases at work.
    pub open_cases: u32,
    /// Concluded with an agreement.
    pub agreed: u32,
    /// Concluded.
    pub concluded: u32,
}

const LIST: &str = "
SELECT m.id, coalesce(m.name, ''), m.kind, m.skills, m.areas, coalesce(m.available, 1),
       count(d.id) FILTER (WHERE d.closed = 0 AND d.concluded_at IS NULL),
       count(d.id) FILTER (WHERE d.concluded_at IS NOT NULL AND d.agreed = 1),
       count(d.id) FILTER (WHERE d.concluded_at IS NOT NULL)
FROM mediator m
LEFT JOIN dispute_mediator dm ON dm.mediator = m.id
LEFT JOIN dispute d ON d.id = dm.dispute
GROUP BY m.id ORDER BY m.kind, m.name, m.id LIMIT 500";

/// All mediators.
///
/// # Errors
/// What SQLite says.
pub fn list(reader: &Connection) -> Result<Vec<MediatorRow>> {
    let mut statement = reader.prepare_cached(LIST)?;
    let found = statement.query_map([], |row| {
        Ok(MediatorRow {
            document: row.get(0)?,
            name: row.get(1)?,
            kind: row.get(2)?,
            skills: row.get(3)?,
            areas: row.get(4)?,
            available: row.get(5)?,
            open_cases: row.get(6)?,
            agreed: row.get(7)?,
            concluded: row.get(8)?,
        })
    })?;
    found.collect()
}
