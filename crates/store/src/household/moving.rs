//! What goes with a household that moves to another cell, what stays, and the names that references leaving the scope must
//! carry along. Must not know who may move it, nor write.

use domain::kind::Kind;
use rusqlite::Connection;
use sync::ids::DocumentId;

use crate::error::Result;
use crate::project;
use crate::row;
use crate::store::Reader;

/// Why a record stays where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stays {
    /// A person whose main residence is another household.
    LivesElsewhere,
    /// An address at which other households live.
    AddressShared,
    /// A dispute belongs to the cell of its place.
    DisputeOfPlace,
}

impl Stays {
    /// The stable code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LivesElsewhere => "lives_elsewhere",
            Self::AddressShared => "address_shared",
            Self::DisputeOfPlace => "dispute_of_place",
        }
    }
}

/// A record that goes or stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The record.
    pub document: DocumentId,
    /// Its kind.
    pub kind: Kind,
    /// How lists call it.
    pub title: String,
}

/// A name to be written into a record before references part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The record that refers.
    pub document: DocumentId,
    /// The key of the name.
    pub key: &'static str,
    /// The name.
    pub value: String,
}

/// A household's move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moving {
    /// What goes, the household first.
    pub goes: Vec<Line>,
    /// What stays, with the reason.
    pub stays: Vec<(Line, Stays)>,
    /// Names to be written first.
    pub snapshots: Vec<Snapshot>,
}

// ?1 the household, ?2 its scope; each gives id, kind, title. Residents go with the household they mainly live in.
const GOES: &str = "
    SELECT d.id, d.kind, d.title FROM document d WHERE d.id = ?1
    UNION ALL
    SELECT d.id, d.kind, d.title FROM household h JOIN document d ON d.id = h.address
        WHERE h.id = ?1 AND d.scope = ?2
          AND NOT EXISTS (SELECT 1 FROM household o WHERE o.address = h.address AND o.id <> h.id)
          AND NOT EXISTS (SELECT 1 FROM address c WHERE c.parent = h.address)
    UNION ALL
    SELECT DISTINCT d.id, d.kind, d.title FROM residence m JOIN resident r ON r.id = m.resident
        JOIN document d ON d.id = r.id WHERE m.household = ?1 AND r.household = ?1 AND d.scope = ?2
    UNION ALL
    SELECT d.id, d.kind, d.title FROM residence m JOIN document d ON d.id = m.id WHERE m.household = ?1 AND d.scope = ?2
    UNION ALL
    SELECT d.id, d.kind, d.title FROM visit v JOIN document d ON d.id = v.id WHERE v.household = ?1 AND d.scope = ?2";

const STAYING_PEOPLE: &str = "
    SELECT DISTINCT d.id, d.kind, d.title FROM residence m JOIN resident r ON r.id = m.resident
        JOIN document d ON d.id = r.id
        WHERE m.household = ?1 AND (r.household IS NOT ?1 OR d.scope <> ?2)";
const STAYING_ADDRESS: &str = "
    SELECT d.id, d.kind, d.title FROM household h JOIN document d ON d.id = h.address
        WHERE h.id = ?1 AND (d.scope <> ?2
          OR EXISTS (SELECT 1 FROM household o WHERE o.address = h.address AND o.id <> h.id)
          OR EXISTS (SELECT 1 FROM address c WHERE c.parent = h.address))";
const STAYING_DISPUTES: &str = "
    SELECT DISTINCT d.id, d.kind, d.title FROM household h JOIN dispute x ON x.address = h.address
        JOIN document d ON d.id = x.id WHERE h.id = ?1 AND d.scope = ?2";

// Names that must stand in the record itself once the reference leaves its scope; only records of the scope are written.
const RESIDENCE_NAMES: &str = "
    SELECT m.id, r.name FROM residence m JOIN resident r ON r.id = m.resident JOIN document d ON d.id = m.id
        WHERE m.household = ?1 AND r.household IS NOT ?1 AND m.resident_name IS NULL AND r.name IS NOT NULL AND d.scope = ?2
    UNION ALL
    SELECT m.id, r.name FROM resident r JOIN residence m ON m.resident = r.id JOIN document d ON d.id = m.id
        WHERE r.household = ?1 AND m.household IS NOT ?1 AND m.resident_name IS NULL AND r.name IS NOT NULL AND d.scope = ?2";
const HEAD_NAMES: &str = "
    SELECT h.id, r.name FROM household h JOIN resident r ON r.id = h.head JOIN document d ON d.id = h.id
        WHERE h.id = ?1 AND r.household IS NOT ?1 AND h.own_head_name IS NULL AND r.name IS NOT NULL AND d.scope = ?2
    UNION ALL
    SELECT h.id, r.name FROM resident r JOIN household h ON h.head = r.id JOIN document d ON d.id = h.id
        WHERE r.household = ?1 AND h.id <> ?1 AND h.own_head_name IS NULL AND r.name IS NOT NULL AND d.scope = ?2";
const ADDRESS_WORDS: &str =
    "SELECT id, address_text FROM household WHERE id = ?1 AND address_text <> '' AND ?2 IS NOT NULL
        AND own_address_text IS NOT address_text";

/// Works out a household's move out of its scope.
///
/// # Errors
/// Those of the database.
pub fn moving(reader: &Reader<'_>, household: DocumentId, scope: &str) -> Result<Moving> {
    let conn = reader.conn();
    let id = household.to_string();
    let mut stays = Vec::new();
    for (sql, why) in [
        (STAYING_ADDRESS, Stays::AddressShared),
        (STAYING_PEOPLE, Stays::LivesElsewhere),
        (STAYING_DISPUTES, Stays::DisputeOfPlace),
    ] {
        stays.extend(lines(conn, sql, &id, scope)?.into_iter().map(|line| (line, why)));
    }
    let mut snapshots = snapshots(conn, RESIDENCE_NAMES, "resident_name", &id, scope)?;
    snapshots.extend(self::snapshots(conn, HEAD_NAMES, "head_name", &id, scope)?);
    if stays.iter().any(|(_, why)| *why == Stays::AddressShared) {
        snapshots.extend(self::snapshots(conn, ADDRESS_WORDS, "address_text", &id, scope)?);
    }
    Ok(Moving { goes: lines(conn, GOES, &id, scope)?, stays, snapshots })
}

fn lines(conn: &Connection, sql: &str, household: &str, scope: &str) -> Result<Vec<Line>> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([household, scope])?;
    let mut lines = Vec::new();
    while let Some(found) = rows.next()? {
        let Some(kind) = Kind::parse(&found.get::<_, String>(1)?) else { continue };
        lines.push(Line { document: row::document(&found.get::<_, String>(0)?)?, kind, title: found.get(2)? });
    }
    Ok(lines)
}

fn snapshots(conn: &Connection, sql: &str, key: &'static str, household: &str, scope: &str) -> Result<Vec<Snapshot>> {
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement
        .query_map([household, scope], |found| Ok((found.get::<_, String>(0)?, found.get(1)?)))?
        .collect::<rusqlite::Result<Vec<(String, String)>>>()?;
    rows.into_iter().map(|(id, value)| Ok(Snapshot { document: row::document(&id)?, key, value })).collect()
}

/// The heads of a record as the views have them, for the snapshots' edits.
///
/// # Errors
/// Those of the database.
pub fn heads(reader: &Reader<'_>, document: DocumentId) -> Result<Vec<[u8; 32]>> {
    let loaded = project::load(reader.conn(), document)?;
    Ok(loaded.map(|loaded| loaded.reading.heads).unwrap_or_default())
}
