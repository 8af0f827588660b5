//! The row of a mediator. Must not read other rows.

use rusqlite::{Connection, params};

use crate::error::Result;
use crate::project::Facts;

/// All columns.
pub(crate) fn put(conn: &Connection, facts: &Facts<'_>) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO mediator (id, name, kind, skills, languages, areas, phone, available)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, skills = excluded.skills,
            languages = excluded.languages, areas = excluded.areas, phone = excluded.phone, available = excluded.available",
    )?
    .execute(params![
        facts.id,
        facts.text("name"),
        facts.text("kind"),
        facts.text("skills"),
        facts.text("languages"),
        facts.text("areas"),
        facts.text("phone"),
        facts.bool("available"),
    ])?;
    Ok(())
}
