//! Files made for the user. Owns where they go and how they reach him; must not know what is in them.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::contract::report::FileMade;
use crate::error::AppError;
use crate::host::FileDelivery;
use crate::session::Session;

/// Folder of exports below the data folder: the user's own files, in the clear.
const EXPORTS: &str = "exports";

/// Writes a file for the user, durably; an older one of the same name is kept beside it.
///
/// # Errors
/// Faults of the disk.
pub(crate) fn deliver(session: &Session, name: &str, bytes: &[u8]) -> Result<FileMade, AppError> {
    let name = plain_name(name);
    let content_base64 = match session.host.file_delivery() {
        FileDelivery::Path => None,
        FileDelivery::Inline => Some(STANDARD.encode(bytes)),
    };
    let folder = session.host.data_dir().join(EXPORTS);
    std::fs::create_dir_all(&folder).map_err(io)?;
    let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, "bin"));
    let mut path = folder.join(&name);
    for copy in 2..1_000 {
        match std::fs::File::create_new(&path) {
            Ok(mut file) => {
                let written = file.write_all(bytes).and_then(|()| file.sync_all());
                if let Err(error) = written {
                    let _gone = std::fs::remove_file(&path);
                    return Err(io(error));
                }
                let name = path.file_name().map_or_else(|| name.clone(), |name| name.to_string_lossy().into_owned());
                let bytes = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                return Ok(FileMade { name, path: path.display().to_string(), bytes, content_base64 });
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                path = folder.join(format!("{stem} ({copy}).{ending}"));
            }
            Err(error) => return Err(io(error)),
        }
    }
    Err(AppError::DiskFailed {})
}

/// Without anything a file system reads as a path; station names are typed by people.
fn plain_name(name: &str) -> String {
    let plain: String =
        name.chars()
            .map(|c| {
                if c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') {
                    '_'
                } else {
                    c
                }
            })
            .collect();
    plain.trim_start_matches('.').chars().take(120).collect()
}

fn io(error: std::io::Error) -> AppError {
    if error.kind() == std::io::ErrorKind::StorageFull { AppError::DiskFull {} } else { AppError::DiskFailed {} }
}

#[cfg(test)]
mod tests {
    use super::plain_name;

    #[test]
    fn a_name_cannot_leave_its_folder() {
        assert_eq!(plain_name("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(plain_name("青枫派出所2026年第46周周报.pdf"), "青枫派出所2026年第46周周报.pdf");
        assert_eq!(plain_name("a:b\u{0}c"), "a_b_c");
    }
}
