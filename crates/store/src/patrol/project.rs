//! The rows of a patrol and its findings. Must not read other rows.

use domain::shape::Scalar;
use rusqlite::{Connection, params};

use crate::error::Result;
use crate::project::{Before, Facts, names};

const MINUTE_MS: i64 = 60_000;

/// All columns, findings included.
pub(crate) fn put(conn: &Connection, facts: &Facts<'_>, before: Before) -> Result<()> {
    let (start, end) = (facts.int("start_at"), facts.int("end_at"));
    let minutes =
        start.zip(end).map(|(start, end)| end.saturating_sub(start) / MINUTE_MS).filter(|minutes| *minutes >= 0);
    let findings = put_findings(conn, facts, before, start)?;
    conn.prepare_cached(
        "INSERT INTO patrol (id, cell, mode, start_at, end_at, minutes, route, people_checked, vehicles_checked, sites_checked,
            dissuaded, notes, crew, cells, findings)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
         ON CONFLICT (id) DO UPDATE SET cell = excluded.cell, mode = excluded.mode, start_at = excluded.start_at,
            end_at = excluded.end_at, minutes = excluded.minutes, route = excluded.route,
            people_checked = excluded.people_checked, vehicles_checked = excluded.vehicles_checked,
            sites_checked = excluded.sites_checked, dissuaded = excluded.dissuaded, notes = excluded.notes,
            crew = excluded.crew, cells = excluded.cells, findings = excluded.findings",
    )?
    .execute(params![
        facts.id,
        facts.cell(),
        facts.text("mode"),
        start,
        end,
        minutes,
        facts.text("route"),
        facts.int("people_checked"),
        facts.int("vehicles_checked"),
        facts.int("sites_checked"),
        facts.int("dissuaded"),
        facts.text("notes"),
        names(facts, "crew"),
        cells(facts),
        findings,
    ])?;
    Ok(())
}

/// Codes of the cells the patrol was in, as a JSON list.
fn cells(facts: &Facts<'_>) -> String {
    let codes: Vec<&str> = facts
        .reading
        .items("cells")
        .into_iter()
        .filter(|(_, fields)| fields.get("present").and_then(|present| present.as_bool()) != Some(false))
        .map(|(code, _)| code)
        .collect();
    serde_json::Value::from(codes).to_string()
}

fn put_findings(conn: &Connection, facts: &Facts<'_>, before: Before, at: Option<i64>) -> Result<i64> {
    if before == Before::Something {
        conn.prepare_cached("DELETE FROM patrol_finding WHERE patrol = ?1")?.execute([facts.id])?;
    }
    let mut count = 0;
    for (item, fields) in facts.reading.items("findings") {
        let text = |key: &str| fields.get(key).and_then(|value| value.as_text()).filter(|text| !text.is_empty());
        if fields.values().all(|value| matches!(value, Scalar::Null)) {
            continue;
        }
        conn.prepare_cached(
            "INSERT INTO patrol_finding (patrol, item, cell, at, what, place, hazard, due_on) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            facts.id,
            item,
            facts.cell(),
            at,
            text("what"),
            text("place"),
            fields.get("hazard").and_then(|value| value.as_bool()),
            text("due_on"),
        ])?;
        count += 1;
    }
    Ok(count)
}
