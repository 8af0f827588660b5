//! What a laptop gets: receipts it does not hold, and pages of its scopes up to the budget it named, each ending in a
//! signed checkpoint. Read in one snapshot. Must not take anything in.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, Row, Transaction};
use sync::crypto::{SignKey, Signed};
use sync::first_sync::EarlierPage;
use sync::ids::{Hash, ReplicaId, ScopeId, StationId};
use sync::lane;
use sync::limits;
use sync::receipt::{Receipt, Watermark};
use sync::scope_log::{Checkpoint, LogPosition, LoggedEntry, Page};
use sync::wire::Request;

use crate::earlier;
use crate::fault::StationFault;
use crate::push::append;
use crate::repair::Ground;

/// Pages for one answer.
#[derive(Debug, Default)]
pub(crate) struct Pulled {
    pub(crate) pages: Vec<Page>,
    pub(crate) earlier: Vec<EarlierPage>,
    /// Entries that did not fit, over all scopes.
    pub(crate) behind: u64,
}

/// Receipts for one answer.
#[derive(Debug, Default)]
pub(crate) struct Receipts {
    pub(crate) signed: Vec<Signed<Receipt>>,
    pub(crate) rest: Rest,
}

/// Whether everything fitted into an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Rest {
    #[default]
    Nothing,
    LeftOut,
}

/// The receipts of a lane after an index, in order, as far as they fit.
pub(crate) fn receipts(
    transaction: &Transaction<'_>,
    replica: ReplicaId,
    through: u64,
) -> Result<Receipts, StationFault> {
    let mut query = transaction
        .prepare_cached("SELECT signed FROM receipt WHERE replica = ?1 AND last_index > ?2 ORDER BY last_index")?;
    // An index beyond any lane would turn negative; nothing is after it.
    let after = i64::try_from(through).unwrap_or(i64::MAX);
    let mut rows = query.query((replica.as_bytes(), after))?;
    let mut found = Receipts::default();
    let mut bytes_sum = 0;
    while let Some(row) = rows.next()? {
        let bytes: Vec<u8> = row.get(0)?;
        bytes_sum += bytes.len();
        if found.signed.len() >= limits::ANSWER_RECEIPTS_MAX || bytes_sum > limits::ANSWER_RECEIPTS_BYTES_MAX {
            found.rest = Rest::LeftOut;
            break;
        }
        found.signed.push(Signed::from_bytes(&bytes)?);
    }
    Ok(found)
}

/// How far the newest verified backup holds the lane, signed; nothing without a backup.
pub(crate) fn watermark(
    transaction: &Transaction<'_>,
    station: StationId,
    key: &SignKey,
    replica: ReplicaId,
) -> Result<Option<Signed<Watermark>>, StationFault> {
    let found = transaction
        .prepare_cached("SELECT lane_index, at_ms FROM watermark WHERE replica = ?1")?
        .query_row([replica.as_bytes()], |row| Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?)))
        .optional()?;
    Ok(found.map(|(index, backed_up_at_ms)| Signed::sign(&Watermark { station, replica, index, backed_up_at_ms }, key)))
}

/// Who signs an answer, and in which epoch.
pub(crate) struct Signer<'a> {
    pub(crate) station: StationId,
    pub(crate) key: &'a SignKey,
    pub(crate) epoch: u32,
}

/// Bytes of entries an answer may still take.
pub(crate) struct Room {
    pub(crate) left: usize,
    /// Whether anything was taken: the first entry goes whatever its size.
    pub(crate) used: bool,
}

impl Room {
    pub(crate) fn take(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes);
        self.used = true;
    }
}

/// Pages of `scopes` after the ground found, then earlier work. A scope that has nothing new has no page; one whose turn
/// does not come in this answer has an empty page that says how far behind the laptop is.
pub(crate) fn pages(
    transaction: &Transaction<'_>,
    signer: &Signer<'_>,
    request: &Request,
    scopes: &BTreeSet<ScopeId>,
    ground: &Ground,
) -> Result<Pulled, StationFault> {
    let mut pulled = Pulled::default();
    if request.page_budget_bytes == 0 {
        return Ok(pulled);
    }
    let Signer { station, key, epoch } = *signer;
    let budget = request.page_budget_bytes.clamp(limits::BUDGET_MIN_BYTES, limits::BUDGET_MAX_BYTES);
    let mut room = Room { left: usize::try_from(budget).unwrap_or(usize::MAX), used: false };
    let held: BTreeSet<&ScopeId> = request.cursors.iter().map(|cursor| &cursor.scope).collect();
    let known = scopes.iter().filter(|scope| held.contains(scope) && !ground.unknown.contains(scope));
    for scope in known.take(limits::SCOPES_MAX) {
        let head = append::head(transaction, station, scope, epoch)?;
        let genesis = LogPosition::genesis(station, scope, epoch);
        let from = ground.from.get(scope).copied().unwrap_or(genesis);
        if from.seq >= head.seq {
            continue;
        }
        let from = LogPosition { epoch, ..from };
        let (entries, end) = read(transaction, request.replica, scope, from, &mut room)?;
        let behind = head.seq.saturating_sub(end.seq);
        let checkpoint = Checkpoint { station, scope: scope.clone(), position: end };
        pulled.behind = pulled.behind.saturating_add(behind);
        pulled.pages.push(Page { from, entries, checkpoint: Signed::sign(&checkpoint, key), behind });
    }
    let earlier = earlier::pages(transaction, signer, request, scopes, ground, &mut room)?;
    pulled.earlier = earlier.pages;
    pulled.behind = pulled.behind.saturating_add(earlier.behind);
    Ok(pulled)
}

fn read(
    transaction: &Transaction<'_>,
    me: ReplicaId,
    scope: &ScopeId,
    from: LogPosition,
    room: &mut Room,
) -> Result<(Vec<LoggedEntry>, LogPosition), StationFault> {
    let mut entries = Vec::new();
    let mut end = from;
    if room.left == 0 {
        return Ok((entries, end));
    }
    let mut query = transaction.prepare_cached(
        "SELECT log.seq, log.chain, entry.replica, entry.lane_index, entry.header_hash,
                entry.header, entry.salt, entry.body
         FROM log JOIN entry ON entry.id = log.entry
         WHERE log.scope = ?1 AND log.seq > ?2 ORDER BY log.seq",
    )?;
    let mut rows = query.query((scope.as_str(), from.seq.cast_signed()))?;
    while let Some(row) = rows.next()? {
        let logged = logged_entry(row, 2, me)?;
        let size = logged.size();
        // A single entry larger than the budget still goes, alone.
        if entries.len() >= limits::PAGE_ENTRIES_MAX || (size > room.left && room.used) {
            room.left = 0;
            break;
        }
        room.take(size);
        end = LogPosition { epoch: from.epoch, seq: row.get::<_, i64>(0)?.cast_unsigned(), chain: Hash(row.get(1)?) };
        entries.push(logged);
    }
    Ok((entries, end))
}

/// An entry as it goes to `me`. From column `first` on: replica, index, hash of the header, header, salt, body.
pub(crate) fn logged_entry(row: &Row<'_>, first: usize, me: ReplicaId) -> Result<LoggedEntry, StationFault> {
    let replica = ReplicaId::from_bytes(row.get(first)?);
    if replica == me {
        let index = row.get::<_, i64>(first + 1)?.cast_unsigned();
        return Ok(LoggedEntry::Yours { index, header_hash: Hash(row.get(first + 2)?) });
    }
    let header: Vec<u8> = row.get(first + 3)?;
    let contents: (Option<[u8; 32]>, Option<Vec<u8>>) = (row.get(first + 4)?, row.get(first + 5)?);
    Ok(match contents {
        (Some(salt), Some(body)) => LoggedEntry::Full { replica, entry: lane::Entry { header, salt, body } },
        _ => LoggedEntry::Erased { replica, header },
    })
}
