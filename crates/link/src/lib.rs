//! The laptop's line to the station: drives the sync engine over HTTPS with the station's key pinned.
//!
//! [`run`] follows an app: when a replica is unlocked it starts a driver for its port, when it is locked it ends it. The
//! driver ([`drive`]) carries out what the engine asks for: reads and writes go to a thread that may block, requests to a
//! task that can be cut off, and the engine hears how each ended. Several addresses are tried in order. Must not know what
//! is in the records.

mod desk;
mod driver;
mod line;
mod network;
mod pin;
mod run;

pub use driver::{Signal, drive};
pub use run::run;
