//! Places in the programs where a test may end them as if they were killed. Owns the list of places. Must not know what the
//! programs do there.
//!
//! Without the feature `on`, [`reached`] is nothing at all, and nothing that is shipped has the feature: it is named by
//! development dependencies only (`cargo xtask check`), a build without debug assertions refuses it, and `cargo xtask dist`
//! looks for it in the programs. With it, [`KILL_AT`] names a place and how often it is passed before the program ends there,
//! without a destructor, a flush or a farewell, as under kill -9.

#[cfg(feature = "on")]
mod on;

#[cfg(all(feature = "on", not(debug_assertions)))]
compile_error!("failpoints are for tests: nothing that is shipped may be built with them");

/// Variable of the environment that says where to end: `name:n`, at the n-th time the place is reached.
pub const KILL_AT: &str = "FENGQIAO_KILL_AT";

/// Which program passes a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Program {
    /// Desktop window or browser edition.
    Laptop,
    /// Server or command line of the station.
    Station,
}

macro_rules! points {
    ($($program:ident { $($(#[$doc:meta])+ $point:ident => $name:literal,)+ })+) => {
        /// A place.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Point {
            $($($(#[$doc])+ $point,)+)+
        }

        impl Point {
            /// Every place there is.
            pub const ALL: &[Self] = &[$($(Self::$point,)+)+];

            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $($(Self::$point => $name,)+)+
                }
            }

            /// The program that passes it.
            #[must_use]
            pub const fn program(self) -> Program {
                match self {
                    $($(Self::$point)|+ => Program::$program,)+
                }
            }
        }
    };
}

points! {
    Laptop {
        /// A command's entries, views and audit are written, not committed.
        SaveWritten => "save_written",
        /// They are committed; nobody has been told.
        SaveCommitted => "save_committed",
        /// A line of the audit is written, not committed.
        AuditWritten => "audit_written",
        /// A row of a register is in the import's transaction.
        ImportRow => "import_row",
        /// A request is about to be sent.
        RequestReady => "request_ready",
        /// The answer is here, nothing of it is stored.
        AnswerRead => "answer_read",
        /// An answer is written, not committed.
        IncomingWritten => "incoming_written",
        /// It is committed; what was erased is not forgotten yet.
        IncomingCommitted => "incoming_committed",
        /// It is stored; the session has not looked at the directory in it.
        IncomingApplied => "incoming_applied",
        /// The session has followed it; the engine does not know.
        IncomingSettled => "incoming_settled",
        /// An attempt to sync has ended and is not recorded.
        SyncEnded => "sync_ended",
        /// The search index has forgotten what was erased, the write-ahead log has not.
        ErasureMerged => "erasure_merged",
        /// The log is cut; that it was is not noted.
        ErasureCut => "erasure_cut",
        /// Cells gained and lost are written, not committed.
        ScopesWritten => "scopes_written",
        /// A lost cell's records are out, not committed.
        CellDropped => "cell_dropped",
        /// That is committed; the pages are not forgotten.
        CellDropCommitted => "cell_drop_committed",
        /// The views are empty.
        RebuildEmptied => "rebuild_emptied",
        /// A part of the search index is made.
        RebuildPart => "rebuild_part",
        /// The views are whole, not marked so.
        RebuildFilled => "rebuild_filled",
        /// A backup's database is copied.
        BackupCopied => "backup_copied",
        /// It is read back and has no name yet.
        BackupRead => "backup_read",
        /// It has its name, which may not be durable.
        BackupNamed => "backup_named",
        /// A restore has copied the database.
        RestoreCopied => "restore_copied",
        /// It has its key file.
        RestoreKeyed => "restore_keyed",
        /// The new replica is written into it, not committed.
        RestoreWritten => "restore_written",
        /// That is committed; the folder has no name yet.
        RestoreTaken => "restore_taken",
        /// It has its name, which may not be durable.
        RestoreNamed => "restore_named",
        /// A copied disk's new replica is written, not committed.
        SucceedWritten => "succeed_written",
        /// It is committed; the session writes as the old one.
        SucceedCommitted => "succeed_committed",
        /// A new key file is durable beside the old one.
        KeyWritten => "key_written",
        /// It has taken its place.
        KeyNamed => "key_named",
        /// Enrolling has made the folder.
        EnrolFolder => "enrol_folder",
        /// The folder has a database with an identity.
        EnrolDatabase => "enrol_database",
        /// The directory is in it; there are no keys.
        EnrolDirectory => "enrol_directory",
        /// The keys are there; nobody has been told.
        EnrolKeyed => "enrol_keyed",
    }
    Station {
        /// A new station has its key file and no database.
        FoundKeyed => "found_keyed",
        /// Its secrets and first directory are written, not committed.
        FoundWritten => "found_written",
        /// They are committed; nobody has been told the code.
        Founded => "founded",
        /// A laptop's key is listed, not committed.
        CertifyWritten => "certify_written",
        /// It is committed.
        Certified => "certified",
        /// A successor is listed, not committed.
        SuccessionWritten => "succession_written",
        /// It is committed.
        SuccessionListed => "succession_listed",
        /// A frame is judged, nothing is stored.
        FrameJudged => "frame_judged",
        /// Its entries and receipt are written, not committed.
        FrameWritten => "frame_written",
        /// They are committed.
        FrameCommitted => "frame_committed",
        /// What a frame erased is gone from the write-ahead log.
        FrameForgotten => "frame_forgotten",
        /// What a laptop brought to a repair is written, not committed.
        GroundWritten => "ground_written",
        /// It is committed.
        GroundCommitted => "ground_committed",
        /// A lost directory is taken back, not committed.
        DirectoryWritten => "directory_written",
        /// An answer is made and the contact noted, not committed.
        AnswerWritten => "answer_written",
        /// That is committed; nothing is sent.
        AnswerCommitted => "answer_committed",
        /// An act on the directory is written, not committed.
        EditWritten => "edit_written",
        /// It is committed; nobody has been told.
        EditCommitted => "edit_committed",
        /// A token is written, not committed.
        TokenWritten => "token_written",
        /// It is committed; there is no enrolment file.
        TokenIssued => "token_issued",
        /// A next server key is written, not committed.
        CertificateWritten => "certificate_written",
        /// The switch to it is written, not committed.
        SwitchWritten => "switch_written",
        /// A backup's database is copied.
        SealCopied => "seal_copied",
        /// The backup is sealed and durable under its unfinished name.
        SealWritten => "seal_written",
        /// It is read back and has no name yet.
        SealRead => "seal_read",
        /// It has its name; nobody counts it.
        SealNamed => "seal_named",
        /// A restore has unpacked the database.
        UnsealWritten => "unseal_written",
        /// The new epoch is in it.
        UnsealMarked => "unseal_marked",
        /// The key has its name, the database has not.
        UnsealKeyed => "unseal_keyed",
        /// The database has its name, which may not be durable.
        UnsealNamed => "unseal_named",
    }
}

/// A place is reached. Ends the program here when a test asked for it.
#[cfg(feature = "on")]
pub fn reached(point: Point) {
    on::reached(point);
}

/// A place is reached. Nothing, in everything that is shipped.
#[cfg(not(feature = "on"))]
#[inline]
pub const fn reached(_: Point) {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Point;

    #[test]
    fn every_place_has_a_name_of_its_own() {
        let names: BTreeSet<&str> = Point::ALL.iter().map(|point| point.name()).collect();
        assert_eq!(names.len(), Point::ALL.len());
    }
}
