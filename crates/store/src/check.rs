//! Rebuild equals live: every view row can be made again from the log, and is the same. Every test of every crate that
//! writes ends by asking. Must not repair anything.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::error::Result;
use crate::rebuild::{Commits, rebuild};
use crate::schema;
use crate::store::Store;

/// The rows of all views as text, sorted, search index included. Numbers that only order arrival are written as the hashes
/// they stand for, so that two laptops that hold the same log have the same dump.
///
/// # Errors
/// Those of the database.
pub fn dump(store: &Store) -> Result<Vec<String>> {
    // a look into the index needs a temporary table, which readers may not make
    let mut writer = store.writer();
    let transaction = crate::write::begin(&mut writer)?;
    let mut lines = Vec::new();
    each_row(&transaction, &mut |line| lines.push(line))?;
    transaction.rollback()?;
    lines.sort_unstable();
    Ok(lines)
}

/// Differences between the views as they are and as they would be made again: `- ` only live, `+ ` only rebuilt. Empty when
/// equal. Nothing is changed.
///
/// # Errors
/// Those of the database.
pub fn differences(store: &Store) -> Result<Vec<String>> {
    let mut writer = store.writer();
    let transaction = crate::write::begin(&mut writer)?;
    let mut count: BTreeMap<String, i64> = BTreeMap::new();
    each_row(&transaction, &mut |line| *count.entry(line).or_default() += 1)?;
    rebuild(&transaction, Commits::Never, &mut |_| ControlFlow::Continue(()))?;
    each_row(&transaction, &mut |line| *count.entry(line).or_default() -= 1)?;
    transaction.rollback()?;
    Ok(count
        .into_iter()
        .filter(|(_, count)| *count != 0)
        .map(|(line, count)| if count > 0 { format!("- {line}") } else { format!("+ {line}") })
        .collect())
}

/// For tests: the views are what the log says.
///
/// # Panics
/// When they are not, with the first differences.
#[track_caller]
pub fn assert_rebuild_equals_live(store: &Store) {
    #[expect(clippy::expect_used, reason = "an assertion for tests")]
    let found = differences(store).expect("views can be read and made again");
    let shown: Vec<&String> = found.iter().take(20).collect();
    assert!(found.is_empty(), "{} differences, first: {shown:#?}", found.len());
}

/// The columns of a table that are dumped, `rowid`s of the search left out.
fn columns(conn: &Connection, table: &str) -> Result<Vec<String>> {
    let mut statement = conn.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let names = statement.query_map([table], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(names
        .into_iter()
        .filter(|name| name != "rowid")
        .map(|name| match name.as_str() {
            "last_entry" | "entry" => format!("(SELECT e.hash FROM entry e WHERE e.id = {name})"),
            _ => name,
        })
        .collect())
}

/// Every row of every view as one line.
pub(crate) fn each_row(conn: &Connection, sink: &mut dyn FnMut(String)) -> Result<()> {
    for table in schema::view_tables().into_iter().filter(|table| table != "search") {
        let columns = columns(conn, &table)?.join(", ");
        lines(conn, &table, &format!("SELECT {columns} FROM {table}"), sink)?;
    }
    conn.execute_batch("CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_terms USING fts5vocab (main, search, instance)")?;
    let terms = "SELECT r.document, t.col, t.term FROM temp.search_terms t LEFT JOIN search_row r ON r.rowid = t.doc";
    let outcome = lines(conn, "search", terms, sink);
    conn.execute_batch("DROP TABLE IF EXISTS temp.search_terms")?;
    outcome
}

fn lines(conn: &Connection, table: &str, sql: &str, sink: &mut dyn FnMut(String)) -> Result<()> {
    let mut statement = conn.prepare(sql)?;
    let width = statement.column_count();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let mut line = table.to_owned();
        for column in 0..width {
            line.push_str(" | ");
            line.push_str(&text(row.get_ref(column)?));
        }
        sink(line);
    }
    Ok(())
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "∅".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) => format!("{:?}", String::from_utf8_lossy(bytes)),
        ValueRef::Blob(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

/// Statements that run on every save, sync or search, by name: none may read a whole table.
#[must_use]
pub fn everyday_statements() -> Vec<(&'static str, &'static str)> {
    vec![
        ("outbox", crate::exchange::OUTBOX),
        ("record", "SELECT id, kind, scope, device_at, hash, body FROM entry WHERE document = ?1 AND refused IS NULL"),
        ("act", "SELECT id FROM entry WHERE act = ?1"),
        ("receipt", "SELECT station_at FROM receipt WHERE first_index <= ?1 ORDER BY first_index DESC LIMIT 1"),
        ("set aside", crate::set_aside::LIST),
        ("members", "SELECT resident FROM residence WHERE household = ?1 AND to_on IS NULL"),
        ("homes", "SELECT household FROM residence WHERE resident = ?1 AND to_on IS NULL"),
        ("visits", "SELECT max(at) FROM visit WHERE household = ?1"),
        ("households of an address", "SELECT id FROM household WHERE address = ?1"),
        ("households of a head", "SELECT id FROM household WHERE head = ?1"),
        ("disputes of an address", "SELECT id FROM dispute WHERE address = ?1"),
        ("one id number", "SELECT min(id) FROM resident WHERE id_number = ?1"),
        ("end of a number", "SELECT rowid FROM search_row WHERE id_tail >= ?1 AND id_tail < ?2"),
        ("end of a phone", "SELECT rowid FROM search_row WHERE phone_tail >= ?1 AND phone_tail < ?2"),
        ("search", "SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid LIMIT 21"),
    ]
}

/// The steps of SQLite's plan for a statement.
///
/// # Errors
/// Those of the database.
pub fn plan(store: &Store, sql: &str) -> Result<Vec<String>> {
    store.read(|reader| {
        let mut statement = reader.conn().prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
        let unbound = vec![rusqlite::types::Null; statement.parameter_count()];
        let steps = statement.query_map(rusqlite::params_from_iter(unbound), |row| row.get(3))?;
        Ok(steps.collect::<rusqlite::Result<_>>()?)
    })
}
