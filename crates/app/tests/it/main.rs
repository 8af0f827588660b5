//! Tests of the app as its hosts drive it: commands by name, JSON in and out, a station in the same process.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod host {
    pub(crate) use app::{FileDelivery, Host, Removable};
}
mod access;
mod bundle;
mod erase;
mod first_sync;
mod import;
mod lease;
mod moves;
mod people;
mod permits;
mod session;
mod settings;
mod shift;
mod strange;
#[path = "../../src/test_host.rs"]
mod test_host;
mod texts;
mod world;
