//! About this app and its file.

use crate::contract::Empty;
use crate::contract::settings::About;
use crate::error::AppError;
use crate::session::Session;

/// Versions and sizes.
///
/// # Errors
/// Faults of the disk.
pub(crate) fn run(session: &Session, _: Empty) -> Result<About, AppError> {
    let files = session.store.files()?;
    Ok(About {
        version: session.host.version().to_owned(),
        sqlite: files.sqlite,
        sqlcipher: files.sqlcipher,
        data_folder: files.folder.display().to_string(),
        database_bytes: files.database_bytes,
        entries: files.entries,
    })
}
