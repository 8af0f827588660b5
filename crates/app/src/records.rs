//! Reading one record for a person: permit first, audit before anything is shown. Owns the way to a single record; must not
//! know kinds.

use ::sync::ids::DocumentId;
use documents::Reading;
use domain::kind::Kind;
use domain::permit::{Action, Permit};
use domain::scope::Scope;
use domain::shape::{Exposure, FieldType, Scalar, shape};
use store::{AuditAction, StoreError, record};
use uuid::Uuid;

use crate::contract::{FieldsView, Foot, ScalarJson};
use crate::error::AppError;
use crate::session::Session;

/// One record, opened under a permit.
pub(crate) struct Opened {
    /// Its id.
    pub(crate) id: DocumentId,
    /// What it says.
    pub(crate) reading: Reading,
    /// The permit it was opened under.
    pub(crate) permit: Permit,
}

impl Opened {
    /// The id as text.
    pub(crate) fn text(&self) -> String {
        self.id.to_string()
    }

    /// Heads as the UI sends them back.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.reading.heads.iter().map(hex::encode).collect()
    }

    /// Keys in conflict.
    pub(crate) fn conflicts(&self) -> Vec<String> {
        self.reading.conflicts.keys().cloned().collect()
    }

    /// The text of a field.
    pub(crate) fn field(&self, key: &str) -> Option<String> {
        self.reading.text(key).map(str::to_owned)
    }

    /// The cell of its scope: where a move took it, whatever its own field still says. Else the one it names.
    pub(crate) fn cell(&self) -> String {
        match self.permit.scope() {
            Scope::Cell(code) | Scope::CellSensitive(code) => code.clone(),
            Scope::Station => self.field("cell").unwrap_or_default(),
        }
    }

    /// Every field, masked ones masked.
    pub(crate) fn view(&self) -> FieldsView {
        let shown = |(key, value): (&String, &Scalar)| {
            let value = if key == "cell" { Scalar::Text(self.cell()) } else { masked_value(&self.reading, key, value) };
            (key.clone(), ScalarJson(value))
        };
        self.reading.fields.iter().map(shown).collect()
    }
}

/// Characters of a reason at least.
const REASON_CHARS_MIN: usize = 2;
/// Characters of a reason at most.
const REASON_CHARS_MAX: usize = 200;

/// A reason in the officer's words, for the audit.
pub(crate) fn reason(text: &str) -> Result<&str, AppError> {
    let reason = domain::text::trim(text);
    let chars = reason.chars().count();
    if chars < REASON_CHARS_MIN {
        return Err(AppError::ReasonTooShort { min: REASON_CHARS_MIN as u64 });
    }
    if chars > REASON_CHARS_MAX {
        return Err(AppError::TooLarge { what: "reason", max: REASON_CHARS_MAX as u64 });
    }
    Ok(reason)
}

/// Reads an id of a request.
pub(crate) fn document_id(text: &str) -> Result<DocumentId, AppError> {
    text.parse().map_err(|_| AppError::NotFound {})
}

/// Reads heads of a request.
pub(crate) fn heads(texts: &[String]) -> Result<Vec<[u8; 32]>, AppError> {
    let one = |text: &String| {
        let mut head = [0_u8; 32];
        hex::decode_to_slice(text, &mut head).map(|()| head).map_err(|_| AppError::StaleForm {})
    };
    if texts.len() > 64 {
        return Err(AppError::StaleForm {});
    }
    texts.iter().map(one).collect()
}

/// The value as it is shown without a reveal: masked fields masked.
pub(crate) fn masked_value(reading: &Reading, key: &str, value: &Scalar) -> Scalar {
    let field = shape(reading.kind).field(key);
    match (field, value) {
        (Some(field), Scalar::Text(text)) if field.exposure == Exposure::Masked => match field.holds {
            FieldType::IdNumber => {
                let kind = reading.text("id_kind").unwrap_or_default();
                Scalar::Text(domain::mask::document(kind, text))
            }
            FieldType::Phone => Scalar::Text(domain::mask::phone(text)),
            FieldType::Line(_)
            | FieldType::Narrative(_)
            | FieldType::Int(..)
            | FieldType::Money
            | FieldType::Bool
            | FieldType::Date
            | FieldType::Instant
            | FieldType::Code(_)
            | FieldType::DisputeState
            | FieldType::Ref(_)
            | FieldType::Officer
            | FieldType::Cell => Scalar::Text("*".repeat(text.chars().count())),
        },
        (Some(_) | None, _) => value.clone(),
    }
}

impl Session {
    /// Opens one record for an action, without telling anyone yet: a write, or a read that audits by itself.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::WrongKind`], refusals of permits.
    pub(crate) fn open_for(&self, action: Action, id: &str, kind: Kind) -> Result<Opened, AppError> {
        let opened = self.open_any(action, id)?;
        if opened.reading.kind == kind { Ok(opened) } else { Err(AppError::WrongKind { kind: kind.as_str() }) }
    }

    /// Opens one record of any kind for an action.
    ///
    /// # Errors
    /// [`AppError::NotFound`], refusals of permits.
    pub(crate) fn open_any(&self, action: Action, id: &str) -> Result<Opened, AppError> {
        let id = document_id(id)?;
        self.store.read(|reader| {
            let (_, scope) = match record::place(reader, id) {
                Ok(found) => found,
                // moved away, or of a cell taken away: the refusal names the cell it is in
                Err(StoreError::NotFound { .. }) => {
                    return Err(self.why_not_here(reader, action, id)?);
                }
                Err(other) => return Err(other.into()),
            };
            let permit = self.permit_in(action, &scope)?;
            let reading = record::open(reader, id)?.reading;
            Ok(Opened { id, reading, permit })
        })
    }

    /// Why a record is not in the views: erased, in a cell not held, or never here.
    fn why_not_here(&self, reader: &store::Reader<'_>, action: Action, id: DocumentId) -> Result<AppError, AppError> {
        if self.is_revoked() {
            return Ok(AppError::Revoked {});
        }
        if let Some(stone) = store::erase::tombstone(reader, id)? {
            let officer = self.name_of(stone.officer);
            return Ok(AppError::RecordErased { at: stone.at, officer, reason: stone.reason });
        }
        if let Some(scope) = store::scopes::whereabouts(reader, id)? {
            self.permit_in(action, &scope)?;
        }
        Ok(AppError::NotFound {})
    }

    /// Opens one record to be shown: permitted, and audited durably before this returns.
    ///
    /// # Errors
    /// As [`Session::open_for`]; faults of the disk.
    pub(crate) fn open_shown(&self, id: &str, kind: Kind) -> Result<Opened, AppError> {
        let opened = self.open_for(Action::Read, id, kind)?;
        self.audit(AuditAction::Read, Some(opened.id), None, None)?;
        Ok(opened)
    }

    /// Writes a line of the audit, durably.
    ///
    /// # Errors
    /// Faults of the disk: what was to be shown is then not shown.
    pub(crate) fn audit(
        &self,
        action: AuditAction,
        document: Option<DocumentId>,
        key: Option<&str>,
        reason: Option<&str>,
    ) -> Result<(), AppError> {
        let note =
            store::AuditNote { action, document, field: key.map(str::to_owned), reason: reason.map(str::to_owned) };
        self.store.audit(self.officer, self.now_ms(), &note)?;
        self.bus.changed(["audit"]);
        Ok(())
    }

    /// The foot of a record.
    ///
    /// # Errors
    /// Faults of the disk.
    pub(crate) fn foot(&self, id: DocumentId) -> Result<Foot, AppError> {
        let foot = self.store.read(|reader| record::foot(reader, id))?;
        Ok(Foot {
            state: crate::people::save_state(foot.state),
            unsent: foot.unsent,
            last_at: foot.last_at,
            last_officer: foot.last_officer.map(|officer| self.name_of(officer)),
            last_laptop: foot.last_replica.map(|replica| self.laptop_of(replica)),
            received_at: foot.received_at,
            history_count: foot.history_count,
        })
    }
}

/// What fields may point to, as this replica knows it.
pub(crate) struct Here<'a> {
    pub(crate) session: &'a Session,
}

impl crate::fields::Known for Here<'_> {
    fn record(&self, kind: Kind, id: Uuid) -> Result<bool, AppError> {
        let found = self.session.store.read(|reader| record::place(reader, DocumentId(id)));
        match found {
            Ok((known, _)) => Ok(known == kind),
            Err(StoreError::NotFound { .. }) => Ok(false),
            Err(other) => Err(other.into()),
        }
    }

    fn officer(&self, id: &str) -> bool {
        id.parse().is_ok_and(|id| self.session.directory().officer(id).is_some())
    }

    fn cell(&self, code: &str) -> bool {
        self.session.directory().cell(code).is_some()
    }
}
