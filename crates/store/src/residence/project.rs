//! The row of a residence. Must not read other rows.

use rusqlite::{Connection, params};

use crate::error::Result;
use crate::project::Facts;

/// All columns.
pub(crate) fn put(conn: &Connection, facts: &Facts<'_>) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO residence (id, cell, resident, household, relation, from_on, to_on, resident_name)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (id) DO UPDATE SET cell = excluded.cell, resident = excluded.resident, household = excluded.household,
            relation = excluded.relation, from_on = excluded.from_on, to_on = excluded.to_on,
            resident_name = excluded.resident_name",
    )?
    .execute(params![
        facts.id,
        facts.cell(),
        facts.reference("resident"),
        facts.reference("household"),
        facts.text("relation"),
        facts.text("from_on"),
        facts.text("to_on"),
        facts.text("resident_name"),
    ])?;
    Ok(())
}
