//! Owns: the 18-digit citizen identity number (GB 11643): reading, every reason why not, the check digit.
//! Must not know: other papers, masking, who holds the number.

use crate::division::{DivisionState, division};
use crate::limits::BIRTH_YEAR_MIN;
use crate::text::squeeze;
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// Sex as the identity number shows it (GB/T 2261.1 codes 1 and 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Odd order number.
    Male,
    /// Even order number.
    Female,
}

impl Sex {
    /// The GB/T 2261.1 code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Male => "1",
            Self::Female => "2",
        }
    }
}

/// What a valid number says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IdFacts {
    /// The number: 17 ASCII digits and a digit or `X`.
    pub number: String,
    /// First six digits.
    pub division: String,
    /// Whether that code is still in use.
    pub division_state: DivisionState,
    /// Day of birth.
    pub born_on: NaiveDate,
    /// Sex.
    pub sex: Sex,
}

/// One reason why a text is no identity number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum IdProblem {
    /// Not 18 characters.
    #[error("{found} characters")]
    Length {
        /// Characters found, blanks left out.
        found: usize,
    },
    /// A character that is no digit (nor `X` at the end).
    #[error("character {at} is no digit")]
    Character {
        /// Place of the first such character, from 1.
        at: usize,
    },
    /// The last character does not fit the others (ISO 7064 MOD 11-2).
    #[error("the check digit should be {expected}")]
    CheckDigit {
        /// What it would be if the others were right.
        expected: char,
    },
    /// No division has had these six digits since 1980.
    #[error("unknown division {division}")]
    UnknownDivision {
        /// The six digits.
        division: String,
    },
    /// The eight digits are no day, or one before anybody alive was born.
    #[error("{digits} is no day")]
    ImpossibleDate {
        /// The eight digits.
        digits: String,
    },
    /// The day of birth is after today.
    #[error("{born_on} is in the future")]
    FutureDate {
        /// The day.
        born_on: NaiveDate,
    },
}

/// Full-width digits become half-width, blanks go, `x` becomes `X`.
#[must_use]
pub fn normalise(text: &str) -> String {
    squeeze(text).to_ascii_uppercase()
}

/// The check character of the first 17 digits by ISO 7064 MOD 11-2 (GB 11643): `0`–`9` or `X`.
/// None when the text is not exactly 17 ASCII digits.
#[must_use]
pub fn check_digit(first17: &str) -> Option<char> {
    if first17.len() != 17 {
        return None;
    }
    let mut sum = 0_u32;
    // Horner form of the standard: P = (P + digit) * 2 mod 11, and the check makes the whole 1 mod 11.
    for c in first17.chars() {
        sum = (sum + c.to_digit(10)?) * 2 % 11;
    }
    match (12 - sum) % 11 {
        10 => Some('X'),
        digit => char::from_digit(digit, 10),
    }
}

/// Reads an identity number.
///
/// # Errors
/// Every reason why the text is none, in the order length, characters, division, date, check digit.
/// With a wrong length or a foreign character the rest is not looked at: it would be noise.
pub fn parse(text: &str, today: NaiveDate) -> Result<IdFacts, Vec<IdProblem>> {
    let number = normalise(text);
    let found = number.chars().count();
    let mut problems = Vec::new();
    if found != 18 {
        problems.push(IdProblem::Length { found });
    }
    if let Some(at) = first_foreign(&number) {
        problems.push(IdProblem::Character { at });
    }
    let (Some(area), Some(digits), Some(order), Some(first17)) =
        (number.get(..6), number.get(6..14), number.get(16..17), number.get(..17))
    else {
        return Err(problems);
    };
    if !problems.is_empty() {
        return Err(problems);
    }
    let place = division(area).filter(|place| !place.code.ends_with("0000") || place.code.starts_with('8'));
    if place.is_none() {
        problems.push(IdProblem::UnknownDivision { division: area.to_owned() });
    }
    let born_on = day(digits);
    match born_on {
        None => problems.push(IdProblem::ImpossibleDate { digits: digits.to_owned() }),
        Some(born_on) if born_on > today => problems.push(IdProblem::FutureDate { born_on }),
        Some(_) => {}
    }
    if let Some(expected) = check_digit(first17)
        && !number.ends_with(expected)
    {
        problems.push(IdProblem::CheckDigit { expected });
    }
    match (place, born_on) {
        (Some(place), Some(born_on)) if problems.is_empty() => {
            Ok(IdFacts { division: area.to_owned(), division_state: place.state, born_on, sex: sex_of(order), number })
        }
        (_, _) => Err(problems),
    }
}

/// Whether two writings mean the same number.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    normalise(a) == normalise(b)
}

fn first_foreign(number: &str) -> Option<usize> {
    number
        .chars()
        .enumerate()
        .find(|(at, c)| !(c.is_ascii_digit() || (*at == 17 && *c == 'X')))
        .map(|(at, _)| at.saturating_add(1))
}

fn day(digits: &str) -> Option<NaiveDate> {
    let year: i32 = digits.get(..4)?.parse().ok()?;
    let month: u32 = digits.get(4..6)?.parse().ok()?;
    let day: u32 = digits.get(6..)?.parse().ok()?;
    NaiveDate::from_ymd_opt(year, month, day).filter(|date| date.year() >= BIRTH_YEAR_MIN)
}

fn sex_of(order: &str) -> Sex {
    match order {
        "1" | "3" | "5" | "7" | "9" => Sex::Male,
        _ => Sex::Female,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
    }

    fn with_check(first17: &str) -> String {
        format!("{first17}{}", check_digit(first17).unwrap())
    }

    /// The example of GB 11643 itself.
    const EXAMPLE: &str = "11010519491231002X";

    #[test]
    fn the_example_of_the_standard_reads() {
        let facts = parse(EXAMPLE, today()).unwrap();
        assert_eq!(facts.division, "110105");
        assert_eq!(facts.born_on.to_string(), "1949-12-31");
        assert_eq!(facts.sex, Sex::Female);
        assert_eq!(parse("１１０１０５ 19491231 002ｘ", today()), Ok(facts));
    }

    #[test]
    fn every_reason_is_given() {
        let check = |text: &str| parse(text, today()).unwrap_err();
        assert_eq!(check(""), [IdProblem::Length { found: 0 }]);
        assert_eq!(check("330219900101123"), [IdProblem::Length { found: 15 }]);
        assert_eq!(check("1101O519491231002X"), [IdProblem::Character { at: 5 }]);
        assert_eq!(check("身份证号"), [IdProblem::Length { found: 4 }, IdProblem::Character { at: 1 }]);
        assert_eq!(check("110105194912310021"), [IdProblem::CheckDigit { expected: 'X' }]);
        let several = check("999999199002301234");
        assert!(several.contains(&IdProblem::UnknownDivision { division: "999999".into() }));
        assert!(several.contains(&IdProblem::ImpossibleDate { digits: "19900230".into() }));
        assert_eq!(
            check(&with_check("11010520300101002")),
            [IdProblem::FutureDate { born_on: NaiveDate::from_ymd_opt(2030, 1, 1).unwrap() }]
        );
        assert_eq!(check(&with_check("11010517990101002")), [IdProblem::ImpossibleDate { digits: "17990101".into() }]);
    }

    #[test]
    fn a_number_of_a_former_county_reads_and_a_province_code_does_not() {
        let facts = parse(&with_check("33022419600101001"), today()).unwrap();
        assert_eq!(facts.division_state, DivisionState::Former);
        assert!(parse(&with_check("33000019600101001"), today()).is_err());
        assert!(parse(&with_check("81000019600101001"), today()).is_ok());
    }

    #[test]
    fn born_today_is_not_in_the_future() {
        assert!(parse(&with_check("33021320261121001"), today()).is_ok());
    }

    fn first17() -> impl Strategy<Value = (String, NaiveDate, u32)> {
        let codes: Vec<&str> =
            crate::division::divisions().map(|d| d.code.as_str()).filter(|code| !code.ends_with("0000")).collect();
        (proptest::sample::select(codes), 0_i32..45_000, 0_u32..1000).prop_map(|(code, days, order)| {
            let born = today() - chrono::Duration::days(days.into());
            (format!("{code}{}{order:03}", born.format("%Y%m%d")), born, order)
        })
    }

    proptest! {
        #[test]
        fn a_number_made_by_the_rules_reads_back((first17, born, order) in first17()) {
            let facts = parse(&with_check(&first17), today()).unwrap();
            prop_assert_eq!(facts.born_on, born);
            prop_assert_eq!(facts.sex == Sex::Male, order % 2 == 1);
            prop_assert!(first17.starts_with(&facts.division));
        }

        #[test]
        fn one_wrong_digit_never_reads((first17, _, _) in first17(), at in 0_usize..18, to in 0_u32..10) {
            let number = with_check(&first17);
            let mut wrong: Vec<char> = number.chars().collect();
            let digit = char::from_digit(to, 10).unwrap();
            // Every other digit than the one that stands there.
            wrong[at] = if wrong[at] == digit { char::from_digit((to + 1) % 10, 10).unwrap() } else { digit };
            let wrong: String = wrong.into_iter().collect();
            prop_assert!(parse(&wrong, today()).is_err());
        }

        #[test]
        fn two_neighbours_exchanged_never_read((first17, _, _) in first17(), at in 0_usize..16) {
            let mut wrong: Vec<char> = with_check(&first17).chars().collect();
            let differ = wrong[at] != wrong[at + 1];
            wrong.swap(at, at + 1);
            let wrong: String = wrong.into_iter().collect();
            prop_assert_eq!(parse(&wrong, today()).is_err(), differ);
        }

        #[test]
        fn the_check_digit_agrees_with_the_weights_of_the_standard(digits in "[0-9]{17}") {
            let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
            let sum: u32 = digits.chars().zip(weights).map(|(c, w)| c.to_digit(10).unwrap() * w).sum();
            let expected = "10X98765432".chars().nth((sum % 11) as usize);
            prop_assert_eq!(check_digit(&digits), expected);
        }

        #[test]
        fn any_text_is_answered_without_a_crash(text in "\\PC{0,24}") {
            let _ = parse(&text, today());
        }
    }
}
