//! Records erased everywhere. Must not know what a record says.

pub(crate) mod erased_list;
pub(crate) mod record_erase;
pub(crate) mod record_erase_preview;

use crate::contract::erase::EraseReason;

/// The code an entry carries.
pub(crate) const fn code(reason: EraseReason) -> &'static str {
    match reason {
        EraseReason::PersonAsked => "person_asked",
        EraseReason::RetentionOver => "retention_over",
        EraseReason::NoGround => "no_ground",
        EraseReason::Duplicate => "duplicate",
        EraseReason::Mistaken => "mistaken",
        EraseReason::Ordered => "ordered",
    }
}

/// The reason of a code.
pub(crate) fn reason(text: &str) -> Option<EraseReason> {
    [
        EraseReason::PersonAsked,
        EraseReason::RetentionOver,
        EraseReason::NoGround,
        EraseReason::Duplicate,
        EraseReason::Mistaken,
        EraseReason::Ordered,
    ]
    .into_iter()
    .find(|reason| code(*reason) == text)
}
