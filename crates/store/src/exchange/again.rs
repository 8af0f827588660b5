//! What was kept aside because an earlier build could not read it, read again after an upgrade. Must not decide what is bad.

use rusqlite::params;
use sync::ids::{ReplicaId, ScopeId};
use sync::lane::Entry;
use sync::scope_log::{self, EntryFault};

use super::Applied;
use super::apply::{Work, fault_code};
use crate::error::{Result, StoreError};
use crate::identity;
use crate::row::{Bytes, int, replica_of, scope};
use crate::store::Store;
use crate::write::begin;

/// The setting that says which build read last, as [`sync::known::Known::mark`].
const READ_BY: &str = "read_by";

/// An entry kept aside.
struct Aside {
    id: i64,
    replica: ReplicaId,
    scope: ScopeId,
    entry: Entry,
}

impl Store {
    /// Reads again what another build could not, in one transaction, once after each upgrade. Call it when the views are of
    /// this build: see [`Store::needs_rebuild`].
    ///
    /// # Errors
    /// [`StoreError::NoIdentity`], [`StoreError::DiskFull`], [`StoreError::Io`], [`StoreError::Busy`].
    pub fn read_again(&self, now_ms: i64) -> Result<Applied> {
        let mark = self.known().mark();
        if self.read(|reader| crate::local::setting(reader, READ_BY))?.as_deref() == Some(mark.as_str()) {
            return Ok(Applied::default());
        }
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let identity = identity::read(&transaction)?.ok_or(StoreError::NoIdentity)?;
        let mut work = Work::new(&transaction, &identity, self.known(), now_ms);
        for aside in kept(&transaction)? {
            let pulled = scope_log::read_again(aside.replica, aside.entry);
            let (index, still) = work.pulled(&aside.scope, &pulled)?;
            if still.is_none() {
                transaction
                    .prepare_cached("UPDATE log SET aside = NULL, lane_index = ?2 WHERE aside = ?1")?
                    .execute(params![aside.id, int(index)])?;
                transaction.prepare_cached("DELETE FROM quarantine WHERE id = ?1")?.execute([aside.id])?;
            }
        }
        work.project()?;
        let applied = work.applied;
        transaction.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?1, ?2)", [READ_BY, &mark])?;
        transaction.commit()?;
        drop(writer);
        self.finish_erasures()?;
        Ok(applied)
    }
}

/// What another build may read: bytes that are not what their header commits to stay so for ever.
fn kept(conn: &rusqlite::Connection) -> Result<Vec<Aside>> {
    let mut statement =
        conn.prepare("SELECT id, replica, scope, header, salt, body FROM quarantine WHERE reason <> ?1 ORDER BY id")?;
    let mut rows = statement.query([fault_code(EntryFault::BodyNotCommitted)])?;
    let mut kept = Vec::new();
    while let Some(row) = rows.next()? {
        kept.push(Aside {
            id: row.get(0)?,
            replica: replica_of(row, 1)?,
            scope: scope(&row.get::<_, String>(2)?)?,
            entry: Entry { header: row.get(3)?, salt: row.get::<_, Bytes<32>>(4)?.0, body: row.get(5)? },
        });
    }
    Ok(kept)
}
