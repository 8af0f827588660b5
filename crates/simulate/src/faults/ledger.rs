//! What was written, kept apart from the program under test: a value is lost rightly only when somebody who saw it wrote
//! another one over it.

use std::collections::{BTreeMap, BTreeSet};

/// Every value written to the field that is watched, by record.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    written: BTreeMap<String, BTreeSet<String>>,
    replaced: BTreeSet<String>,
    erased: BTreeSet<String>,
    counter: u64,
}

impl Ledger {
    /// A value nobody wrote before.
    pub(super) fn fresh(&mut self) -> String {
        self.counter += 1;
        format!("第{}次", self.counter)
    }

    /// Notes a write that was called saved, with the values its writer saw.
    pub(super) fn wrote(&mut self, document: &str, value: String, seen: Vec<String>) {
        self.written.entry(document.to_owned()).or_default().insert(value);
        self.replaced.extend(seen);
    }

    /// Notes that a record was erased: nothing of it has to stand.
    pub(super) fn erased(&mut self, document: &str) {
        self.erased.insert(document.to_owned());
    }

    /// Records erased.
    pub(super) const fn gone(&self) -> &BTreeSet<String> {
        &self.erased
    }

    /// Records with the values that must still be there to be seen.
    pub(super) fn standing(&self) -> impl Iterator<Item = (&str, BTreeSet<&str>)> {
        let kept = self.written.iter().filter(|(document, _)| !self.erased.contains(*document));
        kept.map(|(document, values)| {
            let left = values.iter().filter(|value| !self.replaced.contains(*value)).map(String::as_str);
            (document.as_str(), left.collect())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stands_until_somebody_who_saw_it_writes_another() {
        let mut ledger = Ledger::default();
        let (one, two, three) = (ledger.fresh(), ledger.fresh(), ledger.fresh());
        ledger.wrote("d", one.clone(), Vec::new());
        ledger.wrote("d", two.clone(), Vec::new());
        ledger.wrote("d", three.clone(), vec![one]);
        let standing: Vec<_> = ledger.standing().collect();
        assert_eq!(standing, [("d", BTreeSet::from([two.as_str(), three.as_str()]))]);
    }
}
