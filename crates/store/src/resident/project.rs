//! The row of a resident. Must not read other rows; the derived columns are filled in `project/derive.rs`.

use domain::text::squeeze;
use rusqlite::{Connection, params};

use crate::error::Result;
use crate::project::Facts;
use crate::search::sort_key;

/// The ID number as it is compared: without blanks, `x` as `X`.
pub(crate) fn id_number(facts: &Facts<'_>) -> Option<String> {
    facts.text("id_number").map(|number| squeeze(number).to_uppercase()).filter(|number| !number.is_empty())
}

/// Base columns. The derived ones stay as they are.
pub(crate) fn put(conn: &Connection, facts: &Facts<'_>) -> Result<()> {
    let name = facts.text("name");
    conn.prepare_cached(
        "INSERT INTO resident
            (id, cell, name, former_name, sex, birth_on, id_kind, id_number, ethnic, phone, education, marital, employer,
             registered_address, kind, registered_on, permit_until_on, notes, name_sort)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
         ON CONFLICT (id) DO UPDATE SET cell = excluded.cell, name = excluded.name, former_name = excluded.former_name,
            sex = excluded.sex, birth_on = excluded.birth_on, id_kind = excluded.id_kind, id_number = excluded.id_number,
            ethnic = excluded.ethnic, phone = excluded.phone, education = excluded.education, marital = excluded.marital,
            employer = excluded.employer, registered_address = excluded.registered_address, kind = excluded.kind,
            registered_on = excluded.registered_on, permit_until_on = excluded.permit_until_on, notes = excluded.notes,
            name_sort = excluded.name_sort",
    )?
    .execute(params![
        facts.id,
        facts.cell(),
        name,
        facts.text("former_name"),
        facts.text("sex"),
        facts.text("birth_on"),
        facts.text("id_kind"),
        id_number(facts),
        facts.text("ethnic"),
        facts.text("phone"),
        facts.text("education"),
        facts.text("marital"),
        facts.text("employer"),
        facts.text("registered_address"),
        facts.text("kind"),
        facts.text("registered_on"),
        facts.text("permit_until_on"),
        facts.text("notes"),
        name.map(sort_key).unwrap_or_default(),
    ])?;
    Ok(())
}
