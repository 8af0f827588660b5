//! What a replica is called before and after unlocking. Must not open anything.

use ::sync::ids::ReplicaId;
use store::keys::ProfileLabel;

use super::{Session, role_of};
use crate::app::App;
use crate::contract::session::{
    CellName, Current, OfficerName, Profile, RoleName, SessionState, SessionStatus, VillageName,
};
use crate::error::AppError;

/// A label as a profile.
pub(crate) fn profile(replica: ReplicaId, label: ProfileLabel) -> Profile {
    Profile {
        replica: replica.to_string(),
        officer: label.officer_name,
        laptop: label.laptop,
        station: label.station_name,
        made_up: label.made_up,
    }
}

/// The state of the app.
pub(super) fn status(app: &App) -> Result<SessionStatus, AppError> {
    let profiles: Vec<Profile> =
        store::replica::list(app.host.data_dir())?.into_iter().map(|(id, label)| profile(id, label)).collect();
    let session = app.current();
    let state = match (&session, profiles.is_empty()) {
        (Some(_), _) => SessionState::Unlocked,
        (None, true) => SessionState::Empty,
        (None, false) => SessionState::Locked,
    };
    let current = session.as_deref().map(|session| current(session, &profiles)).transpose()?;
    Ok(SessionStatus { state, profiles, current, version: app.host.version().to_owned(), now_at: app.host.now_ms() })
}

fn current(session: &Session, profiles: &[Profile]) -> Result<Current, AppError> {
    let replica = session.profile.to_string();
    let profile = profiles.iter().find(|one| one.replica == replica).cloned().ok_or(AppError::ReplicaUnknown {})?;
    let directory = session.directory();
    let held = session.cells();
    let cells = directory.cells.iter().filter(|cell| held.contains(&cell.code)).map(|cell| CellName {
        code: cell.code.clone(),
        name: cell.name.clone(),
        villages: cell
            .villages
            .iter()
            .filter_map(|code| directory.village(code))
            .map(|village| VillageName { code: village.code.clone(), name: village.name.clone() })
            .collect(),
    });
    let officers = directory.officers.iter().filter_map(|officer| {
        Some(OfficerName {
            id: officer.id.to_string(),
            name: officer.name.clone(),
            role: role_name(role_of(officer.role)?),
        })
    });
    Ok(Current {
        profile,
        officer_id: session.officer.to_string(),
        role: role_name(session.role()?),
        cells: cells.collect(),
        officers: officers.collect(),
        directory_version: directory.version,
        certified: session.store.identity()?.certified,
    })
}

const fn role_name(role: domain::permit::Role) -> RoleName {
    use domain::permit::Role;
    match role {
        Role::Officer => RoleName::Officer,
        Role::Auxiliary => RoleName::Auxiliary,
        Role::Clerk => RoleName::Clerk,
        Role::Chief => RoleName::Chief,
        Role::Auditor => RoleName::Auditor,
        Role::Admin => RoleName::Admin,
    }
}
