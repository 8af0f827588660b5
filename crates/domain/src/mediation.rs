//! Owns: which mediators to suggest for a dispute, in which order, with the reasons in the open.
//! Must not know: a score. The order follows plain rules that can be read below; the officer and the parties choose.

use crate::closed::codes_of;
use crate::codes::{CodeTableName, code_table};
use crate::name;
use crate::success::Rate;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use uuid::Uuid;

/// Open disputes beyond which a mediator is named busy. A proposal of the project; the station's practice decides.
pub const LOAD_BUSY: u32 = 5;

/// Whether a mediator can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    /// Can be asked.
    Available,
    /// Is away or stopped.
    Away,
}

/// A mediator of the register with what is known on this laptop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The mediator's document.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Code of the mediator kind.
    pub kind: Option<String>,
    /// Codes of the cells or villages worked in; empty for everywhere.
    pub areas: Vec<String>,
    /// Whether to ask at all.
    pub availability: Availability,
    /// Open disputes now.
    pub open_disputes: u32,
    /// Disputes of the same class, agreed and concluded.
    pub same_class: Rate,
    /// Parties known to be of the mediator's family or household, as places in [`Case::parties`].
    pub related_parties: Vec<usize>,
}

/// The dispute to mediate.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Case {
    /// The grade, 1 to 5.
    pub grade: Option<i64>,
    /// Codes of the cell and village of the place.
    pub areas: Vec<String>,
    /// Names of the parties.
    pub parties: Vec<String>,
}

/// A reason for or against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Reason {
    /// The kind of mediator suits the grade.
    SuitsGrade {
        /// The grade.
        grade: i64,
    },
    /// The kind suits another grade.
    SuitsOtherGrade {
        /// The grade it suits.
        suits: i64,
    },
    /// Works where the dispute is.
    InArea {
        /// Code of the cell or village.
        area: String,
    },
    /// Works elsewhere.
    OutOfArea,
    /// Disputes of the same class, with both numbers.
    SameClass {
        /// Agreed and concluded.
        rate: Rate,
    },
    /// Open disputes now.
    Load {
        /// How many.
        open: u32,
    },
    /// More open disputes than usual.
    Busy {
        /// How many.
        open: u32,
    },
    /// Cannot be asked now.
    Away,
    /// Of the family or household of a party: a conflict of interest.
    RelatedToParty {
        /// Place of the party in the case, from 0.
        party: usize,
    },
    /// Has the surname of a party: worth asking whether they are related.
    SameSurname {
        /// Place of the party in the case, from 0.
        party: usize,
    },
}

codes_of!(Reason {
    SuitsGrade => "suits_grade",
    SuitsOtherGrade => "suits_other_grade",
    InArea => "in_area",
    OutOfArea => "out_of_area",
    SameClass => "same_class",
    Load => "load",
    Busy => "busy",
    Away => "away",
    RelatedToParty => "related_to_party",
    SameSurname => "same_surname",
});

impl Reason {
    /// Whether it speaks against asking this mediator.
    #[must_use]
    pub const fn is_caution(&self) -> bool {
        match self {
            Self::SuitsOtherGrade { .. }
            | Self::OutOfArea
            | Self::Busy { .. }
            | Self::Away
            | Self::RelatedToParty { .. }
            | Self::SameSurname { .. } => true,
            Self::SuitsGrade { .. } | Self::InArea { .. } | Self::SameClass { .. } | Self::Load { .. } => false,
        }
    }
}

/// A mediator in the order of suggestion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// The mediator's document.
    pub mediator: Uuid,
    /// Every reason, for and against.
    pub reasons: Vec<Reason>,
}

/// Puts the mediators in order: those related to a party last, before them the absent; then who suits the grade, who works there,
/// who has no party's surname, who is not busy, who has fewer open disputes; then by name. Everybody stays in the list: the parties may choose anybody.
#[must_use]
pub fn suggest(case: &Case, candidates: &[Candidate]) -> Vec<Suggestion> {
    let mut found: Vec<(&Candidate, Vec<Reason>)> =
        candidates.iter().map(|candidate| (candidate, reasons(case, candidate))).collect();
    found.sort_by_cached_key(|(candidate, reasons)| order(candidate, reasons));
    found.into_iter().map(|(candidate, reasons)| Suggestion { mediator: candidate.id, reasons }).collect()
}

type Order = (bool, bool, Reverse<bool>, Reverse<bool>, bool, bool, u32, String, Uuid);

fn order(candidate: &Candidate, reasons: &[Reason]) -> Order {
    let has = |wanted: fn(&Reason) -> bool| reasons.iter().any(wanted);
    (
        has(|reason| matches!(reason, Reason::RelatedToParty { .. })),
        has(|reason| matches!(reason, Reason::Away)),
        Reverse(has(|reason| matches!(reason, Reason::SuitsGrade { .. }))),
        Reverse(has(|reason| matches!(reason, Reason::InArea { .. }))),
        has(|reason| matches!(reason, Reason::SameSurname { .. })),
        has(|reason| matches!(reason, Reason::Busy { .. })),
        candidate.open_disputes,
        candidate.name.clone(),
        candidate.id,
    )
}

fn reasons(case: &Case, candidate: &Candidate) -> Vec<Reason> {
    let mut found = Vec::new();
    found.extend(grade_reason(case, candidate));
    let area = candidate.areas.iter().find(|area| case.areas.contains(area));
    match area {
        Some(area) => found.push(Reason::InArea { area: area.clone() }),
        None if candidate.areas.is_empty() || case.areas.is_empty() => {}
        None => found.push(Reason::OutOfArea),
    }
    if candidate.same_class.concluded > 0 {
        let rate = candidate.same_class;
        found.push(Reason::SameClass { rate });
    }
    let open = candidate.open_disputes;
    found.push(if open > LOAD_BUSY { Reason::Busy { open } } else { Reason::Load { open } });
    if candidate.availability == Availability::Away {
        found.push(Reason::Away);
    }
    found.extend(interest(case, candidate));
    found
}

fn grade_reason(case: &Case, candidate: &Candidate) -> Option<Reason> {
    let grade = case.grade?;
    let row = code_table(CodeTableName::MediatorKind).row(candidate.kind.as_deref()?)?;
    let suits = row.extra.get("suits_grade")?.parse().ok()?;
    Some(if suits == grade { Reason::SuitsGrade { grade } } else { Reason::SuitsOtherGrade { suits } })
}

fn interest(case: &Case, candidate: &Candidate) -> Vec<Reason> {
    let own = name::surname(&candidate.name);
    let parties = case.parties.iter().enumerate();
    parties
        .filter_map(|(party, written)| {
            if candidate.related_parties.contains(&party) {
                return Some(Reason::RelatedToParty { party });
            }
            (own.is_some() && name::surname(written) == own).then_some(Reason::SameSurname { party })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn candidate(id: u128, name: &str, kind: &str) -> Candidate {
        Candidate {
            id: Uuid::from_u128(id),
            name: name.to_owned(),
            kind: Some(kind.to_owned()),
            areas: vec!["QF-03".to_owned()],
            availability: Availability::Available,
            open_disputes: 2,
            same_class: Rate { agreed: 14, concluded: 15 },
            related_parties: Vec::new(),
        }
    }

    fn case() -> Case {
        Case {
            grade: Some(3),
            areas: vec!["QF-03".to_owned(), "330213101203".to_owned()],
            parties: vec!["赵荣江".to_owned(), "章茂林".to_owned()],
        }
    }

    fn order_of(candidates: &[Candidate]) -> Vec<u128> {
        suggest(&case(), candidates).iter().map(|s| s.mediator.as_u128()).collect()
    }

    #[test]
    fn the_copper_tongue_of_the_cell_comes_first_for_grade_three() {
        let copper = candidate(1, "叶清和", "M3");
        let gold = candidate(2, "冯知夏", "M1");
        let elsewhere = Candidate { areas: vec!["QF-09".to_owned()], ..candidate(3, "何秋分", "M3") };
        let related = Candidate { related_parties: vec![1], ..candidate(4, "许霜降", "M3") };
        let namesake = candidate(5, "赵清明", "M3");
        let away = Candidate { availability: Availability::Away, ..candidate(6, "孔处暑", "M3") };
        let busy = Candidate { open_disputes: 6, ..candidate(7, "曹芒种", "M3") };
        let all = [related, away, gold, elsewhere, namesake, busy, copper];
        assert_eq!(order_of(&all), [1, 7, 5, 3, 2, 6, 4]);
        let first = suggest(&case(), &all).into_iter().next().unwrap();
        assert_eq!(
            first.reasons,
            [
                Reason::SuitsGrade { grade: 3 },
                Reason::InArea { area: "QF-03".to_owned() },
                Reason::SameClass { rate: Rate { agreed: 14, concluded: 15 } },
                Reason::Load { open: 2 },
            ]
        );
    }

    #[test]
    fn a_mediator_is_busy_only_above_the_usual_load() {
        let load = |open_disputes| {
            let candidate = Candidate { open_disputes, ..candidate(1, "叶清和", "M3") };
            suggest(&case(), &[candidate]).remove(0).reasons
        };
        assert!(load(LOAD_BUSY).contains(&Reason::Load { open: LOAD_BUSY }));
        assert!(load(LOAD_BUSY + 1).contains(&Reason::Busy { open: LOAD_BUSY + 1 }));
    }

    #[test]
    fn a_shared_surname_is_named_as_a_hint_and_kinship_as_a_conflict() {
        let namesake = candidate(5, "赵清明", "M3");
        let found = suggest(&case(), &[namesake]);
        assert!(found[0].reasons.contains(&Reason::SameSurname { party: 0 }));
        let related = Candidate { related_parties: vec![0], ..candidate(4, "赵清明", "M3") };
        let found = suggest(&case(), &[related]);
        assert!(found[0].reasons.contains(&Reason::RelatedToParty { party: 0 }));
    }

    proptest! {
        #[test]
        fn everybody_is_listed_once_whatever_the_order_of_the_register(
            loads in proptest::collection::vec((0_u32..9, 1_u8..6, any::<bool>()), 0..8), seed in any::<u64>(),
        ) {
            let mut candidates: Vec<Candidate> = loads.iter().enumerate().map(|(at, (load, kind, near))| Candidate {
                open_disputes: *load,
                areas: vec![if *near { "QF-03" } else { "QF-09" }.to_owned()],
                ..candidate(at as u128, "甲", &format!("M{kind}"))
            }).collect();
            let once = order_of(&candidates);
            let turn = seed as usize % candidates.len().max(1);
            candidates.rotate_left(turn);
            prop_assert_eq!(&order_of(&candidates), &once);
            prop_assert_eq!(once.len(), loads.len());
        }
    }
}
