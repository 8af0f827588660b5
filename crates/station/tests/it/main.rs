//! The station as laptops and administrators meet it: through the exchange, over the network, and by its command line.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod backup;
mod command_line;
mod epoch;
mod exchange;
mod hostile;
mod kit;
mod network;
mod operations;
mod scopes;
mod server;
mod serving;
