//! A host for tests: virtual clock, seeded randomness, a folder of its own. Not for real data: its randomness is predictable.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use crate::host::{FileDelivery, Host, Removable};

/// Monday 2026-11-16 08:00 at the station.
pub(crate) const BEGIN_MS: i64 = 1_763_251_200_000 + 31_536_000_000;

/// The host.
pub(crate) struct TestHost {
    now_ms: AtomicI64,
    seed: AtomicU64,
    folder: PathBuf,
    delivery: FileDelivery,
}

impl TestHost {
    /// A host whose randomness follows from `seed` and whose folder is new.
    #[must_use]
    pub(crate) fn new(seed: u64) -> Arc<Self> {
        let mut folder = std::env::temp_dir();
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        folder.push(format!("fengqiao-test-{}-{number}", std::process::id()));
        Self::at(seed, folder)
    }

    /// A host over a folder that may hold data already.
    #[must_use]
    pub(crate) fn at(seed: u64, folder: PathBuf) -> Arc<Self> {
        Arc::new(Self {
            now_ms: AtomicI64::new(BEGIN_MS),
            seed: AtomicU64::new(seed),
            folder,
            delivery: FileDelivery::Inline,
        })
    }

    /// Moves the clock.
    pub(crate) fn advance_ms(&self, by_ms: i64) {
        self.now_ms.fetch_add(by_ms, Ordering::Relaxed);
    }

    /// Sets the clock.
    pub(crate) fn set_ms(&self, now_ms: i64) {
        self.now_ms.store(now_ms, Ordering::Relaxed);
    }
}

impl Drop for TestHost {
    fn drop(&mut self) {
        // A test's folder that stays behind harms nobody.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Host for TestHost {
    fn now_ms(&self) -> i64 {
        self.now_ms.load(Ordering::Relaxed)
    }

    fn random(&self, bytes: &mut [u8]) {
        for byte in bytes {
            // SplitMix64, one step a byte.
            let mut z = self.seed.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            *byte = u8::try_from((z ^ (z >> 31)) & 0xFF).unwrap_or(0);
        }
    }

    fn data_dir(&self) -> &Path {
        &self.folder
    }

    fn free_disk_bytes(&self) -> Option<u64> {
        Some(50 << 30)
    }

    fn removable(&self) -> Vec<Removable> {
        let sticks = std::fs::read_dir(self.folder.join("sticks")).into_iter().flatten().filter_map(Result::ok);
        sticks.map(|stick| Removable { folder: stick.path(), free_bytes: None }).collect()
    }

    fn file_delivery(&self) -> FileDelivery {
        self.delivery
    }

    fn version(&self) -> &str {
        "test"
    }
}
