//! What a report stands on: which laptops' work is here. A laptop that wrote nothing since the week began cannot be told
//! from one that has not synced, and is named. While a first sync brings older work, no figure is complete.

use ::sync::directory::ReplicaState;
use domain::week::IsoWeek;
use store::local::clock_seen;
use store::report::newest_entry_at;

use crate::contract::report::StandsOn;
use crate::error::AppError;
use crate::session::Session;

/// Looks at every active laptop of an officer who keeps a cell.
pub(super) fn on(session: &Session, week: IsoWeek) -> Result<StandsOn, AppError> {
    let directory = session.directory();
    let (from_at, _) = week.range_ms();
    let mut missing = Vec::new();
    let mut laptops = 0_u32;
    let (through_at, to_come) = session.store.read(|reader| {
        for replica in directory.replicas.iter().filter(|replica| replica.state == ReplicaState::Active) {
            laptops = laptops.saturating_add(1);
            let newest = newest_entry_at(reader, replica.id)?;
            if replica.id != session.replica() && newest.is_none_or(|at| at < from_at) {
                missing.push(replica.laptop_label.clone());
            }
        }
        let to_come = store::exchange::to_come(reader)?.iter().fold(0_u64, |sum, one| sum.saturating_add(one.entries));
        Ok::<_, AppError>((clock_seen(reader)?.map(|seen| seen.station_at), to_come))
    })?;
    missing.sort();
    let included = laptops.saturating_sub(u32::try_from(missing.len()).unwrap_or(u32::MAX));
    Ok(StandsOn { laptops, included, through_at, missing, to_come })
}
