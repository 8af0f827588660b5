//! The station's signed receipts, newest first.

use store::status::{ReceiptRow as Kept, receipts};

use crate::contract::Page;
use crate::contract::sync::{ReceiptListRequest, ReceiptRow};
use crate::error::AppError;
use crate::marks::{mark, read_mark, rows_of};
use crate::session::Session;

/// Characters of a lane's hash that name a receipt on screen and on the telephone.
const NUMBER_BYTES: usize = 4;

/// Reads one page.
///
/// # Errors
/// [`AppError::BadPage`], faults of the disk.
pub(crate) fn run(session: &Session, request: ReceiptListRequest) -> Result<Page<ReceiptRow>, AppError> {
    let rows = rows_of(request.limit)?;
    let before: Option<u64> = read_mark("receipt", request.after.as_deref())?;
    let found = session.store.read(|reader| receipts(reader, before, request.limit))?;
    let next = match found.last() {
        Some(last) if found.len() == rows => Some(mark("receipt", &last.first)?),
        Some(_) | None => None,
    };
    Ok(Page { rows: found.into_iter().map(row).collect(), next })
}

fn row(kept: Kept) -> ReceiptRow {
    ReceiptRow {
        number: hex::encode(kept.lane_hash.iter().take(NUMBER_BYTES).copied().collect::<Vec<u8>>()).to_uppercase(),
        at: kept.station_at,
        first: kept.first,
        last: kept.last,
        entries: kept.last.saturating_add(1).saturating_sub(kept.first).saturating_sub(kept.set_aside),
        set_aside: kept.set_aside,
        kinds: kept.kinds,
        backed_up: kept.backed_up,
    }
}
