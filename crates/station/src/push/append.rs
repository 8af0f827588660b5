//! Appending to scope logs inside a frame's transaction, and what moves and erasures do to documents.
//! Heads are read once a scope and written once at the end; the transaction makes them one with the entries.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Transaction};
use sync::ids::{DocumentId, Hash, ReplicaId, ScopeId, StationId};
use sync::judge::Ruling;
use sync::receipt::ScopeSequence;
use sync::scope_log::LogPosition;

use crate::fault::StationFault;

/// The scope logs as this transaction extends them.
pub(crate) struct Log<'t> {
    transaction: &'t Transaction<'t>,
    station: StationId,
    epoch: u32,
    heads: BTreeMap<ScopeId, (u64, LogPosition)>,
}

impl<'t> Log<'t> {
    pub(crate) fn new(transaction: &'t Transaction<'t>, station: StationId, epoch: u32) -> Self {
        Self { transaction, station, epoch, heads: BTreeMap::new() }
    }

    /// Gives an entry the next number of a scope.
    pub(super) fn append(&mut self, scope: &ScopeId, entry: i64, place: (ReplicaId, Hash)) -> Result<(), StationFault> {
        let (before, head) = match self.heads.get(scope) {
            Some(known) => *known,
            None => {
                let head = head(self.transaction, self.station, scope, self.epoch)?;
                (head.seq, head)
            }
        };
        let (replica, header_hash) = place;
        let next = head.next(replica, &header_hash);
        self.transaction
            .prepare_cached("INSERT INTO log (scope, seq, chain, entry) VALUES (?1, ?2, ?3, ?4)")?
            .execute((scope.as_str(), next.seq.cast_signed(), next.chain.as_bytes(), entry))?;
        self.heads.insert(scope.clone(), (before, next));
        Ok(())
    }

    /// As [`Log::append`], unless the entry is in the scope's log already.
    pub(crate) fn append_once(
        &mut self,
        scope: &ScopeId,
        entry: i64,
        place: (ReplicaId, Hash),
    ) -> Result<(), StationFault> {
        let there = self
            .transaction
            .prepare_cached("SELECT 1 FROM log WHERE entry = ?1 AND scope = ?2")?
            .exists((entry, scope.as_str()))?;
        if there { Ok(()) } else { self.append(scope, entry, place) }
    }

    /// What an accepted entry does besides being in the log of its scope.
    pub(crate) fn effect(
        &mut self,
        ruling: &Ruling,
        document: DocumentId,
        entry: i64,
        place: (ReplicaId, Hash),
    ) -> Result<(), StationFault> {
        let transaction = self.transaction;
        match ruling {
            Ruling::Log { scope } => settle(transaction, document, scope),
            Ruling::Move { from, to, documents } => {
                for moved in documents {
                    settle(transaction, *moved, from)?;
                    self.copy(*moved, entry, from, to)?;
                    relocate(transaction, *moved, entry, from, to)?;
                }
                self.append_once(to, entry, place)
            }
            Ruling::Erase { scope } => {
                settle(transaction, document, scope)?;
                // whoever held it before it moved on holds it still
                for former in former(transaction, document)? {
                    self.append_once(&former, entry, place)?;
                }
                erase(transaction, document, entry)
            }
            Ruling::Held | Ruling::Refused(_) => Ok(()),
        }
    }

    /// Appends a document's entries of one scope to another, in their order, and with them the earlier moves that named it.
    /// `movement` is the entry that asks for it; it comes last, by itself.
    fn copy(&mut self, document: DocumentId, movement: i64, from: &ScopeId, to: &ScopeId) -> Result<(), StationFault> {
        let entries: Vec<(i64, ReplicaId, Hash)> = self
            .transaction
            .prepare_cached(
                "SELECT entry.id, entry.replica, entry.header_hash FROM entry
                 JOIN log ON log.entry = entry.id AND log.scope = ?2
                 WHERE (entry.document = ?1 OR entry.id IN (SELECT entry FROM movement WHERE document = ?1))
                   AND entry.id <> ?3 ORDER BY log.seq",
            )?
            .query_map((document.as_bytes(), from.as_str(), movement), |row| {
                Ok((row.get(0)?, ReplicaId::from_bytes(row.get(1)?), Hash(row.get(2)?)))
            })?
            .collect::<Result<_, _>>()?;
        entries.into_iter().try_for_each(|(entry, replica, hash)| self.append_once(to, entry, (replica, hash)))
    }

    /// Writes the new heads and says which numbers were taken.
    pub(crate) fn finish(self) -> Result<Vec<ScopeSequence>, StationFault> {
        let mut sequences = Vec::new();
        for (scope, (before, head)) in self.heads {
            self.transaction
                .prepare_cached(
                    "INSERT INTO scope (scope, head, chain) VALUES (?1, ?2, ?3)
                     ON CONFLICT (scope) DO UPDATE SET head = ?2, chain = ?3",
                )?
                .execute((scope.as_str(), head.seq.cast_signed(), head.chain.as_bytes()))?;
            if head.seq > before {
                sequences.push(ScopeSequence { scope, first: before + 1, last: head.seq });
            }
        }
        Ok(sequences)
    }
}

/// The end of a scope's log, as signed in an epoch.
pub(crate) fn head(
    transaction: &Transaction<'_>,
    station: StationId,
    scope: &ScopeId,
    epoch: u32,
) -> Result<LogPosition, StationFault> {
    let found = transaction
        .prepare_cached("SELECT head, chain FROM scope WHERE scope = ?1")?
        .query_row([scope.as_str()], |row| {
            Ok(LogPosition { epoch, seq: row.get::<_, i64>(0)?.cast_unsigned(), chain: Hash(row.get(1)?) })
        })
        .optional()?;
    Ok(found.unwrap_or_else(|| LogPosition::genesis(station, scope, epoch)))
}

/// A document not seen before is in `scope` from now on.
fn settle(transaction: &Transaction<'_>, document: DocumentId, scope: &ScopeId) -> Result<(), StationFault> {
    transaction
        .prepare_cached("INSERT INTO document (document, scope) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute((document.as_bytes(), scope.as_str()))?;
    Ok(())
}

/// Moves a document from one scope to another by `movement`; late edits made in the old one follow it.
fn relocate(
    transaction: &Transaction<'_>,
    document: DocumentId,
    movement: i64,
    from: &ScopeId,
    to: &ScopeId,
) -> Result<(), StationFault> {
    transaction
        .prepare_cached("INSERT INTO movement (document, entry) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute((document.as_bytes(), movement))?;
    transaction
        .prepare_cached("UPDATE document SET scope = ?2 WHERE document = ?1")?
        .execute((document.as_bytes(), to.as_str()))?;
    transaction
        .prepare_cached("INSERT INTO former_scope (document, scope) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute((document.as_bytes(), from.as_str()))?;
    Ok(())
}

/// The scopes a document was moved out of.
fn former(transaction: &Transaction<'_>, document: DocumentId) -> Result<Vec<ScopeId>, StationFault> {
    let texts: Vec<String> = transaction
        .prepare_cached("SELECT scope FROM former_scope WHERE document = ?1 ORDER BY scope")?
        .query_map([document.as_bytes()], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    texts.iter().map(|text| super::lookup::read_scope(text)).collect()
}

/// Drops everything a document's entries hold but the headers; `keep` is the erasure itself. The hash of a change goes
/// too: it is not keyed, and a short change could be guessed from it. Accepted controls stay: they name documents and
/// scopes, and a move takes others along. What was set aside goes whatever it is.
fn erase(transaction: &Transaction<'_>, document: DocumentId, keep: i64) -> Result<(), StationFault> {
    transaction.prepare_cached("UPDATE document SET erased = 1 WHERE document = ?1")?.execute([document.as_bytes()])?;
    transaction
        .prepare_cached(
            "UPDATE entry SET salt = NULL, body = NULL, change_hash = NULL, actor = NULL, actor_number = NULL
             WHERE document = ?1 AND id <> ?2 AND (change_hash IS NOT NULL OR outcome = ?3)",
        )?
        .execute((document.as_bytes(), keep, super::REFUSED))?;
    Ok(())
}
