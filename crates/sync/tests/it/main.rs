//! The promises of the `sync` crate, one module a part; the simulation is the widest of them.

mod change;
mod crypto;
mod directory;
mod enrolment;
mod frame;
mod hostile;
mod judge;
mod kit;
mod laptop;
mod scope_log;
mod sim;
mod simulation;
mod vectors;
mod wire;
