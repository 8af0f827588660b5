//! Where a laptop stands, and what a station that was restored gets back: it takes the evidence of a request, opens an
//! epoch when its own signatures prove that its logs were cut short, and appends what laptops give back.
//! Must not know how evidence is judged; `sync::repair` does.

mod merge;

use std::collections::{BTreeMap, BTreeSet};

use failpoint::{Point, reached};
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior};
use sync::crypto::Signed;
use sync::directory::{self, Directory};
use sync::ids::{Hash, ReplicaId, ScopeId};
use sync::judge::Ruling;
use sync::lane::LaneHead;
use sync::receipt::Receipt;
use sync::repair::{self, Evidence, GivenBack, GivenContent, Standing, Verdict, Wanted};
use sync::scope_log::{Checkpoint, LogPosition};
use sync::wire::Request;

use crate::epoch::{self, EpochCause};
use crate::fault::StationFault;
use crate::push;
use crate::push::append::Log;
use crate::push::entry::{self, NewEntry};
use crate::station::{self, Station};

/// Where a laptop stands in its scopes.
#[derive(Debug, Default)]
pub(crate) struct Ground {
    /// Where each scope's page begins; a scope that is not here begins where its log begins.
    pub(crate) from: BTreeMap<ScopeId, LogPosition>,
    /// Scopes in which that is not known yet.
    pub(crate) unknown: Vec<ScopeId>,
    /// Pieces wanted back.
    pub(crate) wanted: Vec<Wanted>,
    /// The version of the laptop's directory, when the station never had it.
    pub(crate) wants_directory: Option<u64>,
}

/// Takes a request's evidence and finds the common ground in each of the laptop's scopes; one transaction, which only reads
/// when there is no evidence, as nearly always.
pub(crate) fn common_ground(
    station: &Station,
    request: &Request,
    scopes: &BTreeSet<ScopeId>,
    now_ms: i64,
) -> Result<Ground, StationFault> {
    let mut connection = station.lock();
    let behavior = match request.evidence.is_empty() {
        true => TransactionBehavior::Deferred,
        false => TransactionBehavior::Immediate,
    };
    let transaction = connection.transaction_with_behavior(behavior)?;
    let repair = Repair { station, transaction: &transaction, replica: request.replica, now_ms };
    repair.take(&request.evidence)?;
    let ground = repair.ground(request, scopes)?;
    reached(Point::GroundWritten);
    transaction.commit()?;
    reached(Point::GroundCommitted);
    Ok(ground)
}

/// Takes a directory this database has lost, from a laptop that nothing else vouches for: the station's signature does.
pub(crate) fn take_directory(
    station: &Station,
    replica: ReplicaId,
    signed: Signed<Directory>,
    now_ms: i64,
) -> Result<(), StationFault> {
    let mut connection = station.lock();
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    Repair { station, transaction: &transaction, replica, now_ms }.take_directory(signed)?;
    reached(Point::DirectoryWritten);
    transaction.commit()?;
    Ok(())
}

/// The version of the laptop's directory, when this database never had it.
pub(crate) fn wants_directory(
    transaction: &Transaction<'_>,
    version: u64,
    hash: &Hash,
) -> Result<Option<u64>, StationFault> {
    if version == 0 {
        return Ok(None);
    }
    let key = (i64::try_from(version).unwrap_or(i64::MAX), hash.as_bytes());
    let had = transaction
        .prepare_cached(
            "SELECT 1 FROM directory_version WHERE version = ?1 AND hash = ?2
             UNION ALL SELECT 1 FROM directory_lost WHERE version = ?1 AND hash = ?2",
        )?
        .exists(key)?;
    Ok((!had).then_some(version))
}

struct Repair<'a> {
    station: &'a Station,
    transaction: &'a Transaction<'a>,
    replica: ReplicaId,
    now_ms: i64,
}

impl Repair<'_> {
    fn take(&self, evidence: &Evidence) -> Result<(), StationFault> {
        if let Some(signed) = &evidence.directory {
            self.take_directory(signed.clone())?;
        }
        if let Some(signed) = &evidence.receipt {
            self.take_receipt(signed.clone())?;
        }
        for piece in &evidence.pieces {
            match repair::check_piece(piece.clone(), self.station.id(), &self.station.public_key()) {
                Ok(piece) => {
                    let taken = self.take_piece(&piece.checkpoint.scope, &piece.entries)?;
                    self.given_back(piece.checkpoint.value(), Whole::Yes)?;
                    tracing::warn!(event = "given_back", replica = %self.replica, scope = %piece.checkpoint.scope, entries = taken);
                }
                Err(fault) => tracing::warn!(event = "piece_refused", replica = %self.replica, %fault),
            }
        }
        for signed in &evidence.gaps {
            let Ok(end) = signed.clone().verify(&self.station.public_key()) else { continue };
            if end.station == self.station.id() {
                tracing::error!(event = "piece_incomplete", replica = %self.replica, scope = %end.scope, seq = end.position.seq);
                self.given_back(end.value(), Whole::No)?;
            }
        }
        Ok(())
    }

    /// A lost version of the directory: kept, and what it says is joined with what was decided since.
    fn take_directory(&self, signed: Signed<Directory>) -> Result<(), StationFault> {
        let (id, key) = (self.station.id(), self.station.public_key());
        let Ok(lost) = directory::verify(signed.clone(), id, &key) else {
            tracing::warn!(event = "directory_refused", replica = %self.replica);
            return Ok(());
        };
        let bytes = signed.to_bytes();
        let hash = directory::held_hash(&bytes);
        if wants_directory(self.transaction, lost.version, &hash)?.is_none() {
            return Ok(());
        }
        let newest = self.station.newest_directory(self.transaction)?;
        let version = lost.version.cast_signed();
        let taken = self.transaction.execute(
            "INSERT INTO directory_version (version, signed, hash, signed_at_ms, act) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (version) DO NOTHING",
            (version, &bytes, hash.as_bytes(), lost.signed_at_ms, format!("given back by {}", self.replica)),
        )?;
        if taken == 0 {
            self.transaction.execute(
                "INSERT INTO directory_lost (version, hash, signed) VALUES (?1, ?2, ?3)",
                (version, hash.as_bytes(), &bytes),
            )?;
        }
        let joined = merge::join(&newest, lost.value());
        let above = self.station.newest_directory(self.transaction)?;
        if !merge::says_the_same(&joined, &above) {
            self.station.edit_within(self.transaction, "join", self.now_ms, |directory| {
                let version = directory.version;
                *directory = joined;
                directory.version = version;
                Ok(())
            })?;
        }
        tracing::warn!(event = "directory_given_back", replica = %self.replica, version = lost.version);
        Ok(())
    }

    /// A receipt for more of a lane than this database holds: signed in a life that was lost.
    fn take_receipt(&self, signed: Signed<Receipt>) -> Result<(), StationFault> {
        let Ok(receipt) = signed.verify(&self.station.public_key()) else { return Ok(()) };
        if receipt.station != self.station.id() || receipt.replica != self.replica {
            return Ok(());
        }
        let (head, _) = push::lane_head(self.transaction, self.replica)?;
        if receipt.last() <= head.index {
            return Ok(());
        }
        self.transaction
            .prepare_cached(
                "INSERT INTO lane_lost (replica, last_index) VALUES (?1, ?2)
                 ON CONFLICT (replica) DO UPDATE SET last_index = max(last_index, ?2)",
            )?
            .execute((self.replica.as_bytes(), receipt.last().cast_signed()))?;
        self.open_above(receipt.epoch)
    }

    /// The epoch in which something lost was signed must be over.
    fn open_above(&self, lost: u32) -> Result<(), StationFault> {
        if station::epoch(self.transaction)? <= lost {
            let opened =
                epoch::open_above(self.transaction, self.station.sign_key(), lost, EpochCause::Noticed, self.now_ms)?;
            tracing::error!(event = "restored_noticed", replica = %self.replica, epoch = opened);
        }
        Ok(())
    }

    fn ground(&self, request: &Request, scopes: &BTreeSet<ScopeId>) -> Result<Ground, StationFault> {
        let wants_directory = wants_directory(self.transaction, request.directory_version, &request.directory_hash)?;
        let mut ground = Ground { wants_directory, ..Ground::default() };
        let key = self.station.public_key();
        for cursor in request.cursors.iter().filter(|cursor| scopes.contains(&cursor.scope)) {
            let scope = &cursor.scope;
            if self.standing(scope, &cursor.position)? == Standing::OnLog {
                ground.from.insert(scope.clone(), cursor.position);
                continue;
            }
            let Some(shown) = request.evidence.shown.iter().find(|one| one.scope == *scope) else {
                tracing::warn!(event = "cursor_unknown", replica = %self.replica, %scope, seq = cursor.position.seq);
                ground.unknown.push(scope.clone());
                continue;
            };
            let mut failed = None;
            let verdict = repair::judge_shown(shown, self.station.id(), &key, |place| {
                self.standing(scope, place).unwrap_or_else(|fault| {
                    failed.get_or_insert(fault);
                    Standing::Unknown
                })
            });
            if let Some(fault) = failed {
                return Err(fault);
            }
            match verdict {
                Verdict::GoOn { from } => {
                    ground.from.extend(from.map(|place| (scope.clone(), place)));
                }
                Verdict::CutShort { after, epoch } => {
                    self.open_above(epoch)?;
                    let genesis = LogPosition::genesis(self.station.id(), scope, 0);
                    ground.wanted.push(Wanted { scope: scope.clone(), position: after.unwrap_or(genesis) });
                    ground.unknown.push(scope.clone());
                }
            }
        }
        Ok(ground)
    }

    fn standing(&self, scope: &ScopeId, place: &LogPosition) -> Result<Standing, StationFault> {
        if place.is(&LogPosition::genesis(self.station.id(), scope, 0)) {
            return Ok(Standing::OnLog);
        }
        let key = (scope.as_str(), i64::try_from(place.seq).unwrap_or(i64::MAX), place.chain.as_bytes());
        let there = |sql: &str| self.transaction.prepare_cached(sql)?.exists(key);
        if there("SELECT 1 FROM log WHERE scope = ?1 AND seq = ?2 AND chain = ?3")? {
            return Ok(Standing::OnLog);
        }
        let given = there("SELECT 1 FROM given_back WHERE scope = ?1 AND seq = ?2 AND chain = ?3")?;
        Ok(if given { Standing::GivenBack } else { Standing::Unknown })
    }

    fn given_back(&self, end: &Checkpoint, whole: Whole) -> Result<(), StationFault> {
        self.transaction
            .prepare_cached(
                "INSERT INTO given_back (scope, seq, chain, whole, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (scope, seq, chain) DO UPDATE SET whole = max(whole, ?4)",
            )?
            .execute((
                end.scope.as_str(),
                end.position.seq.cast_signed(),
                end.position.chain.as_bytes(),
                whole == Whole::Yes,
                self.now_ms,
            ))?;
        Ok(())
    }

    /// Appends the entries this database does not hold, and says how many those were. One that is here on another branch of
    /// its lane stays beside it.
    fn take_piece(&self, scope: &ScopeId, entries: &[GivenBack]) -> Result<u64, StationFault> {
        let epoch = station::epoch(self.transaction)?;
        let mut log = Log::new(self.transaction, self.station.id(), epoch);
        let mut taken = 0;
        for one in entries {
            let place = LaneHead { index: one.header.index, hash: one.header_hash };
            let record = (one.replica, one.header_hash);
            let id = match entry::find(self.transaction, one.replica, place)? {
                Some((id, outcome)) if outcome != push::REFUSED => id,
                // what was set aside in this life and accepted in the lost one was accepted
                Some(_) | None => {
                    taken += 1;
                    self.count(one.replica, "refill")?;
                    let id = NewEntry::given_back(one).insert(self.transaction, self.now_ms)?;
                    log.effect(&ruling(one, scope), one.header.document, id, record)?;
                    id
                }
            };
            log.append_once(scope, id, record)?;
            if let Some(now) = self.scope_now(one)?.filter(|now| now != scope) {
                log.append_once(&now, id, record)?;
            }
        }
        log.finish()?;
        Ok(taken)
    }

    /// A change belongs to the log of the scope its document is in now, too.
    fn scope_now(&self, one: &GivenBack) -> Result<Option<ScopeId>, StationFault> {
        if !matches!(one.content, GivenContent::Change { .. }) {
            return Ok(None);
        }
        let found: Option<String> = self
            .transaction
            .prepare_cached("SELECT scope FROM document WHERE document = ?1")?
            .query_row([one.header.document.as_bytes()], |row| row.get(0))
            .optional()?;
        found.as_deref().map(push::read_scope).transpose()
    }

    fn count(&self, replica: ReplicaId, source: &'static str) -> Result<(), StationFault> {
        count(self.transaction, (replica, source, self.replica), 1, self.now_ms)
    }
}

/// Counts what came back, for the operator: whose entries, by which way, brought by whom.
pub(crate) fn count(
    transaction: &Transaction<'_>,
    (replica, source, bringer): (ReplicaId, &'static str, ReplicaId),
    entries: u64,
    now_ms: i64,
) -> Result<(), StationFault> {
    transaction
        .prepare_cached(
            "INSERT INTO recovery (epoch, replica, source, from_replica, entries, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (epoch, replica, source, from_replica) DO UPDATE SET entries = entries + ?5, at_ms = ?6",
        )?
        .execute((
            station::epoch(transaction)?,
            replica.as_bytes(),
            source,
            bringer.as_bytes(),
            entries.cast_signed(),
            now_ms,
        ))?;
    Ok(())
}

/// What an entry given back does, in the scope whose log it came with: it was ruled so once.
fn ruling(one: &GivenBack, scope: &ScopeId) -> Ruling {
    match &one.content {
        GivenContent::Change { .. } | GivenContent::Freeze { .. } | GivenContent::Erased { .. } => {
            Ruling::Log { scope: scope.clone() }
        }
        GivenContent::Move { to, documents, .. } => {
            Ruling::Move { from: one.header.scope.clone(), to: to.clone(), documents: documents.clone() }
        }
        GivenContent::Erase { .. } => Ruling::Erase { scope: scope.clone() },
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whole {
    Yes,
    No,
}
