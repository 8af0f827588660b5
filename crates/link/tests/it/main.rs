//! The line between a laptop and a real station server on loopback, and everything that may stand there instead.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod bad_line;
#[path = "../../../station/tests/it/kit.rs"]
#[expect(dead_code, reason = "shared with the tests of the station, which use all of it")]
mod kit;
mod line;
mod port;
mod servers;
