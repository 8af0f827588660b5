//! Households, residents, addresses, search. Owns what these rooms share: masking, ages, the words for where a change is.

pub(crate) mod history;
pub(crate) mod household_count;
pub(crate) mod household_create;
pub(crate) mod household_list;
pub(crate) mod household_open;
pub(crate) mod household_save;
pub(crate) mod member_add;
pub(crate) mod member_leave;
pub(crate) mod resident_count;
pub(crate) mod resident_list;
pub(crate) mod resident_open;
pub(crate) mod resident_save;
pub(crate) mod reveal;
pub(crate) mod search;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use domain::mask;
use store::household::query::DisputeLine;

use crate::contract::Masked;
use crate::contract::people::DisputeBrief;
use crate::session::Session;

/// Age in whole years on a day; none for a day of birth that is no day or lies ahead.
pub(crate) fn age(birth_on: Option<&str>, today: NaiveDate) -> Option<u32> {
    let born: NaiveDate = birth_on?.parse().ok()?;
    if born > today {
        return None;
    }
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    let years = today.year().saturating_sub(born.year()).saturating_sub(i32::from(!had_birthday));
    u32::try_from(years).ok()
}

/// A phone as screens show it.
pub(crate) fn masked_phone(phone: Option<&str>) -> Option<String> {
    phone.filter(|text| !text.is_empty()).map(mask::phone)
}

/// A document number as screens show it.
pub(crate) fn masked_number(kind: Option<&str>, number: Option<&str>) -> Option<String> {
    number.filter(|text| !text.is_empty()).map(|number| mask::document(kind.unwrap_or_default(), number))
}

/// A masked field.
pub(crate) fn masked(key: &str, shown: Option<String>, conflicts: &[String]) -> Masked {
    Masked { key: key.to_owned(), shown, conflict: conflicts.iter().any(|one| one == key) }
}

/// Names of villages by code.
pub(crate) fn village_names(session: &Session) -> BTreeMap<String, String> {
    session.directory().villages.iter().map(|village| (village.code.clone(), village.name.clone())).collect()
}

/// Disputes the officer may see, in short.
pub(crate) fn briefs(session: &Session, lines: Vec<DisputeLine>) -> Vec<DisputeBrief> {
    let held = session.cells();
    lines
        .into_iter()
        .filter(|line| line.cell.as_ref().is_some_and(|cell| held.contains(cell)))
        .map(|line| DisputeBrief {
            document: line.id,
            number: line.number,
            title: line.title.unwrap_or_default(),
            state: line.state,
            grade: line.grade,
            at: (line.opened_at > 0).then_some(line.opened_at),
        })
        .collect()
}

/// Where a change is, in the words of the contract.
pub(crate) const fn save_state(state: store::save_state::SaveState) -> crate::contract::SaveState {
    use crate::contract::SaveState as Word;
    use store::save_state::SaveState;
    match state {
        SaveState::Here => Word::Here,
        SaveState::Station => Word::Station,
        SaveState::SetAside => Word::SetAside,
    }
}

#[cfg(test)]
mod tests {
    use super::age;

    #[test]
    fn an_age_counts_whole_years_up_to_the_day() {
        let today = "2026-11-16".parse().unwrap();
        for (born, years) in [
            ("1986-11-16", Some(40)),
            ("1986-11-17", Some(39)),
            ("2026-11-16", Some(0)),
            ("2026-11-17", None),
            ("x", None),
        ] {
            assert_eq!(age(Some(born), today), years, "{born}");
        }
        assert_eq!(age(None, today), None);
        assert_eq!(age(Some("2000-02-29"), "2026-02-28".parse().unwrap()), Some(25));
    }
}
