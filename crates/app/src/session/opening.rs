//! From a data key to a session. Owns the order of opening; must not know where the key came from.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, RwLock};

use ::sync::crypto::Signed;
use ::sync::directory::{self, Directory};
use ::sync::enrolment::Enrolment;
use documents::Actor;
use store::{DataKey, Store};

use super::{Session, Who};
use crate::app::App;
use crate::error::AppError;
use crate::event::{Event, ProgressState};
use crate::host::random;
use crate::tidy::Tidy;

/// Opens the database of a replica and brings its views up to date.
pub(super) fn open(app: &App, folder: &Path, key: &DataKey) -> Result<Arc<Session>, AppError> {
    let store = Store::open(folder, key)?;
    rebuild(app, &store)?;
    store.read_again(app.host.now_ms())?;
    let identity = store.identity()?;
    let enrolment = super::enrol::read_enrolment(&identity.enrolment)?;
    let directory = newest_directory(&store, &enrolment)?.ok_or(AppError::DataDamaged {})?;
    let session = Arc::new(Session {
        host: Arc::clone(&app.host),
        bus: Arc::clone(&app.bus),
        jobs: Arc::default(),
        tidy: Tidy::default(),
        store,
        folder: folder.to_owned(),
        kdf: app.kdf,
        profile: store::keys::label(folder)?.0,
        who: RwLock::new(Who { replica: identity.replica, actor: Actor(random(&*app.host)) }),
        officer: identity.officer,
        laptop: identity.laptop,
        link: Mutex::default(),
        by_hand: Mutex::default(),
        stored: Mutex::default(),
        import: Mutex::default(),
        checked: Mutex::new(BTreeMap::new()),
        lease: Mutex::default(),
        enrolment,
        directory: RwLock::new(Arc::new(directory)),
        closed: AtomicBool::new(false),
    });
    session.hold_scopes()?;
    session.lease_look()?;
    Ok(session)
}

/// The newest directory held, verified again: what rests on a disk may have changed.
pub(super) fn newest_directory(store: &Store, enrolment: &Enrolment) -> Result<Option<Directory>, AppError> {
    let Some(held) = store.read(store::exchange::directory)? else { return Ok(None) };
    let signed = Signed::from_bytes(&held.signed).map_err(|_| AppError::DataDamaged {})?;
    let verified = directory::verify(signed, enrolment.station, &enrolment.station_key);
    verified.map(|directory| Some(directory.into_value())).map_err(|_| AppError::DataDamaged {})
}

/// Makes the views again when they are of another version, telling how far it is.
fn rebuild(app: &App, store: &Store) -> Result<(), AppError> {
    if !store.needs_rebuild()? {
        return Ok(());
    }
    let tell = |done, total, state| {
        let event = Event::Progress { job: "unlock".to_owned(), stage: "rebuild".to_owned(), done, total, state };
        app.bus.tell(&event);
    };
    store.rebuild(&mut |progress| {
        tell(progress.done, Some(progress.total), ProgressState::Running);
        ControlFlow::Continue(())
    })?;
    tell(0, None, ProgressState::Finished);
    Ok(())
}
