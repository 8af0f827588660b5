//! The way back through a scope's log for laptops that begin: its newest end first, then the piece before each backlog,
//! whole documents, with what is left of the budget after what is new. Read in the snapshot of the answer.
//! Must not take anything in.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{OptionalExtension, Row, Transaction};
use sync::crypto::Signed;
use sync::first_sync::{EarlierPage, Whole, WholeEntry};
use sync::ids::{DocumentId, Hash, ReplicaId, ScopeId};
use sync::limits;
use sync::scope_log::{Checkpoint, LogPosition, LoggedEntry, Page};
use sync::wire::Request;

use crate::fault::StationFault;
use crate::pull::{self, Room, Signer};
use crate::push::append;
use crate::repair::Ground;

/// Pieces for one answer.
#[derive(Debug, Default)]
pub(crate) struct Earlier {
    pub(crate) pages: Vec<EarlierPage>,
    /// Entries that did not fit, over all scopes.
    pub(crate) behind: u64,
}

/// Where a walk through one scope goes on.
#[derive(Debug, Clone)]
struct Way {
    scope: ScopeId,
    /// The log's end when the walk began: documents with an entry between the place and here have been sent.
    top: u64,
    /// All up to this place is still to be sent.
    end: LogPosition,
    start: Start,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    /// The laptop has nothing of the scope.
    Fresh,
    /// It is on the way.
    Backlog,
}

/// Pieces of the scopes that the laptop does not hold from the beginning. Each gets a fair part of the room left, so that
/// the newest work of all scopes comes first.
pub(crate) fn pages(
    transaction: &Transaction<'_>,
    signer: &Signer<'_>,
    request: &Request,
    scopes: &BTreeSet<ScopeId>,
    ground: &Ground,
    room: &mut Room,
) -> Result<Earlier, StationFault> {
    let mut earlier = Earlier::default();
    let mut ways = Vec::new();
    for scope in scopes.iter().filter(|scope| !ground.unknown.contains(scope)).take(limits::SCOPES_MAX) {
        ways.extend(way(transaction, signer, request, scope, ground, &mut earlier.behind)?);
    }
    let count = ways.len();
    for (done, way) in ways.into_iter().enumerate() {
        let share = room.left / count.saturating_sub(done).max(1);
        let mut walk = Walk::new(transaction, request.replica, &way);
        let from = walk.run(share, room)?;
        earlier.behind = earlier.behind.saturating_add(from.seq);
        if way.start == Start::Fresh || !walk.entries.is_empty() {
            earlier.pages.push(walk.page(signer, &way, from));
        }
    }
    Ok(earlier)
}

/// Where the walk through a scope goes on; nothing when the laptop holds it from the beginning, or nothing is in it.
fn way(
    transaction: &Transaction<'_>,
    signer: &Signer<'_>,
    request: &Request,
    scope: &ScopeId,
    ground: &Ground,
    behind: &mut u64,
) -> Result<Option<Way>, StationFault> {
    let head = append::head(transaction, signer.station, scope, signer.epoch)?;
    let from_head = |start| Way { scope: scope.clone(), top: head.seq, end: head, start };
    if head.seq == 0 {
        return Ok(None);
    }
    let Some(cursor) = request.cursors.iter().find(|cursor| cursor.scope == *scope) else {
        return Ok(Some(from_head(Start::Fresh)));
    };
    let Some(backlog) = request.backlogs.iter().find(|backlog| backlog.scope == *scope) else {
        return Ok(None);
    };
    let place = backlog.position;
    if !ground.from.get(scope).is_some_and(|from| from.is(&cursor.position)) {
        // The laptop is taken back to a place before its cursor in this answer, and says in the next what is left.
        *behind = behind.saturating_add(place.seq);
        return Ok(None);
    }
    let sound = place.seq > 0 && place.seq <= backlog.top && backlog.top <= cursor.position.seq;
    if !sound || chain_at(transaction, scope, place.seq)? != Some(place.chain) {
        // A laptop that follows the protocol cannot be there. The end of the log does not fit its backlog: it begins again.
        tracing::warn!(event = "backlog_unknown", replica = %request.replica, %scope, seq = place.seq);
        return Ok(Some(from_head(Start::Backlog)));
    }
    let end = LogPosition { epoch: signer.epoch, ..place };
    Ok(Some(Way { scope: scope.clone(), top: backlog.top, end, start: Start::Backlog }))
}

fn chain_at(transaction: &Transaction<'_>, scope: &ScopeId, seq: u64) -> Result<Option<Hash>, StationFault> {
    Ok(transaction
        .prepare_cached("SELECT chain FROM log WHERE scope = ?1 AND seq = ?2")?
        .query_row((scope.as_str(), i64::try_from(seq).unwrap_or(i64::MAX)), |row| Ok(Hash(row.get(0)?)))
        .optional()?)
}

/// An entry of a document in the log walked.
struct Member {
    seq: u64,
    id: i64,
    replica: ReplicaId,
    bytes: usize,
    /// Whether it has contents.
    full: bool,
}

/// A document's entries in the log up to the top of the walk, and the moves that name it.
struct Document {
    members: Vec<Member>,
    /// The newest of its own: with it the others go. Moves that name it go along, and do not make it go.
    newest: u64,
    /// Whether it goes whole. Once not, never again: what is said to have been sent was.
    whole: bool,
}

/// A walk through one scope's log, from newer to older.
struct Walk<'a> {
    transaction: &'a Transaction<'a>,
    me: ReplicaId,
    scope: ScopeId,
    top: u64,
    end: u64,
    documents: BTreeMap<DocumentId, Document>,
    /// Newest first.
    entries: Vec<LoggedEntry>,
    /// What goes along, by its place.
    along: BTreeMap<u64, WholeEntry>,
}

/// One entry of the log.
struct Here {
    seq: u64,
    id: i64,
    document: DocumentId,
    /// Not a change: a move may name other documents.
    control: bool,
    index: u64,
    header_hash: Hash,
    logged: LoggedEntry,
}

/// An entry as it goes.
struct Step {
    placed: LoggedEntry,
    /// What it adds to the answer.
    bytes: usize,
    /// The earlier entries of its document, by place, each with what it adds.
    with: Along,
}

type Along = BTreeMap<u64, (WholeEntry, usize)>;

impl<'a> Walk<'a> {
    fn new(transaction: &'a Transaction<'a>, me: ReplicaId, way: &Way) -> Self {
        Self {
            transaction,
            me,
            scope: way.scope.clone(),
            top: way.top,
            end: way.end.seq,
            documents: BTreeMap::new(),
            entries: Vec::new(),
            along: BTreeMap::new(),
        }
    }

    /// Walks as far as a share of the room reaches; the first entry may take all that is left of it. Gives the place before.
    fn run(&mut self, share: usize, room: &mut Room) -> Result<LogPosition, StationFault> {
        let transaction = self.transaction;
        let mut query = transaction.prepare_cached(
            "SELECT log.seq, entry.id, entry.document, entry.change_hash IS NULL, entry.replica, entry.lane_index,
                    entry.header_hash, entry.header, entry.salt, entry.body
             FROM log JOIN entry ON entry.id = log.entry
             WHERE log.scope = ?1 AND log.seq <= ?2 ORDER BY log.seq DESC",
        )?;
        let mut rows = query.query((self.scope.as_str(), self.end.cast_signed()))?;
        let mut from = self.end;
        let mut used = 0_usize;
        while let Some(row) = rows.next()? {
            let here = self.here(row)?;
            let seq = here.seq;
            let Step { placed, bytes, with } = self.step(here)?;
            let size = with.values().fold(bytes, |sum, one| sum.saturating_add(one.1));
            let most = if self.entries.is_empty() { room.left } else { share.saturating_sub(used).min(room.left) };
            let count = self.entries.len().saturating_add(self.along.len()).saturating_add(with.len());
            if room.used && (size > most || count >= limits::PAGE_ENTRIES_MAX) {
                break;
            }
            room.take(size);
            used = used.saturating_add(size);
            self.along.remove(&seq);
            self.along.extend(with.into_iter().map(|(seq, (one, _))| (seq, one)));
            self.entries.push(placed);
            from = seq.saturating_sub(1);
        }
        let chain = chain_at(transaction, &self.scope, from)?;
        Ok(LogPosition { epoch: 0, seq: from, chain: chain.unwrap_or(Hash([0; 32])) })
    }

    fn here(&self, row: &Row<'_>) -> Result<Here, StationFault> {
        Ok(Here {
            seq: row.get::<_, i64>(0)?.cast_unsigned(),
            id: row.get(1)?,
            document: DocumentId::from_bytes(row.get(2)?),
            control: row.get(3)?,
            index: row.get::<_, i64>(5)?.cast_unsigned(),
            header_hash: Hash(row.get(6)?),
            logged: pull::logged_entry(row, 4, self.me)?,
        })
    }

    /// How an entry goes, and what goes along.
    fn step(&mut self, here: Here) -> Result<Step, StationFault> {
        let with = self.with(here.document, here.seq)?;
        if let Some(WholeEntry { replica, entry }) = self.along.get(&here.seq).cloned() {
            return Ok(Step { placed: LoggedEntry::Full { replica, entry }, bytes: 0, with });
        }
        let placed = match here.logged {
            LoggedEntry::Full { replica, .. } if self.was_sent(&here)? => {
                LoggedEntry::Sent { replica, index: here.index, header_hash: here.header_hash }
            }
            logged @ (LoggedEntry::Full { .. }
            | LoggedEntry::Erased { .. }
            | LoggedEntry::Yours { .. }
            | LoggedEntry::Sent { .. }) => logged,
        };
        Ok(Step { bytes: placed.size(), placed, with })
    }

    /// The earlier entries of a document whose newest is at `seq`.
    fn with(&mut self, document: DocumentId, seq: u64) -> Result<Along, StationFault> {
        let (transaction, me) = (self.transaction, self.me);
        let known = self.known(document)?;
        if !known.whole || known.newest != seq {
            return Ok(BTreeMap::new());
        }
        let wanted = |one: &&Member| one.seq < seq && one.full && one.replica != me;
        let wanted: Vec<(u64, i64, usize)> =
            known.members.iter().filter(wanted).map(|one| (one.seq, one.id, one.bytes)).collect();
        let mut with = BTreeMap::new();
        let mut query = transaction
            .prepare_cached("SELECT replica, lane_index, header_hash, header, salt, body FROM entry WHERE id = ?1")?;
        for (seq, id, bytes) in wanted.into_iter().filter(|(seq, ..)| !self.along.contains_key(seq)) {
            let mut rows = query.query([id])?;
            if let Some(row) = rows.next()?
                && let LoggedEntry::Full { replica, entry } = pull::logged_entry(row, 0, me)?
            {
                with.insert(seq, (WholeEntry { replica, entry }, bytes));
            }
        }
        Ok(with)
    }

    /// Whether an entry went along with a newer one of its document, or of one that it moves.
    fn was_sent(&mut self, here: &Here) -> Result<bool, StationFault> {
        let mut documents = vec![here.document];
        if here.control {
            let moved: Vec<[u8; 16]> = self
                .transaction
                .prepare_cached("SELECT document FROM movement WHERE entry = ?1")?
                .query_map([here.id], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            documents.extend(moved.into_iter().map(DocumentId::from_bytes));
        }
        for document in documents {
            let known = self.known(document)?;
            if known.whole && known.newest > here.seq {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn known(&mut self, id: DocumentId) -> Result<&Document, StationFault> {
        match self.documents.entry(id) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(free) => Ok(free.insert(document(self.transaction, &self.scope, self.top, id)?)),
        }
    }

    fn page(self, signer: &Signer<'_>, way: &Way, from: LogPosition) -> EarlierPage {
        let Signer { station, key, epoch } = *signer;
        let from = match from.seq {
            0 => LogPosition::genesis(station, &way.scope, epoch),
            _ => LogPosition { epoch, ..from },
        };
        let checkpoint = Signed::sign(&Checkpoint { station, scope: way.scope.clone(), position: way.end }, key);
        let entries = self.entries.into_iter().rev().collect();
        let entries_along: Vec<WholeEntry> = self.along.into_values().collect();
        let whole = (!entries_along.is_empty())
            .then(|| Signed::sign(&Whole { station, scope: way.scope.clone(), entries: entries_along }, key));
        EarlierPage { page: Page { from, entries, checkpoint, behind: 0 }, whole }
    }
}

fn document(
    transaction: &Transaction<'_>,
    scope: &ScopeId,
    top: u64,
    id: DocumentId,
) -> Result<Document, StationFault> {
    let erased: Option<bool> = transaction
        .prepare_cached("SELECT erased FROM document WHERE document = ?1")?
        .query_row([id.as_bytes()], |row| row.get(0))
        .optional()?;
    let mut query = transaction.prepare_cached(
        "SELECT log.seq, entry.id, entry.replica, entry.document = ?1, entry.body IS NOT NULL,
                length(entry.header) + coalesce(length(entry.body), 0) + 72
         FROM entry JOIN log ON log.entry = entry.id AND log.scope = ?2
         WHERE (entry.document = ?1 OR entry.id IN (SELECT entry FROM movement WHERE document = ?1))
           AND log.seq <= ?3 ORDER BY log.seq",
    )?;
    let mut rows = query.query((id.as_bytes(), scope.as_str(), top.cast_signed()))?;
    let mut document = Document { members: Vec::new(), newest: 0, whole: false };
    let mut sum = 0_usize;
    while let Some(row) = rows.next()? {
        let seq = row.get::<_, i64>(0)?.cast_unsigned();
        let bytes = usize::try_from(row.get::<_, i64>(5)?).unwrap_or(usize::MAX);
        sum = sum.saturating_add(bytes);
        if row.get(3)? {
            document.newest = seq;
        }
        let replica = ReplicaId::from_bytes(row.get(2)?);
        document.members.push(Member { seq, id: row.get(1)?, replica, bytes, full: row.get(4)? });
    }
    document.whole = erased != Some(true) && sum <= limits::WHOLE_DOCUMENT_BYTES_MAX;
    Ok(document)
}
