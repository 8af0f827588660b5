//! The search row of a record, made from its view rows. Must not read documents.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use domain::kind::Kind;
use domain::mask;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::words::{self, Of};
use super::{reading, slot};
use crate::error::Result;

/// Characters of a narrative that are indexed: titles and routes are shorter, and an index must not grow with prose.
const WORDS_CHARS_MAX: usize = 200;

/// What a record is found by.
#[derive(Debug, Default, Hash)]
struct Found {
    title: String,
    detail: String,
    scope: String,
    household: Option<String>,
    village: Option<String>,
    id_number: Option<String>,
    phone: Option<String>,
    plate: Option<String>,
    names: Vec<String>,
    address: String,
    words: String,
}

impl Found {
    /// One number for all of it. It is compared with what this very build wrote or, at worst, leads to a row written again.
    fn digest(&self) -> i64 {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish().cast_signed()
    }
}

/// Makes, changes or removes the search rows of records. What reads as before is left alone. Rows are written in the order
/// of their numbers: the index starts another part of itself whenever a number is lower than the one before.
pub(crate) fn index(conn: &Connection, records: &BTreeSet<(Kind, String)>) -> Result<()> {
    let (mut known, mut fresh) = (Vec::new(), Vec::new());
    for (kind, id) in records {
        let found: Option<(i64, i64)> = conn
            .prepare_cached("SELECT rowid, digest FROM search_row WHERE document = ?1")?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        match (read(conn, *kind, id)?, found) {
            (Some(found), Some((_, digest))) if found.digest() == digest => {}
            (found, Some((row, _))) => known.push((row, id, found)),
            (Some(found), None) => fresh.push((*kind, id, found)),
            (None, None) => {}
        }
    }
    known.sort_unstable_by_key(|(row, ..)| *row);
    let mut fresh = fresh.into_iter().peekable();
    // `records` are sorted by kind as the enum has them; rows stand as a result has them
    let mut rows: Vec<(i64, &str, Option<Found>, Is)> =
        known.into_iter().map(|(row, id, found)| (row, id.as_str(), found, Is::Known)).collect();
    while let Some((kind, ..)) = fresh.peek() {
        let kind = *kind;
        let Some(mut row) = free_row(conn, kind)? else { break };
        while let Some((_, id, found)) = fresh.next_if(|(other, ..)| *other == kind) {
            rows.push((row, id.as_str(), Some(found), Is::New));
            row = row.saturating_add(1);
        }
    }
    rows.sort_unstable_by_key(|(row, ..)| *row);
    for (row, id, found, is) in rows {
        if is == Is::Known {
            conn.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([row])?;
        }
        match found {
            Some(found) => put(conn, row, id, &found)?,
            None => {
                conn.prepare_cached("DELETE FROM search_row WHERE rowid = ?1")?.execute([row])?;
            }
        }
    }
    Ok(())
}

/// Whether a search row is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Is {
    Known,
    New,
}

/// The number after the last row of a kind; none for kinds that are not searched.
fn free_row(conn: &Connection, kind: Kind) -> Result<Option<i64>> {
    let Some((above, below)) = slot::span(kind) else { return Ok(None) };
    let last: Option<i64> = conn
        .prepare_cached("SELECT max(rowid) FROM search_row WHERE rowid > ?1 AND rowid < ?2")?
        .query_row([above, below], |row| row.get(0))?;
    Ok(Some(last.unwrap_or(above).saturating_add(1)))
}

/// Records between two words about progress while the whole index is made.
const STEP: i64 = 10_000;
/// Bytes of words gathered before the index writes them: by default, and while the whole index is made.
const GATHERED: [u32; 2] = [1 << 20, 8 << 20];

/// Makes the search rows of all records in an empty index; `step` is called now and then, and may commit.
pub(crate) fn fill_index(conn: &Connection, step: &mut dyn FnMut() -> Result<()>) -> Result<()> {
    let [usual, whole] = GATHERED;
    gather(conn, whole)?;
    for kind in slot::KINDS.into_iter().rev() {
        let mut after = String::new();
        while let Some(last) = index_all(conn, kind, &after, STEP)? {
            after = last;
            step()?;
        }
    }
    gather(conn, usual)
}

fn gather(conn: &Connection, bytes: u32) -> Result<()> {
    conn.execute("INSERT INTO search (search, rank) VALUES ('hashsize', ?1)", [bytes])?;
    Ok(())
}

/// Makes the search rows of up to `limit` records of a kind after `after`, in order of id, into an empty index.
/// Gives the last id, or nothing when there are no more.
fn index_all(conn: &Connection, kind: Kind, after: &str, limit: i64) -> Result<Option<String>> {
    let Some(sql) = sql(kind) else { return Ok(None) };
    let Some(mut number) = free_row(conn, kind)? else { return Ok(None) };
    let mut statement = conn.prepare_cached(&format!("{sql} WHERE t.id > ?1 ORDER BY t.id LIMIT ?2"))?;
    let mut rows = statement.query(params![after, limit])?;
    let mut last = None;
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        let mut found = of_row(kind, row)?;
        complete(conn, kind, &id, &mut found)?;
        put(conn, number, &id, &found)?;
        number = number.saturating_add(1);
        last = Some(id);
    }
    Ok(last)
}

/// The columns a kind is found by: the id, the scope, the village first.
const fn sql(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Resident => Some(
            "SELECT t.id, d.scope, t.village, t.name, t.former_name, t.address_text, t.household, t.id_number, t.phone,
                t.employer, t.id_kind FROM resident t CROSS JOIN document d ON d.id = t.id",
        ),
        Kind::Household => Some(
            "SELECT t.id, d.scope, t.village, t.head_name, t.number, t.address_text, t.phone
             FROM household t CROSS JOIN document d ON d.id = t.id",
        ),
        Kind::Address => Some(
            "SELECT t.id, d.scope, t.village, coalesce(t.full, t.name), t.plate_code
             FROM address t CROSS JOIN document d ON d.id = t.id",
        ),
        Kind::Dispute => Some(
            "SELECT t.id, d.scope, t.village, t.title, t.number, t.place
             FROM dispute t CROSS JOIN document d ON d.id = t.id",
        ),
        Kind::Patrol => {
            Some("SELECT t.id, d.scope, NULL, t.route, t.crew FROM patrol t CROSS JOIN document d ON d.id = t.id")
        }
        Kind::Mediator => Some(
            "SELECT t.id, d.scope, NULL, t.name, t.skills, t.areas, t.phone
             FROM mediator t CROSS JOIN document d ON d.id = t.id",
        ),
        Kind::Residence | Kind::Visit => None,
    }
}

fn read(conn: &Connection, kind: Kind, id: &str) -> Result<Option<Found>> {
    let Some(sql) = sql(kind) else { return Ok(None) };
    let found =
        conn.prepare_cached(&format!("{sql} WHERE t.id = ?1"))?.query_row([id], |row| of_row(kind, row)).optional()?;
    let Some(mut found) = found else { return Ok(None) };
    complete(conn, kind, id, &mut found)?;
    Ok(Some(found))
}

fn of_row(kind: Kind, row: &Row<'_>) -> rusqlite::Result<Found> {
    let text = |column: usize| row.get::<_, Option<String>>(column).map(Option::unwrap_or_default);
    let mut found = Found { scope: text(1)?, village: row.get(2)?, ..Found::default() };
    match kind {
        Kind::Resident => {
            found.title = text(3)?;
            found.names = vec![text(3)?, text(4)?];
            found.address = text(5)?;
            found.household = row.get(6)?;
            found.id_number = row.get(7)?;
            found.phone = row.get(8)?;
            found.words = text(9)?;
            let masked = found.id_number.as_deref().map(|number| mask::document(&text(10).unwrap_or_default(), number));
            found.detail = [found.address.clone(), masked.unwrap_or_default()].join(" ").trim().to_owned();
        }
        Kind::Household => {
            found.names = vec![text(3)?];
            found.title = if found.names.concat().is_empty() { text(4)? } else { text(3)? };
            found.words = text(4)?;
            found.address = text(5)?;
            found.detail = found.address.clone();
            found.phone = row.get(6)?;
        }
        Kind::Address => {
            found.title = text(3)?;
            found.address = text(3)?;
            found.plate = row.get::<_, Option<String>>(4)?;
            found.detail = text(4)?;
        }
        Kind::Dispute => {
            found.title = text(3)?;
            found.words = [text(3)?, text(4)?].join(" ");
            found.address = text(5)?;
            found.detail = [text(4)?, text(5)?].join(" ").trim().to_owned();
        }
        Kind::Patrol => {
            found.title = text(3)?;
            found.words = text(3)?;
            found.names = serde_json::from_str(&text(4)?).unwrap_or_default();
            found.detail = found.names.join(" ");
        }
        Kind::Mediator => {
            found.title = text(3)?;
            found.names = vec![text(3)?];
            found.words = [text(4)?, text(5)?].join(" ");
            found.detail = found.words.trim().to_owned();
            found.phone = row.get(6)?;
        }
        Kind::Residence | Kind::Visit => {}
    }
    Ok(found)
}

/// What stands in other tables of the same record.
fn complete(conn: &Connection, kind: Kind, id: &str, found: &mut Found) -> Result<()> {
    let sql = match kind {
        Kind::Dispute => "SELECT name FROM dispute_party WHERE dispute = ?1 AND name IS NOT NULL ORDER BY item",
        Kind::Patrol => "SELECT what FROM patrol_finding WHERE patrol = ?1 AND what IS NOT NULL ORDER BY item",
        Kind::Address | Kind::Household | Kind::Resident | Kind::Residence | Kind::Visit | Kind::Mediator => {
            return Ok(());
        }
    };
    let mut statement = conn.prepare_cached(sql)?;
    for text in statement.query_map([id], |row| row.get::<_, String>(0))? {
        if kind == Kind::Dispute {
            found.names.push(text?);
        } else {
            found.words.push(' ');
            found.words.push_str(&text?);
        }
    }
    Ok(())
}

fn put(conn: &Connection, row: i64, id: &str, found: &Found) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO search_row (rowid, document, scope, title, detail, household, village, id_tail, phone_tail, plate, digest)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (rowid) DO UPDATE SET scope = excluded.scope, title = excluded.title, detail = excluded.detail,
            household = excluded.household, village = excluded.village, id_tail = excluded.id_tail,
            phone_tail = excluded.phone_tail, plate = excluded.plate, digest = excluded.digest",
    )?
    .execute(params![
        row,
        id,
        found.scope,
        found.title,
        found.detail,
        found.household,
        found.village,
        found.id_number.as_deref().and_then(reversed),
        found.phone.as_deref().and_then(reversed),
        found.plate.as_deref().map(plate),
        found.digest(),
    ])?;
    let (mut name, mut pinyin, mut initials) = (Vec::new(), Vec::new(), Vec::new());
    for one in found.names.iter().filter(|name| !name.is_empty()) {
        words::tokens(Of::Name, one, &mut name);
        name.push(words::whole(one));
        reading::tokens(one, &mut pinyin, &mut initials);
    }
    let (mut address, mut prose) = (Vec::new(), Vec::new());
    words::tokens(Of::Address, &found.address, &mut address);
    address.extend(found.village.as_deref().map(|village| Of::Village.token(&words::code(village))));
    words::tokens(Of::Words, &found.words.chars().take(WORDS_CHARS_MAX).collect::<String>(), &mut prose);
    conn.prepare_cached(
        "INSERT INTO search (rowid, name, pinyin, initials, address, words) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        row,
        name.join(" "),
        pinyin.join(" "),
        initials.join(" "),
        address.join(" "),
        prose.join(" "),
    ])?;
    Ok(())
}

/// A number from its end, digits and letters only.
pub(crate) fn reversed(number: &str) -> Option<String> {
    let reversed: String =
        domain::text::half_width(number).to_uppercase().chars().filter(char::is_ascii_alphanumeric).rev().collect();
    (!reversed.is_empty()).then_some(reversed)
}

/// A plate code as it is looked up: capital letters and digits only.
pub(crate) fn plate(code: &str) -> String {
    domain::text::half_width(code).to_uppercase().chars().filter(char::is_ascii_alphanumeric).collect()
}
