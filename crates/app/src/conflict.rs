//! Conflicts: fields two people wrote without knowing of each other. Owns the words for them; merging is the documents' business.

pub mod conflict_decide;
pub mod conflict_list;
pub mod conflict_open;
