//! Owns: who may do what: roles, actions, the one table that joins them, and the proof a caller must hold.
//! Must not know: sessions, passwords, commands.
//!
//! A command asks [`permit`] and passes the [`Permit`] on; whatever reads or writes takes a `&Permit`, so forgetting to ask does not compile.

use crate::scope::{Scope, ScopeKind, Scopes};
use serde::{Deserialize, Serialize};

/// What a person is at the station.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Beat officer (社区民警).
    Officer,
    /// Auxiliary (辅警).
    Auxiliary,
    /// Duty desk clerk (内勤).
    Clerk,
    /// Chief or deputy (所领导).
    Chief,
    /// Auditor: reads the audit chain, no records.
    Auditor,
    /// Administrator: laptops, backups, the directory; no records.
    Admin,
}

/// What can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Read and search records, numbers masked.
    Read,
    /// Write records.
    Edit,
    /// Bring a register file in.
    Import,
    /// Settle a conflict.
    Decide,
    /// Take lists out of the product, print included.
    Export,
    /// Show a masked identity number or phone, with a reason, audited.
    Reveal,
    /// Read the sensitive part of a cell.
    ReadSensitive,
    /// Write the sensitive part of a cell.
    EditSensitive,
    /// A report over one's own cells.
    Report,
    /// A report over all cells of the station.
    ReportAllCells,
    /// Read the audit chain.
    ReadAudit,
    /// Move a household to another cell.
    Move,
    /// Erase a record everywhere, for good.
    Erase,
    /// Make or restore a backup of the replica.
    Backup,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] = [Self::Officer, Self::Auxiliary, Self::Clerk, Self::Chief, Self::Auditor, Self::Admin];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Auxiliary => "auxiliary",
            Self::Clerk => "clerk",
            Self::Chief => "chief",
            Self::Auditor => "auditor",
            Self::Admin => "admin",
        }
    }

    /// The role of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 14] = [
        Self::Read,
        Self::Edit,
        Self::Import,
        Self::Decide,
        Self::Export,
        Self::Reveal,
        Self::ReadSensitive,
        Self::EditSensitive,
        Self::Report,
        Self::ReportAllCells,
        Self::ReadAudit,
        Self::Move,
        Self::Erase,
        Self::Backup,
    ];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Edit => "edit",
            Self::Import => "import",
            Self::Decide => "decide",
            Self::Export => "export",
            Self::Reveal => "reveal",
            Self::ReadSensitive => "read_sensitive",
            Self::EditSensitive => "edit_sensitive",
            Self::Report => "report",
            Self::ReportAllCells => "report_all_cells",
            Self::ReadAudit => "read_audit",
            Self::Move => "move",
            Self::Erase => "erase",
            Self::Backup => "backup",
        }
    }
}

/// In which scopes a role may do an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Never.
    No,
    /// In the cells held.
    Cells,
    /// In the cells held and in the station scope.
    CellsAndStation,
    /// In the sensitive parts held.
    Sensitive,
    /// Anywhere: the action touches no record of a scope, or all of them.
    Whole,
}

/// The table. A row is an action, a column a role.
const fn reach(role: Role, action: Action) -> Reach {
    use Reach::{Cells, CellsAndStation, No, Sensitive, Whole};
    #[rustfmt::skip]
    let row = match action {
        //                          officer          auxiliary        clerk            chief            auditor  admin
        Action::Read           => [CellsAndStation, CellsAndStation, CellsAndStation, CellsAndStation, No,    No],
        Action::Edit           => [CellsAndStation, Cells,           CellsAndStation, CellsAndStation, No,    No],
        Action::Import         => [Cells,           No,              Cells,           Cells,           No,    No],
        Action::Decide         => [CellsAndStation, No,              CellsAndStation, CellsAndStation, No,    No],
        Action::Export         => [CellsAndStation, No,              CellsAndStation, CellsAndStation, No,    No],
        Action::Reveal         => [CellsAndStation, CellsAndStation, CellsAndStation, CellsAndStation, No,    No],
        Action::ReadSensitive  => [Sensitive,       No,              No,              Sensitive,       No,    No],
        Action::EditSensitive  => [Sensitive,       No,              No,              Sensitive,       No,    No],
        Action::Report         => [Cells,           Cells,           Cells,           Cells,           No,    No],
        Action::ReportAllCells => [No,              No,              Whole,           Whole,           No,    No],
        Action::ReadAudit      => [No,              No,              No,              Whole,           Whole, No],
        Action::Move           => [Cells,           No,              Cells,           Cells,           No,    No],
        Action::Erase          => [No,              No,              No,              CellsAndStation, No,    No],
        Action::Backup         => [Whole,           Whole,           Whole,           Whole,           Whole, Whole],
    };
    let [officer, auxiliary, clerk, chief, auditor, admin] = row;
    match role {
        Role::Officer => officer,
        Role::Auxiliary => auxiliary,
        Role::Clerk => clerk,
        Role::Chief => chief,
        Role::Auditor => auditor,
        Role::Admin => admin,
    }
}

/// Proof that an action is allowed in a scope. Only [`permit`] makes one; it cannot be copied or read from a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Permit {
    role: Role,
    action: Action,
    scope: Scope,
}

impl Permit {
    /// What is permitted.
    #[must_use]
    pub const fn action(&self) -> Action {
        self.action
    }

    /// Where.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// In which role.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }
}

/// Why an action is not allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Denied {
    /// The role never does this.
    #[error("role {} may not {}", role.code(), action.code())]
    Role {
        /// The role.
        role: Role,
        /// The action.
        action: Action,
    },
    /// The role does this, but not in this kind of scope.
    #[error("role {} may not {} in {scope}", role.code(), action.code())]
    ScopeKind {
        /// The role.
        role: Role,
        /// The action.
        action: Action,
        /// The scope asked for.
        scope: Scope,
    },
    /// The role may, but the person does not hold the scope today.
    #[error("scope {scope} is not held")]
    ScopeNotHeld {
        /// The action.
        action: Action,
        /// The scope asked for.
        scope: Scope,
    },
}

/// Asks whether a role may do an action in a scope, given the scopes held on the day of asking.
/// Every role holds the station scope; cells and their sensitive parts are held by assignment.
///
/// # Errors
/// [`Denied`], with the first reason in the order role, kind of scope, scope held.
pub fn permit(role: Role, action: Action, scope: &Scope, scopes: &Scopes) -> Result<Permit, Denied> {
    let fits = match (reach(role, action), scope.kind()) {
        (Reach::No, _) => return Err(Denied::Role { role, action }),
        (Reach::Whole, _)
        | (Reach::Cells | Reach::CellsAndStation, ScopeKind::Cell)
        | (Reach::CellsAndStation, ScopeKind::Station)
        | (Reach::Sensitive, ScopeKind::CellSensitive) => true,
        (Reach::Cells, ScopeKind::Station | ScopeKind::CellSensitive)
        | (Reach::CellsAndStation, ScopeKind::CellSensitive)
        | (Reach::Sensitive, ScopeKind::Station | ScopeKind::Cell) => false,
    };
    if !fits {
        let scope = scope.clone();
        return Err(Denied::ScopeKind { role, action, scope });
    }
    let held = matches!(reach(role, action), Reach::Whole) || matches!(scope, Scope::Station) || scopes.contains(scope);
    if !held {
        let scope = scope.clone();
        return Err(Denied::ScopeNotHeld { action, scope });
    }
    Ok(Permit { role, action, scope: scope.clone() })
}

/// The actions a role has anywhere, for a UI that hides what can never be done.
pub fn actions_of(role: Role) -> impl Iterator<Item = Action> {
    Action::ALL.into_iter().filter(move |action| !matches!(reach(role, *action), Reach::No))
}
