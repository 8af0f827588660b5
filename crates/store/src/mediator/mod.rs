//! View rows of mediators. Must not know how a record is merged.

pub(crate) mod project;
pub mod query;
