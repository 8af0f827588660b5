//! Whether a folder is a registered stick, and which answers are on it. Must not write.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use ::sync::bundle::{ANSWER_SUFFIX, Preamble, SealedAnswer};
use ::sync::limits;
use ::sync::medium::{MARKER_FILE, Marker, MediumFault};
use store::bundle::{Awaited, awaited};

use super::disk::Reading;
use crate::error::AppError;
use crate::session::Session;

/// A registered medium.
pub(super) struct Medium {
    /// Its top folder.
    pub(super) top: PathBuf,
    /// What the station calls it.
    pub(super) label: String,
}

/// The medium that a folder is the top of, or lies on.
///
/// # Errors
/// [`AppError::FolderUnusable`], [`AppError::MediumNotRegistered`], [`AppError::MediumWithdrawn`].
pub(super) fn of(session: &Session, folder: &Path) -> Result<Medium, AppError> {
    if !folder.is_absolute() || !folder.is_dir() {
        return Err(AppError::FolderUnusable {});
    }
    let top = folder.ancestors().find(|one| one.join(MARKER_FILE).is_file()).ok_or(AppError::MediumNotRegistered {})?;
    let found = marker(session, top).and_then(|marker| marker.admit(&session.directory()).map(|()| marker));
    let marker = found.map_err(|fault| match fault {
        MediumFault::Withdrawn => AppError::MediumWithdrawn {},
        MediumFault::NotAMarker
        | MediumFault::NewerVersion { .. }
        | MediumFault::NotTheStations
        | MediumFault::NotRegistered => AppError::MediumNotRegistered {},
    })?;
    Ok(Medium { top: top.to_owned(), label: marker.label })
}

/// The marker of a medium, if the station signed it. Whether it still stands by it the directory says.
pub(super) fn marker(session: &Session, top: &Path) -> Result<Marker, MediumFault> {
    let mut bytes = Vec::new();
    let most = u64::try_from(limits::MARKER_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(64);
    File::open(top.join(MARKER_FILE))
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .map_err(|_| MediumFault::NotAMarker)?;
    let enrolment = session.enrolment();
    Marker::from_file(&bytes, enrolment.station, &enrolment.station_key)
}

/// An answer to a bundle of this laptop.
pub(super) struct Answer {
    pub(super) path: PathBuf,
    pub(super) sealed: SealedAnswer,
    pub(super) awaited: Awaited,
}

/// Reads whose answer a file is.
///
/// # Errors
/// What is wrong with the file; [`AppError::BundleNotOurs`].
pub(super) fn answer(session: &Session, path: &Path) -> Result<Answer, AppError> {
    let mut file = Reading::open(path)?;
    let (preamble, head) = Preamble::read(&mut file)?;
    let enrolment = session.enrolment();
    let sealed = SealedAnswer::read(&preamble, &head, enrolment.station, &enrolment.station_key)?;
    let bundle = sealed.head().bundle;
    let awaited = session.store.read(|reader| awaited(reader, bundle))?.ok_or(AppError::BundleNotOurs {})?;
    if sealed.head().replica != session.replica() || awaited.replica != session.replica() {
        return Err(AppError::BundleNotOurs {});
    }
    Ok(Answer { path: path.to_owned(), sealed, awaited })
}

/// The answers on a medium to bundles of this laptop, in the order the bundles were written. Other files are none of ours.
pub(super) fn answers(session: &Session, medium: &Medium) -> Result<Vec<Answer>, AppError> {
    let folder = medium.top.join(super::FOLDER);
    let Ok(files) = fs::read_dir(&folder) else { return Ok(Vec::new()) };
    let paths = files.filter_map(Result::ok).map(|file| file.path());
    let mut found = Vec::new();
    for path in paths.filter(|path| path.extension().is_some_and(|ending| ending == ANSWER_SUFFIX)) {
        match answer(session, &path) {
            Ok(answer) => found.push(answer),
            // another laptop's, or a file that says when it is named what is wrong with it
            Err(AppError::BundleNotOurs {} | AppError::BundleOtherStation {} | AppError::BundleUnreadable {}) => {}
            Err(AppError::BundleDamaged {} | AppError::BundleNewer {} | AppError::BundleNotAnAnswer {}) => {}
            Err(other) => return Err(other),
        }
    }
    found.sort_by_key(|one| one.awaited.at);
    Ok(found)
}
