//! Made-up stations of any size from a seed: people, registers, years of work. For demos, tests and benches; never a
//! dependency of a shipped library, and everything it makes is marked as made up.

pub mod names;
pub mod people;
pub mod register;

/// Why something could not be made up.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// A built-in list cannot be read.
    #[error("built-in list unreadable")]
    Data,
    /// The register file could not be built.
    #[error("register file")]
    Register,
}
