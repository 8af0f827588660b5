//! Imports what the last dry run showed: a job, in one transaction, all or nothing.

use std::collections::BTreeMap;

use super::plan::{Ground, Plan};
use super::{import_inspect, loaded, write};
use crate::contract::import::{ImportCommitRequest, JobKind, JobStarted};
use crate::error::AppError;
use crate::event::locked;
use crate::jobs::Progress;
use crate::session::Session;

/// Starts the job.
///
/// # Errors
/// [`AppError::ImportNotTried`], [`AppError::ImportBeforeFirstSync`], [`AppError::ImportNothing`], [`AppError::JobBusy`],
/// refusals of permits.
pub(crate) fn run(session: &std::sync::Arc<Session>, request: ImportCommitRequest) -> Result<JobStarted, AppError> {
    import_inspect::any_cell(session)?;
    let loaded = loaded(session, &request.import)?;
    let tried = loaded.tried.clone().ok_or(AppError::ImportNotTried {})?;
    if tried.residents == 0 {
        return Err(AppError::ImportNothing {});
    }
    if !request.accept_before_first_sync && !crate::sync::first_sync_is_over(session)? {
        return Err(AppError::ImportBeforeFirstSync {});
    }
    let work = {
        let session = std::sync::Arc::clone(session);
        move |progress: &Progress| -> Result<BTreeMap<String, u64>, AppError> {
            let ground = Ground::of(&session);
            progress.step("check", 0, tried.residents)?;
            let plan = session.store.read(|reader| Plan::make(&ground, &loaded.book, &tried, reader))?;
            if plan.residents() != tried.residents || plan.new_households() != tried.households {
                return Err(AppError::ImportChanged {});
            }
            let result = write::all(&session, &ground, &loaded.book, &tried, plan, progress)?;
            *locked(&session.import) = None;
            Ok(result)
        }
    };
    let job = session.jobs.start(session.fresh_id().to_string(), JobKind::Import, &session.bus, work)?;
    Ok(JobStarted { job })
}
