//! One unlocked replica: its store, its officer, what he may do. Owns permits; must not know commands of other rooms.

pub(crate) mod code_tables;
pub(crate) mod draft_delete;
pub(crate) mod draft_get;
pub(crate) mod draft_put;
pub(crate) mod enrol;
mod lease;
pub(crate) mod lease_extend;
pub(crate) mod lock;
mod opening;
pub(crate) mod passphrase_change;
pub(crate) mod profile;
pub(crate) mod session_status;
pub(crate) mod status_bar;
mod succession;
pub(crate) mod unlock;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use ::sync::directory::{Directory, ReplicaState};
use ::sync::enrolment::Enrolment;
use ::sync::ids::{OfficerId, ReplicaId, ScopeId};
use chrono::NaiveDate;
use documents::Actor;
use domain::permit::{Action, Permit, Role, permit};
use domain::scope::{Scope, Scopes};
use store::Store;
use uuid::Uuid;

use crate::error::AppError;
use crate::event::Bus;
use crate::exchange::LinkState;
use crate::host::{Host, fresh_id};
use crate::import::Loaded;
use crate::jobs::Jobs;
use crate::tidy::Tidy;

/// One unlocked replica. Dropped on locking, with its keys.
pub(crate) struct Session {
    pub(crate) host: Arc<dyn Host>,
    pub(crate) bus: Arc<Bus>,
    pub(crate) jobs: Arc<Jobs>,
    pub(crate) tidy: Tidy,
    pub(crate) store: Store,
    pub(crate) folder: PathBuf,
    pub(crate) kdf: ::sync::crypto::KdfParams,
    /// What the profile on this laptop is called by: the replica it was made for.
    pub(crate) profile: ReplicaId,
    who: RwLock<Who>,
    pub(crate) officer: OfficerId,
    pub(crate) laptop: String,
    pub(crate) link: Mutex<LinkState>,
    /// Held while a bundle is written or an answer taken: one after the other.
    pub(crate) by_hand: Mutex<()>,
    /// How many answers were stored by hand. Held from reading for an answer to storing it: two ways to the station must not
    /// store over each other.
    pub(crate) stored: Mutex<u64>,
    pub(crate) import: Mutex<Option<Loaded>>,
    /// Results of checks of the data, by job.
    pub(crate) checked: Mutex<BTreeMap<String, crate::contract::settings::DataChecked>>,
    lease: Mutex<Option<lease::Look>>,
    enrolment: Enrolment,
    directory: RwLock<Arc<Directory>>,
    closed: AtomicBool,
}

/// Who writes. Both change when the replica goes on as another.
#[derive(Debug, Clone, Copy)]
struct Who {
    replica: ReplicaId,
    /// Fresh random bytes of this unlock, never stored for reuse.
    actor: Actor,
}

impl Session {
    fn who(&self) -> Who {
        *self.who.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The replica, as it is called now.
    pub(crate) fn replica(&self) -> ReplicaId {
        self.who().replica
    }

    /// The automerge actor its next changes are written by.
    pub(crate) fn actor(&self) -> Actor {
        self.who().actor
    }

    /// The newest directory held.
    pub(crate) fn directory(&self) -> Arc<Directory> {
        Arc::clone(&self.directory.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks again at the directory after an exchange.
    pub(crate) fn directory_moved(&self) -> Result<(), AppError> {
        let held = self.directory().version;
        if let Some(newest) = opening::newest_directory(&self.store, &self.enrolment)?
            && newest.version > held
        {
            *self.directory.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(newest);
            self.bus.changed(["session"]);
        }
        self.hold_scopes()
    }

    /// Shows the records of the cells held today, and of no others.
    pub(crate) fn hold_scopes(&self) -> Result<(), AppError> {
        let held = self.directory().scopes_of(self.officer, &self.duty_day());
        // an officer who is no longer listed holds nothing; his file says so by permits, and keeps its views
        if held.is_empty() {
            return Ok(());
        }
        let changed = self.store.hold_scopes(&held, self.now_ms())?;
        let dropped = self.store.drop_left_scopes(&self.scopes_by_station()?, self.now_ms())?;
        if !dropped.is_empty() {
            self.bus.changed(["sync", "status"]);
        }
        self.bus.changed(changed.iter().map(|tag| tag.as_str()));
        Ok(())
    }

    /// The scopes held by the station's own word about the time: a clock set forward takes nothing away for good.
    fn scopes_by_station(&self) -> Result<std::collections::BTreeSet<ScopeId>, AppError> {
        let directory = self.directory();
        let heard = self.store.read(store::local::clock_seen)?.map_or(0, |seen| seen.station_at);
        let day = ::sync::directory::station_day(heard.max(directory.signed_at_ms));
        Ok(directory.scopes_of(self.officer, &day))
    }

    /// What the enrolment file said.
    pub(crate) const fn enrolment(&self) -> &Enrolment {
        &self.enrolment
    }

    /// The officer's role. A role of a newer station that this version does not know may do nothing.
    pub(crate) fn role(&self) -> Result<Role, AppError> {
        let directory = self.directory();
        let found = directory.officer(self.officer).ok_or(AppError::Revoked {})?;
        role_of(found.role).ok_or(AppError::Revoked {})
    }

    /// The officer's name.
    pub(crate) fn officer_name(&self) -> String {
        self.directory().officer(self.officer).map_or_else(String::new, |officer| officer.name.clone())
    }

    /// The name of any officer; his id where the directory does not know him.
    pub(crate) fn name_of(&self, officer: OfficerId) -> String {
        self.directory().officer(officer).map_or_else(|| officer.to_string(), |found| found.name.clone())
    }

    /// The label of any laptop; empty where the directory does not know it.
    pub(crate) fn laptop_of(&self, replica: ReplicaId) -> String {
        if replica == self.replica() {
            return self.laptop.clone();
        }
        self.directory().replica(replica).map_or_else(String::new, |found| found.laptop_label.clone())
    }

    /// Now, UTC milliseconds, by the laptop's clock.
    pub(crate) fn now_ms(&self) -> i64 {
        self.host.now_ms()
    }

    /// Today at the station, by the laptop's clock.
    pub(crate) fn today(&self) -> NaiveDate {
        domain::week::on_date(self.now_ms())
    }

    /// The day permits are asked for: a laptop whose clock lost its battery must not lock its officer out, so the
    /// station's last word about the time counts when it is later.
    fn duty_day(&self) -> String {
        let signed = self.directory().signed_at_ms;
        ::sync::directory::station_day(self.now_ms().max(signed))
    }

    /// The scopes the officer holds.
    pub(crate) fn scopes(&self) -> Scopes {
        let held = self.directory().scopes_of(self.officer, &self.duty_day());
        held.iter().filter_map(|scope| scope.as_str().parse().ok()).collect()
    }

    /// Codes of the cells the officer holds.
    pub(crate) fn cells(&self) -> Vec<String> {
        let scopes = self.scopes();
        scopes
            .iter()
            .filter_map(|scope| match scope {
                Scope::Cell(code) => Some(code.clone()),
                Scope::Station | Scope::CellSensitive(_) => None,
            })
            .collect()
    }

    /// Asks for a permit. Every handler does before it reads or writes records.
    ///
    /// # Errors
    /// [`AppError::DeniedRole`], [`AppError::DeniedScope`], [`AppError::DeniedNotHeld`], [`AppError::Revoked`].
    pub(crate) fn permit(&self, action: Action, scope: &Scope) -> Result<Permit, AppError> {
        // what was written before still goes to the station; nothing is shown or written any more
        if self.is_revoked() && action != Action::Backup {
            return Err(AppError::Revoked {});
        }
        if is_reading(action) && self.is_lease_over() {
            return Err(AppError::LeaseOver {});
        }
        Ok(permit(self.role()?, action, scope, &self.scopes())?)
    }

    /// Asks for a permit to hand over what did not reach the station: a revoked laptop keeps it, for that alone.
    ///
    /// # Errors
    /// As [`Session::permit`].
    pub(crate) fn permit_hand_over(&self, action: Action) -> Result<(), AppError> {
        if self.is_revoked() || self.is_lease_over() {
            Ok(())
        } else {
            self.permit(action, &Scope::Station).map(|_| ())
        }
    }

    /// Whether reading waits for the station.
    pub(crate) fn is_lease_over(&self) -> bool {
        self.lease().is_some_and(|lease| lease.is_over())
    }

    /// Whether the station revoked this replica, as far as this laptop has heard; or the one it goes on for, as long as the
    /// station has not listed this one.
    pub(crate) fn is_revoked(&self) -> bool {
        let directory = self.directory();
        let revoked = |replica| directory.replica(replica).map(|found| found.state == ReplicaState::Revoked);
        let before = || self.store.identity().ok()?.predecessor.and_then(revoked);
        revoked(self.replica()).or_else(before).unwrap_or(false)
    }

    /// A permit in the scope of a record.
    pub(crate) fn permit_in(&self, action: Action, scope: &ScopeId) -> Result<Permit, AppError> {
        let scope: Scope = scope.as_str().parse().map_err(|_| AppError::defect("scope of a record"))?;
        self.permit(action, &scope)
    }

    /// A permit for what a list shows: the cell asked for, or else the cells held.
    pub(crate) fn permit_list(&self, action: Action, cell: Option<&str>) -> Result<Permit, AppError> {
        match cell {
            Some(code) => self.permit(action, &Scope::Cell(code.to_owned())),
            None => self.permit(action, &Scope::Station),
        }
    }

    /// A fresh id.
    pub(crate) fn fresh_id(&self) -> Uuid {
        fresh_id(&*self.host)
    }

    /// Whether the session was locked meanwhile.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Ends the session's work; what still runs keeps the store until it returns.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.jobs.cancel_all();
        self.jobs.wait();
        self.tidy.wait();
        *crate::event::locked(&self.import) = None;
        if let Err(error) = self.store.checkpoint() {
            tracing::warn!(%error, "log not written into the file on locking");
        }
    }
}

/// Whether an action shows records: what a lease that is over locks. Writing, settling, backups and sending go on.
const fn is_reading(action: Action) -> bool {
    match action {
        Action::Read
        | Action::Export
        | Action::Reveal
        | Action::ReadSensitive
        | Action::Report
        | Action::ReportAllCells => true,
        Action::Edit
        | Action::Import
        | Action::Decide
        | Action::EditSensitive
        | Action::ReadAudit
        | Action::Move
        | Action::Erase
        | Action::Backup => false,
    }
}

/// The domain's role of a directory's.
pub(crate) fn role_of(role: ::sync::directory::Role) -> Option<Role> {
    Role::from_code(role.code())
}
