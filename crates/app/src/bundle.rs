//! Sync by hand: the outbox in a sealed file on a registered stick, and the station's answer from there, through the same
//! rounds and the same writes as over the network. Must not decide what a round decides (`sync::laptop`).

pub(crate) mod bundle_list;
pub(crate) mod bundle_take;
pub(crate) mod bundle_write;
mod disk;
mod medium;
pub(crate) mod medium_list;
mod taking;

/// Folder of bundles on a medium.
const FOLDER: &str = "fengqiao";
