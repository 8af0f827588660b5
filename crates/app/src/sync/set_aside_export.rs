//! What an act that was set aside said, as a table for the officer to write it again. Audited before the file exists.

use ::sync::ids::ActId;
use domain::permit::Action;
use domain::shape::Scalar;
use store::AuditAction;
use store::set_aside::{self, Which};

use crate::contract::report::FileMade;
use crate::contract::sync::ActRequest;
use crate::error::AppError;
use crate::files::deliver;
use crate::session::Session;

/// Writes a CSV of keys and values, one line a field.
///
/// # Errors
/// [`AppError::ActUnknown`], refusals of permits, faults of the disk.
pub(crate) fn run(session: &Session, request: ActRequest) -> Result<FileMade, AppError> {
    session.permit_hand_over(Action::Export)?;
    let which = if session.is_revoked() { Which::RefusedAndUnsent } else { Which::Refused };
    let act: ActId = request.act.parse().map_err(|_| AppError::ActUnknown {})?;
    let entries = session.store.read(|reader| set_aside::entries(reader, act, which))?;
    if entries.is_empty() {
        return Err(AppError::ActUnknown {});
    }
    session.audit(AuditAction::Export, None, Some("set_aside"), Some(&request.act))?;
    let mut table = csv::Writer::from_writer(b"\xEF\xBB\xBF".to_vec());
    let failed = |_| AppError::defect("csv");
    table.write_record(["document", "at", "officer", "reason", "key", "value"]).map_err(failed)?;
    for entry in entries {
        let at = domain::week::local_time(entry.at).map(|at| at.format("%Y-%m-%d %H:%M:%S").to_string());
        let (document, at) = (entry.document.to_string(), at.unwrap_or_default());
        let (officer, reason) = (session.name_of(entry.officer), entry.reason.code());
        for (key, value) in entry.sets.iter().filter(|(key, _)| !key.starts_with('_')) {
            let value = plain(value);
            table.write_record([&document, &at, &officer, reason, key, &value]).map_err(failed)?;
        }
    }
    let bytes = table.into_inner().map_err(|_| AppError::defect("csv"))?;
    deliver(session, &format!("set-aside-{}.csv", request.act), &bytes)
}

/// A value as a cell. Text that a spreadsheet would run is led by an apostrophe.
fn plain(value: &Scalar) -> String {
    match value {
        Scalar::Null => String::new(),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Int(number) => number.to_string(),
        Scalar::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
        Scalar::Text(text) => text.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(plain(&"=1+1".into()), "'=1+1");
        assert_eq!(plain(&"@x".into()), "'@x");
        assert_eq!(plain(&"石桥头".into()), "石桥头");
    }
}
