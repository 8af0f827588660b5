//! Media that bundles may travel on: the marker in a medium's top folder, written at registration and checked at every take.
//! Must not know what is in bundles.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use sync::ids::MediumId;
use sync::limits;
use sync::medium::{MARKER_FILE, Marker};

use crate::bundle::TakeFault;
use crate::edit;
use crate::fault::StationFault;
use crate::station::Station;

/// Folder of bundles on a medium.
pub const BUNDLES_FOLDER: &str = "fengqiao";

impl Station {
    /// Registers the medium whose top folder is `at`, and writes its marker. Gives the directory's new version.
    ///
    /// # Errors
    /// [`StationFault`]; a medium whose marker could not be written is withdrawn again.
    pub fn register_medium(&self, at: &Path, id: MediumId, label: &str, now_ms: i64) -> Result<u64, StationFault> {
        if let Ok(marker) = self.marker(at)
            && marker.admit(&*self.directory()?).is_ok()
        {
            return Err(edit::EditFault::MediumExists { label: marker.label }.into());
        }
        let act = format!("medium register {label}");
        let (directory_version, ()) =
            self.edit(&act, now_ms, |directory| edit::register_medium(directory, id, label, now_ms))?;
        let marker = Marker { station: self.id(), medium: id, label: label.trim().to_owned(), directory_version };
        if let Err(fault) = write(&at.join(MARKER_FILE), &marker.to_file(self.sign_key())) {
            self.edit("medium withdraw", now_ms, |directory| edit::withdraw_medium(directory, &id.to_string()))?;
            return Err(TakeFault::Write(fault).into());
        }
        Ok(directory_version)
    }

    /// The medium that a file or folder lies on: the nearest folder above with a marker.
    ///
    /// # Errors
    /// [`TakeFault`] in [`StationFault::Bundle`], when there is none or it may not be used.
    pub fn medium_of(&self, path: &Path) -> Result<Marker, StationFault> {
        let not_there = || TakeFault::NotOnAMedium { path: path.to_owned() };
        let whole = path.canonicalize().map_err(TakeFault::Read)?;
        let top = whole.ancestors().find(|folder| folder.join(MARKER_FILE).is_file()).ok_or_else(not_there)?;
        let marker = self.marker(top)?;
        let refused = |fault| TakeFault::Medium { path: top.join(MARKER_FILE), fault };
        marker.admit(&*self.directory()?).map_err(refused)?;
        Ok(marker)
    }

    fn marker(&self, top: &Path) -> Result<Marker, TakeFault> {
        let path = top.join(MARKER_FILE);
        let mut bytes = Vec::new();
        let most = limits::MARKER_BYTES_MAX as u64 + 64;
        File::open(&path).and_then(|file| file.take(most).read_to_end(&mut bytes)).map_err(TakeFault::Read)?;
        Marker::from_file(&bytes, self.id(), &self.public_key()).map_err(|fault| TakeFault::Medium { path, fault })
    }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let part = path.with_extension("part");
    let written = File::create(&part).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.and_then(|()| fs::rename(&part, path)).inspect_err(|_| {
        // A marker half written says nothing.
        let _ = fs::remove_file(&part);
    })
}
