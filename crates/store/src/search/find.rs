//! Running a query. First the very name, then names, then everything else; a page of each kind. Must not reveal numbers.

use std::collections::BTreeSet;

use domain::kind::Kind;
use domain::mask;
use rusqlite::{Connection, Row, params};

use super::query::{Asked, Query, Word};
use super::slot::{self, KINDS};
use super::villages::VillageName;
use super::{reading, words};
use crate::error::Result;
use crate::store::Reader;

/// Numbers that end in the digits typed which are looked at.
const ENDS_MAX: usize = 2_000;

/// Rows of an expression from a row on. The index is read lazily: a page costs what it shows.
pub(crate) const MATCHING: &str =
    "SELECT r.rowid, r.document, r.household, r.title, r.detail, r.phone_tail, r.village, r.scope
     FROM search CROSS JOIN search_row r ON r.rowid = search.rowid
     WHERE search MATCH ?1 AND search.rowid > ?2 ORDER BY search.rowid";
/// Numbers of the rows of an expression between two rows: the index alone is read.
pub(crate) const AMONG: &str =
    "SELECT rowid FROM search WHERE search MATCH ?1 AND rowid >= ?2 AND rowid <= ?3 ORDER BY rowid";
/// One row.
pub(crate) const ROW: &str =
    "SELECT r.rowid, r.document, r.household, r.title, r.detail, r.phone_tail, r.village, r.scope
     FROM search_row r WHERE r.rowid = ?1";
/// Rows whose number ends in the digits typed, by ID number, phone and plate: the index of the column alone is read.
pub(crate) const ENDS: [&str; 3] = [
    "SELECT rowid FROM search_row WHERE id_tail >= ?1 AND id_tail < ?2 LIMIT ?3",
    "SELECT rowid FROM search_row WHERE phone_tail >= ?1 AND phone_tail < ?2 LIMIT ?3",
    "SELECT rowid FROM search_row WHERE plate >= ?1 AND plate < ?2 LIMIT ?3",
];

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
    /// Code of the village it is in.
    pub village: Option<String>,
    /// Scope it is kept in.
    pub scope: String,
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

/// Finds records by what was typed, at most `limit` of each kind; words may be names of `villages`. Kinds without hits are
/// left out.
///
/// # Errors
/// Those of the database.
pub fn find(reader: &Reader<'_>, typed: &str, villages: &[VillageName<'_>], limit: usize) -> Result<Vec<HitGroup>> {
    let query = Query::parse(typed, villages);
    let pages = KINDS.map(|kind| Page { kind, hits: Vec::new(), rows: BTreeSet::new() });
    let mut finding = Finding { conn: reader.conn(), limit, pages };
    finding.fill(&query)?;
    Ok(finding.groups())
}

/// The hits of one kind so far.
struct Page {
    kind: Kind,
    hits: Vec<Hit>,
    rows: BTreeSet<i64>,
}

struct Finding<'a> {
    conn: &'a Connection,
    limit: usize,
    pages: [Page; KINDS.len()],
}

impl Finding<'_> {
    fn groups(self) -> Vec<HitGroup> {
        let limit = self.limit;
        let groups = self.pages.into_iter().filter(|page| !page.hits.is_empty()).map(|mut page| {
            let more = page.hits.len() > limit;
            page.hits.truncate(limit);
            HitGroup { kind: page.kind, hits: page.hits, more }
        });
        groups.collect()
    }

    fn fill(&mut self, query: &Query) -> Result<()> {
        let words = query.words.as_slice();
        if words.is_empty() {
            return Ok(());
        }
        if let [Asked { word: Word::Text(name), .. }] = words {
            self.run(&format!("\"{}\"", words::whole(name)), &|_, _| MatchedBy::Name)?;
        }
        let [by_id, by_phone, by_plate] = ENDS;
        for (at, asked) in words.iter().enumerate() {
            let Some(range) = asked.word.tail() else { continue };
            let others = words.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, asked)| asked.anywhere());
            let Some(others) = others.collect::<Option<Vec<_>>>() else { continue };
            self.ends(by_id, &range, &others, MatchedBy::IdTail)?;
            self.ends(by_phone, &range, &others, MatchedBy::PhoneTail)?;
        }
        if let Some(plate) = &query.plate {
            self.ends(by_plate, &(plate.clone(), format!("{plate}~")), &[], MatchedBy::Plate)?;
        }
        if let Some(names) = words.iter().map(|asked| asked.word.in_names()).collect::<Option<Vec<_>>>() {
            self.run(&names.join(" AND "), &|_, title| by_name(title, words))?;
        }
        let rest = match words {
            [only] => only.beside_names(),
            all => all.iter().map(Asked::anywhere).collect::<Option<Vec<_>>>().map(|all| all.join(" AND ")),
        };
        if let Some(rest) = rest {
            self.run(&rest, &|kind, _| elsewhere(kind, words))?;
        }
        Ok(())
    }

    /// Runs an expression of the index over all kinds whose page has room.
    fn run(&mut self, expression: &str, matched: &dyn Fn(Kind, &str) -> MatchedBy) -> Result<()> {
        let mut from = self.open_from(0);
        while let Some(above) = from {
            from = self.pass(expression, above, matched)?;
        }
        Ok(())
    }

    /// Where the first kind with room that stands behind a row begins.
    fn open_from(&self, row: i64) -> Option<i64> {
        let open = self.pages.iter().filter(|page| page.hits.len() <= self.limit);
        open.filter_map(|page| slot::span(page.kind)).map(|(above, _)| above).filter(|above| *above >= row).min()
    }

    /// Reads rows until a kind has more than its page takes; gives where to go on.
    fn pass(&mut self, expression: &str, above: i64, matched: &dyn Fn(Kind, &str) -> MatchedBy) -> Result<Option<i64>> {
        let mut statement = self.conn.prepare_cached(MATCHING)?;
        let mut rows = statement.query(params![expression, above])?;
        while let Some(row) = rows.next()? {
            if let Taken::Full { above } = self.take(row, matched)? {
                return Ok(self.open_from(above));
            }
        }
        Ok(None)
    }

    /// Takes a row into the page of its kind.
    fn take(&mut self, row: &Row<'_>, matched: &dyn Fn(Kind, &str) -> MatchedBy) -> Result<Taken> {
        let number: i64 = row.get(0)?;
        let kind = slot::kind_of(number);
        let Some(page) = self.pages.iter_mut().find(|page| Some(page.kind) == kind) else { return Ok(Taken::Yes) };
        if page.hits.len() > self.limit {
            // the end of this kind is where the next one begins
            return Ok(Taken::Full { above: slot::span(page.kind).map_or(i64::MAX, |(_, below)| below) });
        }
        if page.rows.insert(number) {
            page.hits.push(hit(row, page.kind, matched)?);
        }
        Ok(Taken::Yes)
    }

    /// Numbers that end in the digits typed; the other words must match too.
    fn ends(&mut self, sql: &str, range: &(String, String), others: &[String], matched: MatchedBy) -> Result<()> {
        let most = i64::try_from(ENDS_MAX).unwrap_or(i64::MAX);
        let mut statement = self.conn.prepare_cached(sql)?;
        let found = statement.query_map(params![range.0, range.1, most], |row| row.get(0))?;
        let mut rows: Vec<i64> = found.collect::<rusqlite::Result<_>>()?;
        if !others.is_empty() {
            rows = self.among(&others.join(" AND "), rows.into_iter().collect())?;
        }
        let mut statement = self.conn.prepare_cached(ROW)?;
        for number in rows {
            let full = |page: &Page| Some(page.kind) == slot::kind_of(number) && page.hits.len() > self.limit;
            if self.pages.iter().any(full) {
                continue;
            }
            let mut found = statement.query([number])?;
            if let Some(row) = found.next()? {
                self.take(row, &|_, _| matched)?;
            }
        }
        Ok(())
    }

    /// Those of some rows that an expression finds.
    fn among(&self, expression: &str, rows: BTreeSet<i64>) -> Result<Vec<i64>> {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(Vec::new()) };
        let mut statement = self.conn.prepare_cached(AMONG)?;
        let mut matching = statement.query(params![expression, first, last])?;
        let mut both = Vec::new();
        while let Some(row) = matching.next()? {
            let number = row.get(0)?;
            if rows.contains(&number) {
                both.push(number);
            }
        }
        Ok(both)
    }
}

/// What became of a row.
enum Taken {
    /// It is in its page, or is none of ours.
    Yes,
    /// The page of its kind is full; the next kind begins above this row.
    Full { above: i64 },
}

fn hit(row: &Row<'_>, kind: Kind, matched: &dyn Fn(Kind, &str) -> MatchedBy) -> Result<Hit> {
    let title: String = row.get(3)?;
    let matched = matched(kind, &title);
    let mut detail: String = row.get(4)?;
    if matched == MatchedBy::PhoneTail {
        let phone: Option<String> = row.get(5)?;
        let phone: String = phone.unwrap_or_default().chars().rev().collect();
        detail = format!("{} {detail}", mask::phone(&phone)).trim().to_owned();
    }
    Ok(Hit {
        document: row.get(1)?,
        household: row.get(2)?,
        title,
        detail,
        village: row.get(6)?,
        scope: row.get(7)?,
        matched,
    })
}

/// How a name matched: as written, by its pinyin, or by its initials.
fn by_name(title: &str, words: &[Asked]) -> MatchedBy {
    let Some(letters) = words.iter().find_map(|asked| match &asked.word {
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

fn elsewhere(kind: Kind, words: &[Asked]) -> MatchedBy {
    match kind {
        Kind::Address | Kind::Household | Kind::Resident | Kind::Residence | Kind::Visit => MatchedBy::Address,
        Kind::Dispute if words.iter().all(|asked| matches!(asked.word, Word::Number(_))) => MatchedBy::Number,
        Kind::Dispute | Kind::Patrol | Kind::Mediator => MatchedBy::Text,
    }
}
