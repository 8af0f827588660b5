//! Tests of made-up stations: what is made is sound, follows from its seed, and survives faults.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod bench;
mod copies;
mod faults;
mod making;
