//! Every way a command can fail, and how it crosses to the UI: a code, arguments and a kind; never a sentence. Owns the one
//! table; must not know which library failed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the user can do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The user can fix it.
    Rejected,
    /// Something changed meanwhile; look again.
    Conflict,
    /// Try again later.
    Unavailable,
    /// Our bug; the incident id is in the log.
    Defect,
}

/// An error as the UI gets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WireError {
    /// Code; the UI has a text for each, in both languages.
    pub code: String,
    /// Arguments of the text.
    pub args: BTreeMap<String, String>,
    /// What the user can do.
    pub kind: ErrorKind,
    /// For a defect: the id to look for in the log.
    pub incident: Option<String>,
}

/// Declares the errors, their codes, kinds and arguments in one place: the table cannot miss a variant.
macro_rules! errors {
    ($($(#[doc = $doc:literal])+ $variant:ident { $($arg:ident : $type:ty),* } => $code:literal, $kind:ident;)*) => {
        /// Every way a command can fail.
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        pub enum AppError {
            $(
                $(#[doc = $doc])+
                #[error($code)]
                $variant {
                    $(#[doc = stringify!($arg)] $arg: $type),*
                },
            )*
        }

        /// Every code, in the order of the table.
        pub const CODES: &[&str] = &[$($code),*];

        impl AppError {
            /// The code the UI has a text for.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $code),* }
            }

            /// What the user can do.
            #[must_use]
            pub const fn kind(&self) -> ErrorKind {
                match self { $(Self::$variant { .. } => ErrorKind::$kind),* }
            }

            /// Arguments of the text.
            #[must_use]
            pub fn args(&self) -> BTreeMap<String, String> {
                match self {
                    $(Self::$variant { $($arg),* } => BTreeMap::from([
                        $((stringify!($arg).to_owned(), $arg.to_string())),*
                    ]),)*
                }
            }
        }
    };
}

errors! {
    // the call itself
    /// No command has this name.
    UnknownCommand { command: String } => "unknown_command", Defect;
    /// The request is not of the command's shape.
    BadRequest { command: String } => "bad_request", Defect;
    /// Something of the request is longer or larger than allowed.
    TooLarge { what: &'static str, max: u64 } => "too_large", Rejected;
    /// The mark of a list's page is not one of ours, or of another order.
    BadPage {} => "bad_page", Conflict;

    // session
    /// A passphrase is needed first.
    Locked {} => "locked", Rejected;
    /// Another replica is unlocked.
    AlreadyUnlocked {} => "already_unlocked", Rejected;
    /// No such replica on this laptop.
    ReplicaUnknown {} => "replica_unknown", Rejected;
    /// The passphrase does not open the replica.
    WrongPassphrase {} => "wrong_passphrase", Rejected;
    /// The new passphrase is too short.
    PassphraseTooShort { min: u64 } => "passphrase_too_short", Rejected;
    /// The file is no enrolment file, or damaged.
    EnrolmentUnreadable {} => "enrolment_unreadable", Rejected;
    /// The code does not open the enrolment file.
    EnrolmentWrongCode {} => "enrolment_wrong_code", Rejected;
    /// The enrolment file has run out.
    EnrolmentExpired {} => "enrolment_expired", Rejected;
    /// This enrolment file was already used on this laptop.
    EnrolmentUsed {} => "enrolment_used", Rejected;
    /// The directory in the enrolment file names no such officer or replica.
    EnrolmentNotInDirectory {} => "enrolment_not_in_directory", Rejected;

    // permits
    /// The role never does this.
    DeniedRole { role: &'static str, action: &'static str } => "denied_role", Rejected;
    /// The role does this, but not here.
    DeniedScope { role: &'static str, action: &'static str, scope: String } => "denied_scope", Rejected;
    /// The cell is not held today.
    DeniedNotHeld { action: &'static str, scope: String } => "denied_not_held", Rejected;
    /// The station revoked this laptop or officer.
    Revoked {} => "revoked", Rejected;
    /// The lease is over: reading waits for the station, saving and sending go on.
    LeaseOver {} => "lease_over", Rejected;

    /// The code does not fit this laptop and the day its lease ends, or was used.
    LeaseCodeWrong {} => "lease_code_wrong", Rejected;
    /// The station gives no lease that ends.
    LeaseNone {} => "lease_none", Rejected;

    // records
    /// There is no such record here.
    NotFound {} => "not_found", Rejected;
    /// The record was erased; only who, when and why is left.
    RecordErased { at: i64, officer: String, reason: String } => "record_erased", Rejected;
    /// The record is of another kind.
    WrongKind { kind: &'static str } => "wrong_kind", Rejected;
    /// The form was opened on something this laptop does not hold.
    StaleForm {} => "stale_form", Conflict;
    /// Nothing differs from what stands.
    NothingToChange {} => "nothing_to_change", Rejected;
    /// The field stands in conflict: it changes only by a decision.
    FieldInConflict { key: String } => "field_in_conflict", Conflict;
    /// The record cannot be read by this version.
    RecordUnreadable {} => "record_unreadable", Unavailable;

    // fields
    /// Needed and empty.
    FieldRequired { key: String } => "field_required", Rejected;
    /// No record of this kind has the field.
    FieldUnknown { key: String } => "field_unknown", Rejected;
    /// The field is not written this way.
    FieldReadOnly { key: String } => "field_read_only", Rejected;
    /// Text where a number belongs, or the like.
    FieldWrongType { key: String } => "field_wrong_type", Rejected;
    /// Too many characters.
    FieldTooLong { key: String, max: u64 } => "field_too_long", Rejected;
    /// A number out of bounds.
    FieldOutOfRange { key: String, min: i64, max: i64 } => "field_out_of_range", Rejected;
    /// No day of the calendar.
    FieldBadDate { key: String } => "field_bad_date", Rejected;
    /// A day that has not come yet.
    FieldFutureDate { key: String } => "field_future_date", Rejected;
    /// No code of the table.
    FieldUnknownCode { key: String, table: &'static str } => "field_unknown_code", Rejected;
    /// No record, officer or cell of this id.
    FieldUnknownRef { key: String } => "field_unknown_ref", Rejected;
    /// A character that cannot be written down.
    FieldControlCharacter { key: String } => "field_control_character", Rejected;
    /// No identity number: wrong length.
    FieldIdLength { key: String, found: u64 } => "field_id_length", Rejected;
    /// No identity number: a character that is no digit.
    FieldIdCharacter { key: String, at: u64 } => "field_id_character", Rejected;
    /// No identity number: the check digit.
    FieldIdCheckDigit { key: String, expected: char } => "field_id_check_digit", Rejected;
    /// No identity number: the first six digits.
    FieldIdDivision { key: String, division: String } => "field_id_division", Rejected;
    /// No identity number: the date in it.
    FieldIdDate { key: String } => "field_id_date", Rejected;
    /// The identity number says another birth date.
    FieldIdBirthDiffers { key: String } => "field_id_birth_differs", Rejected;
    /// The identity number says another sex.
    FieldIdSexDiffers { key: String } => "field_id_sex_differs", Rejected;
    /// Not a telephone number.
    FieldBadPhone { key: String } => "field_bad_phone", Rejected;
    /// The end lies before the beginning.
    FieldEndsBeforeStart { key: String } => "field_ends_before_start", Rejected;

    // people
    /// A reason of at least so many characters is needed.
    ReasonTooShort { min: u64 } => "reason_too_short", Rejected;
    /// The field is not masked.
    NotMasked { key: String } => "not_masked", Rejected;
    /// The person lives in this household already.
    AlreadyMember {} => "already_member", Rejected;
    /// The residence has ended already.
    ResidenceEnded {} => "residence_ended", Rejected;
    /// A resident and fields of a new one were both given, or neither.
    MemberUnclear {} => "member_unclear", Rejected;
    /// A record with this identity number is here already.
    IdNumberTaken { document: String } => "id_number_taken", Rejected;

    // visits, patrols, disputes, conflicts, reports
    /// The step is not possible from here; reasons are codes, separated by commas.
    StepNotPossible { to: String, reasons: String } => "step_not_possible", Rejected;
    /// The step needs a reason.
    StepNeedsReason { to: String } => "step_needs_reason", Rejected;
    /// No cell of the station has this code.
    CellUnknown {} => "cell_unknown", Rejected;
    /// The household is in this cell already.
    MoveSameCell {} => "move_same_cell", Rejected;
    /// A first sync is still bringing older work: what goes along with a record cannot be known yet.
    OlderWorkToCome {} => "older_work_to_come", Unavailable;
    /// The decision does not name all values that stand now.
    DecisionStale {} => "decision_stale", Conflict;
    /// The decision takes neither a side nor own words, or both.
    DecisionUnclear { key: String } => "decision_unclear", Rejected;
    /// The field is not in conflict.
    NotInConflict { key: String } => "not_in_conflict", Conflict;
    /// No week of the calendar, or one that has not begun.
    BadWeek {} => "bad_week", Rejected;
    /// No figure of the report has this key.
    UnknownFigure { figure: String } => "unknown_figure", Rejected;
    /// No font for Chinese type is on this machine.
    NoChineseFont {} => "no_chinese_font", Unavailable;
    /// The paper could not be set.
    ReportFailed {} => "report_failed", Defect;

    // import
    /// The import is no longer in memory: choose the file again.
    ImportUnknown {} => "import_unknown", Rejected;
    /// Neither XLSX nor CSV, or damaged.
    ImportUnreadable {} => "import_unreadable", Rejected;
    /// An old binary workbook (.xls): save it as XLSX first.
    ImportOldWorkbook {} => "import_old_workbook", Rejected;
    /// The workbook is locked by a password.
    ImportEncrypted {} => "import_encrypted", Rejected;
    /// Unpacks to more than allowed.
    ImportBomb { max: u64 } => "import_bomb", Rejected;
    /// No sheet has a row.
    ImportEmpty {} => "import_empty", Rejected;
    /// No such sheet.
    ImportSheetUnknown {} => "import_sheet_unknown", Rejected;
    /// A needed column is not mapped.
    ImportColumnMissing { column: String } => "import_column_missing", Rejected;
    /// The mapping names a column that does not exist.
    ImportMappingWrong { column: String } => "import_mapping_wrong", Rejected;
    /// Too many rows for one import.
    ImportTooManyRows { max: u64 } => "import_too_many_rows", Rejected;
    /// A dry run comes first.
    ImportNotTried {} => "import_not_tried", Rejected;
    /// The warning about importing before the first sync was not accepted.
    ImportBeforeFirstSync {} => "import_before_first_sync", Rejected;
    /// Nothing would be imported.
    ImportNothing {} => "import_nothing", Rejected;
    /// The register changed since the dry run.
    ImportChanged {} => "import_changed", Conflict;

    // jobs
    /// No such job.
    JobUnknown {} => "job_unknown", Rejected;
    /// Another long job is running.
    JobBusy {} => "job_busy", Unavailable;
    /// The job was cancelled.
    JobCancelled {} => "job_cancelled", Rejected;
    /// The job has not finished.
    JobRunning {} => "job_running", Unavailable;

    // sync
    /// This host has no way to the station.
    SyncUnavailable {} => "sync_unavailable", Unavailable;
    /// No act of this id was set aside.
    ActUnknown {} => "act_unknown", Rejected;
    /// The act was written again already.
    ActRewritten {} => "act_rewritten", Rejected;
    /// The act moved or erased records: do it anew instead.
    ActNotRewritable {} => "act_not_rewritable", Rejected;
    /// Nothing is left of the act to write again.
    RewriteEmpty {} => "rewrite_empty", Rejected;

    // sync by hand
    /// The station has not registered this medium: USB is off for it.
    MediumNotRegistered {} => "medium_not_registered", Rejected;
    /// The station withdrew this medium.
    MediumWithdrawn {} => "medium_withdrawn", Rejected;
    /// No space is left on the medium; nothing was written.
    MediumFull {} => "medium_full", Rejected;
    /// The medium cannot be written.
    MediumReadOnly {} => "medium_read_only", Rejected;
    /// The medium was taken out or is broken.
    MediumFailed {} => "medium_failed", Unavailable;
    /// Not a bundle.
    BundleUnreadable {} => "bundle_unreadable", Rejected;
    /// The bundle is cut short or was changed; nothing of it was taken.
    BundleDamaged {} => "bundle_damaged", Rejected;
    /// Written by a newer station.
    BundleNewer {} => "bundle_newer", Rejected;
    /// A laptop's bundle: the station has to take it first.
    BundleNotAnAnswer {} => "bundle_not_an_answer", Rejected;
    /// An answer of another station.
    BundleOtherStation {} => "bundle_other_station", Rejected;
    /// An answer to another laptop, or to a bundle this one has forgotten.
    BundleNotOurs {} => "bundle_not_ours", Rejected;
    /// This answer was taken already.
    BundleTaken { at: i64 } => "bundle_taken", Rejected;
    /// No answer for this laptop is on the medium.
    BundleNoAnswer {} => "bundle_no_answer", Rejected;
    /// The station refused the bundle as a whole.
    BundleRefused { reason: String } => "bundle_refused", Rejected;
    /// Bundle and laptop do not fit; the reason is a code of the exchange.
    BundleFault { reason: String } => "bundle_fault", Unavailable;

    // settings, backup
    /// A setting is out of bounds.
    SettingOutOfRange { key: &'static str, min: u64, max: u64 } => "setting_out_of_range", Rejected;
    /// The folder is not there or cannot be written.
    FolderUnusable {} => "folder_unusable", Rejected;
    /// Not a backup, or damaged.
    BackupUnreadable {} => "backup_unreadable", Rejected;
    /// The backup was written and did not read back the same.
    BackupNotVerified {} => "backup_not_verified", Unavailable;

    // this machine
    /// The machine could not give the memory the key derivation needs.
    NotEnoughMemory {} => "not_enough_memory", Unavailable;
    /// The disk is full; nothing was saved.
    DiskFull {} => "disk_full", Unavailable;
    /// Another process holds the file.
    DatabaseBusy {} => "database_busy", Unavailable;
    /// The disk refused; nothing was saved.
    DiskFailed {} => "disk_failed", Unavailable;
    /// The file is damaged. It is kept aside, never deleted.
    DataDamaged {} => "data_damaged", Unavailable;
    /// Written by a newer version of the app.
    DataNewer {} => "data_newer", Unavailable;
    /// Our bug. `detail` is for the log and holds no record text.
    Defect { detail: String } => "defect", Defect;
}

impl AppError {
    /// A defect with what broke, without record text.
    pub fn defect(detail: impl std::fmt::Display) -> Self {
        Self::Defect { detail: detail.to_string() }
    }

    /// The error as the UI gets it. A defect gets `incident` and a line in the log; its detail stays there.
    #[must_use]
    pub fn into_wire(self, incident: &str) -> WireError {
        let kind = self.kind();
        let mut args = self.args();
        let mut marked = None;
        if kind == ErrorKind::Defect {
            tracing::error!(incident, code = self.code(), detail = args.get("detail").map(String::as_str), "defect");
            args.remove("detail");
            marked = Some(incident.to_owned());
        }
        WireError { code: self.code().to_owned(), args, kind, incident: marked }
    }
}

impl From<domain::permit::Denied> for AppError {
    fn from(denied: domain::permit::Denied) -> Self {
        use domain::permit::Denied;
        match denied {
            Denied::Role { role, action } => Self::DeniedRole { role: role.code(), action: action.code() },
            Denied::ScopeKind { role, action, scope } => {
                Self::DeniedScope { role: role.code(), action: action.code(), scope: scope.to_string() }
            }
            Denied::ScopeNotHeld { action, scope } => {
                Self::DeniedNotHeld { action: action.code(), scope: scope.to_string() }
            }
        }
    }
}

impl From<store::StoreError> for AppError {
    fn from(error: store::StoreError) -> Self {
        use documents::DocumentError;
        use store::StoreError;
        match error {
            StoreError::NotFound { .. } => Self::NotFound {},
            StoreError::NotInScope { .. } => Self::StaleForm {},
            StoreError::WrongPassphrase => Self::WrongPassphrase {},
            StoreError::Missing => Self::ReplicaUnknown {},
            StoreError::KeyFileDamaged | StoreError::NotOurFile | StoreError::Damaged | StoreError::NoIdentity => {
                Self::DataDamaged {}
            }
            StoreError::NewerVersion { .. } => Self::DataNewer {},
            StoreError::NotEnoughMemory => Self::NotEnoughMemory {},
            StoreError::DiskFull => Self::DiskFull {},
            StoreError::Busy => Self::DatabaseBusy {},
            StoreError::Io(_) => Self::DiskFailed {},
            StoreError::Cancelled => Self::JobCancelled {},
            StoreError::NotABackup => Self::BackupUnreadable {},
            StoreError::BackupNotTheSame => Self::BackupNotVerified {},
            StoreError::FieldInConflict { keys } => {
                Self::FieldInConflict { key: keys.into_iter().next().unwrap_or_default() }
            }
            StoreError::ConflictMoved { .. } => Self::DecisionStale {},
            StoreError::TooLong { max, .. } => {
                Self::TooLarge { what: "record", max: u64::try_from(max).unwrap_or(u64::MAX) }
            }
            StoreError::Document(DocumentError::UnknownHeads) => Self::StaleForm {},
            StoreError::Document(DocumentError::NothingToChange) => Self::NothingToChange {},
            StoreError::Document(DocumentError::UnknownKind | DocumentError::MissingDependencies) => {
                Self::RecordUnreadable {}
            }
            // their texts name codes, files and lengths, never what a record says
            StoreError::Document(_)
            | StoreError::AlreadyExists
            | StoreError::SqliteTooOld { .. }
            | StoreError::DocumentExists { .. }
            | StoreError::Unreadable { .. } => Self::defect(error),
            StoreError::Database(ref source) => Self::defect(format!("{error}: {:?}", source.sqlite_error_code())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{AppError, CODES, ErrorKind};

    #[test]
    fn no_code_is_used_twice() {
        assert_eq!(CODES.iter().collect::<BTreeSet<_>>().len(), CODES.len());
        assert!(CODES.iter().all(|code| code.chars().all(|c| c.is_ascii_lowercase() || c == '_')));
    }

    #[test]
    fn a_defect_crosses_with_its_incident_and_without_its_detail() {
        let wire = AppError::defect("table entry").into_wire("INC1");
        assert_eq!((wire.code.as_str(), wire.kind), ("defect", ErrorKind::Defect));
        assert_eq!(wire.incident.as_deref(), Some("INC1"));
        assert!(wire.args.is_empty());
    }

    #[test]
    fn an_error_the_user_can_fix_crosses_with_its_arguments() {
        let wire = AppError::FieldTooLong { key: "name".into(), max: 50 }.into_wire("unused");
        assert_eq!(wire.kind, ErrorKind::Rejected);
        assert_eq!(wire.args.get("max").map(String::as_str), Some("50"));
        assert_eq!(wire.incident, None);
    }
}
