//! Two directories into one, when a restored station learns of a version it had lost: nobody who was revoked comes back,
//! nobody who was added is forgotten. Must not sign or store.

use sync::directory::{Directory, MediumState, ReplicaState};

/// The newer of both, with what only the other knows. Revocations, withdrawals and ends of assignments in either stand.
pub(super) fn join(one: &Directory, other: &Directory) -> Directory {
    let (newer, older) = if one.signed_at_ms >= other.signed_at_ms { (one, other) } else { (other, one) };
    let mut joined = newer.clone();
    joined.signed_at_ms = 0;
    for village in &older.villages {
        if joined.village(&village.code).is_none() {
            joined.villages.push(village.clone());
        }
    }
    for cell in &older.cells {
        if joined.cell(&cell.code).is_none() {
            joined.cells.push(cell.clone());
        }
    }
    for officer in &older.officers {
        if joined.officer(officer.id).is_none() {
            joined.officers.push(officer.clone());
        }
    }
    for replica in &older.replicas {
        match joined.replicas.iter_mut().find(|known| known.id == replica.id) {
            Some(known) => match replica.state {
                ReplicaState::Revoked | ReplicaState::Other(_) => known.state = replica.state,
                // who was frozen may have been thawed since
                ReplicaState::Active | ReplicaState::Frozen => {}
            },
            None => joined.replicas.push(replica.clone()),
        }
    }
    for medium in &older.media {
        match joined.media.iter_mut().find(|known| known.id == medium.id) {
            Some(known) if medium.state != MediumState::Registered => known.state = medium.state,
            Some(_) => {}
            None => joined.media.push(medium.clone()),
        }
    }
    for used in &older.enrolments {
        if !joined.enrolments.iter().any(|known| known.token_hash == used.token_hash) {
            joined.enrolments.push(used.clone());
        }
    }
    for pin in &older.tls_pins {
        if !joined.tls_pins.contains(pin) {
            joined.tls_pins.push(*pin);
        }
    }
    for duty in &older.assignments {
        let same = joined
            .assignments
            .iter_mut()
            .find(|known| known.officer == duty.officer && known.to == duty.to && known.from_on == duty.from_on);
        match same {
            Some(known) => {
                known.to_on = match (known.to_on.take(), duty.to_on.clone()) {
                    (Some(one), Some(other)) => Some(one.min(other)),
                    (one, other) => one.or(other),
                };
            }
            None => joined.assignments.push(duty.clone()),
        }
    }
    joined
}

/// Whether two directories differ in nothing but version and time of signing.
pub(super) fn says_the_same(one: &Directory, other: &Directory) -> bool {
    let plain = |directory: &Directory| Directory { version: 0, signed_at_ms: 0, ..directory.clone() };
    plain(one) == plain(other)
}
