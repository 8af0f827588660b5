//! Made-up stations of any size from a seed: people, registers, years of work, faults, measurements. For demos, tests and
//! benches; never a dependency of a shipped library, and everything it makes is marked as made up.
//!
//! The loop: [`town`] names villages, cells and officers; [`founding`] founds their station; each [`Laptop`] is a real `app`
//! on a [`MadeHost`] whose clock and randomness belong to the simulation; [`life`] works through the weeks by the command
//! router, as the screens do; exchanges run through the real engine and the real station, without a network between them.

pub mod bench;
pub mod cli;
mod error;
pub mod faults;
pub mod founding;
mod host;
mod laptop;
pub mod life;
pub mod make;
pub mod names;
pub mod people;
mod phrases;
pub mod proxy;
pub mod register;
pub mod town;

pub use error::SimulateError;
pub use host::{Fuse, MadeHost};
pub use laptop::{Enrolment, Laptop};
