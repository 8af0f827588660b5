//! `keys.cbor`: the random data key of a replica, wrapped twice: by the passphrase and by the station's recovery key.
//! Owns the file's format and its replacement; must not know what the key opens.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use failpoint::{Point, reached};
use minicbor::{Decode, Encode};
use sync::crypto::{self, BoxPublicKey, BoxSecretKey, KdfFault, KdfParams};
use sync::ids::ReplicaId;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::Random;
use crate::error::{Result, StoreError};

/// Name of the file in a replica's folder.
pub const FILE: &str = "keys.cbor";
/// Longest key file that is read, bytes.
const FILE_BYTES_MAX: u64 = 16 * 1024;
const FORMAT: u32 = 1;

/// The raw key of a database file: 32 random bytes, wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct DataKey([u8; 32]);

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey(..)")
    }
}

impl DataKey {
    /// From 32 random bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A fresh one.
    #[must_use]
    pub fn random(random: Random<'_>) -> Self {
        let mut bytes = [0; 32];
        random(&mut bytes);
        Self(bytes)
    }

    /// The key as SQLCipher takes it, for tests that read a file's pages.
    #[doc(hidden)]
    #[must_use]
    pub fn hex_for_tests(&self) -> Zeroizing<String> {
        self.hex()
    }

    pub(crate) fn hex(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(64));
        for byte in self.0 {
            for nibble in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
        }
        text
    }
}

/// What a profile is called before it is unlocked. The only plain text on the disk.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ProfileLabel {
    /// Officer's name.
    #[n(0)]
    pub officer_name: String,
    /// Laptop's label.
    #[n(1)]
    pub laptop: String,
    /// Station's name.
    #[n(2)]
    pub station_name: String,
    /// Everything in it is made up.
    #[n(3)]
    pub made_up: bool,
}

/// What a new key file is made from.
#[derive(Debug)]
pub struct NewKeys<'a> {
    /// Whose replica.
    pub replica: ReplicaId,
    /// What the profile is called.
    pub label: ProfileLabel,
    /// The passphrase.
    pub passphrase: &'a str,
    /// How the passphrase is hashed.
    pub params: KdfParams,
    /// The station's recovery key.
    pub recovery: BoxPublicKey,
}

#[derive(Encode, Decode)]
struct KeyFile {
    #[n(0)]
    format: u32,
    #[n(1)]
    replica: ReplicaId,
    #[n(2)]
    label: ProfileLabel,
    #[n(3)]
    params: KdfParams,
    #[cbor(n(4), with = "minicbor::bytes")]
    salt: [u8; 16],
    #[cbor(n(5), with = "minicbor::bytes")]
    by_passphrase: Vec<u8>,
    #[n(6)]
    recovery: BoxPublicKey,
    #[cbor(n(7), with = "minicbor::bytes")]
    by_recovery: Vec<u8>,
}

/// Writes the key file of a new replica.
///
/// # Errors
/// [`StoreError::AlreadyExists`], [`StoreError::NotEnoughMemory`], [`StoreError::DiskFull`], [`StoreError::Io`].
pub fn create(folder: &Path, new: &NewKeys<'_>, key: &DataKey, random: Random<'_>) -> Result<()> {
    let path = folder.join(FILE);
    if path.try_exists()? {
        return Err(StoreError::AlreadyExists);
    }
    let (salt, by_passphrase) = wrap(key, new.passphrase, new.params, new.replica, random)?;
    let mut ephemeral = Zeroizing::new([0; 32]);
    random(ephemeral.as_mut_slice());
    let by_recovery = crypto::seal_box(&new.recovery, *ephemeral, &context(new.replica), &key.0);
    let file = KeyFile {
        format: FORMAT,
        replica: new.replica,
        label: new.label.clone(),
        params: new.params,
        salt,
        by_passphrase,
        recovery: new.recovery,
        by_recovery,
    };
    write(&path, &file)
}

/// Opens the data key with the passphrase. Slow on purpose.
///
/// # Errors
/// [`StoreError::WrongPassphrase`], [`StoreError::KeyFileDamaged`], [`StoreError::Missing`], [`StoreError::NotEnoughMemory`].
pub fn unlock(folder: &Path, passphrase: &str) -> Result<DataKey> {
    unwrap(&read(folder)?, passphrase)
}

/// Opens the data key with the station's recovery key: a forgotten passphrase loses nothing.
///
/// # Errors
/// [`StoreError::NotOurFile`] for another station's key, [`StoreError::KeyFileDamaged`], [`StoreError::Missing`].
pub fn recover(folder: &Path, secret: &BoxSecretKey) -> Result<DataKey> {
    let file = read(folder)?;
    let plain =
        crypto::open_box(secret, &context(file.replica), &file.by_recovery).map_err(|_| StoreError::NotOurFile)?;
    data_key(&plain)
}

/// Wraps the data key by a new passphrase. The old file stands until the new one is durable.
///
/// # Errors
/// As for [`unlock`], and [`StoreError::DiskFull`], [`StoreError::Io`].
pub fn change_passphrase(folder: &Path, old: &str, new: &str, params: KdfParams, random: Random<'_>) -> Result<()> {
    let mut file = read(folder)?;
    let key = unwrap(&file, old)?;
    (file.salt, file.by_passphrase) = wrap(&key, new, params, file.replica, random)?;
    file.params = params;
    write(&folder.join(FILE), &file)
}

/// Sets a new passphrase for a key that was recovered.
///
/// # Errors
/// As for [`change_passphrase`].
pub fn set_passphrase(folder: &Path, key: &DataKey, new: &str, params: KdfParams, random: Random<'_>) -> Result<()> {
    let mut file = read(folder)?;
    (file.salt, file.by_passphrase) = wrap(key, new, params, file.replica, random)?;
    file.params = params;
    write(&folder.join(FILE), &file)
}

/// The replica it was made for and what it is called; needs no passphrase. Which replica it is now, the database says.
///
/// # Errors
/// [`StoreError::KeyFileDamaged`], [`StoreError::Missing`].
pub fn label(folder: &Path) -> Result<(ReplicaId, ProfileLabel)> {
    read(folder).map(|file| (file.replica, file.label))
}

/// The station's recovery key the file is wrapped for.
pub(crate) fn recovery_of(folder: &Path) -> Result<BoxPublicKey> {
    read(folder).map(|file| file.recovery)
}

fn context(replica: ReplicaId) -> Vec<u8> {
    [b"fengqiao data key 1".as_slice(), replica.as_bytes()].concat()
}

fn wrap(
    key: &DataKey,
    passphrase: &str,
    params: KdfParams,
    replica: ReplicaId,
    random: Random<'_>,
) -> Result<([u8; 16], Vec<u8>)> {
    let mut salt = [0; 16];
    random(&mut salt);
    let mut nonce = [0; crypto::NONCE_BYTES];
    random(&mut nonce);
    let kek = params.derive(passphrase.as_bytes(), &salt).map_err(no_memory)?;
    Ok((salt, crypto::seal(&kek, nonce, &context(replica), &key.0)))
}

fn unwrap(file: &KeyFile, passphrase: &str) -> Result<DataKey> {
    let kek = file.params.derive(passphrase.as_bytes(), &file.salt).map_err(no_memory)?;
    let plain =
        crypto::open(&kek, &context(file.replica), &file.by_passphrase).map_err(|_| StoreError::WrongPassphrase)?;
    data_key(&plain)
}

fn no_memory(fault: KdfFault) -> StoreError {
    match fault {
        KdfFault::ParamsOutOfBounds => StoreError::KeyFileDamaged,
        KdfFault::CouldNotRun => StoreError::NotEnoughMemory,
    }
}

fn data_key(plain: &[u8]) -> Result<DataKey> {
    plain.try_into().map(DataKey).map_err(|_| StoreError::KeyFileDamaged)
}

fn read(folder: &Path) -> Result<KeyFile> {
    let path = folder.join(FILE);
    if fs::metadata(&path)?.len() > FILE_BYTES_MAX {
        return Err(StoreError::KeyFileDamaged);
    }
    let bytes = fs::read(&path)?;
    let file: KeyFile = minicbor::decode(&bytes).map_err(|_| StoreError::KeyFileDamaged)?;
    if file.format != FORMAT {
        return Err(StoreError::NewerVersion { found: i64::from(file.format), known: i64::from(FORMAT) });
    }
    Ok(file)
}

fn write(path: &Path, file: &KeyFile) -> Result<()> {
    let mut bytes = Vec::new();
    minicbor::encode(file, &mut bytes).map_err(|_| StoreError::KeyFileDamaged)?;
    replace(path, &bytes)
}

/// Puts `bytes` where `path` is, so that a power cut leaves the old or the new file, whole.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let part = path.with_extension("part");
    let mut out = File::create(&part)?;
    out.write_all(bytes)?;
    out.sync_all()?;
    drop(out);
    reached(Point::KeyWritten);
    fs::rename(&part, path)?;
    reached(Point::KeyNamed);
    sync_folder(path.parent().unwrap_or(path))
}

/// Makes names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    // Windows has no handle to a folder; renames are durable there with the file
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
