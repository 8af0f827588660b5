//! What one change set, read from its bytes alone: for the history of a record. Must not build documents.

use automerge::{Change, legacy};
use domain::shape::Scalar;

use crate::reading::from_automerge;
use crate::{ChangeHash, DocumentError};

/// One change, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSummary {
    /// Its hash.
    pub hash: ChangeHash,
    /// The changes it builds on.
    pub deps: Vec<ChangeHash>,
    /// Keys and values it set, headers included, in order of writing.
    pub sets: Vec<(String, Scalar)>,
}

/// Takes a change apart.
///
/// # Errors
/// [`DocumentError::Malformed`] for bytes that are not one change.
pub fn describe(bytes: &[u8]) -> Result<ChangeSummary, DocumentError> {
    crate::fence::fenced(|| {
        let change = Change::from_bytes(bytes.to_vec()).map_err(|_| DocumentError::Malformed)?;
        Ok(ChangeSummary {
            hash: change.hash().0,
            deps: change.deps().iter().map(|hash| hash.0).collect(),
            sets: puts(&change).into_iter().filter_map(|(key, value)| Some((key, value?))).collect(),
        })
    })
}

/// The root keys a change puts; `None` where the value is not a scalar of ours.
pub(crate) fn puts(change: &Change) -> Vec<(String, Option<Scalar>)> {
    let mut sets = Vec::new();
    for op in change.decode().operations {
        if op.obj != legacy::ObjectId::Root {
            continue;
        }
        let legacy::Key::Map(key) = &op.key else { continue };
        let value = match op.primitive_value() {
            Some(value) => from_automerge(&value),
            None if op.obj_type().is_some() => None,
            None => Some(Scalar::Null),
        };
        sets.push((key.to_string(), value));
    }
    sets
}
