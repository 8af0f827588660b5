//! Placeholder.
#[macro_use]
mod commands;
pub mod contract;
pub mod error;
pub mod typescript;
