//! The tables: their texts, versions and migrations. Truth and local tables migrate by addition; views are made anew.
//! Must not know what the columns mean.

use rusqlite::Connection;

use crate::error::{Result, StoreError};

const TRUTH: &str = include_str!("truth.sql");
const LOCAL: &str = include_str!("local.sql");
const VIEWS: &str = include_str!("views.sql");

/// Additions to truth and local tables: the n-th text (from 1) leads from `user_version` n to n + 1. Never edited once shipped.
const ADDITIONS: [&str; 0] = [];

/// The `user_version` this build writes.
pub(crate) const TRUTH_VERSION: i64 = 1 + ADDITIONS.len() as i64;

/// Rises with every change to a projection, its tables or its search words: the views are then made anew.
pub(crate) const PROJECTION_VERSION: i64 = 4;

/// "FQ枫桥" in a way: marks our databases for `file` and for us.
pub(crate) const APPLICATION_ID: i32 = 0x4651_4451;

/// Makes all tables in an empty database.
pub(crate) fn create(conn: &Connection) -> Result<()> {
    conn.execute_batch(&format!(
        "BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION_ID}; {TRUTH} {LOCAL} {VIEWS}
         INSERT INTO projection (one, version) VALUES (1, {PROJECTION_VERSION});
         PRAGMA user_version = {TRUTH_VERSION}; COMMIT;"
    ))?;
    Ok(())
}

/// Brings truth and local tables up to this build's version.
pub(crate) fn migrate(conn: &Connection) -> Result<()> {
    let found: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > TRUTH_VERSION || found < 1 {
        return Err(StoreError::NewerVersion { found, known: TRUTH_VERSION });
    }
    for (text, version) in ADDITIONS.iter().zip(2_i64..) {
        if version > found {
            conn.execute_batch(&format!("BEGIN IMMEDIATE; {text}; PRAGMA user_version = {version}; COMMIT;"))?;
        }
    }
    Ok(())
}

/// The name after `CREATE TABLE`, `CREATE VIRTUAL TABLE` or `CREATE INDEX`.
fn name_of<'a>(statement: &'a str, what: &str) -> Option<&'a str> {
    statement.strip_prefix(what).and_then(|rest| rest.split([' ', '(']).find(|word| !word.is_empty()))
}

/// The statements of the views, comments left out.
fn statements() -> impl Iterator<Item = String> {
    let plain: Vec<&str> = VIEWS.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    plain
        .join("\n")
        .split(';')
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .into_iter()
}

/// Names of the view tables, the search index last.
pub(crate) fn view_tables() -> Vec<String> {
    statements()
        .filter_map(|text| {
            name_of(&text, "CREATE TABLE ").or_else(|| name_of(&text, "CREATE VIRTUAL TABLE ")).map(str::to_owned)
        })
        .collect()
}

/// Drops the views and makes them empty, without indexes.
pub(crate) fn empty_views(conn: &Connection) -> Result<()> {
    for table in view_tables() {
        conn.execute_batch(&format!("DROP TABLE IF EXISTS {table}"))?;
    }
    for text in statements().filter(|text| name_of(text, "CREATE INDEX ").is_none()) {
        conn.execute_batch(&text)?;
    }
    Ok(())
}

/// Which indexes to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Indexes {
    /// Those that lead from a record to what links to it: needed while derived columns are filled.
    Links,
    /// Those that lists and search sort by.
    Lists,
}

/// Makes one group of the views' indexes.
pub(crate) fn index_views(conn: &Connection, group: Indexes) -> Result<()> {
    for text in statements() {
        let Some(name) = name_of(&text, "CREATE INDEX ") else { continue };
        let links = name.ends_with("_link");
        if links == (group == Indexes::Links) {
            conn.execute_batch(&text)?;
        }
    }
    Ok(())
}
