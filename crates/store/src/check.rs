//! Rebuild equals live: every view row can be made again from the log, and is the same. Every test of every crate that
//! writes ends by asking. Must not repair anything.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::ControlFlow;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

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
    for (table, sql) in dumps(conn)? {
        each(conn, &sql, &mut |row, width| {
            let mut line = table.clone();
            for column in 0..width {
                line.push_str(" | ");
                line.push_str(&text(row.get_ref(column)?));
            }
            sink(line);
            Ok(())
        })?;
    }
    let documents = indexed_documents(conn)?;
    terms(conn, &mut |rowid, term| {
        let document = documents.get(&rowid).map_or("?", String::as_str);
        sink(format!("search | {document} | {}", String::from_utf8_lossy(term)));
    })
}

/// One number for every row of every view, and one for the search words of every record: enough to notice a difference in
/// a big database without holding its rows.
pub(crate) fn each_digest(conn: &Connection, sink: &mut dyn FnMut(u64)) -> Result<()> {
    for (table, sql) in dumps(conn)? {
        each(conn, &sql, &mut |row, width| {
            let mut hasher = DefaultHasher::new();
            table.hash(&mut hasher);
            for column in 0..width {
                hash_value(row.get_ref(column)?, &mut hasher);
            }
            sink(hasher.finish());
            Ok(())
        })?;
    }
    let documents = indexed_documents(conn)?;
    let mut sums: BTreeMap<i64, u64> = BTreeMap::new();
    terms(conn, &mut |rowid, term| {
        let mut hasher = DefaultHasher::new();
        term.hash(&mut hasher);
        let sum = sums.entry(rowid).or_default();
        *sum = sum.wrapping_add(hasher.finish());
    })?;
    for (rowid, sum) in sums {
        let mut hasher = DefaultHasher::new();
        (documents.get(&rowid), sum).hash(&mut hasher);
        sink(hasher.finish());
    }
    Ok(())
}

/// Each view with the query that reads its rows.
fn dumps(conn: &Connection) -> Result<Vec<(String, String)>> {
    let mut dumps = Vec::new();
    for table in schema::view_tables().into_iter().filter(|table| table != "search") {
        let sql = format!("SELECT {} FROM {table}", columns(conn, &table)?.join(", "));
        dumps.push((table, sql));
    }
    Ok(dumps)
}

fn indexed_documents(conn: &Connection) -> Result<BTreeMap<i64, String>> {
    let mut documents = BTreeMap::new();
    each(conn, "SELECT rowid, document FROM search_row", &mut |row, _| {
        documents.insert(row.get(0)?, row.get(1)?);
        Ok(())
    })?;
    Ok(documents)
}

/// Every word of the index with the row it belongs to.
fn terms(conn: &Connection, sink: &mut dyn FnMut(i64, &[u8])) -> Result<()> {
    conn.execute_batch(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_terms USING fts5vocab (main, search, instance)",
    )?;
    let outcome = each(conn, "SELECT doc, term FROM temp.search_terms", &mut |row, _| {
        let term = row.get_ref(1)?;
        sink(row.get(0)?, term.as_bytes().unwrap_or_default());
        Ok(())
    });
    conn.execute_batch("DROP TABLE IF EXISTS temp.search_terms")?;
    outcome
}

fn each(conn: &Connection, sql: &str, sink: &mut dyn FnMut(&Row<'_>, usize) -> Result<()>) -> Result<()> {
    let mut statement = conn.prepare(sql)?;
    let width = statement.column_count();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        sink(row, width)?;
    }
    Ok(())
}

fn hash_value(value: ValueRef<'_>, hasher: &mut DefaultHasher) {
    match value {
        ValueRef::Null => 0_u8.hash(hasher),
        ValueRef::Integer(number) => (1_u8, number).hash(hasher),
        ValueRef::Real(number) => (2_u8, number.to_bits()).hash(hasher),
        ValueRef::Text(bytes) => (3_u8, bytes).hash(hasher),
        ValueRef::Blob(bytes) => (4_u8, bytes).hash(hasher),
    }
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
    let [id_tail, phone_tail, plate] = crate::search::ENDS;
    vec![
        ("outbox", crate::exchange::OUTBOX),
        ("piece of a log", crate::exchange::LOGGED),
        (
            "record",
            "SELECT id, kind, scope, device_at, hash, body FROM entry WHERE document = ?1 AND refused IS NULL AND body <> x''",
        ),
        ("moves of a record", crate::project::STEPS),
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
        ("end of a number", id_tail),
        ("end of a phone", phone_tail),
        ("beginning of a plate", plate),
        ("search", crate::search::MATCHING),
        ("search among rows", crate::search::AMONG),
        ("search row", crate::search::ROW),
        ("last search row", "SELECT max(rowid) FROM search_row WHERE rowid > ?1 AND rowid < ?2"),
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
