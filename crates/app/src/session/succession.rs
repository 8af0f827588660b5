//! Going on as a new replica when the station follows another copy of this disk. Must not know how that was noticed.

use std::sync::PoisonError;

use ::sync::crypto::SignKey;
use ::sync::directory::ReplicaState;
use ::sync::ids::ReplicaId;
use documents::Actor;
use store::succession::{Succeeded, Successor};
use zeroize::Zeroizing;

use super::{Session, Who};
use crate::error::AppError;
use crate::event::{Event, SyncSignal};
use crate::host::{fresh_id, random, secret};

impl Session {
    /// Goes on as a new replica with a new key; what was not sent goes along. Nothing happens when the station has revoked
    /// this replica, or does not list it yet: then nobody else can have written in its lane.
    ///
    /// # Errors
    /// Faults of the disk: the old replica then stays at work.
    pub(crate) fn succeed(&self) -> Result<Option<Succeeded>, AppError> {
        match self.directory().replica(self.replica()).map(|replica| replica.state) {
            Some(ReplicaState::Active | ReplicaState::Frozen) => {}
            Some(ReplicaState::Revoked | ReplicaState::Other(_)) | None => return Ok(None),
        }
        let new = Successor {
            replica: ReplicaId(fresh_id(&*self.host)),
            signing_key: Zeroizing::new(*SignKey::from_seed(&secret::<32>(&*self.host)).seed()),
            now_ms: self.now_ms(),
        };
        let done = self.store.succeed(&new)?;
        // a command under way takes its lane from the database; that it still writes as the old actor does no harm
        *self.who.write().unwrap_or_else(PoisonError::into_inner) =
            Who { replica: done.replica, actor: Actor(random(&*self.host)) };
        tracing::warn!(replica = %done.replica, predecessor = %done.predecessor, carried = done.carried, "goes on as a new replica");
        self.bus.tell(&Event::Succeeded { carried: done.carried });
        self.bus.changed(["session", "sync", "status", "audit"]);
        self.bus.signal(SyncSignal::Succeeded);
        Ok(Some(done))
    }
}
