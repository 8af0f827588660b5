//! From records to view rows. Owns the order of the work: base columns from the record alone, then derived columns from the
//! linked rows, then search. Whatever order records arrive in, the rows end the same. Must not know where a change came from.

mod derive;
mod load;
mod natural;
mod place;
mod touched;

use documents::Reading;
use domain::kind::Kind;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;
use sync::ids::DocumentId;

use crate::error::Result;
use crate::row::join_hashes;
use crate::{address, dispute, household, mediator, patrol, residence, resident, scopes, visit};

pub(crate) use derive::{derive, derive_all};
pub(crate) use load::{Change, Loaded, load, of_rows};
pub(crate) use natural::natural_key;
pub(crate) use place::{STEPS, Step, steps_between};
pub(crate) use touched::Touched;

/// A record and what the log knows of it.
pub(crate) struct Facts<'a> {
    /// The record's id as views write it.
    pub(crate) id: &'a str,
    /// Its scope.
    pub(crate) scope: &'a str,
    /// What it says.
    pub(crate) reading: &'a Reading,
    /// Changes that count.
    pub(crate) changes: i64,
    /// `entry.id` of the newest change by (device time, hash).
    pub(crate) last_entry: i64,
    /// Its device time.
    pub(crate) last_at: i64,
    /// Device time of the oldest change.
    pub(crate) first_at: i64,
    /// Keys settled by decisions: key, time, `entry.id`.
    pub(crate) decisions: &'a [(String, i64, i64)],
}

impl Facts<'_> {
    /// Text of a field.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.reading.text(key)
    }

    /// Number of a field.
    pub(crate) fn int(&self, key: &str) -> Option<i64> {
        self.reading.int(key)
    }

    /// Truth value of a field, as views keep it.
    pub(crate) fn bool(&self, key: &str) -> Option<bool> {
        self.reading.get(key).as_bool()
    }

    /// Reference to another record, in the form views write ids.
    pub(crate) fn reference(&self, key: &str) -> Option<String> {
        self.text(key).map(crate::row::reference)
    }

    /// The cell of its scope: where a move took it, whatever its own field still says. A record of the whole station may
    /// name a cell of its own.
    pub(crate) fn cell(&self) -> Option<&str> {
        self.scope.strip_prefix("cell:").and_then(|rest| rest.split(':').next()).or_else(|| self.text("cell"))
    }
}

/// Whether rows of this record may be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    /// Certainly none: a record just made, or views just emptied.
    Nothing,
    /// There may be.
    Something,
}

/// Whether linked rows are followed up.
pub(crate) enum Follow<'a> {
    /// Notes what has to be derived again.
    Note(&'a mut Touched),
    /// Everything is derived afterwards.
    All,
}

/// Puts a record into the views.
pub(crate) fn put(conn: &Connection, facts: &Facts<'_>, before: Before, mut follow: Follow<'_>) -> Result<()> {
    if let (Follow::Note(touched), Before::Something) = (&mut follow, before) {
        touched.note_rows(conn, facts.reading.kind, facts.id)?;
    }
    put_document(conn, facts)?;
    match facts.reading.kind {
        Kind::Address => address::project::put(conn, facts)?,
        Kind::Household => household::project::put(conn, facts)?,
        Kind::Resident => resident::project::put(conn, facts)?,
        Kind::Residence => residence::project::put(conn, facts)?,
        Kind::Visit => visit::project::put(conn, facts)?,
        Kind::Patrol => patrol::project::put(conn, facts, before)?,
        Kind::Dispute => dispute::project::put(conn, facts, before)?,
        Kind::Mediator => mediator::project::put(conn, facts)?,
    }
    put_conflicts(conn, facts, before)?;
    if let Follow::Note(touched) = follow {
        touched.note_reading(facts);
    }
    Ok(())
}

fn put_document(conn: &Connection, facts: &Facts<'_>) -> Result<()> {
    let title = own_title(facts);
    conn.prepare_cached(
        "INSERT INTO document (id, kind, scope, cell, heads, changes, last_entry, last_at, title)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, coalesce(?9, ''))
         ON CONFLICT (id) DO UPDATE SET scope = excluded.scope, cell = excluded.cell, heads = excluded.heads,
            changes = excluded.changes, last_entry = excluded.last_entry, last_at = excluded.last_at,
            title = coalesce(?9, title)",
    )?
    .execute(params![
        facts.id,
        facts.reading.kind.as_str(),
        facts.scope,
        facts.cell(),
        join_hashes(&facts.reading.heads),
        facts.changes,
        facts.last_entry,
        facts.last_at,
        title,
    ])?;
    Ok(())
}

/// The title of kinds that name themselves; nothing for those named by what they link to.
fn own_title<'a>(facts: &'a Facts<'_>) -> Option<&'a str> {
    let key = match facts.reading.kind {
        Kind::Address => return Some(facts.text("full").or_else(|| facts.text("name")).unwrap_or_default()),
        Kind::Resident | Kind::Mediator => "name",
        Kind::Patrol => "route",
        Kind::Dispute => "title",
        Kind::Household | Kind::Residence | Kind::Visit => return None,
    };
    Some(facts.text(key).unwrap_or_default())
}

fn put_conflicts(conn: &Connection, facts: &Facts<'_>, before: Before) -> Result<()> {
    if before == Before::Something {
        conn.prepare_cached("DELETE FROM conflict WHERE document = ?1")?.execute([facts.id])?;
        conn.prepare_cached("DELETE FROM decision WHERE document = ?1")?.execute([facts.id])?;
    }
    for (key, candidates) in &facts.reading.conflicts {
        for (rank, candidate) in (0_i64..).zip(candidates) {
            let value = serde_json::to_value(&candidate.value).unwrap_or(Value::Null).to_string();
            conn.prepare_cached(
                "INSERT INTO conflict (document, key, rank, value, change) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![facts.id, key, rank, value, candidate.change])?;
        }
    }
    for (key, at, entry) in facts.decisions {
        conn.prepare_cached("INSERT OR REPLACE INTO decision (document, key, at, entry) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![facts.id, key, at, entry])?;
    }
    Ok(())
}

/// The names in a collection, as a JSON list.
pub(crate) fn names(facts: &Facts<'_>, collection: &str) -> String {
    let names: Vec<&str> = facts
        .reading
        .items(collection)
        .into_values()
        .filter_map(|fields| fields.get("name").and_then(|name| name.as_text()))
        .filter(|name| !name.is_empty())
        .collect();
    Value::from(names).to_string()
}

/// Takes a record out of the views; what it touched is derived again.
pub(crate) fn remove(conn: &Connection, id: &str, touched: &mut Touched) -> Result<()> {
    let kind: Option<String> =
        conn.prepare_cached("SELECT kind FROM document WHERE id = ?1")?.query_row([id], |row| row.get(0)).optional()?;
    let Some(kind) = kind.as_deref().and_then(Kind::parse) else { return Ok(()) };
    touched.note_rows(conn, kind, id)?;
    let parts: &[&str] = match kind {
        Kind::Patrol => &["DELETE FROM patrol_finding WHERE patrol = ?1"],
        Kind::Dispute => {
            &["DELETE FROM dispute_party WHERE dispute = ?1", "DELETE FROM dispute_mediator WHERE dispute = ?1"]
        }
        Kind::Address | Kind::Household | Kind::Resident | Kind::Residence | Kind::Visit | Kind::Mediator => &[],
    };
    for text in parts {
        conn.prepare_cached(text)?.execute([id])?;
    }
    conn.prepare_cached(&format!("DELETE FROM {} WHERE id = ?1", kind.as_str()))?.execute([id])?;
    for text in [
        "DELETE FROM conflict WHERE document = ?1",
        "DELETE FROM decision WHERE document = ?1",
        "DELETE FROM document WHERE id = ?1",
    ] {
        conn.prepare_cached(text)?.execute([id])?;
    }
    Ok(())
}

/// The kind of a record that is in the views.
pub(crate) fn is_shown(conn: &Connection, document: DocumentId) -> Result<Option<Kind>> {
    let kind: Option<String> = conn
        .prepare_cached("SELECT kind FROM document WHERE id = ?1")?
        .query_row([document.to_string()], |row| row.get(0))
        .optional()?;
    Ok(kind.as_deref().and_then(Kind::parse))
}

/// Loads a record from the log and puts it into the views, or takes it out when nothing of it counts.
pub(crate) fn refresh(
    conn: &Connection,
    document: DocumentId,
    before: Before,
    touched: &mut Touched,
) -> Result<Option<Kind>> {
    let id = document.to_string();
    match load(conn, document)? {
        Some(loaded) if scopes::may_show(conn, &loaded.scope)? => {
            let kind = loaded.reading.kind;
            put(conn, &loaded.facts(&id), before, Follow::Note(touched))?;
            Ok(Some(kind))
        }
        Some(hidden) => {
            scopes::depart(conn, document, &hidden.scope)?;
            remove(conn, &id, touched)?;
            Ok(None)
        }
        None => {
            remove(conn, &id, touched)?;
            Ok(None)
        }
    }
}
