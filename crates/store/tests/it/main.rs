//! The store from outside: what is promised about writes, views, search, sync storage, keys and backup.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod backups;
mod conflicts;
mod exchange;
mod files;
mod histories;
mod keys;
mod life;
mod plans;
mod scopes;
mod search;
mod support;
mod views;
