//! Takes the station's answers from a stick: a job, because a first sync is long. The stick is only read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use store::AuditAction;

use super::medium::{self, Answer};
use super::taking::{Brought, take};
use crate::contract::bundle::BundleTakeRequest;
use crate::contract::import::{JobKind, JobStarted};
use crate::error::AppError;
use crate::event::locked;
use crate::jobs::Progress;
use crate::session::Session;

/// Starts the job. It ends with `answers`, `received`, `set_aside`, `fetched`, `again` (another bundle has to go) and
/// `overtaken` (the station was heard since).
///
/// # Errors
/// What is wrong with the medium or the file, [`AppError::BundleNoAnswer`], [`AppError::BundleTaken`],
/// [`AppError::JobBusy`].
pub(crate) fn run(session: &Arc<Session>, request: BundleTakeRequest) -> Result<JobStarted, AppError> {
    let path = PathBuf::from(request.path.trim());
    let (label, answers) = found(session, &path)?;
    session.audit(AuditAction::Import, None, Some("bundle"), Some(&label))?;
    let of = Arc::clone(session);
    let work = move |progress: &Progress| -> Result<BTreeMap<String, u64>, AppError> {
        let _turn = locked(&of.by_hand);
        let mut sum = Brought::default();
        for answer in &answers {
            sum.add(&take(&of, answer, progress)?);
        }
        let answers = u64::try_from(answers.len()).unwrap_or(u64::MAX);
        let numbers = [
            ("answers", answers),
            ("received", sum.received),
            ("set_aside", sum.set_aside),
            ("fetched", sum.fetched),
            ("again", sum.again),
            ("overtaken", sum.overtaken),
        ];
        Ok(numbers.map(|(name, number)| (name.to_owned(), number)).into())
    };
    let job = session.jobs.start(session.fresh_id().to_string(), JobKind::Bundle, &session.bus, work)?;
    Ok(JobStarted { job })
}

/// The medium's label, and the answers to take: the one named, or those on the medium that are waited for.
fn found(session: &Session, path: &Path) -> Result<(String, Vec<Answer>), AppError> {
    if !path.is_file() {
        let medium = medium::of(session, path)?;
        let (waiting, taken): (Vec<Answer>, Vec<Answer>) =
            medium::answers(session, &medium)?.into_iter().partition(|answer| answer.awaited.answered_at.is_none());
        return match (waiting.is_empty(), taken.last().and_then(|answer| answer.awaited.answered_at)) {
            (false, _) => Ok((medium.label, waiting)),
            (true, Some(at)) => Err(AppError::BundleTaken { at }),
            (true, None) => Err(AppError::BundleNoAnswer {}),
        };
    }
    let medium = medium::of(session, path.parent().unwrap_or(path))?;
    let answer = medium::answer(session, path)?;
    match answer.awaited.answered_at {
        Some(at) => Err(AppError::BundleTaken { at }),
        None => Ok((medium.label, vec![answer])),
    }
}
