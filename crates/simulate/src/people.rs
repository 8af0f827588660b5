//! Made-up villages full of made-up people, from a seed. Owns the population model; must not know commands or files.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Days, NaiveDate};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::SimulateError;
use crate::names::{Names, Sex, cell, id_number, mobile, rows};

/// A village of the made-up station; place names are real.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Village {
    /// Division code, 12 digits.
    pub code: String,
    /// Name, e.g. `香溪村`.
    pub name: String,
}

/// A made-up person.
#[derive(Debug, Clone)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Sex.
    pub sex: Sex,
    /// Birth date.
    pub birth_on: NaiveDate,
    /// Identity number.
    pub id_number: String,
    /// Mobile number, for those who have one.
    pub phone: Option<String>,
    /// Relation to the head, GB/T 4761.
    pub relation: &'static str,
    /// The word in a register.
    pub relation_zh: &'static str,
    /// 户籍 or 流动.
    pub floating: bool,
}

/// A made-up household.
#[derive(Debug, Clone)]
pub struct House {
    /// Household number.
    pub number: String,
    /// Place in [`Population::villages`].
    pub village: usize,
    /// Group (村民小组) in the village.
    pub group: u16,
    /// Plate number in the group.
    pub plate: u16,
    /// Members, head first.
    pub members: Vec<Person>,
}

impl House {
    /// The address below the village, e.g. `3组27号`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}组{}号", self.group, self.plate)
    }
}

/// Everybody.
#[derive(Debug, Clone)]
pub struct Population {
    /// Villages.
    pub villages: Vec<Village>,
    /// Households.
    pub houses: Vec<House>,
}

/// The town the made-up station stands in.
pub const TOWN: &str = "香溪镇";
/// The first six digits of its people's identity numbers.
pub const DIVISION: &str = "330781";

/// What a population is made for.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// Everything follows from it.
    pub seed: u64,
    /// How many people; the last household may be cut short.
    pub residents: usize,
    /// The day ages are counted from.
    pub today: NaiveDate,
    /// Where they live.
    pub villages: &'a [Village],
    /// First order numbers of identity numbers: two populations with other ranges never share one.
    pub orders: (u16, u16),
}

/// Villages of a town of the built-in list.
///
/// # Errors
/// [`SimulateError::Data`] when the list cannot be read or has no such town.
pub fn villages_of(town: &str) -> Result<Vec<Village>, SimulateError> {
    let villages: Vec<Village> = rows(include_str!("../data/seed_villages.csv"))?
        .iter()
        .filter(|row| row.get(2) == Some(town))
        .map(|row| Village { code: cell(row, 0), name: short_name(&cell(row, 1)) })
        .collect();
    if villages.is_empty() { Err(SimulateError::Data) } else { Ok(villages) }
}

/// Makes `residents` people in the villages of [`TOWN`], the same for the same seed.
///
/// # Errors
/// [`SimulateError::Data`] when a built-in list cannot be read.
pub fn populate(seed: u64, residents: usize, today: NaiveDate) -> Result<Population, SimulateError> {
    populate_in(Ask { seed, residents, today, villages: &villages_of(TOWN)?, orders: (0, 499) })
}

/// Makes people in given villages, the same for the same ask.
///
/// # Errors
/// [`SimulateError::Data`] when a built-in list cannot be read or there is no village.
pub fn populate_in(ask: Ask<'_>) -> Result<Population, SimulateError> {
    let mut rng = ChaCha8Rng::seed_from_u64(ask.seed);
    let names = Names::load()?;
    let first = ask.villages.first().ok_or(SimulateError::Data)?;
    let division: String = match first.code.get(..6) {
        Some(division) => division.to_owned(),
        None => DIVISION.to_owned(),
    };
    let mut houses = Vec::new();
    let mut made = 0usize;
    let mut given_out = BTreeSet::new();
    while made < ask.residents {
        let maker = Maker {
            rng: &mut rng,
            names: &names,
            today: ask.today,
            given_out: &mut given_out,
            division: &division,
            orders: ask.orders,
        };
        let mut house = house(maker, ask.villages.len(), houses.len());
        house.members.truncate(ask.residents - made);
        made += house.members.len();
        houses.push(house);
    }
    Ok(Population { villages: ask.villages.to_vec(), houses })
}

fn short_name(full: &str) -> String {
    let short = full.strip_suffix("居委会").or_else(|| full.strip_suffix("委会")).unwrap_or(full);
    short.strip_suffix("村村").map_or_else(|| short.to_owned(), |name| format!("{name}村"))
}

fn house(mut maker: Maker<'_>, villages: usize, at: usize) -> House {
    let village = at % villages;
    let nth = at / villages;
    let group = u16::try_from(nth % 9).unwrap_or(0) + 1;
    let plate = u16::try_from(nth / 9).unwrap_or(0) + 1;
    let members = maker.family();
    House { number: format!("{:03}{:05}", village + 1, nth + 1), village, group, plate, members }
}

struct Maker<'a> {
    rng: &'a mut ChaCha8Rng,
    names: &'a Names,
    today: NaiveDate,
    given_out: &'a mut BTreeSet<String>,
    division: &'a str,
    orders: (u16, u16),
}

impl Maker<'_> {
    fn family(&mut self) -> Vec<Person> {
        let surname = self.names.surname(self.rng);
        let floating = self.rng.random_bool(0.08);
        let head_age = self.rng.random_range(28..82);
        let mut members = vec![self.person(&surname, Sex::Male, head_age, "0", "户主", floating)];
        if self.rng.random_bool(0.78) {
            let own = self.names.surname(self.rng);
            let age = (head_age + self.rng.random_range(-5..4)).max(20);
            members.push(self.person(&own, Sex::Female, age, "1", "配偶", floating));
        }
        let children = self.rng.random_range(0..3);
        for _ in 0..children {
            let age = head_age - self.rng.random_range(22..34);
            if age < 0 {
                continue;
            }
            let daughter = self.rng.random_bool(0.48);
            let (sex, relation, zh) = if daughter { (Sex::Female, "3", "女") } else { (Sex::Male, "2", "子") };
            members.push(self.person(&surname, sex, age, relation, zh, floating));
        }
        if head_age < 58 && self.rng.random_bool(0.3) {
            let age = head_age + self.rng.random_range(22..32);
            members.push(self.person(&surname, Sex::Male, age, "51", "父亲", floating));
        }
        members
    }

    fn person(
        &mut self,
        surname: &str,
        sex: Sex,
        age: i32,
        relation: &'static str,
        relation_zh: &'static str,
        floating: bool,
    ) -> Person {
        let birth_on = self.birth(age);
        let id_number = self.number(birth_on, sex);
        let adult = age >= 12;
        let phone = (adult && self.rng.random_bool(0.86)).then(|| mobile(self.rng));
        let given = self.names.given(self.rng, sex, birth_on.year());
        Person { name: format!("{surname}{given}"), sex, birth_on, id_number, phone, relation, relation_zh, floating }
    }

    /// A number nobody else of this population has.
    fn number(&mut self, birth_on: NaiveDate, sex: Sex) -> String {
        loop {
            let (from, to) = self.orders;
            let number = id_number(self.division, birth_on, self.rng.random_range(from..to), sex);
            if self.given_out.insert(number.clone()) {
                return number;
            }
        }
    }

    fn birth(&mut self, age: i32) -> NaiveDate {
        let days = u64::try_from(age.max(0)).unwrap_or(0) * 365 + self.rng.random_range(1..360);
        self.today.checked_sub_days(Days::new(days)).unwrap_or(self.today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 19).unwrap()
    }

    #[test]
    fn the_same_seed_makes_the_same_people_and_another_makes_others() {
        let one = populate(7, 500, day()).unwrap();
        let same = populate(7, 500, day()).unwrap();
        let other = populate(8, 500, day()).unwrap();
        let names =
            |p: &Population| p.houses.iter().flat_map(|h| h.members.iter().map(|m| m.name.clone())).collect::<Vec<_>>();
        assert_eq!(names(&one), names(&same));
        assert_ne!(names(&one), names(&other));
        assert_eq!(names(&one).len(), 500);
    }

    #[test]
    fn made_up_identity_numbers_keep_the_rule_and_never_repeat() {
        let people = populate(1, 3_000, day()).unwrap();
        let mut numbers: Vec<&str> = Vec::new();
        for member in people.houses.iter().flat_map(|house| &house.members) {
            domain::id_number::parse(&member.id_number, day()).unwrap();
            numbers.push(&member.id_number);
        }
        let all = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), all);
    }
}
