//! View rows of addresss. Must not know how a record is merged.

pub(crate) mod project;
