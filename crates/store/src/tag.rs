//! What a write touched, so that the screens that read it look again. Must not know screens.

use domain::kind::Kind;

/// One thing that commands read and write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tag {
    /// Who is unlocked.
    Session,
    /// The status bar.
    Status,
    /// Drafts.
    Drafts,
    /// Settings.
    Settings,
    /// Jobs.
    Job,
    /// Records of a kind.
    Of(Kind),
    /// Conflicts and work items.
    Conflict,
    /// Entries, receipts, cursors.
    Sync,
    /// The audit.
    Audit,
}

impl Tag {
    /// The name the contract uses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Status => "status",
            Self::Drafts => "drafts",
            Self::Settings => "settings",
            Self::Job => "job",
            Self::Of(kind) => kind.as_str(),
            Self::Conflict => "conflict",
            Self::Sync => "sync",
            Self::Audit => "audit",
        }
    }
}
