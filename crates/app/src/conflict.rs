//! Conflicts: fields two people wrote without knowing of each other. Owns the words for them; merging is the documents' business.

pub(crate) mod conflict_decide;
pub(crate) mod conflict_list;
pub(crate) mod conflict_open;
