//! Random histories of two laptops: they end the same, views are what the log says, no losing value is hidden.

use std::collections::BTreeMap;

use documents::{ChangeHash, Edit};
use domain::kind::Kind;
use domain::shape::Scalar;
use proptest::prelude::*;
use store::{Decide, StoreError};
use sync::ids::DocumentId;

use crate::support::{Laptop, Station, meet, set};

#[derive(Debug, Clone)]
enum Step {
    Create { laptop: usize, kind: usize, a: usize, b: usize },
    Edit { laptop: usize, document: usize, field: usize, value: usize },
    EditOldForm { laptop: usize, document: usize, field: usize, value: usize },
    OpenForm { laptop: usize, document: usize },
    Decide { laptop: usize, document: usize },
    Sync { laptop: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let (laptop, small) = (0..2_usize, 0..6_usize);
    prop_oneof![
        3 => (laptop.clone(), 0..8_usize, small.clone(), small.clone())
            .prop_map(|(laptop, kind, a, b)| Step::Create { laptop, kind, a, b }),
        5 => (laptop.clone(), 0..12_usize, 0..4_usize, small.clone())
            .prop_map(|(laptop, document, field, value)| Step::Edit { laptop, document, field, value }),
        2 => (laptop.clone(), 0..12_usize, 0..4_usize, small)
            .prop_map(|(laptop, document, field, value)| Step::EditOldForm { laptop, document, field, value }),
        1 => (laptop.clone(), 0..12_usize).prop_map(|(laptop, document)| Step::OpenForm { laptop, document }),
        1 => (laptop.clone(), 0..12_usize).prop_map(|(laptop, document)| Step::Decide { laptop, document }),
        2 => laptop.prop_map(|laptop| Step::Sync { laptop }),
    ]
}

const NAMES: [&str; 6] = ["赵荣江", "单小雪", "", "Zhao", "\u{20BB7}野", "赵荣江"];
const PLACES: [&str; 6] = ["石桥头村3组27号", "石桥头村3组9号", "", "枫林苑6幢302", "3组", "上枫村"];
const NUMBERS: [&str; 6] =
    ["330281196304121234", "33028119580919204x", "", "33028119580919204X", "1", "330281196304121234"];
const DAYS: [&str; 6] = ["2026-11-01", "2026-11-19", "", "1998-06-01", "not a day", "2026-12-24"];
const STATES: [&str; 6] = ["found", "accepted", "mediating", "agreed", "withdrawn", "unknown"];

struct World {
    laptops: [Laptop; 2],
    station: Station,
    documents: Vec<(DocumentId, Kind)>,
    forms: BTreeMap<(usize, DocumentId), Vec<ChangeHash>>,
}

impl World {
    fn link(&self, kind: Kind, pick: usize) -> Scalar {
        let of_kind: Vec<_> = self.documents.iter().filter(|(_, found)| *found == kind).collect();
        match of_kind.get(pick) {
            Some((document, _)) => Scalar::from(document.to_string()),
            None => Scalar::from(crate::support::id(pick as u64).to_string()),
        }
    }

    /// The n-th field of a kind, as a form would set it.
    fn field(&self, kind: Kind, field: usize, value: usize) -> Edit {
        let text = |key: &str, values: [&str; 6]| set(key, Scalar::from(values[value]));
        match (kind, field) {
            (Kind::Address, 0) => text("full", PLACES),
            (Kind::Address, 1) => text("plate_code", NUMBERS),
            (Kind::Household, 0) => set("address", self.link(Kind::Address, value)),
            (Kind::Household, 1) => set("head", self.link(Kind::Resident, value)),
            (Kind::Household, 2) => text("next_visit_on", DAYS),
            (Kind::Resident, 0) => text("name", NAMES),
            (Kind::Resident, 1) => text("id_number", NUMBERS),
            (Kind::Residence, 0) => set("household", self.link(Kind::Household, value)),
            (Kind::Residence, 1) => set("resident", self.link(Kind::Resident, value)),
            (Kind::Residence, 2) => text("to_on", DAYS),
            (Kind::Visit, 0) => set("household", self.link(Kind::Household, value)),
            (Kind::Visit, 1) => set("at", i64::try_from(value).unwrap() * 1_000),
            (Kind::Visit, 2) => text("place", PLACES),
            (Kind::Dispute, 0) => text("state", STATES),
            (Kind::Dispute, 1) => set("address", self.link(Kind::Address, value)),
            (Kind::Dispute, 2) => set("accepted_at", 1_793_934_000_000 + i64::try_from(value).unwrap()),
            (Kind::Dispute, _) => text("parties/x/name", NAMES),
            (Kind::Patrol, 0) => text("route", PLACES),
            (Kind::Patrol, 1) => set("findings/x/_gone", value.is_multiple_of(2)),
            (Kind::Patrol, 2) => text("findings/x/what", PLACES),
            (Kind::Mediator, 0) => text("name", NAMES),
            (_, 3) => text("unknown_to_us", NAMES),
            (_, _) => text("phone", NUMBERS),
        }
    }

    fn run(&mut self, step: &Step) {
        match *step {
            Step::Create { laptop, kind, a, b } => {
                let kind = Kind::ALL[kind];
                let edits = [self.field(kind, 0, a), self.field(kind, 1, b)];
                let saved = self.laptops[laptop].create(kind, &edits);
                self.documents.push((saved.document, kind));
            }
            Step::Edit { laptop, document, field, value } => self.edit(laptop, document, field, value, false),
            Step::EditOldForm { laptop, document, field, value } => self.edit(laptop, document, field, value, true),
            Step::OpenForm { laptop, document } => {
                let Some((document, _)) = self.documents.get(document).copied() else { return };
                let opened = self.laptops[laptop].store.read(|reader| store::record::open(reader, document));
                if let Ok(record) = opened {
                    self.forms.insert((laptop, document), record.reading.heads);
                }
            }
            Step::Decide { laptop, document } => self.decide(laptop, document),
            Step::Sync { laptop } => {
                self.station.sync(&self.laptops[laptop]);
            }
        }
    }

    fn edit(&mut self, laptop: usize, document: usize, field: usize, value: usize, old: bool) {
        let Some((document, kind)) = self.documents.get(document).copied() else { return };
        let here = &self.laptops[laptop];
        let Ok(record) = here.store.read(|reader| store::record::open(reader, document)) else { return };
        let heads =
            if old { self.forms.get(&(laptop, document)).cloned() } else { None }.unwrap_or(record.reading.heads);
        let edit = self.field(kind, field, value);
        match here.try_write(|tx| tx.edit(document, &heads, std::slice::from_ref(&edit))) {
            Ok(written) if written.value.change.is_some() => {
                // what was just typed stands, or stands beside others
                let now = here.store.read(|reader| store::record::open(reader, document)).unwrap().reading;
                let beside =
                    now.conflicts.get(&edit.key).is_some_and(|all| all.iter().any(|one| one.value == edit.value));
                let greatest = edit.key == "next_visit_on";
                assert!(*now.get(&edit.key) == edit.value || beside || greatest, "{edit:?} vanished: {now:?}");
            }
            Ok(_) | Err(StoreError::FieldInConflict { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }

    fn decide(&mut self, laptop: usize, document: usize) {
        let Some((document, _)) = self.documents.get(document).copied() else { return };
        let here = &self.laptops[laptop];
        let Ok(card) = here.store.read(|reader| store::conflict::card(reader, document)) else { return };
        let decisions: Vec<Decide> = card
            .fields
            .iter()
            .map(|field| Decide {
                key: field.key.clone(),
                named: field.sides.iter().map(|side| side.change).collect(),
                value: field.sides[0].value.clone(),
            })
            .collect();
        if !decisions.is_empty() {
            let saved = here.try_write(|tx| tx.decide(document, &decisions)).unwrap().value;
            assert_eq!(saved.conflicts, Vec::<String>::new());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn laptops_that_met_hold_the_same_and_their_views_are_what_the_log_says(steps in prop::collection::vec(step(), 1..40)) {
        let mut world = World {
            laptops: [Laptop::new(1), Laptop::new(2)],
            station: Station::new(),
            documents: Vec::new(),
            forms: BTreeMap::new(),
        };
        for step in &steps {
            world.run(step);
        }
        for laptop in &world.laptops {
            laptop.assert_sound();
        }
        let [alice, bob] = &world.laptops;
        meet(&mut world.station, &[alice, bob]);
        prop_assert_eq!(alice.dump(), bob.dump());
        alice.assert_sound();
        bob.assert_sound();

        // a third laptop that gets everything backwards
        let carol = Laptop::new(3);
        for log in world.station.logs.values_mut() {
            log.reverse();
        }
        world.station.pull(&carol);
        prop_assert_eq!(carol.dump(), alice.dump());
        carol.assert_sound();
    }
}
