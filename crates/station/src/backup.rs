//! Backups of the station: one sealed file with the database and its key, read back before it counts, and only then told
//! to laptops as the watermark. Owns the order of these steps. Must not know the command line.

pub(crate) mod container;
mod folder;
mod restore;

use std::fs::{self, File, TryLockError};
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use failpoint::{Point, reached};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, named_params};
use sync::crypto::{self, KdfFault, KdfParams, NONCE_BYTES};
use sync::enrolment::EnrolmentCode;
use sync::ids::{Hash, ReplicaId, StationId};
use zeroize::Zeroizing;

pub use container::{Facts, Label};
pub use folder::remove_aged;
pub use restore::{Restored, restore};

use crate::db;
use crate::fault::StationFault;
use crate::key::{self, DatabaseKey};
use crate::station::{self, Station};
use container::{BackupKey, Manifest, Sealed};

/// How a backup file is named at its end.
pub const SUFFIX: &str = "fqbackup";

/// Locked while a backup is made.
const LOCK_FILE: &str = "backup.lock";

/// Why a backup could not be made, read or brought back.
#[derive(Debug, thiserror::Error)]
pub enum BackupFault {
    /// Some other file.
    #[error("not a backup of a station")]
    NotABackup,
    /// Written by a newer program.
    #[error("backup of version {found}, this program reads {known}")]
    NewerVersion {
        /// Its version.
        found: u8,
        /// The newest known.
        known: u8,
    },
    /// The beginning of the file was changed or cut.
    #[error("the header of the backup is damaged")]
    HeaderDamaged,
    /// Another code.
    #[error("the code does not open this backup")]
    WrongCode,
    /// The file was changed, put in another order or cut short.
    #[error("the backup is damaged or cut short, at part {chunk} of 64 KiB")]
    Damaged {
        /// Which chunk, from 0.
        chunk: u64,
    },
    /// What was read back is not what was written.
    #[error("the backup was read back and does not hold what the station holds")]
    NotTheSame,
    /// The database inside is not sound.
    #[error("the database in the backup is damaged: {finding}")]
    Unsound {
        /// What SQLite found first.
        finding: String,
    },
    /// Another backup of this station is being made.
    #[error("another backup of this station is being made")]
    UnderWay,
    /// There is a file already.
    #[error("{path} exists already")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// There is a station already.
    #[error("{path} holds a station; restore into another folder")]
    StationThere {
        /// The folder.
        path: PathBuf,
    },
    /// A key file of something else.
    #[error("{path} is another station's key; restore into another folder")]
    KeyThere {
        /// The file.
        path: PathBuf,
    },
    /// Reading failed.
    #[error("reading: {0}")]
    Read(#[from] std::io::Error),
    /// Writing failed.
    #[error("writing: {0}")]
    Write(#[source] std::io::Error),
    /// The code could not be turned into a key.
    #[error(transparent)]
    Kdf(#[from] KdfFault),
}

/// Random bytes of one backup.
pub struct BackupSeeds {
    /// Seals the chunks.
    pub chunk_key: [u8; 32],
    /// Nonce of the header's seal.
    pub nonce: [u8; NONCE_BYTES],
}

/// A backup that was read back and found whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupMade {
    /// The file.
    pub path: PathBuf,
    /// Its bytes.
    pub bytes: u64,
    /// The moment it holds, UTC milliseconds.
    pub made_at_ms: i64,
    /// What it holds.
    pub facts: Facts,
}

/// Makes a backup of the station in `dir` as the new file `path`, while its server may be running: copies the database as
/// it is at one moment, seals it, reads the file back, and only then records it and its watermark.
///
/// # Errors
/// [`StationFault`]; neither the file nor a record of it is there then, but for a fault while recording.
pub fn make(dir: &Path, path: &Path, seeds: &BackupSeeds, now_ms: i64) -> Result<BackupMade, StationFault> {
    let key = DatabaseKey::read(dir)?;
    let mut source = db::open(dir, &key)?;
    // Held until the end of this call, and let go by the system when the process dies.
    let _lock = only_one(dir)?;
    if path.try_exists().map_err(BackupFault::Read)? {
        return Err(BackupFault::Exists { path: path.to_owned() }.into());
    }
    let work = Work::beside(path, station_id(&source)?);
    work.clear();
    let outcome = work.fill(&source, &key, seeds, now_ms).and_then(|(facts, heads)| {
        reached(Point::SealRead);
        fs::rename(&work.part, path).map_err(BackupFault::Write)?;
        reached(Point::SealNamed);
        key::sync_folder(parent(path)).map_err(BackupFault::Write)?;
        Ok((facts, heads))
    });
    work.clear();
    let (facts, heads) = outcome?;
    let bytes = fs::metadata(path).map_err(BackupFault::Read)?.len();
    let made = BackupMade { path: path.to_owned(), bytes, made_at_ms: now_ms, facts };
    record(&mut source, &made, &heads)?;
    Ok(made)
}

/// One backup of a station at a time: a second would remove the first one's files as left over.
fn only_one(dir: &Path) -> Result<File, BackupFault> {
    let lock = File::options().write(true).create(true).truncate(false).open(dir.join(LOCK_FILE));
    let lock = lock.map_err(BackupFault::Write)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(BackupFault::UnderWay),
        Err(TryLockError::Error(fault)) => Err(BackupFault::Write(fault)),
    }
}

/// The files of a backup under way. Their names are the station's, so that the next backup into the folder removes what a
/// killed one left.
struct Work {
    /// A plain copy of the encrypted database: first what is sealed, then what was read back.
    copy: PathBuf,
    /// The backup until it counts.
    part: PathBuf,
}

impl Work {
    fn beside(path: &Path, station: StationId) -> Self {
        let folder = parent(path);
        let named = |end: &str| folder.join(format!("fengqiao-{station}.{end}"));
        Self { copy: named("copy"), part: named("part") }
    }

    /// What cannot be removed is in the way of the next step, which then says so.
    fn clear(&self) {
        let _ = fs::remove_file(&self.part);
        self.clear_copy();
    }

    fn clear_copy(&self) {
        for end in ["", "-journal", "-wal", "-shm"] {
            let mut name = self.copy.as_os_str().to_owned();
            name.push(end);
            let _ = fs::remove_file(PathBuf::from(name));
        }
    }

    /// Writes the unfinished file and reads it back. Gives what it holds.
    fn fill(
        &self,
        source: &Connection,
        key: &DatabaseKey,
        seeds: &BackupSeeds,
        now_ms: i64,
    ) -> Result<(Facts, Vec<(ReplicaId, u64)>), StationFault> {
        let (label, backup_key) = label(source, now_ms)?;
        let copy = db::copy(source, &self.copy, key)?;
        let facts = facts(&copy)?;
        drop(copy);
        reached(Point::SealCopied);
        let database = File::open(&self.copy).map_err(BackupFault::Read)?;
        let manifest = Manifest {
            chunk_key: seeds.chunk_key,
            database_key: key.bytes(),
            database_bytes: database.metadata().map_err(BackupFault::Read)?.len(),
            facts,
        };
        let mut part = BufWriter::new(key::create_private(&self.part).map_err(BackupFault::Write)?);
        container::write(&mut part, &label, &manifest, (&backup_key, seeds.nonce), database)
            .map_err(BackupFault::Write)?;
        part.flush().map_err(BackupFault::Write)?;
        part.get_ref().sync_all().map_err(BackupFault::Write)?;
        drop(part);
        reached(Point::SealWritten);
        self.clear_copy();
        self.read_back(&backup_key, &manifest.facts)
    }

    fn read_back(
        &self,
        backup_key: &BackupKey,
        expected: &Facts,
    ) -> Result<(Facts, Vec<(ReplicaId, u64)>), StationFault> {
        let (sealed, mut rest) = open_file(&self.part)?;
        let manifest = sealed.open(backup_key)?;
        let mut copy = BufWriter::new(key::create_private(&self.copy).map_err(BackupFault::Write)?);
        sealed.unpack(&manifest, &mut rest, &mut copy)?;
        drop(copy);
        let copy = db::open_copy(&self.copy, &DatabaseKey::new(manifest.database_key))?;
        let found = sound_facts(&copy)?;
        if found != *expected || found != manifest.facts {
            return Err(BackupFault::NotTheSame.into());
        }
        let heads = lane_heads(&copy)?.into_iter().map(|(replica, index, _)| (replica, index)).collect();
        Ok((found, heads))
    }
}

/// What a file's header says, and the code's verdict on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Station and age.
    pub label: Label,
    /// What it holds.
    pub facts: Facts,
}

/// Opens a backup with the code and reads it to its end without writing anything.
///
/// # Errors
/// [`BackupFault`].
pub fn check(path: &Path, code: &EnrolmentCode) -> Result<Checked, BackupFault> {
    let (sealed, mut rest) = open_file(path)?;
    let manifest = sealed.open(&code_key(&sealed.label, code)?)?;
    sealed.unpack(&manifest, &mut rest, std::io::sink())?;
    Ok(Checked { label: sealed.label, facts: manifest.facts.clone() })
}

pub(crate) fn open_file(path: &Path) -> Result<(Sealed, BufReader<File>), BackupFault> {
    let mut file = BufReader::new(File::open(path)?);
    Ok((container::read_header(&mut file)?, file))
}

pub(crate) fn code_key(label: &Label, code: &EnrolmentCode) -> Result<BackupKey, BackupFault> {
    let typed = Zeroizing::new(code.to_string());
    let key = label.params.derive(typed.as_bytes(), &label.salt)?;
    Ok(BackupKey::from_code_key(&key, &label.salt))
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn label(source: &Connection, made_at_ms: i64) -> Result<(Label, BackupKey), StationFault> {
    let station = station_id(source)?;
    let salt = station::fixed(&station::setting(source, "backup_salt")?, "backup salt")?;
    let params = minicbor::decode(&station::setting(source, "backup_kdf")?)
        .map_err(|_| StationFault::Damaged { what: "backup parameters" })?;
    let key = Zeroizing::new(station::fixed(&station::setting(source, "backup_key")?, "backup key")?);
    Ok((Label { station, made_at_ms, params, salt }, BackupKey(key)))
}

pub(crate) fn station_id(connection: &Connection) -> Result<StationId, StationFault> {
    Ok(StationId::from_bytes(station::fixed(&station::setting(connection, "station")?, "station id")?))
}

/// Keeps what backups are sealed with from now on: a key made from the code, never the code.
pub(crate) fn put_code(
    connection: &Connection,
    code_key: &[u8; 32],
    params: KdfParams,
    salt: &[u8; 16],
) -> Result<(), StationFault> {
    let params = minicbor::to_vec(params).map_err(|_| StationFault::Damaged { what: "backup parameters" })?;
    station::put_setting(connection, "backup_salt", salt)?;
    station::put_setting(connection, "backup_kdf", &params)?;
    station::put_setting(connection, "backup_key", BackupKey::from_code_key(code_key, salt).0.as_slice())
}

impl Station {
    /// Seals backups by another code from now on. Files made before keep theirs.
    ///
    /// # Errors
    /// [`StationFault`].
    pub fn set_backup_code(&self, code: &EnrolmentCode, params: KdfParams, salt: [u8; 16]) -> Result<(), StationFault> {
        let typed = Zeroizing::new(code.to_string());
        let code_key = params.derive(typed.as_bytes(), &salt)?;
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        put_code(&transaction, &code_key, params, &salt)?;
        Ok(transaction.commit()?)
    }

    /// How far the newest verified backup holds a replica's lane; nothing before the first backup.
    ///
    /// # Errors
    /// [`StationFault`].
    pub fn backup_watermark(&self, replica: ReplicaId) -> Result<Option<u64>, StationFault> {
        watermark(&self.lock(), replica)
    }
}

/// How far the newest verified backup holds a replica's lane; nothing before the first backup.
///
/// # Errors
/// [`StationFault`].
pub(crate) fn watermark(connection: &Connection, replica: ReplicaId) -> Result<Option<u64>, StationFault> {
    let index: Option<i64> = connection
        .prepare_cached("SELECT lane_index FROM watermark WHERE replica = ?1")?
        .query_row([replica.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(index.map(i64::cast_unsigned))
}

fn lane_heads(connection: &Connection) -> Result<Vec<(ReplicaId, u64, Hash)>, StationFault> {
    let mut query = connection.prepare("SELECT replica, head_index, head_hash FROM lane ORDER BY replica")?;
    let heads = query.query_map([], |row| {
        Ok((ReplicaId::from_bytes(row.get(0)?), row.get::<_, i64>(1)?.cast_unsigned(), Hash(row.get(2)?)))
    })?;
    Ok(heads.collect::<Result<_, _>>()?)
}

fn facts(connection: &Connection) -> Result<Facts, StationFault> {
    let entries: i64 = connection.query_row("SELECT count(*) FROM entry", [], |row| row.get(0))?;
    let heads = lane_heads(connection)?;
    let texts: Vec<Vec<u8>> = heads
        .iter()
        .map(|(replica, index, hash)| [replica.as_bytes().as_slice(), &index.to_be_bytes(), hash.as_bytes()].concat())
        .collect();
    let parts: Vec<&[u8]> = texts.iter().map(Vec::as_slice).collect();
    Ok(Facts {
        entries: entries.cast_unsigned(),
        lanes: heads.len() as u64,
        lane_heads: crypto::hash("fengqiao lane heads 1", &parts),
        epoch: station::epoch(connection)?,
        directory_version: station::newest_version(connection)?,
    })
}

/// As [`facts`], after SQLite has looked at every page.
pub(crate) fn sound_facts(connection: &Connection) -> Result<Facts, StationFault> {
    let finding: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if finding == "ok" { facts(connection) } else { Err(BackupFault::Unsound { finding }.into()) }
}

fn record(source: &mut Connection, made: &BackupMade, heads: &[(ReplicaId, u64)]) -> Result<(), StationFault> {
    let transaction = source.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let file_name = made.path.file_name().unwrap_or_default().to_string_lossy();
    transaction.execute(
        "INSERT INTO backup (at_ms, file_name, bytes, entries, lanes, epoch, directory_version)
         VALUES (:at_ms, :file_name, :bytes, :entries, :lanes, :epoch, :directory_version)
         ON CONFLICT (at_ms) DO UPDATE SET file_name = :file_name, bytes = :bytes",
        named_params! {
            ":at_ms": made.made_at_ms,
            ":file_name": file_name,
            ":bytes": made.bytes.cast_signed(),
            ":entries": made.facts.entries.cast_signed(),
            ":lanes": made.facts.lanes.cast_signed(),
            ":epoch": made.facts.epoch,
            ":directory_version": made.facts.directory_version.cast_signed(),
        },
    )?;
    for (replica, index) in heads {
        transaction
            .prepare_cached(
                "INSERT INTO watermark (replica, lane_index, at_ms) VALUES (?1, ?2, ?3)
                 ON CONFLICT (replica) DO UPDATE SET lane_index = ?2, at_ms = ?3",
            )?
            .execute((replica.as_bytes(), index.cast_signed(), made.made_at_ms))?;
    }
    Ok(transaction.commit()?)
}

impl From<BackupFault> for StationFault {
    fn from(fault: BackupFault) -> Self {
        Self::Backup(Box::new(fault))
    }
}
