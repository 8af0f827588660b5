//! Reads of households for screens: keyset pages, counts, one household with what belongs to it. Owns the SQL; must not
//! know who may ask or how numbers are masked.

use rusqlite::{Row, ToSql, named_params, params};

use crate::save_state::{SAVE_STATE_COLUMN, SaveState};
use crate::{Reader, StoreError};

/// Order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By address, natural.
    Address,
    /// By pinyin of the head.
    Head,
    /// Longest not visited first, never visited before all.
    LastVisit,
    /// Most members first.
    Members,
}

impl Order {
    const fn column(self) -> &'static str {
        match self {
            Self::Address => "address_sort",
            Self::Head => "head_sort",
            Self::LastVisit => "visited_at",
            Self::Members => "members",
        }
    }
    const fn direction(self) -> (&'static str, &'static str) {
        match self {
            Self::Address | Self::Head | Self::LastVisit => (">", "ASC"),
            Self::Members => ("<", "DESC"),
        }
    }
}

/// Which households.
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
    /// Only those visited before this instant or never.
    pub not_visited_since_at: Option<i64>,
}

/// The sort key of a row: text or number, as the order's column is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum SortKey {
    /// Of a number column.
    Number(i64),
    /// Of a text column.
    Text(String),
}

impl ToSql for SortKey {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        match self {
            Self::Number(number) => number.to_sql(),
            Self::Text(text) => text.to_sql(),
        }
    }
}

/// A household in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseholdLine {
    /// Id.
    pub id: String,
    /// Its key in the order asked for.
    pub sort: SortKey,
    /// Name of the head.
    pub head_name: Option<String>,
    /// Address.
    pub address: String,
    /// Village code.
    pub village: Option<String>,
    /// Kind code.
    pub kind: Option<String>,
    /// Members now.
    pub members: u32,
    /// Last visit; 0 for never.
    pub visited_at: i64,
    /// Missing items.
    pub missing: u32,
    /// Fields in conflict.
    pub conflicts: u32,
    /// Where the newest change is.
    pub saved: SaveState,
}

fn conditions(filter: &Filter) -> String {
    let mut sql = String::new();
    match filter.cell {
        Some(_) => sql.push_str(" AND h.cell = :cell"),
        // the plus keeps the planner on the index of the order: cells not held are the exception
        None => sql.push_str(" AND :cell IS NULL AND +h.cell IN (SELECT value FROM json_each(:cells))"),
    }
    if filter.village.is_some() {
        sql.push_str(" AND h.village = :village");
    } else {
        sql.push_str(" AND :village IS NULL");
    }
    sql.push_str(" AND (:kind IS NULL OR h.kind = :kind) AND (:visited IS NULL OR h.visited_at < :visited)");
    sql
}

fn page_sql(filter: &Filter, order: Order, from: Start) -> String {
    let (column, (compare, direction)) = (order.column(), order.direction());
    let keyset = match from {
        Start::Top => String::new(),
        Start::After => format!(" AND (h.{column}, h.id) {compare} (:sort, :id)"),
    };
    format!(
        "SELECT h.id, h.{column}, h.head_name, h.address_text, h.village, h.kind, h.members, h.visited_at, h.missing,
                (SELECT count(DISTINCT c.key) FROM conflict c WHERE c.document = h.id), {SAVE_STATE_COLUMN}
         FROM household h LEFT JOIN document d ON d.id = h.id LEFT JOIN entry e ON e.id = d.last_entry
         WHERE :limit > 0{}{keyset}
         ORDER BY h.{column} {direction}, h.id {direction} LIMIT :limit",
        conditions(filter)
    )
}

#[derive(Clone, Copy)]
enum Start {
    Top,
    After,
}

/// A page of households, at most `limit` rows, after the row with the key given.
///
/// # Errors
/// [`StoreError`].
pub fn page(
    reader: &Reader<'_>,
    filter: &Filter,
    order: Order,
    after: Option<&(SortKey, String)>,
    limit: usize,
) -> Result<Vec<HouseholdLine>, StoreError> {
    let cells = json_list(&filter.cells);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let start = if after.is_some() { Start::After } else { Start::Top };
    let mut statement = reader.conn().prepare_cached(&page_sql(filter, order, start))?;
    let mut parameters: Vec<(&str, &dyn ToSql)> = vec![
        (":cell", &filter.cell),
        (":village", &filter.village),
        (":kind", &filter.kind),
        (":visited", &filter.not_visited_since_at),
        (":limit", &limit),
    ];
    if filter.cell.is_none() {
        parameters.push((":cells", &cells));
    }
    if let Some((sort, id)) = after {
        parameters.push((":sort", sort));
        parameters.push((":id", id));
    }
    let rows = statement.query_map(parameters.as_slice(), |row| line(row, order))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn line(row: &Row<'_>, order: Order) -> rusqlite::Result<HouseholdLine> {
    let sort = match order {
        Order::Address | Order::Head => SortKey::Text(row.get(1)?),
        Order::LastVisit | Order::Members => SortKey::Number(row.get(1)?),
    };
    Ok(HouseholdLine {
        id: row.get(0)?,
        sort,
        head_name: row.get(2)?,
        address: row.get(3)?,
        village: row.get(4)?,
        kind: row.get(5)?,
        members: row.get(6)?,
        visited_at: row.get(7)?,
        missing: row.get(8)?,
        conflicts: row.get(9)?,
        saved: SaveState::from_sql(row.get(10)?),
    })
}

fn count_sql(filter: &Filter) -> String {
    // here the index of the cells is the right one
    format!("SELECT count(*) FROM household h WHERE 1{}", conditions(filter)).replace("+h.cell", "h.cell")
}

/// How many households the filter leaves.
///
/// # Errors
/// [`StoreError`].
pub fn count(reader: &Reader<'_>, filter: &Filter) -> Result<u64, StoreError> {
    let cells = json_list(&filter.cells);
    let mut parameters: Vec<(&str, &dyn ToSql)> = vec![
        (":cell", &filter.cell),
        (":village", &filter.village),
        (":kind", &filter.kind),
        (":visited", &filter.not_visited_since_at),
    ];
    if filter.cell.is_none() {
        parameters.push((":cells", &cells));
    }
    let count: i64 =
        reader.conn().prepare_cached(&count_sql(filter))?.query_row(parameters.as_slice(), |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// A list as JSON text, to be bound.
pub(crate) fn json_list(items: &[String]) -> String {
    serde_json::to_string(items).unwrap_or_else(|_| "[]".to_owned())
}

/// A member of a household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberLine {
    /// Residence id.
    pub residence: String,
    /// Resident id.
    pub resident: String,
    /// Name.
    pub name: Option<String>,
    /// Relation code.
    pub relation: Option<String>,
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
    /// Resident kind.
    pub kind: Option<String>,
    /// Since.
    pub from_on: Option<String>,
    /// Keys of the resident in conflict.
    pub conflicts: Vec<String>,
}

const MEMBERS_SQL: &str = "
    SELECT r.id, r.resident, coalesce(p.name, r.resident_name), r.relation, p.sex, p.birth_on, p.id_kind, p.id_number, p.phone, p.kind, r.from_on,
           (SELECT json_group_array(DISTINCT c.key) FROM conflict c WHERE c.document = r.resident)
    FROM residence r LEFT JOIN resident p ON p.id = r.resident
    WHERE r.household = :household AND (r.to_on IS NULL OR r.to_on >= :today)
    ORDER BY r.resident IS NOT (SELECT head FROM household WHERE id = :household), p.birth_on, r.id LIMIT 200";

/// Who lives in a household on a day: the head first, then by age. At most 200.
///
/// # Errors
/// [`StoreError`].
pub fn members(reader: &Reader<'_>, household: &str, today: &str) -> Result<Vec<MemberLine>, StoreError> {
    let mut statement = reader.conn().prepare_cached(MEMBERS_SQL)?;
    let rows = statement.query_map(named_params! { ":household": household, ":today": today }, |row| {
        let conflicts: String = row.get(11)?;
        Ok(MemberLine {
            residence: row.get(0)?,
            resident: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
            name: row.get(2)?,
            relation: row.get(3)?,
            sex: row.get(4)?,
            birth_on: row.get(5)?,
            id_kind: row.get(6)?,
            id_number: row.get(7)?,
            phone: row.get(8)?,
            kind: row.get(9)?,
            from_on: row.get(10)?,
            conflicts: serde_json::from_str(&conflicts).unwrap_or_default(),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A visit in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitLine {
    /// Id.
    pub id: String,
    /// When.
    pub at: i64,
    /// Kind code.
    pub kind: Option<String>,
    /// Names of the officers, a JSON list.
    pub officers: String,
    /// Notes.
    pub notes: Option<String>,
    /// Where it is saved.
    pub saved: SaveState,
}

/// The newest visits of a household.
///
/// # Errors
/// [`StoreError`].
pub fn visits(reader: &Reader<'_>, household: &str, limit: u32) -> Result<Vec<VisitLine>, StoreError> {
    let sql = format!(
        "SELECT v.id, coalesce(v.at, 0), v.kind, v.officers, v.notes, {SAVE_STATE_COLUMN}
         FROM visit v LEFT JOIN document d ON d.id = v.id LEFT JOIN entry e ON e.id = d.last_entry
         WHERE v.household = ?1 ORDER BY v.at DESC, v.id DESC LIMIT ?2"
    );
    let mut statement = reader.conn().prepare_cached(&sql)?;
    let rows = statement.query_map(params![household, limit], |row| {
        Ok(VisitLine {
            id: row.get(0)?,
            at: row.get(1)?,
            kind: row.get(2)?,
            officers: row.get(3)?,
            notes: row.get(4)?,
            saved: SaveState::from_sql(row.get(5)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many visits a household had.
///
/// # Errors
/// [`StoreError`].
pub fn visit_count(reader: &Reader<'_>, household: &str) -> Result<u32, StoreError> {
    Ok(reader
        .conn()
        .prepare_cached("SELECT count(*) FROM visit WHERE household = ?1")?
        .query_row([household], |row| row.get(0))?)
}

/// A dispute in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeLine {
    /// Id.
    pub id: String,
    /// Number.
    pub number: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// State code.
    pub state: String,
    /// Grade code.
    pub grade: Option<String>,
    /// Accepted or found.
    pub opened_at: i64,
    /// Cell of the place.
    pub cell: Option<String>,
}

const DISPUTES_OF_RESIDENT_SQL: &str = "
    SELECT DISTINCT x.id, x.number, x.title, x.state, x.grade, x.opened_at, x.cell
    FROM dispute_party q JOIN dispute x ON x.id = q.dispute
    WHERE q.resident = ?1 ORDER BY x.opened_at DESC, x.id LIMIT 50";

const DISPUTES_OF_HOUSEHOLD_SQL: &str = "
    SELECT DISTINCT x.id, x.number, x.title, x.state, x.grade, x.opened_at, x.cell
    FROM residence r CROSS JOIN dispute_party q ON q.resident = r.resident CROSS JOIN dispute x ON x.id = q.dispute
    WHERE r.household = ?1 AND r.to_on IS NULL ORDER BY x.opened_at DESC, x.id LIMIT 50";

/// Disputes a resident is a party of, newest first, at most 50.
///
/// # Errors
/// [`StoreError`].
pub fn disputes_of_resident(reader: &Reader<'_>, resident: &str) -> Result<Vec<DisputeLine>, StoreError> {
    disputes(reader, DISPUTES_OF_RESIDENT_SQL, resident)
}

/// Disputes a member of the household is a party of, newest first, at most 50.
///
/// # Errors
/// [`StoreError`].
pub fn disputes_of_household(reader: &Reader<'_>, household: &str) -> Result<Vec<DisputeLine>, StoreError> {
    disputes(reader, DISPUTES_OF_HOUSEHOLD_SQL, household)
}

fn disputes(reader: &Reader<'_>, sql: &str, of: &str) -> Result<Vec<DisputeLine>, StoreError> {
    let mut statement = reader.conn().prepare_cached(sql)?;
    let rows = statement.query_map([of], |row| {
        Ok(DisputeLine {
            id: row.get(0)?,
            number: row.get(1)?,
            title: row.get(2)?,
            state: row.get(3)?,
            grade: row.get(4)?,
            opened_at: row.get(5)?,
            cell: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One node of the address tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressLine {
    /// Id.
    pub id: String,
    /// Name of the node.
    pub name: Option<String>,
    /// Node above.
    pub parent: Option<String>,
    /// Plate code.
    pub plate_code: Option<String>,
    /// Village code.
    pub village: Option<String>,
    /// The address in full.
    pub full: Option<String>,
}

/// The address and the nodes above it, the address first; at most 12 levels, so a circle ends.
///
/// # Errors
/// [`StoreError`].
pub fn address_path(reader: &Reader<'_>, address: &str) -> Result<Vec<AddressLine>, StoreError> {
    let mut statement = reader
        .conn()
        .prepare_cached("SELECT id, name, parent, plate_code, village, \"full\" FROM address WHERE id = ?1")?;
    let mut path: Vec<AddressLine> = Vec::new();
    let mut next = Some(address.to_owned());
    while let Some(id) = next.take()
        && path.len() < 12
    {
        let found = statement.query_map([&id], |row| {
            Ok(AddressLine {
                id: row.get(0)?,
                name: row.get(1)?,
                parent: row.get(2)?,
                plate_code: row.get(3)?,
                village: row.get(4)?,
                full: row.get(5)?,
            })
        })?;
        if let Some(line) = found.into_iter().next().transpose()? {
            next.clone_from(&line.parent);
            path.push(line);
        }
    }
    Ok(path)
}

/// The name of the head as lists show it.
///
/// # Errors
/// [`StoreError`].
pub fn head_name(reader: &Reader<'_>, household: &str) -> Result<Option<String>, StoreError> {
    let mut statement = reader.conn().prepare_cached("SELECT head_name FROM household WHERE id = ?1")?;
    let mut rows = statement.query_map([household], |row| row.get(0))?;
    Ok(rows.next().transpose()?.flatten())
}

const ADDRESS_NAMED_SQL: &str = "SELECT id FROM address WHERE village IS ?1 AND \"full\" = ?2 ORDER BY id LIMIT 1";

/// The address of a village with exactly this text.
///
/// # Errors
/// [`StoreError`].
pub fn address_named(reader: &Reader<'_>, village: &str, full: &str) -> Result<Option<String>, StoreError> {
    let mut statement = reader.conn().prepare_cached(ADDRESS_NAMED_SQL)?;
    let mut rows = statement.query_map([village, full], |row| row.get(0))?;
    Ok(rows.next().transpose()?)
}

#[cfg(test)]
mod tests {
    use super::{Filter, MEMBERS_SQL, Order, Start, count_sql, page_sql};
    use crate::save_state::plan_tests::{plan, scans};

    const BIG: [&str; 8] = ["h", "d", "e", "c", "r", "p", "household", "residence"];

    #[test]
    fn no_order_or_filter_of_the_list_scans_or_sorts_a_big_table() {
        let cell = Filter { cell: Some("A".into()), ..Filter::default() };
        let village = Filter { village: Some("1".into()), ..Filter::default() };
        for order in [Order::Address, Order::Head, Order::LastVisit, Order::Members] {
            for start in [Start::Top, Start::After] {
                let steps = plan(&page_sql(&Filter::default(), order, start));
                assert!(
                    steps.iter().any(|step| step.contains("household_by_") || step.contains("household_last")),
                    "{steps:?}"
                );
                assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE FOR ORDER BY")), "{steps:?}");
            }
        }
        for filter in [&cell, &village] {
            let steps = plan(&page_sql(filter, Order::Address, Start::After));
            assert_eq!(scans(&steps, &BIG), Vec::<String>::new());
            assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE FOR ORDER BY")), "{steps:?}");
        }
        for filter in [&Filter::default(), &cell, &village] {
            assert_eq!(scans(&plan(&count_sql(filter)), &BIG), Vec::<String>::new());
        }
    }

    #[test]
    fn the_members_of_a_household_are_found_by_index() {
        assert_eq!(scans(&plan(MEMBERS_SQL), &BIG), Vec::<String>::new());
        assert_eq!(scans(&plan(super::DISPUTES_OF_HOUSEHOLD_SQL), &["r", "q", "x"]), Vec::<String>::new());
        assert_eq!(scans(&plan(super::DISPUTES_OF_RESIDENT_SQL), &["q", "x"]), Vec::<String>::new());
        assert_eq!(scans(&plan(super::ADDRESS_NAMED_SQL), &["address"]), Vec::<String>::new());
    }
}

/// A planned visit that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitDue {
    /// Household.
    pub document: String,
    /// Its name.
    pub title: String,
    /// The day agreed.
    pub due_on: String,
}

const VISITS_DUE_SQL: &str = "
    SELECT h.id, coalesce(d.title, ''), h.next_visit_on FROM household h LEFT JOIN document d ON d.id = h.id
    WHERE h.next_visit_on IS NOT NULL AND h.next_visit_on <= ?1 AND h.cell IN (SELECT value FROM json_each(?2))
      AND (h.visited_at = 0 OR date(h.visited_at / 1000 + 28800, 'unixepoch') < h.next_visit_on)
    ORDER BY h.next_visit_on, h.id LIMIT ?3";

/// Planned visits due on or before a day and not made since.
///
/// # Errors
/// [`StoreError`].
pub fn visits_due(reader: &Reader<'_>, cells: &[String], on: &str, limit: u32) -> Result<Vec<VisitDue>, StoreError> {
    let mut statement = reader.conn().prepare_cached(VISITS_DUE_SQL)?;
    let rows = statement.query_map(params![on, json_list(cells), limit], |row| {
        Ok(VisitDue { document: row.get(0)?, title: row.get(1)?, due_on: row.get(2)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
