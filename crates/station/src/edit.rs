//! Changes to the directory, each a plain function on the newest version. Must not know storage, keys or the command line.

use sync::directory::{
    AssignedTo, Assignment, Cell, Directory, Medium, MediumState, Officer, Replica, ReplicaState, Role, Village,
};
use sync::ids::{IdFault, MediumId, OfficerId, ReplicaId, ScopeId, ScopeKind};

/// Why a change to the directory is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditFault {
    /// A cell with this code exists.
    #[error("cell {code} exists")]
    CellExists {
        /// Its code.
        code: String,
    },
    /// No cell has this code.
    #[error("no cell {code}")]
    CellUnknown {
        /// The code.
        code: String,
    },
    /// A scope or cell code that cannot be one.
    #[error("{text}: {fault}")]
    NotScope {
        /// What was given.
        text: String,
        /// Why.
        fault: IdFault,
    },
    /// A village code is not twelve digits.
    #[error("village code {code} is not 12 digits")]
    VillageCode {
        /// The code.
        code: String,
    },
    /// The village is known under another name.
    #[error("village {code} is called {name} already")]
    VillageNamed {
        /// Its code.
        code: String,
        /// Its name.
        name: String,
    },
    /// The village is in another cell.
    #[error("village {code} is in cell {cell}")]
    VillageTaken {
        /// Its code.
        code: String,
        /// The cell's code.
        cell: String,
    },
    /// An officer with this police number exists.
    #[error("officer {number} exists")]
    OfficerExists {
        /// The number.
        number: String,
    },
    /// No officer has this number or id.
    #[error("no officer {text}")]
    OfficerUnknown {
        /// What was given.
        text: String,
    },
    /// A name or number is empty or too long.
    #[error("{field} is empty or longer than {max} characters")]
    Text {
        /// Which.
        field: &'static str,
        /// Characters allowed.
        max: usize,
    },
    /// Not a day.
    #[error("{text} is not a day (YYYY-MM-DD)")]
    NotADay {
        /// What was given.
        text: String,
    },
    /// The last day is before the first.
    #[error("{to_on} is before {from_on}")]
    DaysReversed {
        /// First day.
        from_on: String,
        /// Last day.
        to_on: String,
    },
    /// The officer has no such duty on or after that day.
    #[error("officer {number} has no such duty after {on}")]
    NotAssigned {
        /// The officer's number.
        number: String,
        /// The day.
        on: String,
    },
    /// No replica has this id.
    #[error("no replica {replica}")]
    ReplicaUnknown {
        /// The id.
        replica: ReplicaId,
    },
    /// A medium with this label is registered.
    #[error("medium {label} is registered")]
    MediumExists {
        /// Its label.
        label: String,
    },
    /// No medium has this label or id.
    #[error("no registered medium {text}")]
    MediumUnknown {
        /// What was given.
        text: String,
    },
    /// The replica is revoked already.
    #[error("replica {replica} is revoked already")]
    RevokedAlready {
        /// The id.
        replica: ReplicaId,
    },
    /// The replica is not frozen.
    #[error("replica {replica} is not frozen")]
    NotFrozen {
        /// The id.
        replica: ReplicaId,
    },
    /// No branch of the lane, or more than one, is meant.
    #[error("no one branch ends in an entry whose hash begins with {text}")]
    BranchUnknown {
        /// What was given.
        text: String,
    },
}

/// Longest name or number, in characters.
const TEXT_CHARS_MAX: usize = 64;

/// Checks a name or number and takes the spaces off its ends.
///
/// # Errors
/// [`EditFault::Text`].
pub fn plain_text(field: &'static str, text: &str) -> Result<String, EditFault> {
    let trimmed = text.trim();
    let count = trimmed.chars().count();
    if count == 0 || count > TEXT_CHARS_MAX || trimmed.chars().any(char::is_control) {
        return Err(EditFault::Text { field, max: TEXT_CHARS_MAX });
    }
    Ok(trimmed.to_owned())
}

/// Adds a cell with its villages; villages that are not listed yet are added too.
///
/// # Errors
/// [`EditFault`].
pub fn add_cell(directory: &mut Directory, code: &str, name: &str, villages: &[Village]) -> Result<(), EditFault> {
    ScopeId::cell(code).map_err(|fault| EditFault::NotScope { text: code.to_owned(), fault })?;
    if directory.cell(code).is_some() {
        return Err(EditFault::CellExists { code: code.to_owned() });
    }
    let name = plain_text("cell name", name)?;
    let codes = add_villages(directory, villages)?;
    directory.cells.push(Cell { code: code.to_owned(), name, villages: codes });
    Ok(())
}

/// Gives a cell another name; its code and scope stay.
///
/// # Errors
/// [`EditFault`].
pub fn rename_cell(directory: &mut Directory, code: &str, name: &str) -> Result<(), EditFault> {
    let name = plain_text("cell name", name)?;
    let cell = directory.cells.iter_mut().find(|cell| cell.code == code);
    cell.ok_or_else(|| EditFault::CellUnknown { code: code.to_owned() })?.name = name;
    Ok(())
}

/// Adds a village to a cell that exists.
///
/// # Errors
/// [`EditFault`].
pub fn add_village(directory: &mut Directory, cell: &str, village: &Village) -> Result<(), EditFault> {
    let code = add_villages(directory, std::slice::from_ref(village))?;
    let found = directory.cells.iter_mut().find(|one| one.code == cell);
    found.ok_or_else(|| EditFault::CellUnknown { code: cell.to_owned() })?.villages.extend(code);
    Ok(())
}

/// Lists villages that are not listed yet. Gives their codes, each once; none may be in a cell.
fn add_villages(directory: &mut Directory, villages: &[Village]) -> Result<Vec<String>, EditFault> {
    let mut codes: Vec<String> = Vec::new();
    for village in villages {
        if village.code.len() != 12 || !village.code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(EditFault::VillageCode { code: village.code.clone() });
        }
        let village = Village { code: village.code.clone(), name: plain_text("village name", &village.name)? };
        if let Some(cell) = directory.cells.iter().find(|cell| cell.villages.contains(&village.code)) {
            return Err(EditFault::VillageTaken { code: village.code, cell: cell.code.clone() });
        }
        if let Some(known) = directory.village(&village.code) {
            if known.name != village.name {
                return Err(EditFault::VillageNamed { code: village.code, name: known.name.clone() });
            }
        } else {
            directory.villages.push(village.clone());
        }
        if !codes.contains(&village.code) {
            codes.push(village.code);
        }
    }
    Ok(codes)
}

/// Adds an officer.
///
/// # Errors
/// [`EditFault`].
pub fn add_officer(directory: &mut Directory, officer: Officer) -> Result<(), EditFault> {
    let name = plain_text("officer name", &officer.name)?;
    let police_number = plain_text("police number", &officer.police_number)?;
    if directory.officers.iter().any(|one| one.police_number == police_number || one.id == officer.id) {
        return Err(EditFault::OfficerExists { number: police_number });
    }
    directory.officers.push(Officer { id: officer.id, name, police_number, role: officer.role });
    Ok(())
}

/// The officer with a police number or an id.
///
/// # Errors
/// [`EditFault::OfficerUnknown`].
pub fn find_officer<'d>(directory: &'d Directory, text: &str) -> Result<&'d Officer, EditFault> {
    let id: Option<OfficerId> = text.parse().ok();
    directory
        .officers
        .iter()
        .find(|one| one.police_number == text || Some(one.id) == id)
        .ok_or_else(|| EditFault::OfficerUnknown { text: text.to_owned() })
}

/// Gives an officer another role.
///
/// # Errors
/// [`EditFault::OfficerUnknown`].
pub fn set_role(directory: &mut Directory, officer: OfficerId, role: Role) -> Result<(), EditFault> {
    let found = directory.officers.iter_mut().find(|one| one.id == officer);
    found.ok_or_else(|| EditFault::OfficerUnknown { text: officer.to_string() })?.role = role;
    Ok(())
}

/// Assigns an officer from one day to another.
///
/// # Errors
/// [`EditFault`].
pub fn assign(directory: &mut Directory, assignment: Assignment) -> Result<(), EditFault> {
    if directory.officer(assignment.officer).is_none() {
        return Err(EditFault::OfficerUnknown { text: assignment.officer.to_string() });
    }
    check_day(&assignment.from_on)?;
    if let Some(to_on) = &assignment.to_on {
        check_day(to_on)?;
        if *to_on < assignment.from_on {
            return Err(EditFault::DaysReversed { from_on: assignment.from_on, to_on: to_on.clone() });
        }
    }
    if let AssignedTo::Scope(scope) = &assignment.to {
        match scope.kind() {
            ScopeKind::Station => {}
            ScopeKind::Cell { code } | ScopeKind::Sensitive { code } => {
                if directory.cell(&code).is_none() {
                    return Err(EditFault::CellUnknown { code });
                }
            }
        }
    }
    if !directory.assignments.contains(&assignment) {
        directory.assignments.push(assignment);
    }
    Ok(())
}

/// Ends an officer's duties with `on` as their last day: those in `to`, or all. A duty that would begin later is dropped;
/// past ones stay as they were. Gives how many were ended.
///
/// # Errors
/// [`EditFault`], also when there is none to end.
pub fn unassign(
    directory: &mut Directory,
    officer: OfficerId,
    to: Option<&AssignedTo>,
    on: &str,
) -> Result<usize, EditFault> {
    check_day(on)?;
    let unknown = || EditFault::OfficerUnknown { text: officer.to_string() };
    let number = directory.officer(officer).ok_or_else(unknown)?.police_number.clone();
    let goes_on = |one: &Assignment| {
        one.officer == officer && to.is_none_or(|to| one.to == *to) && one.to_on.as_deref().is_none_or(|last| last > on)
    };
    let ended = directory.assignments.iter().filter(|one| goes_on(one)).count();
    if ended == 0 {
        return Err(EditFault::NotAssigned { number, on: on.to_owned() });
    }
    directory.assignments.retain(|one| !(goes_on(one) && one.from_on.as_str() > on));
    for one in directory.assignments.iter_mut().filter(|one| goes_on(one)) {
        one.to_on = Some(on.to_owned());
    }
    Ok(ended)
}

/// Revokes a replica.
///
/// # Errors
/// [`EditFault`].
pub fn revoke(directory: &mut Directory, replica: ReplicaId) -> Result<(), EditFault> {
    let found = find_replica(directory, replica)?;
    if found.state == ReplicaState::Revoked {
        return Err(EditFault::RevokedAlready { replica });
    }
    found.state = ReplicaState::Revoked;
    Ok(())
}

/// Freezes a replica whose lane two copies of a disk write. One that was revoked stays so.
///
/// # Errors
/// [`EditFault::ReplicaUnknown`].
pub fn freeze(directory: &mut Directory, replica: ReplicaId) -> Result<(), EditFault> {
    let found = find_replica(directory, replica)?;
    if found.state == ReplicaState::Active {
        found.state = ReplicaState::Frozen;
    }
    Ok(())
}

/// Lets a frozen replica be heard again.
///
/// # Errors
/// [`EditFault::ReplicaUnknown`], [`EditFault::NotFrozen`].
pub fn thaw(directory: &mut Directory, replica: ReplicaId) -> Result<(), EditFault> {
    let found = find_replica(directory, replica)?;
    if found.state != ReplicaState::Frozen {
        return Err(EditFault::NotFrozen { replica });
    }
    found.state = ReplicaState::Active;
    Ok(())
}

fn find_replica(directory: &mut Directory, replica: ReplicaId) -> Result<&mut Replica, EditFault> {
    directory.replicas.iter_mut().find(|one| one.id == replica).ok_or(EditFault::ReplicaUnknown { replica })
}

/// Registers a medium. Labels of registered media differ, so that people can name them.
///
/// # Errors
/// [`EditFault`].
pub fn register_medium(directory: &mut Directory, id: MediumId, label: &str, now_ms: i64) -> Result<(), EditFault> {
    let label = plain_text("medium label", label)?;
    let mut registered = directory.media.iter().filter(|one| one.state == MediumState::Registered);
    if registered.any(|one| one.label == label) {
        return Err(EditFault::MediumExists { label });
    }
    directory.media.push(Medium { id, label, state: MediumState::Registered, registered_at_ms: now_ms });
    Ok(())
}

/// Withdraws the registered medium with a label or an id. Gives its id.
///
/// # Errors
/// [`EditFault::MediumUnknown`].
pub fn withdraw_medium(directory: &mut Directory, text: &str) -> Result<MediumId, EditFault> {
    let id: Option<MediumId> = text.parse().ok();
    let found = directory
        .media
        .iter_mut()
        .find(|one| one.state == MediumState::Registered && (one.label == text || Some(one.id) == id))
        .ok_or_else(|| EditFault::MediumUnknown { text: text.to_owned() })?;
    found.state = MediumState::Withdrawn;
    Ok(found.id)
}

/// Checks that a text is a day of the calendar.
///
/// # Errors
/// [`EditFault::NotADay`].
pub fn check_day(text: &str) -> Result<(), EditFault> {
    let fault = || EditFault::NotADay { text: text.to_owned() };
    let mut parts = text.split('-');
    let mut number = |digits: usize| -> Option<u32> {
        parts.next().filter(|part| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()
    };
    let (Some(year), Some(month), Some(day)) = (number(4), number(2), number(2)) else {
        return Err(fault());
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return Err(fault()),
    };
    if parts.next().is_some() || !(1..=last).contains(&day) { Err(fault()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::check_day;

    #[test]
    fn a_day_is_a_day_of_the_calendar() {
        for good in ["2024-02-29", "2026-11-21", "2000-02-29"] {
            assert!(check_day(good).is_ok(), "{good}");
        }
        for bad in
            ["2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "2026-11-31", "", "2026-11-21-1"]
        {
            assert!(check_day(bad).is_err(), "{bad}");
        }
    }
}
