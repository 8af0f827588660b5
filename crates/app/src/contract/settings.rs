//! Settings, backup, checking the data, the audit.

use super::{shape, words};

words! {
    /// Language of the screens.
    enum Language { Zh, En }
    /// Theme.
    enum Theme { System, Light, Dark }
}

shape! {
    /// Settings of this replica on this laptop; never synced.
    struct Settings {
        /// Language.
        language: Language,
        /// Theme.
        theme: Theme,
        /// Zoom, 80 to 150.
        zoom_percent: u32,
        /// Lock after so many minutes without a key, 1 to 60.
        auto_lock_minutes: u32,
    }
    /// Makes a backup: the encrypted file with its key wraps, verified by reading it back.
    struct BackupMakeRequest {
        /// Folder to write into; the data folder's `backups` when absent.
        folder: Option<String>,
    }
    /// A backup made.
    struct BackupMade {
        /// Where.
        path: String,
        /// Size.
        bytes: u64,
        /// Entries in it.
        entries: u64,
        /// Made.
        at: i64,
    }
    /// Restores a backup as a new replica; the old one stays beside it, untouched.
    struct BackupRestoreRequest {
        /// Path of the backup on this laptop.
        path: String,
        /// Passphrase it was made under.
        passphrase: String,
    }
    /// What checking the data found.
    struct DataChecked {
        /// Entries read and compared with their hashes.
        entries: u64,
        /// Documents rebuilt.
        documents: u64,
        /// View rows compared.
        rows: u64,
        /// Differences found and mended.
        differences: u64,
        /// The database file's own check.
        integrity_ok: bool,
    }
    /// A page of the audit, newest first.
    struct AuditListRequest {
        /// Where the page begins.
        after: Option<String>,
        /// Rows, at most 200.
        limit: u32,
    }
    /// One audit row.
    struct AuditRow {
        /// Number in the chain.
        number: u64,
        /// When.
        at: i64,
        /// Who.
        officer: String,
        /// `write`, `read`, `reveal`, `search`, `export`, `unlock`, `backup`, `restore`, `import`.
        action: String,
        /// Record.
        document: Option<String>,
        /// Key, for a reveal.
        key: Option<String>,
        /// Reason, for a reveal.
        reason: Option<String>,
    }
    /// About this app.
    struct About {
        /// Version.
        version: String,
        /// SQLite.
        sqlite: String,
        /// SQLCipher.
        sqlcipher: String,
        /// Where the data is.
        data_folder: String,
        /// Size of the database.
        database_bytes: u64,
        /// Entries.
        entries: u64,
    }
}
