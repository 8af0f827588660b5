//! Between the nouns of `domain` and automerge: creating, reading, editing and describing documents.
//! Must not know SQL, the network or screens.
//!
//! The loop: a command opens a [`Document`] from its change bytes, reads it as a [`Reading`] (values, conflicts, issues;
//! one bad field never hides the rest), and authors one change with [`Document::edit`] at the heads its form was opened
//! on. What others wrote arrives as bytes and goes through [`Document::open`] again. A document is one flat map of
//! scalars, so nothing here merges text or nests objects.

mod document;
mod fence;
mod history;
mod reading;

pub use document::{Actor, Document, DocumentError, Edit, NewChange, create, opened};
pub use history::{ChangeSummary, describe};
pub use reading::{Candidate, Issue, Reading, read_one};

/// The hash of a change: SHA-256 over its chunk as automerge defines it.
pub type ChangeHash = [u8; 32];
