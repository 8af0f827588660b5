//! The promises of the `sync` crate, one module a part; the simulation is the widest of them.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::expect_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a test stops at the first surprise"
)]

mod bundle;
mod by_hand;
mod change;
mod corpus;
mod crypto;
mod directory;
mod enrolment;
mod first_sync;
mod frame;
mod hostile;
mod judge;
mod kit;
mod laptop;
mod medium;
mod scope_log;
mod sim;
mod simulation;
mod vectors;
mod wire;
