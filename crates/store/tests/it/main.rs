//! The store from outside: what is promised about writes, views, search, sync storage, keys and backup.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout, reason = "tests")]

mod backups;
mod bundles;
mod conflicts;
mod copies;
mod disk;
mod exchange;
mod failing;
mod files;
mod histories;
mod hostile;
mod keys;
#[cfg(unix)]
mod kill;
mod life;
mod plans;
mod power;
mod repairs;
mod scene;
mod scopes;
mod search;
mod support;
mod upgrades;
mod views;
