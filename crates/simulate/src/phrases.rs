//! Short notes with slots, filled at random. Owns the built-in phrases; must not know what they are written into.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rand::RngExt as _;
use rand::seq::IndexedRandom as _;
use rand_chacha::ChaCha8Rng;

use crate::SimulateError;
use crate::names::{cell, rows};

/// The phrases by category and kind.
pub(crate) struct Phrases {
    by_kind: BTreeMap<(String, String), Vec<String>>,
}

impl Phrases {
    /// Reads the built-in phrases.
    pub(crate) fn load() -> Result<Self, SimulateError> {
        let mut by_kind: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
        for row in rows(include_str!("../data/phrases_zh.csv"))? {
            by_kind.entry((cell(&row, 1), cell(&row, 2))).or_default().push(cell(&row, 3));
        }
        Ok(Self { by_kind })
    }

    /// A phrase of a kind with its slots filled; empty when there is none of this kind.
    pub(crate) fn pick(&self, rng: &mut ChaCha8Rng, category: &str, kind: &str, at: &Around<'_>) -> String {
        let all = self.by_kind.get(&(category.to_owned(), kind.to_owned()));
        let text = all.and_then(|all| all.choose(rng)).cloned().unwrap_or_default();
        fill(rng, text, at)
    }

    /// Kinds of a category.
    pub(crate) fn kinds<'a>(&'a self, category: &'a str) -> impl Iterator<Item = (&'a str, usize)> {
        self.by_kind
            .iter()
            .filter(move |((found, _), _)| found == category)
            .map(|((_, kind), all)| (kind.as_str(), all.len()))
    }
}

/// Where and when a phrase is said.
pub(crate) struct Around<'a> {
    /// A place name.
    pub(crate) place: &'a str,
    /// The day.
    pub(crate) on: NaiveDate,
    /// An amount of money in yuan.
    pub(crate) money: u32,
}

fn fill(rng: &mut ChaCha8Rng, mut text: String, at: &Around<'_>) -> String {
    while let Some((before, rest)) = text.split_once('{') {
        let Some((slot, after)) = rest.split_once('}') else { break };
        let value = match slot {
            "n" => rng.random_range(2..12_u8).to_string(),
            "date" => {
                let on = at.on.checked_add_days(chrono::Days::new(rng.random_range(3..40))).unwrap_or(at.on);
                on.format("%-m月%-d日").to_string()
            }
            "time" => format!("晚上{}点", ["六", "七", "八"].choose(rng).unwrap_or(&"七")),
            "room" => format!("{}0{}", rng.random_range(2..6_u8), rng.random_range(1..9_u8)),
            "place" => at.place.to_owned(),
            "money" => at.money.to_string(),
            "plate" => format!("浙G·D{:04}", rng.random_range(0..10_000_u16)),
            other => other.to_owned(),
        };
        text = format!("{before}{value}{after}");
    }
    text
}
