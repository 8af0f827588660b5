//! The row of an address. Must not read other rows.

use rusqlite::{Connection, params};

use crate::error::Result;
use crate::project::{Facts, natural_key};

/// Base columns.
pub(crate) fn put(conn: &Connection, facts: &Facts<'_>) -> Result<()> {
    let sort = natural_key(facts.text("full").or_else(|| facts.text("name")).unwrap_or_default());
    conn.prepare_cached(
        "INSERT INTO address (id, cell, village, kind, name, parent, plate_code, full, lon_e7, lat_e7, sort_key)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (id) DO UPDATE SET cell = excluded.cell, village = excluded.village, kind = excluded.kind,
            name = excluded.name, parent = excluded.parent, plate_code = excluded.plate_code, full = excluded.full,
            lon_e7 = excluded.lon_e7, lat_e7 = excluded.lat_e7, sort_key = excluded.sort_key",
    )?
    .execute(params![
        facts.id,
        facts.cell(),
        facts.text("village"),
        facts.text("kind"),
        facts.text("name"),
        facts.reference("parent"),
        facts.text("plate_code"),
        facts.text("full"),
        facts.int("lon_e7"),
        facts.int("lat_e7"),
        sort,
    ])?;
    Ok(())
}
