//! The nouns and rules of community policing at a station: code tables, identity numbers, dates and clocks, disputes, who may do what.
//!
//! SEALED: no I/O, no clock, no randomness; days and instants arrive as arguments, ids are made elsewhere. The crate cannot fail for outside reasons.
//!
//! The loop a caller follows: read a document into plain values, ask a rule ([`dispute::transition`], [`register::check_row`], [`permit::permit`]),
//! get the new value or every reason why not as closed enums, and let the screen find the words for the codes. Reference data is built in as
//! CSV (`data/`), parsed once, and replaceable by the station.

pub mod address;
pub mod age;
pub mod calendar;
pub mod clocks;
mod closed;
pub mod codes;
pub mod dispute;
pub mod division;
pub mod dossier;
pub mod duplicate;
pub mod id_number;
pub mod kind;
pub mod limits;
pub mod mask;
pub mod mediation;
pub mod name;
pub mod permit;
pub mod phone;
pub mod register;
pub mod residence;
pub mod scope;
pub mod shape;
pub mod success;
pub mod text;
pub mod week;
