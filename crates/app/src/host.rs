//! What a host gives the app: time, randomness, a folder. Owns the trait and the ids made from it; must not know any host.

use std::path::{Path, PathBuf};

use uuid::{Builder, Uuid};
use zeroize::Zeroizing;

/// How files made for the user reach him.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileDelivery {
    /// By their path: a desktop window opens the folder.
    Path,
    /// Inside the answer as well: a browser saves them.
    Inline,
}

/// A medium that can be taken out: a stick, a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removable {
    /// Its top folder.
    pub folder: PathBuf,
    /// Free space, when the system tells.
    pub free_bytes: Option<u64>,
}

/// The outside world of an app: everything it cannot know or make by itself.
pub trait Host: Send + Sync + 'static {
    /// Now, UTC milliseconds.
    fn now_ms(&self) -> i64;
    /// Fills `bytes` from a cryptographic source.
    fn random(&self, bytes: &mut [u8]);
    /// The folder everything is kept in.
    fn data_dir(&self) -> &Path;
    /// Free space where the data is, when the system tells.
    fn free_disk_bytes(&self) -> Option<u64>;
    /// Media in this machine that can be taken out, as far as it knows.
    fn removable(&self) -> Vec<Removable>;
    /// How files reach the user.
    fn file_delivery(&self) -> FileDelivery;
    /// Version of the host program.
    fn version(&self) -> &str;
}

/// Fresh random bytes.
pub(crate) fn random<const N: usize>(host: &dyn Host) -> [u8; N] {
    let mut bytes = [0; N];
    host.random(&mut bytes);
    bytes
}

/// Fresh random bytes that are wiped when dropped.
pub(crate) fn secret<const N: usize>(host: &dyn Host) -> Zeroizing<[u8; N]> {
    let mut bytes = Zeroizing::new([0; N]);
    host.random(bytes.as_mut_slice());
    bytes
}

/// A fresh id (UUIDv7): sorted by the time of making.
pub(crate) fn fresh_id(host: &dyn Host) -> Uuid {
    let millis = u64::try_from(host.now_ms()).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &random::<10>(host)).into_uuid()
}

#[cfg(test)]
mod tests {
    use crate::test_host::TestHost;

    use super::{Host, fresh_id};

    #[test]
    fn ids_of_later_moments_sort_later_and_never_repeat() {
        let host = TestHost::new(1);
        let first = fresh_id(&*host);
        let twin = fresh_id(&*host);
        host.advance_ms(2);
        let later = fresh_id(&*host);
        assert_ne!(first, twin);
        assert!(first < later && twin < later);
        assert_eq!(later.get_version_num(), 7);
        // a clock that lost its battery still gives ids
        host.set_ms(-5);
        assert_ne!(fresh_id(&*host), fresh_id(&*host));
        assert!(host.now_ms() < 0);
    }
}
