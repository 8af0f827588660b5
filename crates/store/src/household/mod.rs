//! View rows of households. Must not know how a record is merged.

pub mod moving;
pub(crate) mod project;
pub mod query;
