//! View rows of residences. Must not know how a record is merged.

pub(crate) mod project;
