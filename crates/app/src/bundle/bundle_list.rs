//! Bundles this laptop wrote, newest first, and what came back.

use store::bundle::{self, Answered, BundleRow as Kept};

use crate::contract::Empty;
use crate::contract::bundle::{BundleAnswer, BundleList, BundleRow};
use crate::error::AppError;
use crate::session::Session;

/// Bundles shown.
const ROWS: u32 = 50;

/// Reads the newest.
///
/// # Errors
/// Faults of the disk.
pub(crate) fn run(session: &Session, _: Empty) -> Result<BundleList, AppError> {
    let (rows, asked) = session
        .store
        .read(|reader| Ok::<_, AppError>((bundle::recent(reader, ROWS)?, bundle::pending(reader)?.is_some())))?;
    Ok(BundleList { rows: rows.into_iter().map(row).collect(), station_asks: asked })
}

fn row(kept: Kept) -> BundleRow {
    BundleRow {
        bundle: kept.bundle.to_string(),
        at: kept.at,
        medium: kept.medium,
        file: kept.file,
        entries: kept.entries,
        bytes: kept.bytes,
        answer: kept.answered.map(answer),
    }
}

fn answer(answered: Answered) -> BundleAnswer {
    BundleAnswer {
        at: answered.at,
        received: answered.received,
        set_aside: answered.set_aside,
        fetched: answered.fetched,
        fault: answered.fault,
    }
}
