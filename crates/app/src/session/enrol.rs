//! Makes this laptop one of the station's from the enrolment file and the code told separately. Works with no network; the
//! first exchange certifies the key.

use std::fs;
use std::path::Path;

use ::sync::crypto::SignKey;
use ::sync::directory::DataKind;
use ::sync::enrolment::{Enrolment, EnrolmentCode, EnrolmentFault, OpenedEnrolment, open_file, probe_file};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use failpoint::{Point, reached};
use store::keys::{NewKeys, ProfileLabel};
use store::{DataKey, Identity, Store};
use zeroize::Zeroizing;

use super::profile::profile;
use crate::app::App;
use crate::contract::session::{EnrolRequest, Profile};
use crate::error::AppError;
use crate::event::locked;
use crate::host::secret;

/// Characters of a passphrase at least.
pub(crate) const PASSPHRASE_CHARS_MIN: usize = 8;
/// Characters of a passphrase at most: it is hashed, not kept.
const PASSPHRASE_CHARS_MAX: usize = 1_000;
/// The largest enrolment file in base64, bytes: a directory of a large station has some hundred KiB.
const FILE_TEXT_MAX: usize = 12 << 20;

/// Creates the replica's folder, keys and database. The session stays locked.
///
/// # Errors
/// Why the file, the code or the passphrase cannot be used; faults of the disk.
pub(crate) fn run(app: &App, request: EnrolRequest) -> Result<Profile, AppError> {
    let passphrase = Zeroizing::new(request.passphrase);
    check_passphrase(&passphrase)?;
    if request.file_base64.len() > FILE_TEXT_MAX {
        return Err(AppError::TooLarge { what: "file", max: FILE_TEXT_MAX as u64 });
    }
    let file = STANDARD.decode(request.file_base64.trim()).map_err(|_| AppError::EnrolmentUnreadable {})?;
    probe_file(&file).map_err(fault)?;
    let code: EnrolmentCode = request.code.parse().map_err(|_| AppError::EnrolmentWrongCode {})?;
    let _opening = locked(&app.opening);
    let opened = open_file(&file, &code).map_err(fault)?;
    let replica = opened.enrolment.replica;
    let folder = store::replica::folder(app.host.data_dir(), replica);
    if folder.exists() {
        if store::keys::label(&folder).is_ok() {
            return Err(AppError::EnrolmentUsed {});
        }
        // an enrolment that a power cut ended before there were keys: kept aside, in nobody's way
        let aside = folder.with_extension(format!("unfinished-{}", app.host.now_ms()));
        fs::rename(&folder, aside).map_err(store::StoreError::from)?;
    }
    let made = make(app, &opened, &passphrase, &folder);
    if made.is_err() {
        // Nothing was ever written by the officer in it, so taking the half-made folder away loses nothing.
        let _ = fs::remove_dir_all(&folder);
    }
    let label = made?;
    app.bus.changed(["session"]);
    Ok(profile(replica, label))
}

/// Refuses a passphrase nobody should use.
pub(crate) fn check_passphrase(passphrase: &str) -> Result<(), AppError> {
    let chars = passphrase.chars().count();
    if chars < PASSPHRASE_CHARS_MIN {
        return Err(AppError::PassphraseTooShort { min: PASSPHRASE_CHARS_MIN as u64 });
    }
    if chars > PASSPHRASE_CHARS_MAX {
        return Err(AppError::TooLarge { what: "passphrase", max: PASSPHRASE_CHARS_MAX as u64 });
    }
    Ok(())
}

fn make(app: &App, opened: &OpenedEnrolment, passphrase: &str, folder: &Path) -> Result<ProfileLabel, AppError> {
    let (enrolment, directory) = (&opened.enrolment, &opened.directory);
    let officer = directory.officer(enrolment.officer).ok_or(AppError::EnrolmentNotInDirectory {})?;
    let label = ProfileLabel {
        officer_name: officer.name.clone(),
        laptop: enrolment.laptop_label.clone(),
        station_name: directory.station_name.clone(),
        made_up: directory.data_kind == DataKind::MadeUp,
    };
    store::replica::make_folder(folder)?;
    reached(Point::EnrolFolder);
    let random = |bytes: &mut [u8]| app.host.random(bytes);
    let key = DataKey::random(&random);
    let keys = NewKeys {
        replica: enrolment.replica,
        label: label.clone(),
        passphrase,
        params: app.kdf,
        recovery: directory.recovery_key,
    };
    // the database first: a folder counts as a replica only with both, and keys without a database would be nothing
    let seed = secret::<32>(&*app.host);
    let identity = Identity {
        replica: enrolment.replica,
        officer: enrolment.officer,
        station: enrolment.station,
        laptop: enrolment.laptop_label.clone(),
        signing_key: Zeroizing::new(*SignKey::from_seed(&seed).seed()),
        enrolment: write_enrolment(enrolment),
        certified: false,
        refused: None,
        predecessor: None,
        predecessor_key: None,
        succession: None,
    };
    let store = Store::create(folder, &key, &identity)?;
    reached(Point::EnrolDatabase);
    store.directory_put(opened.directory.version, opened.directory.signed(), app.host.now_ms())?;
    store.checkpoint()?;
    drop(store);
    reached(Point::EnrolDirectory);
    store::keys::create(folder, &keys, &key, &random)?;
    reached(Point::EnrolKeyed);
    Ok(label)
}

/// What of the enrolment file is kept, inside the encrypted database.
fn write_enrolment(enrolment: &Enrolment) -> Vec<u8> {
    enrolment.to_bytes()
}

/// Reads what was kept.
pub(super) fn read_enrolment(bytes: &[u8]) -> Result<Enrolment, AppError> {
    Enrolment::from_bytes(bytes).map_err(|_| AppError::DataDamaged {})
}

fn fault(fault: EnrolmentFault) -> AppError {
    match fault {
        EnrolmentFault::NotAnEnrolmentFile | EnrolmentFault::Damaged => AppError::EnrolmentUnreadable {},
        EnrolmentFault::NewerVersion { .. } => AppError::DataNewer {},
        EnrolmentFault::WrongCode => AppError::EnrolmentWrongCode {},
        EnrolmentFault::OfficerUnknown => AppError::EnrolmentNotInDirectory {},
        EnrolmentFault::Kdf(_) => AppError::NotEnoughMemory {},
        EnrolmentFault::Directory(_) => AppError::EnrolmentUnreadable {},
    }
}
