//! The outside world of a simulated laptop: a clock the simulation moves, randomness from a seed, a folder, and a fuse that
//! takes the power away in the middle of a write. Not for real data: its randomness is predictable.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use app::{FileDelivery, Host, Removable};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// The fuse when nothing is to happen.
const SOUND: i64 = -1;

/// The host of a simulated laptop.
pub struct MadeHost {
    now_ms: AtomicI64,
    random: Mutex<ChaCha8Rng>,
    fuse: AtomicI64,
    folder: PathBuf,
}

impl MadeHost {
    /// A host over a folder that may hold data already.
    #[must_use]
    pub fn new(seed: u64, folder: &Path, now_ms: i64) -> Arc<Self> {
        Arc::new(Self {
            now_ms: AtomicI64::new(now_ms),
            random: Mutex::new(ChaCha8Rng::seed_from_u64(seed)),
            fuse: AtomicI64::new(SOUND),
            folder: folder.to_owned(),
        })
    }

    /// Sets the clock.
    pub fn set_ms(&self, now_ms: i64) {
        self.now_ms.store(now_ms, Ordering::Relaxed);
    }

    /// Lets the power fail when randomness is asked for the `calls`-th time from now. Writes ask in the middle of their
    /// transaction, so what was begun is never committed.
    pub fn light_fuse(&self, calls: u16) {
        self.fuse.store(i64::from(calls), Ordering::Relaxed);
    }

    /// Puts the fuse out; whether it had burnt down.
    pub fn put_out(&self) -> Fuse {
        match self.fuse.swap(SOUND, Ordering::Relaxed) {
            0 => Fuse::BurntDown,
            _ => Fuse::Sound,
        }
    }

    fn burn(&self) {
        let before = self.fuse.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| (left > 0).then(|| left - 1));
        if before == Ok(1) {
            // Unwinds through the write without the panic hook's words: the transaction is dropped as a power cut would.
            std::panic::resume_unwind(Box::new("power cut"));
        }
    }
}

/// What became of a fuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fuse {
    /// Nothing happened.
    Sound,
    /// The power failed.
    BurntDown,
}

impl Host for MadeHost {
    fn now_ms(&self) -> i64 {
        self.now_ms.load(Ordering::Relaxed)
    }

    fn random(&self, bytes: &mut [u8]) {
        self.burn();
        self.random.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }

    fn data_dir(&self) -> &Path {
        &self.folder
    }

    fn free_disk_bytes(&self) -> Option<u64> {
        None
    }

    fn removable(&self) -> Vec<Removable> {
        Vec::new()
    }

    fn file_delivery(&self) -> FileDelivery {
        FileDelivery::Inline
    }

    fn version(&self) -> &str {
        env!("CARGO_PKG_VERSION")
    }
}
