//! A station: its database, its keys, its directory. Founding, opening, changes to the directory, enrolment tokens.
//! Must not know HTTP, nor what documents record.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use failpoint::{Point, reached};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, named_params};
use sync::crypto::{self, BoxSecretKey, KdfParams, PublicKey, SignKey, Signable, Signed};
use sync::directory::{self, Directory, held_hash};
use sync::enrolment::{Enrolment, EnrolmentCode, IssuedToken};
use sync::ids::{Hash, OfficerId, ReplicaId, StationId};
use sync::known::Known;
use sync::lease::LeaseKey;
use zeroize::Zeroizing;

use crate::backup;
use crate::db;
use crate::edit::{self, EditFault};
use crate::epoch;
use crate::fault::StationFault;
use crate::founding::Founding;
use crate::key::{self, DatabaseKey};
use crate::load::Turnstile;
use crate::meter::Meter;
use crate::push::again;
use crate::tls::Certificates;

/// Old directories kept in memory; entries of a shift name one or two.
const DIRECTORIES_CACHED: usize = 64;

const RECOVERY_CONTEXT: &[u8] = b"fengqiao station recovery 1";

/// A station with its database open. Shared between threads; every public call is one or more whole transactions.
pub struct Station {
    id: StationId,
    sign: SignKey,
    dir: PathBuf,
    connection: Mutex<Connection>,
    directories: Mutex<BTreeMap<u64, Arc<Directory>>>,
    turnstile: Turnstile,
    meter: Meter,
    known: Known,
}

/// What an enrolment file is made for.
#[derive(Debug, Clone)]
pub struct Issue {
    /// For whom.
    pub officer: OfficerId,
    /// What the laptop is called.
    pub laptop_label: String,
    /// The replica to be.
    pub replica: ReplicaId,
    /// The one-time token: 32 random bytes.
    pub token: [u8; 32],
    /// Addresses of the station.
    pub servers: Vec<String>,
}

/// That the station can work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// Which station.
    pub station: StationId,
    /// Newest version of its directory.
    pub directory_version: u64,
    /// Free space where its files are.
    pub disk_available_bytes: u64,
}

impl Station {
    /// Founds a station in `dir`: key file, database, keys, directory version 1.
    ///
    /// # Errors
    /// [`StationFault`], also when there is a station in `dir` already.
    pub fn create(dir: &Path, founding: Founding, now_ms: i64) -> Result<Self, StationFault> {
        key::make_folder(dir).map_err(db::OpenFault::Folder)?;
        let name = edit::plain_text("station name", &founding.name)?;
        let division = edit::plain_text("division", &founding.division)?;
        let key = DatabaseKey::new(founding.seeds.database_key);
        key.write(dir)?;
        reached(Point::FoundKeyed);
        let mut connection = db::create(dir, &key)?;

        let sign = SignKey::from_seed(&founding.seeds.signing);
        let recovery = BoxSecretKey::from_seed(founding.seeds.recovery);
        let code = Zeroizing::new(founding.recovery_code.to_string());
        let code_key = founding.kdf.derive(code.as_bytes(), &founding.seeds.recovery_salt)?;
        let nonce = founding.seeds.recovery_nonce;
        let sealed_recovery = crypto::seal(&code_key, nonce, RECOVERY_CONTEXT, recovery.seed().as_slice());
        let tls_pins = match &founding.certificates {
            Some(certificates) => vec![certificates.pin()?],
            None => Vec::new(),
        };
        let directory = Directory {
            version: 1,
            station: founding.station,
            station_name: name,
            division,
            data_kind: founding.data_kind,
            signed_at_ms: now_ms,
            station_key: sign.public(),
            recovery_key: recovery.public(),
            tls_pins,
            villages: Vec::new(),
            cells: Vec::new(),
            officers: Vec::new(),
            assignments: Vec::new(),
            replicas: Vec::new(),
            enrolments: Vec::new(),
            lease_days: None,
            bundle_key: bundle_key(&sign).public(),
            media: Vec::new(),
        };

        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        put_setting(&transaction, "station", founding.station.as_bytes())?;
        put_setting(&transaction, "signing_key", sign.seed().as_slice())?;
        epoch::found(&transaction, now_ms)?;
        put_setting(&transaction, "recovery_key", &sealed_recovery)?;
        put_setting(&transaction, "recovery_salt", &founding.seeds.recovery_salt)?;
        put_setting(
            &transaction,
            "recovery_kdf",
            &minicbor::to_vec(founding.kdf).map_err(|_| StationFault::Damaged { what: "recovery parameters" })?,
        )?;
        backup::put_code(&transaction, &code_key, founding.kdf, &founding.seeds.recovery_salt)?;
        if let Some(certificates) = &founding.certificates {
            put_setting(&transaction, "tls_authority", &certificates.authority)?;
            put_setting(&transaction, "tls_authority_key", &certificates.authority_key)?;
            put_setting(&transaction, "tls_server", &certificates.server)?;
            put_setting(&transaction, "tls_server_key", &certificates.server_key)?;
        }
        insert_directory(&transaction, &directory, &sign, "init")?;
        reached(Point::FoundWritten);
        transaction.commit()?;
        reached(Point::Founded);
        let station = Self::assemble(founding.station, sign, dir, connection);
        again::begin(&station.lock(), &station)?;
        Ok(station)
    }

    /// Opens the station in `dir`.
    ///
    /// # Errors
    /// [`StationFault`].
    pub fn open(dir: &Path) -> Result<Self, StationFault> {
        Self::open_knowing(dir, Known::here())
    }

    /// As [`Station::open`], by a build that knows only so much. What another build could not read is judged again.
    ///
    /// # Errors
    /// [`StationFault`].
    #[doc(hidden)]
    pub fn open_knowing(dir: &Path, known: Known) -> Result<Self, StationFault> {
        let path = dir.join(db::DATABASE_FILE);
        if !path.is_file() {
            return Err(db::OpenFault::Missing { path }.into());
        }
        let connection = db::open(dir, &DatabaseKey::read(dir)?)?;
        let id = StationId::from_bytes(fixed(&setting(&connection, "station")?, "station id")?);
        let seed = Zeroizing::new(fixed::<32>(&setting(&connection, "signing_key")?, "signing key")?);
        let station = Self { known, ..Self::assemble(id, SignKey::from_seed(&seed), dir, connection) };
        again::after_upgrade(&station)?;
        Ok(station)
    }

    fn assemble(id: StationId, sign: SignKey, dir: &Path, connection: Connection) -> Self {
        Self {
            id,
            sign,
            dir: dir.to_owned(),
            connection: Mutex::new(connection),
            directories: Mutex::default(),
            turnstile: Turnstile::default(),
            meter: Meter::default(),
            known: Known::here(),
        }
    }

    pub(crate) fn known(&self) -> &Known {
        &self.known
    }

    /// The station's id.
    #[must_use]
    pub fn id(&self) -> StationId {
        self.id
    }

    /// The station's public signing key.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        self.sign.public()
    }

    pub(crate) fn turnstile(&self) -> &Turnstile {
        &self.turnstile
    }

    pub(crate) fn meter(&self) -> &Meter {
        &self.meter
    }

    pub(crate) fn sign_key(&self) -> &SignKey {
        &self.sign
    }

    /// A panic while the lock was held rolled its transaction back, so the connection is sound.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Commits without waiting for the disk, as a station that breaks its promise would: the control of power-cut tests.
    ///
    /// # Errors
    /// [`StationFault`].
    #[doc(hidden)]
    pub fn sync_lazily_for_tests(&self) -> Result<(), StationFault> {
        Ok(self.lock().execute_batch("PRAGMA synchronous = NORMAL")?)
    }

    /// Asks the database whether it works.
    ///
    /// # Errors
    /// [`StationFault`].
    pub fn readiness(&self) -> Result<Readiness, StationFault> {
        Ok(Readiness {
            station: self.id,
            directory_version: newest_version(&self.lock())?,
            disk_available_bytes: fs4::available_space(&self.dir).map_err(db::OpenFault::Folder)?,
        })
    }

    /// Moves what the write-ahead log holds into the database file, as far as other programs let it.
    ///
    /// # Errors
    /// [`StationFault`].
    pub fn checkpoint(&self) -> Result<(), StationFault> {
        Ok(self.lock().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    }

    /// The newest directory.
    ///
    /// # Errors
    /// [`StationFault`].
    pub fn directory(&self) -> Result<Arc<Directory>, StationFault> {
        self.newest_directory(&self.lock())
    }

    /// The directory as it was at a version, if there was one.
    ///
    /// # Errors
    /// [`StationFault`].
    pub fn directory_version(&self, version: u64) -> Result<Option<Arc<Directory>>, StationFault> {
        self.directory_at(&self.lock(), version)
    }

    /// The newest directory, read by its version each time because the CLI changes it while the server runs.
    pub(crate) fn newest_directory(&self, connection: &Connection) -> Result<Arc<Directory>, StationFault> {
        let version = newest_version(connection)?;
        self.directory_at(connection, version)?.ok_or(StationFault::Damaged { what: "directory" })
    }

    /// The directory of a version, if the station ever signed one.
    pub(crate) fn directory_at(
        &self,
        connection: &Connection,
        version: u64,
    ) -> Result<Option<Arc<Directory>>, StationFault> {
        let mut cached = self.directories.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = cached.get(&version) {
            return Ok(Some(Arc::clone(found)));
        }
        let Some(signed) = signed_directory(connection, version)? else {
            return Ok(None);
        };
        let verified = directory::verify(signed, self.id, &self.sign.public())
            .map_err(|_| StationFault::Damaged { what: "directory" })?;
        let found = Arc::new(verified.into_value());
        if cached.len() >= DIRECTORIES_CACHED {
            cached.pop_first();
        }
        cached.insert(version, Arc::clone(&found));
        Ok(Some(found))
    }

    /// As [`Station::directory_at`]; a version lost in a restore, or one that meant another directory then, is judged by
    /// the next one there is. Versions follow each other without gaps where nothing was lost.
    pub(crate) fn directory_from(
        &self,
        connection: &Connection,
        version: u64,
    ) -> Result<Option<Arc<Directory>>, StationFault> {
        let next: Option<i64> = connection
            .prepare_cached(
                "SELECT min(version) FROM directory_version AS held WHERE version >= ?1
                 AND (version > ?1 OR NOT EXISTS (SELECT 1 FROM directory_lost AS lost WHERE lost.version = held.version))",
            )?
            .query_row([i64::try_from(version).unwrap_or(i64::MAX)], |row| row.get(0))?;
        next.map_or(Ok(None), |next| self.directory_at(connection, next.cast_unsigned()))
    }

    /// Changes the directory: one act, one new signed version. `act` says what was done, for the log.
    ///
    /// # Errors
    /// [`StationFault`]; nothing is changed then.
    pub fn edit<T>(
        &self,
        act: &str,
        now_ms: i64,
        change: impl FnOnce(&mut Directory) -> Result<T, EditFault>,
    ) -> Result<(u64, T), StationFault> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = self.edit_within(&transaction, act, now_ms, change)?;
        reached(Point::EditWritten);
        transaction.commit()?;
        reached(Point::EditCommitted);
        Ok(done)
    }

    pub(crate) fn edit_within<T>(
        &self,
        transaction: &Transaction<'_>,
        act: &str,
        now_ms: i64,
        change: impl FnOnce(&mut Directory) -> Result<T, EditFault>,
    ) -> Result<(u64, T), StationFault> {
        let mut directory = Directory::clone(&*self.newest_directory(transaction)?);
        let outcome = change(&mut directory)?;
        directory.version = directory.version.saturating_add(1);
        directory.signed_at_ms = now_ms;
        insert_directory(transaction, &directory, &self.sign, act)?;
        // one of this version may have been read inside a transaction that was rolled back
        self.directories.lock().unwrap_or_else(PoisonError::into_inner).remove(&directory.version);
        Ok((directory.version, outcome))
    }

    /// Gives out a one-time token and returns what goes into the enrolment file.
    ///
    /// # Errors
    /// [`StationFault`], when the officer is unknown, the replica taken, or the station has no certificate.
    pub fn issue(&self, issue: &Issue, now_ms: i64) -> Result<Enrolment, StationFault> {
        let laptop_label = edit::plain_text("laptop label", &issue.laptop_label)?;
        let pin = self.certificates()?.pin()?;
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let version = newest_version(&transaction)?;
        let directory = self.newest_directory(&transaction)?;
        edit::find_officer(&directory, &issue.officer.to_string())?;
        let added = transaction.execute(
            "INSERT INTO token (token_hash, officer, replica, laptop_label, issued_at_ms)
             VALUES (:token_hash, :officer, :replica, :laptop_label, :now_ms) ON CONFLICT DO NOTHING",
            named_params! {
                ":token_hash": directory::token_hash(&issue.token).as_bytes(),
                ":officer": issue.officer.as_bytes(),
                ":replica": issue.replica.as_bytes(),
                ":laptop_label": laptop_label,
                ":now_ms": now_ms,
            },
        )?;
        if added == 0 {
            return Err(StationFault::ReplicaTaken { replica: issue.replica });
        }
        let signed = signed_directory(&transaction, version)?.ok_or(StationFault::Damaged { what: "directory" })?;
        reached(Point::TokenWritten);
        transaction.commit()?;
        reached(Point::TokenIssued);
        Ok(Enrolment {
            station: self.id,
            station_key: self.sign.public(),
            servers: issue.servers.clone(),
            tls_pin: pin,
            directory: signed,
            officer: issue.officer,
            replica: issue.replica,
            laptop_label,
            token: issue.token,
            lease_key: self.lease_key(issue.replica).to_bytes(),
        })
    }

    /// The key of a laptop's extension codes: from the station's own signing seed, which backups carry.
    #[must_use]
    pub fn lease_key(&self, replica: ReplicaId) -> LeaseKey {
        let secret = crypto::hash("fengqiao lease secret 1", &[self.sign.seed().as_slice()]);
        LeaseKey::derive(&secret.0, replica)
    }

    /// What laptops' bundles open with: from the station's own signing seed, which backups carry.
    #[must_use]
    pub fn bundle_key(&self) -> BoxSecretKey {
        bundle_key(&self.sign)
    }

    /// Keys and certificates of the server.
    ///
    /// # Errors
    /// [`StationFault::SettingMissing`] for a station founded without.
    pub fn certificates(&self) -> Result<Certificates, StationFault> {
        let connection = self.lock();
        Ok(Certificates {
            authority: setting(&connection, "tls_authority")?,
            authority_key: Zeroizing::new(setting(&connection, "tls_authority_key")?),
            server: setting(&connection, "tls_server")?,
            server_key: Zeroizing::new(setting(&connection, "tls_server_key")?),
        })
    }

    /// The recovery key, opened with the code on paper.
    ///
    /// # Errors
    /// [`StationFault::Seal`] when the code is wrong.
    pub fn recovery_key(&self, code: &EnrolmentCode) -> Result<BoxSecretKey, StationFault> {
        let connection = self.lock();
        let salt = fixed::<16>(&setting(&connection, "recovery_salt")?, "recovery salt")?;
        let kdf: KdfParams = minicbor::decode(&setting(&connection, "recovery_kdf")?)
            .map_err(|_| StationFault::Damaged { what: "recovery parameters" })?;
        let sealed = setting(&connection, "recovery_key")?;
        let typed = Zeroizing::new(code.to_string());
        let key = kdf.derive(typed.as_bytes(), &salt)?;
        let seed = crypto::open(&key, RECOVERY_CONTEXT, &sealed)?;
        Ok(BoxSecretKey::from_seed(fixed(&seed, "recovery key")?))
    }
}

fn bundle_key(sign: &SignKey) -> BoxSecretKey {
    BoxSecretKey::from_seed(crypto::hash("fengqiao bundle secret 1", &[sign.seed().as_slice()]).0)
}

pub(crate) fn signing_key(connection: &Connection) -> Result<SignKey, StationFault> {
    let seed = Zeroizing::new(fixed::<32>(&setting(connection, "signing_key")?, "signing key")?);
    Ok(SignKey::from_seed(&seed))
}

pub(crate) fn newest_version(connection: &Connection) -> Result<u64, StationFault> {
    let version: Option<i64> =
        connection.query_row("SELECT max(version) FROM directory_version", [], |row| row.get(0))?;
    version.map(i64::cast_unsigned).ok_or(StationFault::Damaged { what: "directory" })
}

pub(crate) fn signed_directory(
    connection: &Connection,
    version: u64,
) -> Result<Option<Signed<Directory>>, StationFault> {
    let bytes: Option<Vec<u8>> = connection
        .prepare_cached("SELECT signed FROM directory_version WHERE version = ?1")?
        .query_row([version.cast_signed()], |row| row.get(0))
        .optional()?;
    Ok(bytes.map(|bytes| Signed::from_bytes(&bytes)).transpose()?)
}

pub(crate) fn insert_directory(
    transaction: &Transaction<'_>,
    directory: &Directory,
    sign: &SignKey,
    act: &str,
) -> Result<(), StationFault> {
    let signed = Signed::sign(directory, sign).to_bytes();
    if signed.len() > Directory::BYTES_MAX {
        return Err(StationFault::DirectoryTooLarge { bytes: signed.len(), max: Directory::BYTES_MAX });
    }
    transaction.execute(
        "INSERT INTO directory_version (version, signed, hash, signed_at_ms, act) VALUES (?1, ?2, ?3, ?4, ?5)",
        (directory.version.cast_signed(), &signed, held_hash(&signed).as_bytes(), directory.signed_at_ms, act),
    )?;
    Ok(())
}

pub(crate) fn issued_token(connection: &Connection, hash: &Hash) -> Result<Option<IssuedToken>, StationFault> {
    let found = connection
        .prepare_cached("SELECT officer, replica, laptop_label FROM token WHERE token_hash = ?1")?
        .query_row([hash.as_bytes()], |row| {
            Ok(IssuedToken {
                token_hash: *hash,
                officer: OfficerId::from_bytes(row.get(0)?),
                replica: ReplicaId::from_bytes(row.get(1)?),
                laptop_label: row.get(2)?,
            })
        })
        .optional()?;
    Ok(found)
}

pub(crate) fn epoch(connection: &Connection) -> Result<u32, StationFault> {
    Ok(u32::from_be_bytes(fixed(&setting(connection, "epoch")?, "epoch")?))
}

pub(crate) fn setting(connection: &Connection, name: &'static str) -> Result<Vec<u8>, StationFault> {
    connection
        .prepare_cached("SELECT value FROM setting WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?
        .ok_or(StationFault::SettingMissing { name })
}

/// Writes a setting, over an older value too.
pub(crate) fn put_setting(connection: &Connection, name: &str, value: &[u8]) -> Result<(), StationFault> {
    connection.execute(
        "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
        (name, value),
    )?;
    Ok(())
}

pub(crate) fn fixed<const N: usize>(bytes: &[u8], what: &'static str) -> Result<[u8; N], StationFault> {
    bytes.try_into().map_err(|_| StationFault::Damaged { what })
}
