//! Owns: the papers of a mediation file (卷宗): which there are, which are needed, what they must hold, by which rule.
//! Must not know: how papers are printed or signed.

use serde::Serialize;
use std::sync::LazyLock;

/// Which file a paper belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DossierKind {
    /// People's mediation (人民调解), 13 papers.
    People,
    /// Police mediation (治安调解), 4 papers.
    Police,
}

/// Whether a paper is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// Always.
    Must,
    /// When the case calls for it.
    AsNeeded,
    /// Takes the place of another.
    Alternative,
    /// Asked for in some places.
    Local,
}

/// One paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paper {
    /// The file it belongs to.
    pub dossier: DossierKind,
    /// Place in the file, 1–13; 0 is the cover, higher ones are substitutes.
    pub seq: u32,
    /// Stable code.
    pub code: String,
    /// Chinese title.
    pub zh: String,
    /// Whether it is needed.
    pub need: Need,
    /// What it must hold, separated by `；`.
    pub fields_zh: String,
    /// Who signs.
    pub signers_zh: String,
    /// Law or form guide.
    pub source: String,
    /// Remark.
    pub note: String,
}

static PAPERS: LazyLock<Vec<Paper>> = LazyLock::new(|| read(include_str!("../data/law/dossier.csv")).0);

/// All papers of both files, in the order of the file.
#[must_use]
pub fn papers() -> &'static [Paper] {
    &PAPERS
}

/// Reads the papers; the second value counts rows that could not be taken.
fn read(csv: &str) -> (Vec<Paper>, usize) {
    let mut bad = 0_usize;
    let mut found = Vec::new();
    for record in csv::Reader::from_reader(csv.as_bytes()).records() {
        match record.ok().as_ref().and_then(paper) {
            Some(paper) => found.push(paper),
            None => bad = bad.saturating_add(1),
        }
    }
    (found, bad)
}

fn paper(record: &csv::StringRecord) -> Option<Paper> {
    let text = |at: usize| record.get(at).map(str::to_owned);
    Some(Paper {
        dossier: match record.get(0)? {
            "people" => DossierKind::People,
            "police" => DossierKind::Police,
            _ => return None,
        },
        seq: record.get(1)?.parse().ok()?,
        code: text(2)?,
        zh: text(3)?,
        need: match record.get(4)? {
            "must" => Need::Must,
            "as needed" => Need::AsNeeded,
            "alternative" => Need::Alternative,
            "local" => Need::Local,
            _ => return None,
        },
        fields_zh: text(5)?,
        signers_zh: text(6)?,
        source: text(7)?,
        note: text(9)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_dossier_reads() {
        let csv = include_str!("../data/law/dossier.csv");
        let (found, bad) = read(csv);
        assert_eq!((found.len(), bad), (csv.lines().count() - 1, 0));
    }

    #[test]
    fn the_file_of_peoples_mediation_has_thirteen_papers() {
        let numbered =
            papers().iter().filter(|paper| paper.dossier == DossierKind::People && (1..=13).contains(&paper.seq));
        assert_eq!(numbered.count(), 13);
    }
}
