//! Running a query. First the very name, then names, then everything else; a page of each kind. Must not reveal numbers.

use domain::kind::Kind;
use domain::mask;
use rusqlite::{Connection, Row, params};

use super::query::{Query, Word};
use super::reading;
use super::words::{self, Of};
use crate::error::Result;
use crate::store::Reader;

/// Rows that end in the digits typed which are looked at when other words narrow them down.
const TAILS_MAX: i64 = 2_000;
/// Kinds in the order of a result.
const KINDS: [Kind; 6] = [Kind::Resident, Kind::Household, Kind::Address, Kind::Dispute, Kind::Patrol, Kind::Mediator];

/// How the words of a query matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatchedBy {
    /// A name.
    Name,
    /// The pinyin of a name.
    Pinyin,
    /// The initials of a name.
    Initials,
    /// The end of an ID number.
    IdTail,
    /// The end of a phone number.
    PhoneTail,
    /// Words of an address.
    Address,
    /// A plate code.
    Plate,
    /// A number in a text.
    Number,
    /// Words of a text.
    Text,
}

/// A record found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Its id.
    pub document: String,
    /// Household a resident lives in.
    pub household: Option<String>,
    /// First line.
    pub title: String,
    /// Second line; numbers in it are masked.
    pub detail: String,
    /// What matched.
    pub matched: MatchedBy,
}

/// Hits of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HitGroup {
    /// The kind.
    pub kind: Kind,
    /// Hits, best first.
    pub hits: Vec<Hit>,
    /// There are more.
    pub more: bool,
}

/// Finds records by what was typed, at most `limit` of each kind. Kinds without hits are left out.
///
/// # Errors
/// Those of the database.
pub fn find(reader: &Reader<'_>, typed: &str, limit: usize) -> Result<Vec<HitGroup>> {
    let query = Query::parse(typed);
    let mut groups = Vec::new();
    for kind in KINDS {
        let mut page = Page { conn: reader.conn(), kind, limit, hits: Vec::new() };
        page.fill(&query)?;
        let more = page.hits.len() > limit;
        page.hits.truncate(limit);
        if !page.hits.is_empty() {
            groups.push(HitGroup { kind, hits: page.hits, more });
        }
    }
    Ok(groups)
}

struct Page<'a> {
    conn: &'a Connection,
    kind: Kind,
    limit: usize,
    hits: Vec<Hit>,
}

const COLUMNS: &str = "r.document, r.household, r.title, r.detail, r.phone_tail";

impl Page<'_> {
    fn room(&self) -> i64 {
        let room = self.limit.saturating_add(1).saturating_sub(self.hits.len());
        i64::try_from(room).unwrap_or(i64::MAX)
    }

    fn fill(&mut self, query: &Query) -> Result<()> {
        if query.words.is_empty() {
            return Ok(());
        }
        if let [Word::Text(name)] = query.words.as_slice() {
            let expression = format!("\"{}\"", words::whole(name));
            self.run(&expression, None, |_| MatchedBy::Name)?;
        }
        for (at, word) in query.words.iter().enumerate() {
            let Some(range) = word.tail() else { continue };
            let others: Vec<&Word> =
                query.words.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, word)| word).collect();
            self.tails(&range, &others, "id_tail", MatchedBy::IdTail)?;
            self.tails(&range, &others, "phone_tail", MatchedBy::PhoneTail)?;
        }
        if let Some(plate) = query.plate.as_ref().filter(|_| self.kind == Kind::Address) {
            self.plates(plate)?;
        }
        if let Some(expression) = query.words.iter().map(Word::in_names).collect::<Option<Vec<_>>>() {
            self.run(&expression.join(" AND "), None, |title| by_name(title, &query.words))?;
        }
        if let Some(expression) = query.words.iter().map(Word::anywhere).collect::<Option<Vec<_>>>() {
            let kind = self.kind;
            self.run(&expression.join(" AND "), None, |_| elsewhere(kind, &query.words))?;
        }
        Ok(())
    }

    /// Runs an expression of the index over this kind.
    fn run(
        &mut self,
        expression: &str,
        tail: Option<(&str, &(String, String))>,
        matched: impl Fn(&str) -> MatchedBy,
    ) -> Result<()> {
        let room = self.room();
        if room == 0 {
            return Ok(());
        }
        let expression = format!("\"{}\" AND {expression}", Of::Kind.token(self.kind.as_str()));
        // rows that an earlier step took count too: they are skipped below
        let limit = room.saturating_add(i64::try_from(self.hits.len()).unwrap_or(i64::MAX));
        let within = tail.map_or_else(String::new, |(column, _)| {
            format!(
                "AND search.rowid IN (SELECT rowid FROM search_row WHERE {column} >= ?3 AND {column} < ?4 LIMIT {TAILS_MAX})"
            )
        });
        let sql = format!(
            "SELECT {COLUMNS} FROM search JOIN search_row r ON r.rowid = search.rowid
             WHERE search MATCH ?1 {within} ORDER BY search.rowid LIMIT ?2"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = match tail {
            Some((_, (from, to))) => statement.query(params![expression, limit, from, to])?,
            None => statement.query(params![expression, limit])?,
        };
        while let Some(row) = rows.next()? {
            let hit = hit(row, &matched)?;
            self.take(hit);
        }
        Ok(())
    }

    fn take(&mut self, hit: Hit) {
        if self.room() > 0 && !self.hits.iter().any(|known| known.document == hit.document) {
            self.hits.push(hit);
        }
    }

    /// Numbers that end in the digits typed; the other words must match too.
    fn tails(&mut self, range: &(String, String), others: &[&Word], column: &str, matched: MatchedBy) -> Result<()> {
        if !others.is_empty() {
            let Some(expression) = others.iter().map(|word| word.anywhere()).collect::<Option<Vec<_>>>() else {
                return Ok(());
            };
            return self.run(&expression.join(" AND "), Some((column, range)), |_| matched);
        }
        self.range(range, column, matched)
    }

    fn plates(&mut self, plate: &str) -> Result<()> {
        self.range(&(plate.to_owned(), format!("{plate}~")), "plate", MatchedBy::Plate)
    }

    fn range(&mut self, range: &(String, String), column: &str, matched: MatchedBy) -> Result<()> {
        let sql = format!(
            "SELECT {COLUMNS} FROM search_row r WHERE r.{column} >= ?1 AND r.{column} < ?2 AND r.kind = ?3
             ORDER BY r.{column}, r.rowid LIMIT ?4"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let limit = self.room().saturating_add(i64::try_from(self.hits.len()).unwrap_or(i64::MAX));
        let mut rows = statement.query(params![range.0, range.1, self.kind.as_str(), limit])?;
        while let Some(row) = rows.next()? {
            let hit = hit(row, |_| matched)?;
            self.take(hit);
        }
        Ok(())
    }
}

fn hit(row: &Row<'_>, matched: impl Fn(&str) -> MatchedBy) -> Result<Hit> {
    let title: String = row.get(2)?;
    let matched = matched(&title);
    let mut detail: String = row.get(3)?;
    if matched == MatchedBy::PhoneTail {
        let phone: Option<String> = row.get(4)?;
        let phone: String = phone.unwrap_or_default().chars().rev().collect();
        detail = format!("{} {detail}", mask::phone(&phone)).trim().to_owned();
    }
    Ok(Hit { document: row.get(0)?, household: row.get(1)?, title, detail, matched })
}

/// How a name matched: as written, by its pinyin, or by its initials.
fn by_name(title: &str, words: &[Word]) -> MatchedBy {
    let Some(letters) = words.iter().find_map(|word| match word {
        Word::Latin(letters) => Some(letters),
        Word::Number(_) | Word::Text(_) => None,
    }) else {
        return MatchedBy::Name;
    };
    if !reading::reads_as(title, letters) && reading::has_initials(title, letters) {
        MatchedBy::Initials
    } else {
        // also a former name, a party, somebody of the crew
        MatchedBy::Pinyin
    }
}

fn elsewhere(kind: Kind, words: &[Word]) -> MatchedBy {
    match kind {
        Kind::Address | Kind::Household | Kind::Resident | Kind::Residence | Kind::Visit => MatchedBy::Address,
        Kind::Dispute if words.iter().all(|word| matches!(word, Word::Number(_))) => MatchedBy::Number,
        Kind::Dispute | Kind::Patrol | Kind::Mediator => MatchedBy::Text,
    }
}
