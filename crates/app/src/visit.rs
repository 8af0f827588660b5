//! Visits (走访). Owns the rules of a visit; must not know other rooms' records beyond the household visited.

pub mod visit_list;
pub mod visit_open;
pub mod visit_save;
