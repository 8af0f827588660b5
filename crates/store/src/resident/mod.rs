//! View rows of residents. Must not know how a record is merged.

pub(crate) mod project;
pub mod query;
