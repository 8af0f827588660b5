//! The application: use cases as commands, the one write path, session and permits, and the contract for the UI.
//!
//! The loop: a host (desktop window, loopback server, test) makes an [`App`] on its [`Host`], which gives clock, randomness
//! and a folder. The UI calls commands by name with JSON ([`App::call`]); the list is in `commands.rs`, the shapes in
//! [`contract`], one handler a file in `<room>/<command>.rs`. A handler asks for a permit, reads or writes through the store,
//! and answers with values and codes, never with sentences. A write is one act: one transaction that holds changes, views
//! and audit ([`App::subscribe`] tells which tags it touched). The driver of the link hears [`App::signals`] and exchanges
//! through [`App::exchange`].
//!
//! Must not know: frameworks, windows, HTTP.

mod acts;
mod app;
mod bundle;
mod commands;
mod conflict;
pub mod contract;
mod dispatch;
mod dispute;
mod erase;
pub mod error;
mod event;
pub mod exchange;
mod fields;
mod files;
mod host;
mod import;
mod jobs;
mod marks;
mod moves;
mod patrol;
mod people;
mod records;
mod report;
mod session;
mod settings;
mod sync;
#[cfg(test)]
mod test_host;
mod tidy;
mod today;
pub mod typescript;
mod visit;

pub use app::App;
pub use dispatch::COMMANDS;
pub use error::{AppError, ErrorKind, WireError};
pub use event::{Event, LockReason, ProgressState, SyncEventState, SyncSignal};
pub use exchange::Port;
pub use host::{FileDelivery, Host, Removable};
