//! Settings of this replica on this laptop, backup, checking the data, the audit.

pub(crate) mod about;
pub(crate) mod audit_list;
pub(crate) mod backup_make;
pub(crate) mod backup_restore;
pub(crate) mod data_check;
pub(crate) mod data_checked;
pub(crate) mod settings_get;
pub(crate) mod settings_set;
