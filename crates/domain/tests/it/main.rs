//! Rules of the domain seen from outside. Owns no rule itself.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod codes_on_the_wire;
mod disputes;
mod permits;
mod register;
