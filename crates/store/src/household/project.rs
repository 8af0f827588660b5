//! The row of a household. Must not read other rows; the derived columns are filled in `project/derive.rs`.

use rusqlite::{Connection, params};

use crate::error::Result;
use crate::project::{Facts, natural_key};
use crate::search::sort_key;

/// Base columns. The derived ones stay as they are.
pub(crate) fn put(conn: &Connection, facts: &Facts<'_>) -> Result<()> {
    let head_name = facts.text("head_name");
    let address_text = facts.text("address_text");
    conn.prepare_cached(
        "INSERT INTO household
            (id, cell, address, number, head, kind, phone, next_visit_on, notes, own_head_name, own_head_sort,
             own_address_text, own_address_sort)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (id) DO UPDATE SET cell = excluded.cell, address = excluded.address, number = excluded.number,
            head = excluded.head, kind = excluded.kind, phone = excluded.phone, next_visit_on = excluded.next_visit_on,
            notes = excluded.notes, own_head_name = excluded.own_head_name, own_head_sort = excluded.own_head_sort,
            own_address_text = excluded.own_address_text, own_address_sort = excluded.own_address_sort",
    )?
    .execute(params![
        facts.id,
        facts.cell(),
        facts.reference("address"),
        facts.text("number"),
        facts.reference("head"),
        facts.text("kind"),
        facts.text("phone"),
        facts.text("next_visit_on"),
        facts.text("notes"),
        head_name,
        head_name.map(sort_key),
        address_text,
        address_text.map(natural_key),
    ])?;
    Ok(())
}
