//! A backup becomes a new replica beside whatever is there. It never writes as the old one: that may have gone on. What the
//! backup holds of unsent work goes into the new lane, naming what it replaces. Must not overwrite a replica.

use std::fs;
use std::path::Path;

use failpoint::{Point, reached};
use sync::crypto::KdfParams;
use sync::ids::ReplicaId;
use zeroize::Zeroizing;

use crate::conn::{self, Access};
use crate::error::{Result, StoreError};
use crate::identity::Identity;
use crate::keys::{self, NewKeys};
use crate::replica::{self, DATABASE};
use crate::store::Store;
use crate::succession::{self, Cause, Successor};
use crate::write::begin;
use crate::{Random, schema};

/// What a restored replica is made from.
pub struct NewReplica<'a> {
    /// Its id.
    pub replica: ReplicaId,
    /// Seed of its signing key.
    pub signing_key: Zeroizing<[u8; 32]>,
    /// How the passphrase is hashed.
    pub params: KdfParams,
    /// The laptop's clock, UTC milliseconds.
    pub now_ms: i64,
    /// Where random bytes come from.
    pub random: Random<'a>,
}

/// What a restore made.
#[derive(Debug)]
pub struct Restored {
    /// The new replica, open.
    pub store: Store,
    /// Who the backup was; its key signs the successor.
    pub predecessor: Identity,
    /// Unsent entries carried over into the new lane.
    pub carried: u64,
}

/// Restores a backup as a new replica in the data folder.
///
/// # Errors
/// [`StoreError::NotABackup`], [`StoreError::WrongPassphrase`], [`StoreError::AlreadyExists`], [`StoreError::NotOurFile`],
/// [`StoreError::Damaged`], [`StoreError::DiskFull`], [`StoreError::Io`].
pub fn into_new(backup: &Path, data: &Path, passphrase: &str, new: &NewReplica<'_>) -> Result<Restored> {
    if !backup.join(DATABASE).try_exists()? || !backup.join(keys::FILE).try_exists()? {
        return Err(StoreError::NotABackup);
    }
    let key = keys::unlock(backup, passphrase)?;
    let folder = replica::folder(data, new.replica);
    if folder.try_exists()? {
        return Err(StoreError::AlreadyExists);
    }
    let part = folder.with_extension("part");
    if part.try_exists()? {
        fs::remove_dir_all(&part)?;
    }
    replica::make_folder(&part)?;
    fs::copy(backup.join(DATABASE), part.join(DATABASE))?;
    reached(Point::RestoreCopied);
    let (_, label) = keys::label(backup)?;
    let recovery = keys::recovery_of(backup)?;
    let made = NewKeys { replica: new.replica, label, passphrase, params: new.params, recovery };
    keys::create(&part, &made, &key, new.random)?;
    reached(Point::RestoreKeyed);
    let (predecessor, carried) = {
        let mut conn = conn::open(&part.join(DATABASE), &key, Access::ReadWrite)?;
        schema::migrate(&conn)?;
        let successor = Successor { replica: new.replica, signing_key: new.signing_key.clone(), now_ms: new.now_ms };
        let transaction = begin(&mut conn)?;
        let (predecessor, succeeded) = succession::take_over(&transaction, &successor, Cause::Backup)?;
        reached(Point::RestoreWritten);
        transaction.commit()?;
        (predecessor, succeeded.carried)
    };
    reached(Point::RestoreTaken);
    fs::rename(&part, &folder)?;
    reached(Point::RestoreNamed);
    keys::sync_folder(folder.parent().unwrap_or(&folder))?;
    let store = Store::open(&folder, &key)?;
    Ok(Restored { store, predecessor, carried })
}
