//! Reads of residents for screens: keyset pages, counts, residences, duplicates. Owns the SQL; must not know who may ask or
//! how numbers are masked.

use rusqlite::{Row, ToSql};

use crate::household::query::json_list;
use crate::save_state::{SAVE_STATE_COLUMN, SaveState};
use crate::{Reader, StoreError};

/// Order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By pinyin of the name.
    Name,
    /// Oldest first; without a date first of all.
    Birth,
    /// By address, natural.
    Address,
}

impl Order {
    const fn column(self) -> &'static str {
        match self {
            Self::Name => "name_sort",
            Self::Birth => "birth_on",
            Self::Address => "address_sort",
        }
    }
}

/// Which residents.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Cells that may be seen.
    pub cells: Vec<String>,
    /// Only this cell.
    pub cell: Option<String>,
    /// Only this village.
    pub village: Option<String>,
    /// Only this kind.
    pub kind: Option<String>,
}

/// A resident in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResidentLine {
    /// Id.
    pub id: String,
    /// Key in the order asked for; none where the column is empty.
    pub sort: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Sex code.
    pub sex: Option<String>,
    /// Birth date.
    pub birth_on: Option<String>,
    /// Code of the identity paper.
    pub id_kind: Option<String>,
    /// Identity number in full: mask it.
    pub id_number: Option<String>,
    /// Phone in full: mask it.
    pub phone: Option<String>,
    /// Address of the main residence.
    pub address: String,
    /// Household of the main residence.
    pub household: Option<String>,
    /// Kind code.
    pub kind: Option<String>,
    /// Fields in conflict.
    pub conflicts: u32,
    /// Where the newest change is.
    pub saved: SaveState,
}

fn conditions(filter: &Filter) -> String {
    let mut sql = String::new();
    match filter.cell {
        Some(_) => sql.push_str(" AND p.cell = :cell"),
        None => sql.push_str(" AND :cell IS NULL AND +p.cell IN (SELECT value FROM json_each(:cells))"),
    }
    if filter.village.is_some() {
        sql.push_str(" AND p.village = :village");
    } else {
        sql.push_str(" AND :village IS NULL");
    }
    sql.push_str(" AND (:kind IS NULL OR p.kind = :kind)");
    sql
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct After {
    /// Sort key of the last row; none where its column was empty.
    pub sort: Option<String>,
    /// Id of the last row.
    pub id: String,
}

fn page_sql(filter: &Filter, order: Order, after: Option<&After>) -> String {
    let column = order.column();
    let keyset = match after {
        None => "",
        // empty keys come first and compare as nothing
        Some(After { sort: None, .. }) => " AND (p.{column} IS NOT NULL OR p.id > :id) AND :sort IS NULL",
        Some(After { sort: Some(_), .. }) => " AND (p.{column}, p.id) > (:sort, :id)",
    }
    .replace("{column}", column);
    format!(
        "SELECT p.id, p.{column}, p.name, p.sex, p.birth_on, p.id_kind, p.id_number, p.phone, p.address_text, p.household,
                p.kind, (SELECT count(DISTINCT c.key) FROM conflict c WHERE c.document = p.id), {SAVE_STATE_COLUMN}
         FROM resident p LEFT JOIN document d ON d.id = p.id LEFT JOIN entry e ON e.id = d.last_entry
         WHERE :limit > 0{}{keyset}
         ORDER BY p.{column}, p.id LIMIT :limit",
        conditions(filter)
    )
}

/// A page of residents, at most `limit` rows, after the row with the key given.
///
/// # Errors
/// [`StoreError`].
pub fn page(
    reader: &Reader<'_>,
    filter: &Filter,
    order: Order,
    after: Option<&After>,
    limit: usize,
) -> Result<Vec<ResidentLine>, StoreError> {
    let cells = json_list(&filter.cells);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = reader.conn().prepare_cached(&page_sql(filter, order, after))?;
    let mut parameters: Vec<(&str, &dyn ToSql)> =
        vec![(":cell", &filter.cell), (":village", &filter.village), (":kind", &filter.kind), (":limit", &limit)];
    if filter.cell.is_none() {
        parameters.push((":cells", &cells));
    }
    if let Some(after) = after {
        parameters.push((":sort", &after.sort));
        parameters.push((":id", &after.id));
    }
    let rows = statement.query_map(parameters.as_slice(), line)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn line(row: &Row<'_>) -> rusqlite::Result<ResidentLine> {
    Ok(ResidentLine {
        id: row.get(0)?,
        sort: row.get(1)?,
        name: row.get(2)?,
        sex: row.get(3)?,
        birth_on: row.get(4)?,
        id_kind: row.get(5)?,
        id_number: row.get(6)?,
        phone: row.get(7)?,
        address: row.get(8)?,
        household: row.get(9)?,
        kind: row.get(10)?,
        conflicts: row.get(11)?,
        saved: SaveState::from_sql(row.get(12)?),
    })
}

fn count_sql(filter: &Filter) -> String {
    format!("SELECT count(*) FROM resident p WHERE 1{}", conditions(filter)).replace("+p.cell", "p.cell")
}

/// How many residents the filter leaves.
///
/// # Errors
/// [`StoreError`].
pub fn count(reader: &Reader<'_>, filter: &Filter) -> Result<u64, StoreError> {
    let cells = json_list(&filter.cells);
    let mut parameters: Vec<(&str, &dyn ToSql)> =
        vec![(":cell", &filter.cell), (":village", &filter.village), (":kind", &filter.kind)];
    if filter.cell.is_none() {
        parameters.push((":cells", &cells));
    }
    let count: i64 =
        reader.conn().prepare_cached(&count_sql(filter))?.query_row(parameters.as_slice(), |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// A residence with its household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResidenceLine {
    /// Residence id.
    pub id: String,
    /// Heads, 32 bytes each.
    pub heads: Vec<u8>,
    /// Household id.
    pub household: Option<String>,
    /// Head's name.
    pub head_name: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Relation code.
    pub relation: Option<String>,
    /// From.
    pub from_on: Option<String>,
    /// To.
    pub to_on: Option<String>,
}

const RESIDENCES_SQL: &str = "
    SELECT r.id, d.heads, r.household, h.head_name, h.address_text, r.relation, r.from_on, r.to_on
    FROM residence r LEFT JOIN document d ON d.id = r.id LEFT JOIN household h ON h.id = r.household
    WHERE r.resident = ?1 ORDER BY r.to_on IS NOT NULL, r.from_on DESC, r.id LIMIT 50";

/// Where a person lives and lived: present first, then newest; at most 50.
///
/// # Errors
/// [`StoreError`].
pub fn residences(reader: &Reader<'_>, resident: &str) -> Result<Vec<ResidenceLine>, StoreError> {
    let mut statement = reader.conn().prepare_cached(RESIDENCES_SQL)?;
    let rows = statement.query_map([resident], |row| {
        Ok(ResidenceLine {
            id: row.get(0)?,
            heads: row.get::<_, Option<Vec<u8>>>(1)?.unwrap_or_default(),
            household: row.get(2)?,
            head_name: row.get(3)?,
            address: row.get(4)?,
            relation: row.get(5)?,
            from_on: row.get(6)?,
            to_on: row.get(7)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A resident with this identity number, other than `except`.
///
/// # Errors
/// [`StoreError`].
pub fn with_id_number(reader: &Reader<'_>, number: &str, except: Option<&str>) -> Result<Option<String>, StoreError> {
    let mut statement = reader
        .conn()
        .prepare_cached("SELECT id FROM resident WHERE id_number = ?1 AND id IS NOT ?2 ORDER BY id LIMIT 1")?;
    let mut rows = statement.query_map((number, except), |row| row.get(0))?;
    Ok(rows.next().transpose()?)
}

/// A resident with this name and birth date.
///
/// # Errors
/// [`StoreError`].
pub fn with_name_and_birth(reader: &Reader<'_>, name: &str, birth_on: &str) -> Result<Option<String>, StoreError> {
    let mut statement = reader
        .conn()
        .prepare_cached("SELECT id FROM resident WHERE birth_on = ?2 AND name = ?1 ORDER BY id LIMIT 1")?;
    let mut rows = statement.query_map((name, birth_on), |row| row.get(0))?;
    Ok(rows.next().transpose()?)
}

/// The household a resident mainly lives in.
///
/// # Errors
/// [`StoreError`].
pub fn household_of(reader: &Reader<'_>, resident: &str) -> Result<Option<String>, StoreError> {
    let mut statement = reader.conn().prepare_cached("SELECT household FROM resident WHERE id = ?1")?;
    let mut rows = statement.query_map([resident], |row| row.get(0))?;
    Ok(rows.next().transpose()?.flatten())
}

#[cfg(test)]
mod tests {
    use super::{After, Filter, Order, RESIDENCES_SQL, count_sql, page_sql};
    use crate::save_state::plan_tests::{plan, scans};

    const BIG: [&str; 6] = ["p", "d", "e", "c", "r", "h"];

    #[test]
    fn no_order_or_filter_of_the_list_sorts_a_big_table() {
        let after = After { sort: Some("x".into()), id: "y".into() };
        for order in [Order::Name, Order::Birth, Order::Address] {
            for from in [None, Some(&after)] {
                let steps = plan(&page_sql(&Filter::default(), order, from));
                assert!(steps.iter().any(|step| step.contains("resident_by_")), "{steps:?}");
                assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE FOR ORDER BY")), "{steps:?}");
            }
        }
    }

    #[test]
    fn counts_and_look_ups_of_residents_use_an_index() {
        let cell = Filter { cell: Some("A".into()), ..Filter::default() };
        let village = Filter { village: Some("1".into()), ..Filter::default() };
        for filter in [&Filter::default(), &cell, &village] {
            assert_eq!(scans(&plan(&count_sql(filter)), &BIG), Vec::<String>::new());
        }
        assert_eq!(scans(&plan(RESIDENCES_SQL), &BIG), Vec::<String>::new());
        for sql in [
            "SELECT id FROM resident WHERE id_number = ?1 AND id IS NOT ?2 ORDER BY id LIMIT 1",
            "SELECT id FROM resident WHERE birth_on = ?2 AND name = ?1 ORDER BY id LIMIT 1",
        ] {
            assert_eq!(scans(&plan(sql), &["resident"]), Vec::<String>::new());
        }
    }
}

/// What other records show of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonLine {
    /// Name.
    pub name: Option<String>,
    /// Sex code.
    pub sex: Option<String>,
    /// Birth date.
    pub birth_on: Option<String>,
    /// Phone in full: mask it.
    pub phone: Option<String>,
    /// Address of the main residence.
    pub address: String,
}

/// One person, as other records show him; none where he is not held here.
///
/// # Errors
/// [`StoreError`].
pub fn person(reader: &Reader<'_>, resident: &str) -> Result<Option<PersonLine>, StoreError> {
    use rusqlite::OptionalExtension as _;
    let found = reader
        .conn()
        .prepare_cached("SELECT name, sex, birth_on, phone, address_text FROM resident WHERE id = ?1")?
        .query_row([resident], |row| {
            Ok(PersonLine {
                name: row.get(0)?,
                sex: row.get(1)?,
                birth_on: row.get(2)?,
                phone: row.get(3)?,
                address: row.get(4)?,
            })
        })
        .optional()?;
    Ok(found)
}
