//! Ends a residence: moved away, or died. One write.

use domain::kind::Kind;
use domain::permit::Action;
use domain::shape::Scalar;

use crate::contract::people::MemberLeaveRequest;
use crate::contract::{Fields, ScalarJson, Written};
use crate::error::AppError;
use crate::fields::{Writable, check};
use crate::records::Here;
use crate::session::Session;

const LAST_DAY: Writable = Writable { not: &[], required: &["to_on"] };

/// Writes the last day.
///
/// # Errors
/// [`AppError::ResidenceEnded`], [`AppError::FieldEndsBeforeStart`], refusals of permits.
pub(crate) fn run(session: &Session, request: MemberLeaveRequest) -> Result<Written, AppError> {
    let opened = session.open_for(Action::Edit, &request.residence, Kind::Residence)?;
    if opened.reading.text("to_on").is_some() {
        return Err(AppError::ResidenceEnded {});
    }
    let fields = Fields::from([("to_on".to_owned(), ScalarJson(Scalar::from(request.to_on.as_str())))]);
    let edits = check(Kind::Residence, &fields, Some(&opened.reading), LAST_DAY, session.today(), &Here { session })?;
    session.act(|act| act.edit(&opened, &opened.reading.heads, &edits))
}
