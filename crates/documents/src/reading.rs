//! What a document says: values, the values that lost, and what is wrong with it. Owns the meaning of a merge.

use std::collections::BTreeMap;

use automerge::{AutoCommit, Change, ObjId, ROOT, ReadDoc, ScalarValue, Value};
use domain::kind::Kind;
use domain::shape::{Concurrent, KeyPath, Scalar, shape};
use uuid::Uuid;

use crate::history::puts;
use crate::{ChangeHash, DocumentError};

/// One of several values that were written without knowing of each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The value.
    pub value: Scalar,
    /// The change that wrote it: the log knows who, when and from which laptop.
    pub change: ChangeHash,
}

/// Something wrong in a document that does not stop it from being shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Issue {
    /// A key holds something that is not a scalar.
    NotAScalar {
        /// The key.
        key: String,
    },
    /// A key this version does not know. It is kept.
    UnknownKey {
        /// The key.
        key: String,
    },
    /// Written by a newer shape than this version knows.
    NewerShape {
        /// The shape's version.
        version: i64,
    },
}

/// A document as it reads now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The document.
    pub id: Uuid,
    /// Its kind.
    pub kind: Kind,
    /// The shape it was first written with.
    pub shape: i64,
    /// Hashes of the newest changes, sorted; what a form opened now must send back.
    pub heads: Vec<ChangeHash>,
    /// Every key with its value, headers left out, unknown keys included. Where people disagreed, the value shown until
    /// somebody decides.
    pub fields: BTreeMap<String, Scalar>,
    /// Keys whose concurrent values differ and need a person; every value, the shown one first.
    pub conflicts: BTreeMap<String, Vec<Candidate>>,
    /// What is wrong with it.
    pub issues: Vec<Issue>,
}

impl Reading {
    /// The value of a key; [`Scalar::Null`] when nothing is written.
    #[must_use]
    pub fn get(&self, key: &str) -> &Scalar {
        self.fields.get(key).unwrap_or(&Scalar::Null)
    }

    /// The text of a key, when it is text and not empty.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).as_text().filter(|text| !text.is_empty())
    }

    /// The number of a key.
    #[must_use]
    pub fn int(&self, key: &str) -> Option<i64> {
        self.get(key).as_int()
    }

    /// The items of a collection that were not removed: id of the item → field → value.
    #[must_use]
    pub fn items(&self, collection: &str) -> BTreeMap<&str, BTreeMap<&str, &Scalar>> {
        let prefix = format!("{collection}/");
        let mut items: BTreeMap<&str, BTreeMap<&str, &Scalar>> = BTreeMap::new();
        for (key, value) in self.fields.range(prefix.clone()..).take_while(|(key, _)| key.starts_with(&prefix)) {
            if let KeyPath::Item { item, field, .. } = KeyPath::parse(key) {
                items.entry(item).or_default().insert(field, value);
            }
        }
        items.retain(|_, fields| fields.get(domain::shape::GONE).and_then(|gone| gone.as_bool()) != Some(true));
        items
    }
}

/// The scalar a value stands for; `None` for anything that is not one of ours.
pub(crate) fn scalar(value: &Value<'_>) -> Option<Scalar> {
    match value {
        Value::Scalar(scalar) => from_automerge(scalar),
        Value::Object(_) => None,
    }
}

pub(crate) fn from_automerge(value: &ScalarValue) -> Option<Scalar> {
    match value {
        ScalarValue::Null => Some(Scalar::Null),
        ScalarValue::Boolean(value) => Some(Scalar::Bool(*value)),
        ScalarValue::Int(number) => Some(Scalar::Int(*number)),
        ScalarValue::Uint(number) => i64::try_from(*number).ok().map(Scalar::Int),
        ScalarValue::Str(text) => Some(Scalar::Text(text.to_string())),
        ScalarValue::Bytes(_)
        | ScalarValue::F64(_)
        | ScalarValue::Counter(_)
        | ScalarValue::Timestamp(_)
        | ScalarValue::Unknown { .. } => None,
    }
}

/// Reads a document of one change without building it: most records are typed once and never touched again.
///
/// # Errors
/// [`DocumentError::Malformed`] for bytes that are not one change, [`DocumentError::MissingDependencies`] when the change
/// builds on another, [`DocumentError::UnknownKind`] when it does not say what the document is.
pub fn read_one(bytes: &[u8]) -> Result<Reading, DocumentError> {
    crate::document::count_opened();
    crate::fence::fenced(|| of_one_change(bytes))
}

pub(crate) fn of_one_change(bytes: &[u8]) -> Result<Reading, DocumentError> {
    let change = Change::from_bytes(bytes.to_vec()).map_err(|_| DocumentError::Malformed)?;
    if !change.deps().is_empty() {
        return Err(DocumentError::MissingDependencies);
    }
    let heads = vec![change.hash().0];
    let mut values = BTreeMap::new();
    for (key, value) in puts(&change) {
        values.insert(key, vec![(value, ChangeHash::default())]);
    }
    finish(heads, values)
}

/// Reads an opened document.
pub(crate) fn of_document(doc: &AutoCommit, heads: Vec<ChangeHash>) -> Result<Reading, DocumentError> {
    let mut values: BTreeMap<String, Vec<(Option<Scalar>, ChangeHash)>> = BTreeMap::new();
    for key in doc.keys(ROOT) {
        let all = doc.get_all(ROOT, key.as_str()).map_err(|_| DocumentError::Refused)?;
        // automerge lists the winner last
        let candidates = all.iter().rev().map(|(value, id)| (scalar(value), author(doc, id, all.len()))).collect();
        values.insert(key, candidates);
    }
    finish(heads, values)
}

/// Looks up the change only where several values stand: nobody asks otherwise.
fn author(doc: &AutoCommit, id: &ObjId, values: usize) -> ChangeHash {
    if values < 2 {
        return ChangeHash::default();
    }
    doc.hash_for_opid(id).map(|hash| hash.0).unwrap_or_default()
}

type Candidates = Vec<(Option<Scalar>, ChangeHash)>;

fn finish(heads: Vec<ChangeHash>, values: BTreeMap<String, Candidates>) -> Result<Reading, DocumentError> {
    let header = |key: &str| values.get(key).and_then(|all| all.first()).and_then(|(value, _)| value.clone());
    let id = header("_id").and_then(|id| id.as_text().and_then(|text| Uuid::parse_str(text).ok()));
    let kind = header("_kind").and_then(|kind| kind.as_text().and_then(Kind::parse));
    let version = header("_shape").and_then(|version| version.as_int()).unwrap_or(0);
    let (Some(id), Some(kind)) = (id, kind) else { return Err(DocumentError::UnknownKind) };

    let mut reading = Reading {
        id,
        kind,
        shape: version,
        heads,
        fields: BTreeMap::new(),
        conflicts: BTreeMap::new(),
        issues: Vec::new(),
    };
    if version > shape(kind).version {
        reading.issues.push(Issue::NewerShape { version });
    }
    for (key, candidates) in values {
        if !matches!(KeyPath::parse(&key), KeyPath::Header(_)) {
            settle(&mut reading, key, candidates);
        }
    }
    Ok(reading)
}

/// Decides what one key shows. Equal values are no conflict.
fn settle(reading: &mut Reading, key: String, candidates: Candidates) {
    let field = shape(reading.kind).field(&key);
    let mut scalars: Vec<Candidate> = Vec::new();
    for (value, change) in candidates {
        match value {
            Some(value) if scalars.iter().any(|known| known.value == value) => {}
            Some(value) => scalars.push(Candidate { value, change }),
            None => reading.issues.push(Issue::NotAScalar { key: key.clone() }),
        }
    }
    let is_item_header = key.ends_with(&format!("/{}", domain::shape::GONE));
    if field.is_none() && !is_item_header {
        reading.issues.push(Issue::UnknownKey { key: key.clone() });
    }
    let policy = field.map_or(Concurrent::Ask, |field| field.concurrent);
    let shown = match policy {
        Concurrent::Greatest => scalars.iter().map(|candidate| &candidate.value).max(),
        Concurrent::Ask => scalars.first().map(|candidate| &candidate.value),
    };
    let Some(shown) = shown.cloned() else { return };
    if scalars.len() > 1 && policy == Concurrent::Ask {
        reading.conflicts.insert(key.clone(), scalars);
    }
    reading.fields.insert(key, shown);
}
