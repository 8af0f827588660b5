//! Derived columns: SQL over the base columns of linked rows, the same text for one row and for all rows. So the rows end
//! the same whatever came first. Must not read documents.

use domain::kind::Kind;
use rusqlite::{Connection, OptionalExtension};

use super::touched::Touched;
use crate::error::Result;
use crate::search;

const HOUSEHOLD: &str = "UPDATE household SET
    address_sort = coalesce((SELECT a.sort_key FROM address a WHERE a.id = household.address), own_address_sort, ''),
    address_text = coalesce((SELECT coalesce(a.full, a.name, '') FROM address a WHERE a.id = household.address),
                            own_address_text, ''),
    village = (SELECT a.village FROM address a WHERE a.id = household.address),
    head_name = coalesce((SELECT r.name FROM resident r WHERE r.id = household.head), own_head_name),
    head_sort = coalesce((SELECT r.name_sort FROM resident r WHERE r.id = household.head AND r.name IS NOT NULL),
                         own_head_sort, ''),
    members = (SELECT count(DISTINCT m.resident) FROM residence m WHERE m.household = household.id AND m.to_on IS NULL),
    visited_at = coalesce((SELECT max(v.at) FROM visit v WHERE v.household = household.id), 0),
    missing = (phone IS NULL) + (head IS NULL AND own_head_name IS NULL)
        + (SELECT count(DISTINCT r.id) FROM residence m JOIN resident r ON r.id = m.resident
           WHERE m.household = household.id AND m.to_on IS NULL AND r.id_number IS NULL)";
const RESIDENT: &str = "UPDATE resident SET (household, address_sort, address_text, village) = (
    SELECT * FROM (SELECT m.household, coalesce(h.address_sort, ''), coalesce(h.address_text, ''), h.village
        FROM residence m LEFT JOIN household h ON h.id = m.household
        WHERE m.resident = resident.id AND m.to_on IS NULL AND m.household IS NOT NULL
        ORDER BY m.from_on DESC, m.id LIMIT 1)
    UNION ALL SELECT NULL, '', '', NULL LIMIT 1)";
const VISIT: &str = "UPDATE visit SET village = (SELECT h.village FROM household h WHERE h.id = visit.household)";
/// Titles of the kinds that are named by what they link to: one pass over the biggest table.
const TITLE: &str = "UPDATE document SET title = CASE kind
    WHEN 'household' THEN coalesce((SELECT trim(coalesce(h.head_name, h.number, '') || ' ' || h.address_text)
        FROM household h WHERE h.id = document.id), '')
    WHEN 'residence' THEN coalesce((SELECT coalesce(r.name, m.resident_name) FROM residence m
        LEFT JOIN resident r ON r.id = m.resident WHERE m.id = document.id), '')
    ELSE coalesce((SELECT trim(coalesce(h.head_name, h.number, '') || ' ' || h.address_text)
            FROM visit v JOIN household h ON h.id = v.household WHERE v.id = document.id),
        (SELECT v.place FROM visit v WHERE v.id = document.id), '') END";
const DISPUTE: &str = "UPDATE dispute SET village = (SELECT a.village FROM address a WHERE a.id = dispute.address)";

const ID_NUMBER_TWICE: &str = "INSERT INTO work_item (rule, key, document, other)
    SELECT 'id_number_twice', r.id_number, r.id, (SELECT min(o.id) FROM resident o WHERE o.id_number = r.id_number)
    FROM resident r WHERE r.id_number IS NOT NULL
        AND r.id > (SELECT min(o.id) FROM resident o WHERE o.id_number = r.id_number)";
const TWO_MAIN_RESIDENCES: &str = "INSERT INTO work_item (rule, key, document, other)
    SELECT 'two_main_residences', r.id, r.id, m.id FROM resident r JOIN residence m ON m.resident = r.id
    WHERE m.to_on IS NULL AND m.household IS NOT NULL AND m.household <> r.household";

/// Fills derived columns and search rows of everything noted, and forgets it.
pub(crate) fn derive(conn: &Connection, touched: &mut Touched) -> Result<()> {
    let mut work = std::mem::take(touched);
    follow_addresses(conn, &mut work)?;
    follow_residents(conn, &mut work)?;
    households(conn, &mut work)?;
    residents(conn, &mut work)?;
    for visit in &work.visits {
        one(conn, VISIT, "id", visit)?;
        one(conn, TITLE, "kind = 'visit' AND id", visit)?;
    }
    for residence in &work.residences {
        one(conn, TITLE, "kind = 'residence' AND id", residence)?;
    }
    for dispute in &work.disputes {
        one(conn, DISPUTE, "id", dispute)?;
        work.search.insert((Kind::Dispute, dispute.clone()));
    }
    for number in &work.id_numbers {
        conn.prepare_cached("DELETE FROM work_item WHERE rule = 'id_number_twice' AND key = ?1")?.execute([number])?;
        conn.prepare_cached(&format!("{ID_NUMBER_TWICE} AND r.id_number = ?1"))?.execute([number])?;
    }
    search::index(conn, &work.search)
}

/// Fills the derived columns of all rows, the search rows excepted; `tell` is called between the tables.
pub(crate) fn derive_all(conn: &Connection, tell: &mut dyn FnMut() -> Result<()>) -> Result<()> {
    for text in [HOUSEHOLD, RESIDENT, VISIT, DISPUTE, ID_NUMBER_TWICE, TWO_MAIN_RESIDENCES] {
        conn.execute(text, [])?;
        tell()?;
    }
    conn.execute(&format!("{TITLE} WHERE kind IN ('household', 'residence', 'visit')"), [])?;
    tell()
}

fn one(conn: &Connection, text: &str, column: &str, id: &str) -> Result<()> {
    conn.prepare_cached(&format!("{text} WHERE {column} = ?1"))?.execute([id])?;
    Ok(())
}

fn ids(conn: &Connection, sql: &str, id: &str) -> Result<Vec<String>> {
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([id], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn follow_addresses(conn: &Connection, work: &mut Touched) -> Result<()> {
    for address in std::mem::take(&mut work.addresses) {
        work.households.extend(ids(conn, "SELECT id FROM household WHERE address = ?1", &address)?);
        work.disputes.extend(ids(conn, "SELECT id FROM dispute WHERE address = ?1", &address)?);
        work.search.insert((Kind::Address, address));
    }
    Ok(())
}

fn follow_residents(conn: &Connection, work: &mut Touched) -> Result<()> {
    for resident in &work.residents {
        work.households.extend(ids(conn, "SELECT id FROM household WHERE head = ?1", resident)?);
        work.households.extend(ids(
            conn,
            "SELECT household FROM residence WHERE resident = ?1 AND household IS NOT NULL",
            resident,
        )?);
        work.residences.extend(ids(conn, "SELECT id FROM residence WHERE resident = ?1", resident)?);
        work.residents_derived.insert(resident.clone());
    }
    Ok(())
}

/// What others copy from a household.
type Copied = (String, String, Option<String>, Option<String>);

fn copied(conn: &Connection, household: &str) -> Result<Option<Copied>> {
    let found = conn
        .prepare_cached("SELECT address_sort, address_text, village, head_name FROM household WHERE id = ?1")?
        .query_row([household], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .optional()?;
    Ok(found)
}

fn households(conn: &Connection, work: &mut Touched) -> Result<()> {
    for household in std::mem::take(&mut work.households) {
        let before = copied(conn, &household)?;
        one(conn, HOUSEHOLD, "id", &household)?;
        one(conn, TITLE, "kind = 'household' AND id", &household)?;
        // whoever copies from it follows when what it copies changed, or when the household came or went
        if work.households_own.contains(&household) || before != copied(conn, &household)? {
            work.residents_derived.extend(ids(
                conn,
                "SELECT resident FROM residence WHERE household = ?1 AND resident IS NOT NULL",
                &household,
            )?);
            work.visits.extend(ids(conn, "SELECT id FROM visit WHERE household = ?1", &household)?);
        }
        work.search.insert((Kind::Household, household));
    }
    Ok(())
}

fn residents(conn: &Connection, work: &mut Touched) -> Result<()> {
    for resident in std::mem::take(&mut work.residents_derived) {
        one(conn, RESIDENT, "id", &resident)?;
        conn.prepare_cached("DELETE FROM work_item WHERE rule = 'two_main_residences' AND key = ?1")?
            .execute([&resident])?;
        conn.prepare_cached(&format!("{TWO_MAIN_RESIDENCES} AND r.id = ?1"))?.execute([&resident])?;
        work.search.insert((Kind::Resident, resident));
    }
    Ok(())
}
