//! One box for names, pinyin, initials, ends of numbers, addresses and titles. Owns the search rows and the query; must not
//! know who may see what: hits carry masked numbers only.
//!
//! Words are cut here, not by the database: FTS5 sees single characters, pairs, pinyin and initials separated by blanks, so
//! the file stays readable by plain SQLCipher.

mod find;
mod index;
mod query;
mod reading;
mod slot;
mod villages;
mod words;

pub(crate) use find::{AMONG, ENDS, MATCHING, ROW};
pub use find::{Hit, HitGroup, MatchedBy, find};
pub(crate) use index::{fill_index, index};
pub(crate) use reading::sort_key;
pub use villages::VillageName;
