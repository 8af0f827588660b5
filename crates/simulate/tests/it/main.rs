//! Tests of made-up stations: what is made is sound, follows from its seed, and survives faults; and of the real programs
//! over bad lines and killed at every place.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot go on fails; proofs print their figures"
)]

mod bench;
mod copies;
mod cuts;
mod faults;
mod kill;
mod making;
mod programs;
