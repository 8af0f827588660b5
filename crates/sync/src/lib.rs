//! How laptops and station talk. Sans-IO and without nouns: bytes, ids and hashes in, decisions out; time, randomness
//! and storage arrive as arguments, so nothing here can fail for outside reasons.
//!
//! # The loop
//!
//! An officer's command becomes automerge changes. [`lane::append`] puts each into the replica's **lane**, one hash chain
//! over everything this replica ever wrote, in the same transaction that changes the screens. "Saved here" is true from
//! then on. The outbox is not a table: it is the lane beyond what the station has.
//!
//! When asked, [`laptop::Laptop`] runs rounds. It asks storage for the next stretch of the lane and the cursors
//! ([`laptop::Load`]), cuts the entries into signed **frames**, and sends one [`wire::Request`]. The station checks the
//! request's signature, passes each frame through [`judge::admit`], looks up what [`judge::Pending::questions`] names,
//! and rules with [`judge::Pending::judge`]. In the same transaction it appends accepted entries to their **scope logs**,
//! keeps refused ones with their reasons, and signs a [`receipt::Receipt`]. The answer carries receipts, and for each of
//! the officer's scopes a [`scope_log::Page`]: what others wrote since the laptop's **cursor**, ending in a signed
//! **checkpoint**, which is the next cursor. Of a scope the laptop has nothing of, the newest work comes first and the rest
//! follows backwards ([`first_sync`]).
//!
//! The laptop verifies everything and hands storage one [`laptop::Batch`]: receipts, entries, cursors and directory in one
//! transaction. "At the station" is true from then on, and not before. If more is to come, the next round begins from
//! what was stored. A normal shift is one round.
//!
//! A lost answer is sent again: frames the station has are recognised, their receipts are in the answer. A station that
//! was restored from a backup says where it is in the lane and gets the rest again. A refused entry never blocks the
//! next act. Nothing waits for ever: every end is an [`laptop::Outcome`] with a reason, and most of them with the time
//! of the next try.

pub mod bundle;
mod cbor;
pub mod change;
mod code;
pub mod crypto;
pub mod directory;
pub mod enrolment;
pub mod first_sync;
pub mod fork;
pub mod frame;
pub mod ids;
pub mod judge;
pub mod known;
pub mod lane;
pub mod laptop;
pub mod lease;
pub mod limits;
pub mod medium;
pub mod receipt;
pub mod repair;
pub mod scope_log;
pub mod succession;
pub mod wire;

pub use cbor::DecodeFault;
