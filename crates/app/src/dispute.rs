//! Disputes (矛盾纠纷) and the mediator register. Owns how a case reads: facts for its steps, clocks, reasons.

mod case;
mod clock;
pub(crate) mod dispute_count;
pub(crate) mod dispute_list;
pub(crate) mod dispute_open;
pub(crate) mod dispute_save;
pub(crate) mod dispute_step;
pub(crate) mod mediator_list;
pub(crate) mod mediator_save;
pub(crate) mod mediator_suggest;
mod number;
mod suggestion;

pub(crate) use clock::{clocks, of_line};

use store::dispute::query::Closed;

use crate::contract::dispute::DisputeFilter;

/// The store's word for a filter.
pub(crate) const fn closed(filter: DisputeFilter) -> Closed {
    match filter {
        DisputeFilter::Open => Closed::No,
        DisputeFilter::Closed => Closed::Yes,
    }
}
