//! The search row of a record, made from its view rows. Must not read documents.

use domain::kind::Kind;
use domain::mask;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::reading;
use super::words::{self, Of};
use crate::error::Result;

/// Characters of a narrative that are indexed: titles and routes are shorter, and an index must not grow with prose.
const WORDS_CHARS_MAX: usize = 200;

/// What a record is found by.
#[derive(Debug, Default)]
struct Found {
    title: String,
    detail: String,
    household: Option<String>,
    id_number: Option<String>,
    phone: Option<String>,
    plate: Option<String>,
    names: Vec<String>,
    address: String,
    words: String,
}

/// Makes or removes the search row of a record.
pub(crate) fn index(conn: &Connection, kind: Kind, id: &str) -> Result<()> {
    let known: Option<i64> = conn
        .prepare_cached("SELECT rowid FROM search_row WHERE document = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    if let Some(rowid) = known {
        conn.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([rowid])?;
    }
    match (read(conn, kind, id)?, known) {
        (Some(found), _) => put(conn, kind, id, known, &found)?,
        (None, Some(rowid)) => {
            conn.prepare_cached("DELETE FROM search_row WHERE rowid = ?1")?.execute([rowid])?;
        }
        (None, None) => {}
    }
    Ok(())
}

/// Makes the search rows of up to `limit` records of a kind after `after`, in order of id, into an empty index.
/// Gives the last id, or nothing when there are no more.
pub(crate) fn index_all(conn: &Connection, kind: Kind, after: &str, limit: i64) -> Result<Option<String>> {
    let Some(sql) = sql(kind) else { return Ok(None) };
    let mut statement = conn.prepare_cached(&format!("{sql} WHERE t.id > ?1 ORDER BY t.id LIMIT ?2"))?;
    let mut rows = statement.query(params![after, limit])?;
    let mut last = None;
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        let mut found = of_row(kind, row)?;
        complete(conn, kind, &id, &mut found)?;
        put(conn, kind, &id, None, &found)?;
        last = Some(id);
    }
    Ok(last)
}

/// The columns a kind is found by, the id first.
const fn sql(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Resident => Some(
            "SELECT t.id, t.name, t.former_name, t.address_text, t.household, t.id_number, t.phone, t.employer, t.id_kind FROM resident t",
        ),
        Kind::Household => Some("SELECT t.id, t.head_name, t.number, t.address_text, t.phone FROM household t"),
        Kind::Address => Some("SELECT t.id, coalesce(t.full, t.name), t.plate_code FROM address t"),
        Kind::Dispute => Some("SELECT t.id, t.title, t.number, t.place FROM dispute t"),
        Kind::Patrol => Some("SELECT t.id, t.route, t.crew FROM patrol t"),
        Kind::Mediator => Some("SELECT t.id, t.name, t.skills, t.areas, t.phone FROM mediator t"),
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
    let mut found = Found::default();
    match kind {
        Kind::Resident => {
            found.title = text(1)?;
            found.names = vec![text(1)?, text(2)?];
            found.address = text(3)?;
            found.household = row.get(4)?;
            found.id_number = row.get(5)?;
            found.phone = row.get(6)?;
            found.words = text(7)?;
            let masked = found.id_number.as_deref().map(|number| mask::document(&text(8).unwrap_or_default(), number));
            found.detail = [found.address.clone(), masked.unwrap_or_default()].join(" ").trim().to_owned();
        }
        Kind::Household => {
            found.names = vec![text(1)?];
            found.title = if found.names.concat().is_empty() { text(2)? } else { text(1)? };
            found.words = text(2)?;
            found.address = text(3)?;
            found.detail = found.address.clone();
            found.phone = row.get(4)?;
        }
        Kind::Address => {
            found.title = text(1)?;
            found.address = text(1)?;
            found.plate = row.get::<_, Option<String>>(2)?;
            found.detail = text(2)?;
        }
        Kind::Dispute => {
            found.title = text(1)?;
            found.words = [text(1)?, text(2)?].join(" ");
            found.address = text(3)?;
            found.detail = [text(2)?, text(3)?].join(" ").trim().to_owned();
        }
        Kind::Patrol => {
            found.title = text(1)?;
            found.words = text(1)?;
            found.names = serde_json::from_str(&text(2)?).unwrap_or_default();
            found.detail = found.names.join(" ");
        }
        Kind::Mediator => {
            found.title = text(1)?;
            found.names = vec![text(1)?];
            found.words = [text(2)?, text(3)?].join(" ");
            found.detail = found.words.trim().to_owned();
            found.phone = row.get(4)?;
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

fn put(conn: &Connection, kind: Kind, id: &str, known: Option<i64>, found: &Found) -> Result<()> {
    let values = params![
        known,
        id,
        kind.as_str(),
        found.title,
        found.detail,
        found.household,
        found.id_number.as_deref().and_then(reversed),
        found.phone.as_deref().and_then(reversed),
        found.plate.as_deref().map(plate),
    ];
    let rowid: i64 = conn
        .prepare_cached(
            "INSERT INTO search_row (rowid, document, kind, title, detail, household, id_tail, phone_tail, plate)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (rowid) DO UPDATE SET title = excluded.title, detail = excluded.detail,
                household = excluded.household, id_tail = excluded.id_tail, phone_tail = excluded.phone_tail,
                plate = excluded.plate
             RETURNING rowid",
        )?
        .query_row(values, |row| row.get(0))?;
    let (mut name, mut pinyin, mut initials) = (Vec::new(), Vec::new(), Vec::new());
    for one in found.names.iter().filter(|name| !name.is_empty()) {
        words::tokens(Of::Name, one, &mut name);
        name.push(words::whole(one));
        reading::tokens(one, &mut pinyin, &mut initials);
    }
    let (mut address, mut prose) = (Vec::new(), Vec::new());
    words::tokens(Of::Address, &found.address, &mut address);
    words::tokens(Of::Words, &found.words.chars().take(WORDS_CHARS_MAX).collect::<String>(), &mut prose);
    conn.prepare_cached(
        "INSERT INTO search (rowid, kind, name, pinyin, initials, address, words) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        rowid,
        Of::Kind.token(kind.as_str()),
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
