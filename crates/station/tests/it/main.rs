//! The station as laptops and administrators meet it: through the exchange, over the network, and by its command line.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, reason = "tests")]

mod attacks;
mod backup;
mod bundle;
mod command_line;
#[path = "../../../store/tests/it/disk/mod.rs"]
mod disk;
mod durable;
mod epoch;
mod exchange;
mod first_sync;
mod freeze;
mod hostile;
#[cfg(unix)]
mod kill;
mod kit;
mod network;
mod operations;
mod repair;
mod scopes;
mod server;
mod serving;
mod upgrades;
