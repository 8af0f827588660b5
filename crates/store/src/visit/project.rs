//! The row of a visit. Must not read other rows; the village is filled in `project/derive.rs`.

use rusqlite::{Connection, params};

use crate::error::Result;
use crate::project::{Facts, names};

/// Base columns. The derived ones stay as they are.
pub(crate) fn put(conn: &Connection, facts: &Facts<'_>) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO visit (id, cell, kind, household, place, at, notes, wishes, findings, next_on, officers)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (id) DO UPDATE SET cell = excluded.cell, kind = excluded.kind, household = excluded.household,
            place = excluded.place, at = excluded.at, notes = excluded.notes, wishes = excluded.wishes,
            findings = excluded.findings, next_on = excluded.next_on, officers = excluded.officers",
    )?
    .execute(params![
        facts.id,
        facts.cell(),
        facts.text("kind"),
        facts.reference("household"),
        facts.text("place"),
        facts.int("at"),
        facts.text("notes"),
        facts.text("wishes"),
        facts.text("findings"),
        facts.text("next_on"),
        names(facts, "officers"),
    ])?;
    Ok(())
}
