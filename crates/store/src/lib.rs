//! The encrypted database of one replica: the log of changes that is the truth, the views that screens read, search, audit,
//! keys and backup. Must not know the network, sessions or screens.
//!
//! The loop: a command opens records with [`Store::read`], writes with [`Store::write`], whose [`Tx`] authors one automerge
//! change a record, appends it to the lane, projects the views and commits all of it in one transaction. What the station
//! sends goes through [`Store::apply`]. Every table that a screen reads can be dropped and made again by [`Store::rebuild`];
//! [`check::assert_rebuild_equals_live`] holds tests to it.

mod address;
pub mod audit;
pub mod backup;
pub mod bundle;
pub mod check;
pub mod conflict;
mod conn;
pub mod dispute;
pub mod erase;
mod error;
pub mod exchange;
pub mod household;
pub mod identity;
pub mod keys;
pub mod lease;
pub mod local;
pub mod mediator;
pub mod moves;
pub mod patrol;
mod project;
mod rebuild;
pub mod record;
pub mod replica;
pub mod report;
mod residence;
pub mod resident;
pub mod restore;
mod row;
pub mod save_state;
mod schema;
pub mod scopes;
pub mod search;
pub mod set_aside;
pub mod shift;
pub mod status;
mod store;
pub mod succession;
mod tag;
pub mod verify;
pub mod visit;
mod write;

pub use error::{Result, StoreError};
pub use identity::Identity;
pub use keys::DataKey;
pub use rebuild::{Progress, Rebuilt};
pub use store::{FileFacts, Reader, Store};
pub use tag::Tag;
pub use write::{AuditAction, AuditNote, Decide, Saved, Tx, WriteContext, Written};

/// Fills a slice with random bytes. The store makes none itself.
pub type Random<'a> = &'a dyn Fn(&mut [u8]);
