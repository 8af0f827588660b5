//! The mediator register with plain statistics: rows and counts, no score. Owns the SQL.

use std::collections::BTreeMap;

use crate::{Reader, Result};

/// A mediator with his cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediatorRow {
    /// Id.
    pub document: String,
    /// Heads, 32 bytes each.
    pub heads: Vec<u8>,
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

/// Which mediators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which<'a> {
    /// The whole register.
    All,
    /// These.
    These(&'a [String]),
}

impl Which<'_> {
    /// The condition on a column, with the ids for its parameter `?1`.
    fn condition(self, column: &str) -> (String, Option<String>) {
        match self {
            Self::All => ("?1 IS NULL".to_owned(), None),
            Self::These(ids) => (
                format!("{column} IN (SELECT value FROM json_each(?1))"),
                Some(serde_json::Value::from(ids.to_vec()).to_string()),
            ),
        }
    }
}

const COLUMNS: &str = "
SELECT m.id, (SELECT heads FROM document WHERE id = m.id), coalesce(m.name, ''), m.kind, m.skills, m.areas, coalesce(m.available, 1),
       count(d.id) FILTER (WHERE d.closed = 0 AND d.concluded_at IS NULL),
       count(d.id) FILTER (WHERE d.concluded_at IS NOT NULL AND d.agreed = 1),
       count(d.id) FILTER (WHERE d.concluded_at IS NOT NULL)
FROM mediator m
LEFT JOIN dispute_mediator dm ON dm.mediator = m.id
LEFT JOIN dispute d ON d.id = dm.dispute";

fn list_sql(condition: &str) -> String {
    format!("{COLUMNS} WHERE {condition} GROUP BY m.id ORDER BY m.kind, m.name, m.id LIMIT 500")
}

/// Mediators by kind and name.
///
/// # Errors
/// Those of the database.
pub fn list(reader: &Reader<'_>, which: Which<'_>) -> Result<Vec<MediatorRow>> {
    let (condition, ids) = which.condition("m.id");
    let mut statement = reader.conn().prepare_cached(&list_sql(&condition))?;
    let found = statement.query_map([ids], |row| {
        Ok(MediatorRow {
            document: row.get(0)?,
            heads: row.get(1)?,
            name: row.get(2)?,
            kind: row.get(3)?,
            skills: row.get(4)?,
            areas: row.get(5)?,
            available: row.get(6)?,
            open_cases: row.get(7)?,
            agreed: row.get(8)?,
            concluded: row.get(9)?,
        })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

fn of_class_sql(condition: &str) -> String {
    format!(
        "SELECT m.mediator, sum(d.agreed), count(*) FROM dispute_mediator m JOIN dispute d ON d.id = m.dispute
         WHERE m.mediator IS NOT NULL AND d.concluded_at IS NOT NULL AND substr(d.category, 1, 2) = ?2 AND {condition}
         GROUP BY m.mediator"
    )
}

/// Agreed and concluded cases of one class (the first two digits of the category), by mediator.
///
/// # Errors
/// Those of the database.
pub fn of_class(reader: &Reader<'_>, class: &str, which: Which<'_>) -> Result<BTreeMap<String, (u64, u64)>> {
    let (condition, ids) = which.condition("m.mediator");
    let mut statement = reader.conn().prepare_cached(&of_class_sql(&condition))?;
    let found = statement.query_map(rusqlite::params![ids, class], |row| {
        let (agreed, concluded): (i64, i64) = (row.get(1)?, row.get(2)?);
        Ok((row.get(0)?, (u64::try_from(agreed).unwrap_or(0), u64::try_from(concluded).unwrap_or(0))))
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

#[cfg(test)]
mod tests {
    use super::{Which, list_sql, of_class_sql};
    use crate::save_state::plan_tests::{plan, scans};

    #[test]
    fn the_mediators_of_a_case_are_read_without_the_register_and_without_other_cases() {
        let these = Which::These(&[]);
        for sql in [list_sql(&these.condition("m.id").0), of_class_sql(&these.condition("m.mediator").0)] {
            let steps = plan(&sql);
            assert!(scans(&steps, &["m", "d", "dm", "mediator", "dispute"]).is_empty(), "{steps:?}");
        }
    }
}
