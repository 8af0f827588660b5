//! View rows of disputes, and the days its clocks look at. Must not know how a record is merged.

mod days;
mod line;
pub(crate) mod project;
pub mod query;

pub use days::clock_facts;
pub use line::{ClockLine, unit};
