//! Use cases as commands: the one write path, session and permits, the contract for the UI. (Under construction.)
mod commands;
pub mod contract;
pub mod error;
pub mod event;
pub mod typescript;
