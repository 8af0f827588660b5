//! Enrolment, unlocking, the status bar, code tables, drafts.

use super::{shape, words};

words! {
    /// What the window shows first.
    enum SessionState {
        /// No replica on this laptop yet.
        Empty,
        /// A passphrase is asked for.
        Locked,
        /// At work.
        Unlocked,
    }
    /// How the station is reached just now.
    enum Connectivity {
        /// Never tried since unlocking.
        Unknown,
        /// The last attempt failed.
        Offline,
        /// An exchange is running.
        Busy,
        /// The last attempt succeeded.
        Online,
    }
    /// Roles.
    enum RoleName { Officer, Auxiliary, Clerk, Chief, Auditor, Admin }
}

shape! {
    /// One officer's replica on this laptop.
    struct Profile {
        /// Replica id.
        replica: String,
        /// Officer's name.
        officer: String,
        /// Laptop's label, e.g. `QF-07`.
        laptop: String,
        /// Station's name.
        station: String,
        /// Everything in it is made up.
        made_up: bool,
    }
    /// What is known before and after unlocking.
    struct SessionStatus {
        /// State.
        state: SessionState,
        /// Replicas on this laptop.
        profiles: Vec<Profile>,
        /// The unlocked one.
        current: Option<Current>,
        /// Version of the app.
        version: String,
        /// Station-local now, for a laptop whose browser clock differs.
        now_at: i64,
    }
    /// The unlocked replica.
    struct Current {
        /// The profile.
        profile: Profile,
        /// Officer's id.
        officer_id: String,
        /// Role.
        role: RoleName,
        /// Cells the officer may see and write now.
        cells: Vec<CellName>,
        /// Officers of the station, for crews and filters.
        officers: Vec<OfficerName>,
        /// Directory version held.
        directory_version: u64,
        /// The first exchange with the station has happened.
        certified: bool,
    }
    /// A cell.
    struct CellName {
        /// Code.
        code: String,
        /// Name.
        name: String,
        /// Villages in it.
        villages: Vec<VillageName>,
    }
    /// A village.
    struct VillageName {
        /// Division code, 12 digits.
        code: String,
        /// Name.
        name: String,
    }
    /// An officer.
    struct OfficerName {
        /// Id.
        id: String,
        /// Name.
        name: String,
        /// Role.
        role: RoleName,
    }
    /// Enrols this laptop. Works with no network.
    struct EnrolRequest {
        /// The enrolment file.
        file_base64: String,
        /// The code told separately.
        code: String,
        /// The new passphrase, at least 8 characters.
        passphrase: String,
    }
    /// Unlocks a replica.
    struct UnlockRequest {
        /// Replica id.
        replica: String,
        /// Passphrase.
        passphrase: String,
    }
    /// Changes the passphrase.
    struct ChangePassphraseRequest {
        /// The old one.
        old: String,
        /// The new one, at least 8 characters.
        new: String,
    }
    /// The status bar.
    struct StatusBar {
        /// Connectivity.
        connectivity: Connectivity,
        /// Since when.
        since_at: Option<i64>,
        /// Entries saved here and not yet at the station.
        unsent: u64,
        /// The newest receipt.
        receipt_at: Option<i64>,
        /// Records with open conflicts.
        conflicts: u64,
        /// Entries set aside.
        set_aside: u64,
        /// Laptop clock minus station clock at the last exchange.
        clock_skew_ms: Option<i64>,
        /// The laptop's clock is behind the newest record or the last station time.
        clock_doubtful: bool,
        /// Free space where the data is.
        disk_free_bytes: Option<u64>,
        /// Laptop's now.
        now_at: i64,
        /// The lease is over: reading waits for the station or a code, saving and sending go on.
        lease_over: bool,
        /// The last day of reading without a contact; absent where no lease ends.
        lease_ends_on: Option<String>,
    }
    /// A code told by the chief.
    struct LeaseExtendRequest {
        /// The code as typed, `XXXX-XXXX-XXXX-XX`.
        code: String,
    }
    /// A lease was extended.
    struct LeaseExtended {
        /// The last day of reading now.
        ends_on: String,
        /// Days the code gave.
        days: u32,
    }
    /// One row of a code table.
    struct CodeRow {
        /// Code.
        code: String,
        /// Chinese.
        zh: String,
        /// English.
        en: String,
        /// Parent code.
        parent: Option<String>,
    }
    /// A code table.
    struct CodeTableView {
        /// Name, as in `domain::codes`.
        name: String,
        /// Standard it follows, or `project`.
        standard: String,
        /// Rows.
        rows: Vec<CodeRow>,
    }
    /// All code tables a form needs.
    struct CodeTables {
        /// Tables.
        tables: Vec<CodeTableView>,
    }
    /// Names a draft.
    struct DraftKey {
        /// E.g. `visit/new/<household>` or `dispute/<id>`.
        key: String,
    }
    /// Keeps a draft. Encrypted like everything else; never leaves the laptop.
    struct DraftPut {
        /// Key.
        key: String,
        /// The form as JSON text, at most 64 KiB.
        json: String,
    }
    /// A draft.
    struct Draft {
        /// The form as JSON text; absent when there is none.
        json: Option<String>,
        /// When it was kept.
        at: Option<i64>,
    }
}
