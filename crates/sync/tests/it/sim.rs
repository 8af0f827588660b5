//! A world of one model station and several model laptops in virtual time, with a line that drops, doubles, delays and
//! cuts, disks that fill up, and processes that die between an effect and its completion. Everything follows from a seed.

mod checks;
mod disk;
pub(crate) mod laptop;
mod pulling;
pub(crate) mod world;
