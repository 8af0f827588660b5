//! Checks the data: every entry against its hash, the file, the views made anew. A job; damage is named, nothing deleted.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use store::AuditAction;

use crate::contract::Empty;
use crate::contract::import::{JobKind, JobStarted};
use crate::contract::settings::DataChecked;
use crate::error::AppError;
use crate::event::locked;
use crate::jobs::Progress;
use crate::session::Session;

/// Starts the check.
///
/// # Errors
/// [`AppError::JobBusy`].
pub(crate) fn run(session: &Arc<Session>, _: Empty) -> Result<JobStarted, AppError> {
    session.role()?;
    let job = session.fresh_id().to_string();
    let (named, of) = (job.clone(), Arc::clone(session));
    let work = move |progress: &Progress| -> Result<BTreeMap<String, u64>, AppError> {
        let checked = check(&of, progress)?;
        let result =
            BTreeMap::from([("entries".to_owned(), checked.entries), ("differences".to_owned(), checked.differences)]);
        locked(&of.checked).insert(named, checked);
        Ok(result)
    };
    let job = session.jobs.start(job, JobKind::Rebuild, &session.bus, work)?;
    Ok(JobStarted { job })
}

fn check(session: &Session, progress: &Progress) -> Result<DataChecked, AppError> {
    session.audit(AuditAction::Check, None, None, None)?;
    let found = session.store.verify(&mut |step| match progress.step("check", step.done, step.total) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    })?;
    let sound = found.integrity_ok && found.bad_entries.is_empty() && found.broken_audit.is_empty();
    if !sound {
        tracing::error!(entries = found.bad_entries.len(), audit = found.broken_audit.len(), "damage found");
    }
    Ok(DataChecked {
        entries: found.entries,
        documents: found.documents,
        rows: found.rows,
        differences: found.differences,
        integrity_ok: sound,
    })
}
