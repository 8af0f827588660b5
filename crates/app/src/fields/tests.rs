//! Tests of the checks of fields.

use chrono::NaiveDate;
use domain::kind::Kind;
use domain::shape::Scalar;
use uuid::Uuid;

use super::{Known, Writable, check};
use crate::contract::{Fields, ScalarJson};
use crate::error::AppError;

struct Here;

impl Known for Here {
    fn record(&self, _: Kind, id: Uuid) -> Result<bool, AppError> {
        Ok(id == Uuid::nil())
    }
    fn officer(&self, id: &str) -> bool {
        id == "o1"
    }
    fn cell(&self, code: &str) -> bool {
        code == "QF-03"
    }
}

const FREE: Writable = Writable { not: &[], required: &[] };

fn try_one(kind: Kind, key: &str, value: impl Into<Scalar>) -> Result<Scalar, &'static str> {
    let fields = Fields::from([(key.to_owned(), ScalarJson(value.into()))]);
    let today = NaiveDate::from_ymd_opt(2026, 11, 16).unwrap();
    let edits = check(kind, &fields, None, FREE, today, &Here).map_err(|error| error.code())?;
    Ok(edits.into_iter().find(|edit| edit.key == key).unwrap().value)
}

#[test]
fn a_value_of_the_wrong_kind_is_refused_with_its_reason() {
    let cases = [
        (Kind::Resident, "height", Scalar::from("1.80"), "field_unknown"),
        (Kind::Resident, "_id", Scalar::from("x"), "field_unknown"),
        (Kind::Resident, "name", Scalar::from(3), "field_wrong_type"),
        (Kind::Resident, "name", Scalar::from("字".repeat(51)), "field_too_long"),
        (Kind::Resident, "name", Scalar::from("张\u{202E}三"), "field_control_character"),
        (Kind::Resident, "sex", Scalar::from("7"), "field_unknown_code"),
        (Kind::Resident, "birth_on", Scalar::from("1990-02-30"), "field_bad_date"),
        (Kind::Resident, "birth_on", Scalar::from("2990-02-03"), "field_future_date"),
        (Kind::Resident, "phone", Scalar::from("138000051271"), "field_bad_phone"),
        (Kind::Resident, "phone", Scalar::from("不知道"), "field_bad_phone"),
        (Kind::Resident, "cell", Scalar::from("XX"), "field_unknown_ref"),
        (Kind::Residence, "resident", Scalar::from("nobody"), "field_unknown_ref"),
        (Kind::Patrol, "people_checked", Scalar::from(-1), "field_out_of_range"),
        (Kind::Patrol, "crew/a b/name", Scalar::from("x"), "field_unknown"),
        (Kind::Patrol, "crew/a/_gone", Scalar::from("x"), "field_wrong_type"),
        (Kind::Dispute, "state", Scalar::from("nowhere"), "field_unknown_code"),
    ];
    for (kind, key, value, code) in cases {
        assert_eq!(try_one(kind, key, value), Err(code), "{key}");
    }
}

#[test]
fn values_are_brought_into_their_written_form() {
    assert_eq!(try_one(Kind::Resident, "name", " 张　三 "), Ok(Scalar::from("张三")));
    assert_eq!(try_one(Kind::Resident, "phone", "１３８ 0000 5127"), Ok(Scalar::from("13800005127")));
    assert_eq!(try_one(Kind::Resident, "notes", "  "), Ok(Scalar::Null));
    assert_eq!(try_one(Kind::Visit, "notes", "一\r\n二"), Ok(Scalar::from("一\n二")));
    assert_eq!(try_one(Kind::Patrol, "crew/a/_gone", true), Ok(Scalar::Bool(true)));
}

#[test]
fn hostile_text_is_kept_as_text() {
    for text in
        ["=HYPERLINK(\"http://x\")", "'; DROP TABLE resident; --", "<script>alert(1)</script>", "{{7*7}}", "%s%n"]
    {
        assert_eq!(try_one(Kind::Household, "notes", text), Ok(Scalar::from(text)));
    }
}

#[test]
fn an_identity_number_fills_birth_and_sex_and_must_agree_with_them() {
    let today = NaiveDate::from_ymd_opt(2026, 11, 16).unwrap();
    let number = |fields: &[(&str, &str)]| {
        let fields = fields.iter().map(|(key, text)| ((*key).to_owned(), ScalarJson(Scalar::from(*text)))).collect();
        check(Kind::Resident, &fields, None, FREE, today, &Here)
    };
    let edits = number(&[("id_number", "11010519491231002x")]).unwrap();
    let value = |key: &str| edits.iter().find(|edit| edit.key == key).and_then(|edit| edit.value.as_text());
    assert_eq!(value("id_number"), Some("11010519491231002X"));
    assert_eq!(value("id_kind"), Some("111"));
    assert_eq!(value("birth_on"), Some("1949-12-31"));
    assert_eq!(value("sex"), Some("2"));
    let code = |fields: &[(&str, &str)]| number(fields).err().map(|error| error.code());
    assert_eq!(code(&[("id_number", "110105194912310021")]), Some("field_id_check_digit"));
    assert_eq!(code(&[("id_number", "1101051949123100")]), Some("field_id_length"));
    assert_eq!(code(&[("id_number", "11010519491231002X"), ("sex", "1")]), Some("field_id_sex_differs"));
    assert_eq!(
        code(&[("id_number", "11010519491231002X"), ("birth_on", "1949-12-30")]),
        Some("field_id_birth_differs")
    );
    assert_eq!(code(&[("id_number", "E12345678"), ("id_kind", "414")]), None);
}

#[test]
fn what_a_command_sets_itself_cannot_be_set_from_outside() {
    let today = NaiveDate::from_ymd_opt(2026, 11, 16).unwrap();
    let fields = Fields::from([("steps/a/to".to_owned(), ScalarJson(Scalar::from("archived")))]);
    let writable = Writable { not: &["state", "steps"], required: &[] };
    let refused = check(Kind::Dispute, &fields, None, writable, today, &Here);
    assert_eq!(refused.err().map(|error| error.code()), Some("field_read_only"));
    let writable = Writable { not: &[], required: &["title"] };
    let refused = check(Kind::Dispute, &Fields::new(), None, writable, today, &Here);
    assert_eq!(refused.err().map(|error| error.code()), Some("field_required"));
}
