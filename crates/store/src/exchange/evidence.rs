//! What this laptop shows and gives back to a station that lost its place: checkpoints, receipt, directory, and the pieces of
//! the scope logs it pulled. A piece leaves only when its chain leads from a place to the checkpoint the station signed.
//! Must not judge what the station is told.

use rusqlite::{Connection, OptionalExtension, params};
use sync::crypto::Signed;
use sync::ids::{ReplicaId, ScopeId, StationId};
use sync::lane::{self, Entry, EntryKind};
use sync::laptop::Ask;
use sync::limits;
use sync::repair::{self, Evidence, Shown, Wanted};
use sync::scope_log::{Checkpoint, LogPosition, LoggedEntry, Page};

use super::earlier;
use crate::error::{Result, StoreError};
use crate::row::{Bytes, int, replica_of, sync_hash_of, uint};

/// Answers what the station asked for.
pub(crate) fn answer(conn: &Connection, station: StationId, ask: &Ask, budget_bytes: u64) -> Result<Evidence> {
    if ask.is_empty() {
        return Ok(Evidence::default());
    }
    let shown = ask.shown.iter().take(limits::SCOPES_MAX).map(|scope| shown(conn, scope));
    let mut evidence = Evidence { shown: shown.collect::<Result<_>>()?, ..Evidence::default() };
    if ask.receipt {
        evidence.receipt = conn
            .prepare_cached("SELECT signed FROM receipt ORDER BY first_index DESC LIMIT 1")?
            .query_row([], |row| row.get::<_, Vec<u8>>(0))
            .optional()?
            .map(|bytes| signed(&bytes))
            .transpose()?;
    }
    if let Some(version) = ask.directory {
        evidence.directory = conn
            .prepare_cached("SELECT signed FROM directory WHERE version = ?1")?
            .query_row([int(version)], |row| row.get::<_, Vec<u8>>(0))
            .optional()?
            .map(|bytes| signed(&bytes))
            .transpose()?;
    }
    let mut pieces = Pieces { conn, station, evidence, left_bytes: budget_bytes };
    for place in &ask.wanted {
        if pieces.give(place)? == Room::None {
            break;
        }
    }
    Ok(pieces.evidence)
}

fn signed<T: sync::crypto::Signable>(bytes: &[u8]) -> Result<Signed<T>> {
    Signed::from_bytes(bytes).map_err(|_| StoreError::Unreadable { what: "signed bytes" })
}

/// The checkpoints of a scope that tell most, newest first.
fn shown(conn: &Connection, scope: &ScopeId) -> Result<Shown> {
    let mut places = conn.prepare_cached("SELECT seq FROM checkpoint WHERE scope = ?1 ORDER BY seq DESC")?;
    let places = places.query_map([scope.as_str()], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
    let mut one = conn.prepare_cached("SELECT signed FROM checkpoint WHERE scope = ?1 AND seq = ?2")?;
    let mut checkpoints = Vec::new();
    for seq in repair::choose_shown(places) {
        let bytes: Vec<u8> = one.query_row(params![scope.as_str(), seq], |row| row.get(0))?;
        checkpoints.push(signed(&bytes)?);
    }
    Ok(Shown { scope: scope.clone(), checkpoints })
}

/// Whether another piece may go along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    Left,
    None,
}

/// A checkpoint held.
struct Held {
    position: LogPosition,
    signed: Signed<Checkpoint>,
}

struct Pieces<'a> {
    conn: &'a Connection,
    station: StationId,
    evidence: Evidence,
    left_bytes: u64,
}

impl Pieces<'_> {
    /// The pieces of one scope after a place, each to the next checkpoint held.
    fn give(&mut self, wanted: &Wanted) -> Result<Room> {
        let scope = &wanted.scope;
        let mut at = self.locate(scope, &wanted.position)?;
        let mut seq = wanted.position.seq;
        if let Some(backlog) = earlier::backlog(self.conn, scope)?.filter(|backlog| seq < backlog.position.seq) {
            // What the first sync has not come to is not held: the next place the station has signed says that it lacks.
            let end = self.next_checkpoint(scope, backlog.position.seq.saturating_sub(1))?;
            self.evidence.gaps.extend(end.map(|end| end.signed));
            (at, seq) = (Some(backlog.position), backlog.position.seq);
        }
        while let Some(end) = self.next_checkpoint(scope, seq)? {
            let counts = (self.evidence.pieces.len(), self.evidence.gaps.len());
            if counts.0 >= limits::PIECES_MAX || counts.1 >= limits::PIECES_MAX {
                return Ok(Room::None);
            }
            let entries = match at {
                Some(from) => self.entries(scope, from, &end.position)?.map(|entries| (from, entries)),
                None => None,
            };
            (at, seq) = (Some(end.position), end.position.seq);
            let Some((from, entries)) = entries else {
                self.evidence.gaps.push(end.signed);
                continue;
            };
            let bytes: usize = entries.iter().map(LoggedEntry::size).sum();
            let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
            if bytes > self.left_bytes && !self.evidence.pieces.is_empty() {
                return Ok(Room::None);
            }
            self.left_bytes = self.left_bytes.saturating_sub(bytes);
            self.evidence.pieces.push(Page { from, entries, checkpoint: end.signed, behind: 0 });
        }
        Ok(Room::Left)
    }

    fn next_checkpoint(&self, scope: &ScopeId, after: u64) -> Result<Option<Held>> {
        self.checkpoint(
            "SELECT epoch, seq, chain, signed FROM checkpoint WHERE scope = ?1 AND seq > ?2 ORDER BY seq LIMIT 1",
            scope,
            after,
        )
    }

    fn checkpoint(&self, sql: &str, scope: &ScopeId, seq: u64) -> Result<Option<Held>> {
        let found = self
            .conn
            .prepare_cached(sql)?
            .query_row(params![scope.as_str(), int(seq)], |row| {
                let position = LogPosition { epoch: row.get(0)?, seq: uint(row.get(1)?), chain: sync_hash_of(row, 2)? };
                Ok((position, row.get::<_, Vec<u8>>(3)?))
            })
            .optional()?;
        found.map(|(position, bytes)| Ok(Held { position, signed: signed(&bytes)? })).transpose()
    }

    /// The place wanted, when it is one of the log pulled here.
    fn locate(&self, scope: &ScopeId, wanted: &LogPosition) -> Result<Option<LogPosition>> {
        let before = self.checkpoint(
            "SELECT epoch, seq, chain, signed FROM checkpoint WHERE scope = ?1 AND seq <= ?2 ORDER BY seq DESC LIMIT 1",
            scope,
            wanted.seq,
        )?;
        let beginning = match earlier::backlog(self.conn, scope)? {
            Some(backlog) => backlog.position,
            None => LogPosition::genesis(self.station, scope, wanted.epoch),
        };
        let start = before.map_or(beginning, |held| held.position);
        let mut at = start;
        for (replica, entry) in self.read(scope, start.seq, wanted.seq)? {
            let Some(entry) = entry else { return Ok(None) };
            at = at.next(replica, &entry.header_hash());
        }
        Ok(at.is(wanted).then_some(*wanted))
    }

    /// The entries from a place to a checkpoint, when they lead there; nothing when a header is missing.
    fn entries(&self, scope: &ScopeId, from: LogPosition, to: &LogPosition) -> Result<Option<Vec<LoggedEntry>>> {
        let mut at = from;
        let mut entries = Vec::new();
        for (replica, entry) in self.read(scope, from.seq, to.seq)? {
            let Some(entry) = entry else { return Ok(None) };
            at = at.next(replica, &entry.header_hash());
            let Some(logged) = logged(replica, entry) else { return Ok(None) };
            entries.push(logged);
        }
        Ok(at.is(to).then_some(entries))
    }

    /// The stretch of a log after `after` through `through`: whose entry, and what is held of it under that lane.
    fn read(&self, scope: &ScopeId, after: u64, through: u64) -> Result<Vec<(ReplicaId, Option<Entry>)>> {
        let mut statement = self.conn.prepare_cached(LOGGED)?;
        let rows = statement.query_map(params![scope.as_str(), int(after), int(through)], |row| {
            let header: Option<Vec<u8>> = row.get(1)?;
            let salt: Option<Bytes<32>> = row.get(2)?;
            let body: Option<Vec<u8>> = row.get(3)?;
            let entry = header.map(|header| Entry {
                header,
                salt: salt.map_or([0; 32], |salt| salt.0),
                body: body.unwrap_or_default(),
            });
            Ok((replica_of(row, 0)?, entry))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

/// An entry kept aside, one of its lane, or one whose change is kept under another lane.
pub(crate) const LOGGED: &str =
    "SELECT l.replica, coalesce(q.header, e.header, c.header), coalesce(q.salt, e.salt, o.salt),
        coalesce(q.body, e.body, o.body)
    FROM log l
    LEFT JOIN quarantine q ON q.id = l.aside
    LEFT JOIN entry e ON l.aside IS NULL AND e.replica = l.replica AND e.lane_index = l.lane_index
        AND e.header_hash = l.header_hash
    LEFT JOIN carried c ON l.aside IS NULL AND e.id IS NULL AND c.replica = l.replica AND c.lane_index = l.lane_index
        AND c.header_hash = l.header_hash
    LEFT JOIN entry o ON o.document = c.document AND o.hash = c.hash
    WHERE l.scope = ?1 AND l.seq > ?2 AND l.seq <= ?3 ORDER BY l.seq";

/// The entry as it goes back: whole, or its header where the contents are gone or are not what the header commits to.
/// Nothing when the header cannot be read.
fn logged(replica: ReplicaId, entry: Entry) -> Option<LoggedEntry> {
    let header = entry.read_header().ok()?;
    let sound = match header.kind {
        EntryKind::Change | EntryKind::Decision => sync::change::check(&entry.body).is_ok(),
        EntryKind::Move => lane::MoveBody::from_body(&entry.body).is_ok(),
        EntryKind::Freeze => lane::FreezeBody::from_body(&entry.body).is_ok(),
        EntryKind::Erase => lane::EraseBody::from_body(&entry.body).is_ok(),
        EntryKind::Other(_) => false,
    };
    let whole = sound && lane::commitment(&entry.salt, &entry.body) == header.commitment;
    Some(match whole {
        true => LoggedEntry::Full { replica, entry },
        false => LoggedEntry::Erased { replica, header: entry.header },
    })
}
