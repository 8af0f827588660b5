//! Owns: division codes (GB/T 2260) for the first six digits of identity numbers and for names of places.
//! Must not know: a station's own villages and cells; they are its directory.

use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A province, city or county.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Division {
    /// Six digits.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// The code of the division above; none for provinces and former codes.
    pub parent: Option<String>,
    /// Whether the code is in use.
    pub state: DivisionState,
}

/// Whether a division code is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DivisionState {
    /// In use.
    Current,
    /// Was in use since 1980; identity numbers given out then keep it.
    Former,
}

/// Address codes of the residence permits of Hong Kong, Macao and Taiwan residents
/// (measures on residence permits for them, State Council office 2018 No. 81).
const PERMIT_CODES: [(&str, &str); 3] =
    [("810000", "香港特别行政区"), ("820000", "澳门特别行政区"), ("830000", "台湾省")];

static DIVISIONS: LazyLock<BTreeMap<String, Division>> = LazyLock::new(|| {
    let (found, _) =
        read(include_str!("../data/divisions/counties.csv"), include_str!("../data/divisions/former_codes.csv"));
    found
});

/// Reads both files; the second value counts rows that could not be taken.
fn read(current: &str, former: &str) -> (BTreeMap<String, Division>, usize) {
    let mut found = BTreeMap::new();
    let mut bad = 0_usize;
    for (code, name) in PERMIT_CODES {
        insert(&mut found, code, name, None, DivisionState::Current);
    }
    for record in csv::Reader::from_reader(current.as_bytes()).records() {
        let Ok(record) = record else {
            bad = bad.saturating_add(1);
            continue;
        };
        // The list names one province with "data missing" in the place of its code.
        if record.get(0).is_some_and(|code| !code.starts_with(|c: char| c.is_ascii_digit())) {
            continue;
        }
        match (record.get(0), record.get(1), record.get(4), record.get(5)) {
            (Some(code), Some(name), parent, Some("current" | "current_2026_only")) => {
                insert(&mut found, code, name, parent, DivisionState::Current);
            }
            (Some(code), Some(name), parent, Some("former")) => {
                insert(&mut found, code, name, parent, DivisionState::Former);
            }
            // A statistical code is not a GB/T 2260 code and never begins an identity number.
            (Some(_), Some(_), _, Some("statistical")) => {}
            (_, _, _, _) => bad = bad.saturating_add(1),
        }
    }
    for record in csv::Reader::from_reader(former.as_bytes()).records() {
        match record.as_ref().map(|row| (row.get(0), row.get(1))) {
            Ok((Some(code), Some(name))) => {
                insert(&mut found, code, name, None, DivisionState::Former);
            }
            Ok(_) | Err(_) => bad = bad.saturating_add(1),
        }
    }
    (found, bad)
}

fn insert(found: &mut BTreeMap<String, Division>, code: &str, name: &str, parent: Option<&str>, state: DivisionState) {
    found.entry(code.to_owned()).or_insert_with(|| Division {
        code: code.to_owned(),
        name: name.to_owned(),
        parent: parent.filter(|text| !text.is_empty()).map(str::to_owned),
        state,
    });
}

/// The division of a six-digit code, in use now or since 1980.
#[must_use]
pub fn division(code: &str) -> Option<&'static Division> {
    DIVISIONS.get(code)
}

/// The full Chinese name of a current division, the province first: `浙江省宁波市奉化区`.
#[must_use]
pub fn full_name(code: &str) -> Option<String> {
    let mut names = Vec::new();
    let mut at = Some(code);
    // Province, city, county: three steps at most.
    for _ in 0..3 {
        let Some(found) = at.and_then(division) else {
            break;
        };
        names.push(found.name.as_str());
        at = found.parent.as_deref();
    }
    (!names.is_empty()).then(|| names.iter().rev().copied().collect())
}

/// All divisions in the order of their codes, former ones included.
pub fn divisions() -> impl Iterator<Item = &'static Division> {
    DIVISIONS.values()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_both_division_files_reads() {
        let current = include_str!("../data/divisions/counties.csv");
        let former = include_str!("../data/divisions/former_codes.csv");
        let (found, bad) = read(current, former);
        assert_eq!(bad, 0);
        assert!(found.len() > 6_000);
        assert!(found.keys().all(|code| code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit())));
    }

    #[test]
    fn current_former_and_statistical_codes_are_told_apart() {
        assert_eq!(division("110101").map(|d| d.state), Some(DivisionState::Current));
        assert_eq!(division("110103").map(|d| d.state), Some(DivisionState::Former));
        assert_eq!(division("330224").map(|d| d.state), Some(DivisionState::Former));
        assert_eq!(division("320576"), None);
        assert_eq!(division("000000"), None);
        assert!(division("830000").is_some());
    }

    #[test]
    fn a_full_name_begins_with_the_province() {
        assert_eq!(full_name("330213").as_deref(), Some("浙江省宁波市奉化区"));
    }
}
