//! The sticks in this laptop just now, registered or not.

use std::path::Path;

use ::sync::medium::MediumFault;
use domain::week::start_of_day_ms;

use super::medium::{self, Medium};
use crate::contract::Empty;
use crate::contract::bundle::{MediumList, MediumRow, MediumState};
use crate::error::AppError;
use crate::host::Removable;
use crate::session::Session;

/// Looks.
///
/// # Errors
/// Faults of the disk.
pub(crate) fn run(session: &Session, _: Empty) -> Result<MediumList, AppError> {
    let day = start_of_day_ms(session.today());
    let unsent = session.store.read(|reader| store::status::of(reader, day))?.unsent;
    let rows = session.host.removable().into_iter().map(|found| row(session, found)).collect::<Result<_, _>>()?;
    Ok(MediumList { rows, unsent })
}

fn row(session: &Session, found: Removable) -> Result<MediumRow, AppError> {
    let marker = medium::marker(session, &found.folder);
    let admitted = marker.as_ref().map_err(|fault| *fault).and_then(|marker| marker.admit(&session.directory()));
    let state = match admitted {
        Ok(()) => MediumState::Registered,
        Err(MediumFault::Withdrawn) => MediumState::Withdrawn,
        Err(
            MediumFault::NotAMarker
            | MediumFault::NewerVersion { .. }
            | MediumFault::NotTheStations
            | MediumFault::NotRegistered,
        ) => MediumState::NotRegistered,
    };
    let answers = match &marker {
        Ok(marker) if state == MediumState::Registered => {
            let medium = Medium { top: found.folder.clone(), label: marker.label.clone() };
            let all = medium::answers(session, &medium)?;
            all.iter().filter(|answer| answer.awaited.answered_at.is_none()).count()
        }
        Ok(_) | Err(_) => 0,
    };
    Ok(MediumRow {
        folder: found.folder.display().to_string(),
        label: marker.map_or_else(|_| folder_name(&found.folder), |marker| marker.label),
        state,
        free_bytes: found.free_bytes,
        answers: u64::try_from(answers).unwrap_or(u64::MAX),
    })
}

fn folder_name(folder: &Path) -> String {
    folder.file_name().map_or_else(|| folder.display().to_string(), |name| name.to_string_lossy().into_owned())
}
