//! Visits (走访). Owns the rules of a visit; must not know other rooms' records beyond the household visited.

pub(crate) mod visit_list;
pub(crate) mod visit_open;
pub(crate) mod visit_save;
