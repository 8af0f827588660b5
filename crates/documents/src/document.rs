//! One document as automerge holds it: create, open, edit at heads. Owns the calls that write; must not know where bytes rest.

use std::sync::atomic::{AtomicU64, Ordering};

use std::num::NonZeroU64;

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{
    ActorId, AutoCommit, Change, ChangeHash as AmHash, ExpandedChange, ROOT, ReadDoc, ScalarValue, legacy,
};
use domain::kind::Kind;
use domain::shape::{Scalar, shape};
use uuid::Uuid;

use crate::ChangeHash;
use crate::fence::fenced;
use crate::reading::{self, Reading};

/// Why a document could not be opened or edited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// The bytes are not one automerge change.
    #[error("malformed change")]
    Malformed,
    /// Changes this change builds on are not here.
    #[error("missing dependencies")]
    MissingDependencies,
    /// The heads a form was opened on are not in this document.
    #[error("unknown heads")]
    UnknownHeads,
    /// Two different changes claim the same place of the same actor.
    #[error("actor sequence used twice")]
    ActorReused,
    /// There is no change at all.
    #[error("empty document")]
    Empty,
    /// The first change does not say what the document is, or says an unknown kind.
    #[error("unknown kind of document")]
    UnknownKind,
    /// An edit that sets nothing.
    #[error("nothing to change")]
    NothingToChange,
    /// automerge panicked on these bytes.
    #[error("automerge panicked")]
    Panicked,
    /// automerge refused the edit.
    #[error("automerge refused")]
    Refused,
}

/// Who writes, as automerge sees it: fresh random bytes at every unlock, never stored for reuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor(pub [u8; 16]);

impl Actor {
    fn id(self) -> ActorId {
        ActorId::from(self.0.as_slice())
    }
}

/// One key and the value it is set to. Emptying writes [`Scalar::Null`], never a deletion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The key, see `domain::shape::KeyPath`.
    pub key: String,
    /// The new value.
    pub value: Scalar,
}

impl Edit {
    /// Sets `key` to `value`.
    pub fn set(key: impl Into<String>, value: impl Into<Scalar>) -> Self {
        Self { key: key.into(), value: value.into() }
    }
}

/// A change just authored here: the bytes that are the truth, and what the log needs to know of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChange {
    /// The uncompressed change chunk.
    pub bytes: Vec<u8>,
    /// Its hash.
    pub hash: ChangeHash,
    /// The actor it was written as: the one given, or another one where a change at older heads needs it. 16 bytes.
    pub actor: Vec<u8>,
}

/// Makes the first change of a new document. It writes `_id`, `_kind` and `_shape`, so no two documents share a first change.
///
/// # Errors
/// [`DocumentError::Refused`] when automerge does.
pub fn create(id: Uuid, kind: Kind, actor: Actor, edits: &[Edit]) -> Result<(NewChange, Reading), DocumentError> {
    let headers =
        [Edit::set("_id", id.to_string()), Edit::set("_kind", kind.as_str()), Edit::set("_shape", shape(kind).version)];
    let mut written: Vec<&Edit> = headers.iter().collect();
    for edit in edits.iter().filter(|edit| !edit.value.is_empty()) {
        match written.iter_mut().find(|known| known.key == edit.key) {
            Some(known) => *known = edit,
            None => written.push(edit),
        }
    }
    let change = fenced(|| Ok(first_change(actor, &written)))?;
    let reading = reading::of_one_change(&change.bytes)?;
    Ok((change, reading))
}

/// The first change of a document, written without building the document: an import makes tens of thousands of them.
/// The bytes are those that automerge's own transaction makes, see the test below.
fn first_change(actor: Actor, written: &[&Edit]) -> NewChange {
    let operations = written
        .iter()
        .map(|edit| legacy::Op {
            action: legacy::OpType::Put(to_automerge(&edit.value)),
            obj: legacy::ObjectId::Root,
            key: legacy::Key::Map(edit.key.as_str().into()),
            pred: legacy::SortedVec::new(),
            insert: false,
        })
        .collect();
    let change = Change::from(ExpandedChange {
        operations,
        actor_id: actor.id(),
        hash: None,
        seq: 1,
        start_op: NonZeroU64::MIN,
        time: 0,
        message: None,
        deps: Vec::new(),
        extra_bytes: Vec::new(),
        author: None,
    });
    NewChange { bytes: change.raw_bytes().to_vec(), hash: change.hash().0, actor: actor.0.to_vec() }
}

/// Documents opened since the process began.
static OPENED: AtomicU64 = AtomicU64::new(0);

/// How many documents this process has built or read from their bytes: starting the app must open none.
#[must_use]
pub fn opened() -> u64 {
    OPENED.load(Ordering::Relaxed)
}

pub(crate) fn count_opened() {
    OPENED.fetch_add(1, Ordering::Relaxed);
}

/// An opened document. Cheap to open (tens of microseconds for a record of ordinary size); never kept open across commands.
pub struct Document {
    doc: AutoCommit,
}

impl Document {
    /// Builds the document from its changes, in any order.
    ///
    /// # Errors
    /// [`DocumentError::Malformed`] for bytes that are not a change, [`DocumentError::MissingDependencies`] when the set has
    /// a gap, [`DocumentError::ActorReused`] when two changes claim one place.
    pub fn open<'a>(changes: impl IntoIterator<Item = &'a [u8]>) -> Result<Self, DocumentError> {
        count_opened();
        fenced(|| {
            let mut parsed = Vec::new();
            for bytes in changes {
                parsed.push(Change::from_bytes(bytes.to_vec()).map_err(|_| DocumentError::Malformed)?);
            }
            if parsed.is_empty() {
                return Err(DocumentError::Empty);
            }
            let count = parsed.len();
            let mut doc = AutoCommit::new();
            doc.apply_changes(parsed).map_err(|_| DocumentError::ActorReused)?;
            if doc.get_changes_meta(&[]).len() != count {
                return Err(DocumentError::MissingDependencies);
            }
            Ok(Self { doc })
        })
    }

    /// The heads: hashes of the changes nothing builds on yet, sorted.
    pub fn heads(&mut self) -> Vec<ChangeHash> {
        let mut heads: Vec<ChangeHash> = self.doc.get_heads().iter().map(|hash| hash.0).collect();
        heads.sort_unstable();
        heads
    }

    /// Reads values, conflicts and issues.
    ///
    /// # Errors
    /// [`DocumentError::UnknownKind`] when the document does not say what it is.
    pub fn read(&mut self) -> Result<Reading, DocumentError> {
        let heads = self.heads();
        fenced(|| reading::of_document(&self.doc, heads))
    }

    /// The document as it was at `heads`, without what was written beside or after them.
    ///
    /// # Errors
    /// [`DocumentError::UnknownHeads`] when a head is not in this document.
    pub fn at(&mut self, heads: &[ChangeHash]) -> Result<Self, DocumentError> {
        let at: Vec<AmHash> = heads.iter().map(|hash| AmHash(*hash)).collect();
        if at.is_empty() || at.iter().any(|hash| self.doc.get_change_meta_by_hash(hash).is_none()) {
            return Err(DocumentError::UnknownHeads);
        }
        fenced(|| Ok(Self { doc: self.doc.fork_at(&at).map_err(|_| DocumentError::UnknownHeads)? }))
    }

    /// Authors one change that sets `edits`, at `heads` (what the form was opened on). What arrived since then stays
    /// beside it, as a conflict where values differ. Values equal to what stood at `heads` are left out.
    ///
    /// # Errors
    /// [`DocumentError::UnknownHeads`] when a head is not in this document, [`DocumentError::NothingToChange`] when all
    /// values stand already.
    pub fn edit(&mut self, actor: Actor, heads: &[ChangeHash], edits: &[Edit]) -> Result<NewChange, DocumentError> {
        let mut sorted = heads.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        if sorted == self.heads() {
            return fenced(|| {
                self.doc.set_actor(actor.id());
                self.write(edits)
            });
        }
        let mut past = self.at(&sorted)?;
        fenced(|| {
            let actor = self.actor_beside(actor, &mut past, &sorted);
            past.doc.set_actor(actor.id());
            let change = past.write(edits)?;
            let parsed = Change::from_bytes(change.bytes.clone()).map_err(|_| DocumentError::Refused)?;
            self.doc.apply_changes([parsed]).map_err(|_| DocumentError::Refused)?;
            Ok(change)
        })
    }

    /// The actor for a change at older heads. An actor's changes of one document form a line; where `actor` wrote here
    /// after those heads, another one stands in, made from both so that nobody else can hit on it.
    fn actor_beside(&mut self, actor: Actor, past: &mut Self, heads: &[ChangeHash]) -> Actor {
        let mut bytes = actor.0;
        loop {
            let candidate = Actor(bytes);
            if self.changes_by(candidate) == past.changes_by(candidate) {
                return candidate;
            }
            for head in heads {
                for (byte, mix) in bytes.iter_mut().zip(head) {
                    *byte = byte.rotate_left(1) ^ mix;
                }
            }
        }
    }

    fn changes_by(&mut self, actor: Actor) -> usize {
        let id = actor.id();
        self.doc.get_changes_meta(&[]).iter().filter(|change| *change.actor == id).count()
    }

    fn write(&mut self, edits: &[Edit]) -> Result<NewChange, DocumentError> {
        let mut written = false;
        for edit in edits {
            if self.stands_alone(edit)? {
                continue;
            }
            put(&mut self.doc, &edit.key, &edit.value)?;
            written = true;
        }
        if !written {
            return Err(DocumentError::NothingToChange);
        }
        commit(&mut self.doc)
    }

    /// Whether the key already holds exactly this value and no other.
    fn stands_alone(&self, edit: &Edit) -> Result<bool, DocumentError> {
        let values = self.doc.get_all(ROOT, edit.key.as_str()).map_err(|_| DocumentError::Refused)?;
        Ok(match values.as_slice() {
            [] => edit.value.is_empty(),
            [(only, _)] => reading::scalar(only).as_ref() == Some(&edit.value),
            [_, _, ..] => false,
        })
    }
}

fn put(doc: &mut AutoCommit, key: &str, value: &Scalar) -> Result<(), DocumentError> {
    doc.put(ROOT, key, to_automerge(value)).map_err(|_| DocumentError::Refused)
}

fn to_automerge(value: &Scalar) -> ScalarValue {
    match value {
        Scalar::Null => ScalarValue::Null,
        Scalar::Bool(value) => ScalarValue::Boolean(*value),
        Scalar::Int(number) => ScalarValue::Int(*number),
        Scalar::Text(text) => ScalarValue::Str(text.as_str().into()),
    }
}

/// Commits without a time: the lane entry carries the device's time, and a truth has one place.
fn commit(doc: &mut AutoCommit) -> Result<NewChange, DocumentError> {
    let hash = doc.commit_with(CommitOptions::default().with_time(0)).ok_or(DocumentError::NothingToChange)?;
    let change = doc.get_change_by_hash(&hash).ok_or(DocumentError::Refused)?;
    Ok(NewChange { bytes: change.raw_bytes().to_vec(), hash: hash.0, actor: change.actor_id().to_bytes().to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_change_has_the_bytes_automerge_itself_would_write() {
        let (id, actor) = (Uuid::from_bytes([7; 16]), Actor([3; 16]));
        let edits = [
            Edit::set("name", "赵荣江"),
            Edit::set("phone", "1"),
            Edit::set("height", 171_i64),
            Edit::set("negative", -5_i64),
            Edit::set("sessions/a/kind", "\u{1F9D3}"),
            Edit::set("hosts", true),
            Edit::set("left_out", Scalar::Null),
        ];
        let (change, reading) = create(id, Kind::Resident, actor, &edits).unwrap();
        let mut doc = AutoCommit::new().with_actor(actor.id());
        put(&mut doc, "_id", &Scalar::from(id.to_string())).unwrap();
        put(&mut doc, "_kind", &Scalar::from("resident")).unwrap();
        put(&mut doc, "_shape", &Scalar::from(shape(Kind::Resident).version)).unwrap();
        for edit in edits.iter().filter(|edit| !edit.value.is_empty()) {
            put(&mut doc, &edit.key, &edit.value).unwrap();
        }
        assert_eq!(commit(&mut doc).unwrap(), change);
        assert_eq!(Document::open([change.bytes.as_slice()]).unwrap().read().unwrap(), reading);
    }

    #[test]
    fn of_a_key_given_twice_the_last_value_stands() {
        let edits = [Edit::set("name", "a"), Edit::set("phone", "1"), Edit::set("name", "b")];
        let (_, reading) = create(Uuid::from_bytes([7; 16]), Kind::Resident, Actor([3; 16]), &edits).unwrap();
        assert_eq!(reading.text("name"), Some("b"));
    }
}
