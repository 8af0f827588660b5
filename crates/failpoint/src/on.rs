//! Failpoints at work, in test builds. Must not be compiled into anything that is shipped.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::{KILL_AT, Point};

/// What the environment asks for, read once.
struct Asked {
    name: String,
    hit: u64,
    passed: AtomicU64,
}

static ASKED: OnceLock<Option<Asked>> = OnceLock::new();

fn read() -> Option<Asked> {
    let text = std::env::var(KILL_AT).ok()?;
    let (name, hit) = text.split_once(':')?;
    Some(Asked { name: name.to_owned(), hit: hit.parse().ok()?, passed: AtomicU64::new(0) })
}

pub(crate) fn reached(point: Point) {
    if let Some(asked) = ASKED.get_or_init(read)
        && asked.name == point.name()
        && asked.passed.fetch_add(1, Ordering::SeqCst).saturating_add(1) == asked.hit
    {
        std::process::abort();
    }
}
