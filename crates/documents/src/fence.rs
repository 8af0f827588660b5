//! Keeps a panic inside automerge from taking the app down: peer bytes meet automerge only in here.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::DocumentError;

/// Runs `work`; a panic becomes [`DocumentError::Panicked`]. The caller drops whatever `work` touched.
pub(crate) fn fenced<T>(work: impl FnOnce() -> Result<T, DocumentError>) -> Result<T, DocumentError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(DocumentError::Panicked))
}
