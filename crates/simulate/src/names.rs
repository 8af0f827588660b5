//! Made-up names, identity and telephone numbers. Owns the name model; must not know documents or commands.

use rand::RngExt as _;
use rand::seq::IndexedRandom as _;
use rand_chacha::ChaCha8Rng;

use crate::SimulateError;

/// Sex of a made-up person, as GB/T 2261.1 codes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// 男, code 1.
    Male,
    /// 女, code 2.
    Female,
}

impl Sex {
    /// The code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Male => "1",
            Self::Female => "2",
        }
    }

    /// The word in a register.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Male => "男",
            Self::Female => "女",
        }
    }
}

struct Weighted {
    text: String,
    weight: f64,
}

/// Surnames and given-name characters with their shares.
pub struct Names {
    surnames: Vec<Weighted>,
    given: Vec<(char, String, f64)>,
    rare: Vec<char>,
}

impl Names {
    /// Reads the built-in lists.
    ///
    /// # Errors
    /// [`SimulateError::Data`] when a list cannot be read.
    pub fn load() -> Result<Self, SimulateError> {
        let mut surnames = Vec::new();
        for row in rows(include_str!("../data/surnames.csv"))? {
            let weight = row.get(2).and_then(|cell| cell.parse().ok()).unwrap_or(0.0);
            surnames.push(Weighted { text: cell(&row, 0), weight });
        }
        let mut given = Vec::new();
        for row in rows(include_str!("../data/given_chars.csv"))? {
            let weight = row.get(4).and_then(|cell| cell.parse().ok()).unwrap_or(1.0);
            if let Some(character) = cell(&row, 0).chars().next() {
                given.push((character, format!("{}:{}", cell(&row, 2), cell(&row, 3)), weight));
            }
        }
        let rare = rows(include_str!("../data/rare_name_chars.csv"))?
            .iter()
            .filter_map(|row| cell(row, 0).chars().next())
            .collect();
        Ok(Self { surnames, given, rare })
    }

    /// A surname, by its share.
    #[must_use]
    pub fn surname(&self, rng: &mut ChaCha8Rng) -> String {
        self.surnames
            .choose_weighted(rng, |surname| surname.weight)
            .map(|surname| surname.text.clone())
            .unwrap_or_default()
    }

    /// A given name fitting sex and year of birth: one or two characters, seldom a rare one.
    #[must_use]
    pub fn given(&self, rng: &mut ChaCha8Rng, sex: Sex, birth_year: i32) -> String {
        let sex = match sex {
            Sex::Male => 'M',
            Sex::Female => 'F',
        };
        let fitting: Vec<&(char, String, f64)> = self
            .given
            .iter()
            .filter(|(_, class, _)| {
                let (of, era) = class.split_once(':').unwrap_or_default();
                (of.starts_with(sex) || of.starts_with('B')) && era_fits(era, birth_year)
            })
            .collect();
        let pool: Vec<&(char, String, f64)> = if fitting.is_empty() { self.given.iter().collect() } else { fitting };
        let mut name = String::new();
        let length = if rng.random_bool(0.22) { 1 } else { 2 };
        for _ in 0..length {
            if rng.random_bool(0.004) {
                name.extend(self.rare.choose(rng));
            } else if let Ok((character, _, _)) = pool.choose_weighted(rng, |(_, _, weight)| *weight) {
                name.push(*character);
            }
        }
        name
    }
}

fn era_fits(era: &str, birth_year: i32) -> bool {
    match era {
        "old" => birth_year < 1970,
        "mid" => (1955..1995).contains(&birth_year),
        "new" => birth_year >= 1985,
        _ => true,
    }
}

/// An 18-digit number by the rule of GB 11643: division, birth date, order (odd for men), check digit.
#[must_use]
pub fn id_number(division: &str, birth_on: chrono::NaiveDate, order: u16, sex: Sex) -> String {
    let order = (order % 499) * 2 + u16::from(sex == Sex::Male);
    let first = format!("{division}{}{order:03}", birth_on.format("%Y%m%d"));
    let check = domain::id_number::check_digit(&first).unwrap_or('0');
    format!("{first}{check}")
}

/// A mobile number of the block 0000: plausible to look at, given to nobody.
#[must_use]
pub fn mobile(rng: &mut ChaCha8Rng) -> String {
    const PREFIXES: [&str; 12] = ["130", "135", "136", "137", "138", "139", "150", "151", "158", "159", "186", "188"];
    let prefix = PREFIXES.choose(rng).copied().unwrap_or("138");
    format!("{prefix}0000{:04}", rng.random_range(0..10_000u16))
}

/// The records of a built-in list.
pub(crate) fn rows(text: &str) -> Result<Vec<csv::StringRecord>, SimulateError> {
    csv::Reader::from_reader(text.as_bytes()).records().collect::<Result<_, _>>().map_err(|_| SimulateError::Data)
}

/// A cell of a record; empty when there is none.
pub(crate) fn cell(row: &csv::StringRecord, at: usize) -> String {
    row.get(at).unwrap_or_default().to_owned()
}
