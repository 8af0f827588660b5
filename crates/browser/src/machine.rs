//! The real machine as `app` sees it: clock, randomness, data folder, free space. Used by every edition.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use app::{FileDelivery, Host, Removable};
use sysinfo::{Disk, Disks};

use crate::folder::DataFolder;

/// The machine this program runs on.
#[derive(Debug)]
pub struct Machine {
    folder: DataFolder,
    delivery: FileDelivery,
}

impl Machine {
    /// A machine working in a folder that belongs to it.
    #[must_use]
    pub fn new(folder: DataFolder, delivery: FileDelivery) -> Self {
        Self { folder, delivery }
    }
}

impl Host for Machine {
    fn now_ms(&self) -> i64 {
        // A clock before 1970 is wrong by so much that zero is as good; data is never refused for a wrong clock.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    fn random(&self, bytes: &mut [u8]) {
        if getrandom::fill(bytes).is_err() {
            // Keys and tokens made without the system's random source would be worthless: stop before anything is made.
            tracing::error!("the system gives no randomness");
            std::process::abort();
        }
    }

    fn data_dir(&self) -> &Path {
        self.folder.path()
    }

    fn free_disk_bytes(&self) -> Option<u64> {
        fs4::available_space(self.folder.path()).ok()
    }

    fn removable(&self) -> Vec<Removable> {
        // A system that does not list its disks has none to offer; a folder can be named by hand.
        let Ok(disks) = Disks::new_with_refreshed_list() else { return Vec::new() };
        let found =
            |disk: &Disk| Removable { folder: disk.mount_point().to_owned(), free_bytes: Some(disk.available_space()) };
        disks.iter().filter(|disk| disk.is_removable()).map(found).collect()
    }

    fn file_delivery(&self) -> FileDelivery {
        self.delivery
    }

    fn version(&self) -> &str {
        env!("CARGO_PKG_VERSION")
    }
}
