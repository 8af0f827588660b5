//! Random histories of laptops whose disks are copied and put back: they end the same, views are what the log says, no losing
//! value is hidden.

use std::collections::BTreeMap;

use documents::{ChangeHash, Edit};
use domain::kind::Kind;
use domain::shape::Scalar;
use proptest::prelude::*;
use store::{Decide, StoreError};
use sync::ids::{DocumentId, ReplicaId};
use sync::laptop::{Ask, Load, LoadFrom};
use sync::repair::check_piece;
use sync::scope_log::{Cursor, LogPosition};

use crate::support::{Laptop, STATION, Station, load, set};

/// Laptops at the most; steps name one of them, or the last there is.
const LAPTOPS: usize = 5;

#[derive(Debug, Clone)]
enum Step {
    Create {
        laptop: usize,
        kind: usize,
        a: usize,
        b: usize,
    },
    Edit {
        laptop: usize,
        document: usize,
        field: usize,
        value: usize,
    },
    EditOldForm {
        laptop: usize,
        document: usize,
        field: usize,
        value: usize,
    },
    OpenForm {
        laptop: usize,
        document: usize,
    },
    Decide {
        laptop: usize,
        document: usize,
    },
    Sync {
        laptop: usize,
    },
    /// The disk is copied, and the copy is used beside it.
    Copy {
        laptop: usize,
    },
    /// The disk is copied and put away.
    Image {
        laptop: usize,
    },
    /// What was put away comes in the place of the disk; what was written and not sent since is gone.
    PutBack {
        laptop: usize,
    },
    /// A backup is restored: a copy that takes a new replica at once.
    Restore {
        laptop: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let (laptop, small) = (0..LAPTOPS, 0..6_usize);
    prop_oneof![
        3 => (laptop.clone(), 0..8_usize, small.clone(), small.clone())
            .prop_map(|(laptop, kind, a, b)| Step::Create { laptop, kind, a, b }),
        5 => (laptop.clone(), 0..12_usize, 0..4_usize, small.clone())
            .prop_map(|(laptop, document, field, value)| Step::Edit { laptop, document, field, value }),
        2 => (laptop.clone(), 0..12_usize, 0..4_usize, small)
            .prop_map(|(laptop, document, field, value)| Step::EditOldForm { laptop, document, field, value }),
        1 => (laptop.clone(), 0..12_usize).prop_map(|(laptop, document)| Step::OpenForm { laptop, document }),
        1 => (laptop.clone(), 0..12_usize).prop_map(|(laptop, document)| Step::Decide { laptop, document }),
        3 => laptop.clone().prop_map(|laptop| Step::Sync { laptop }),
        1 => laptop.clone().prop_map(|laptop| Step::Copy { laptop }),
        1 => laptop.clone().prop_map(|laptop| Step::Image { laptop }),
        1 => laptop.clone().prop_map(|laptop| Step::PutBack { laptop }),
        1 => laptop.prop_map(|laptop| Step::Restore { laptop }),
    ]
}

const NAMES: [&str; 6] = ["赵荣江", "单小雪", "", "Zhao", "\u{20BB7}野", "赵荣江"];
const PLACES: [&str; 6] = ["石桥头村3组27号", "石桥头村3组9号", "", "枫林苑6幢302", "3组", "上枫村"];
const NUMBERS: [&str; 6] =
    ["330281196304121234", "33028119580919204x", "", "33028119580919204X", "1", "330281196304121234"];
const DAYS: [&str; 6] = ["2026-11-01", "2026-11-19", "", "1998-06-01", "not a day", "2026-12-24"];
const STATES: [&str; 6] = ["found", "accepted", "mediating", "agreed", "withdrawn", "unknown"];

struct World {
    laptops: Vec<Laptop>,
    /// Disks put away, and whose.
    images: BTreeMap<usize, Laptop>,
    numbers: u8,
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

    fn copy(&mut self, laptop: usize) -> Laptop {
        self.numbers += 1;
        self.laptops[laptop].copy(self.numbers)
    }

    fn run(&mut self, step: &Step) {
        let last = self.laptops.len() - 1;
        match *step {
            Step::Create { laptop, kind, a, b } => {
                let laptop = laptop.min(last);
                let kind = Kind::ALL[kind];
                let edits = [self.field(kind, 0, a), self.field(kind, 1, b)];
                let saved = self.laptops[laptop].create(kind, &edits);
                self.documents.push((saved.document, kind));
            }
            Step::Edit { laptop, document, field, value } => self.edit(laptop.min(last), document, field, value, false),
            Step::EditOldForm { laptop, document, field, value } => {
                self.edit(laptop.min(last), document, field, value, true);
            }
            Step::OpenForm { laptop, document } => {
                let laptop = laptop.min(last);
                let Some((document, _)) = self.documents.get(document).copied() else { return };
                let opened = self.laptops[laptop].store.read(|reader| store::record::open(reader, document));
                if let Ok(record) = opened {
                    self.forms.insert((laptop, document), record.reading.heads);
                }
            }
            Step::Decide { laptop, document } => self.decide(laptop.min(last), document),
            Step::Sync { laptop } => {
                self.station.sync_copy(&mut self.laptops[laptop.min(last)]);
            }
            Step::Copy { laptop } if last + 1 < LAPTOPS => {
                let copy = self.copy(laptop.min(last));
                self.laptops.push(copy);
            }
            Step::Restore { laptop } if last + 1 < LAPTOPS => {
                let mut copy = self.copy(laptop.min(last));
                copy.succeed();
                self.laptops.push(copy);
            }
            Step::Copy { .. } | Step::Restore { .. } => {}
            Step::Image { laptop } => {
                let image = self.copy(laptop.min(last));
                self.images.insert(laptop.min(last), image);
            }
            Step::PutBack { laptop } => self.put_back(laptop.min(last)),
        }
    }

    fn put_back(&mut self, laptop: usize) {
        let Some(image) = self.images.get(&laptop) else { return };
        self.numbers += 1;
        self.laptops[laptop] = image.copy(self.numbers);
        self.forms.retain(|(of, _), _| *of != laptop);
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

/// Each laptop can give back the logs it pulled, whole.
fn given_back(station: &Station, laptops: &[Laptop]) -> Result<(), TestCaseError> {
    for laptop in laptops {
        for (scope, log) in &station.logs {
            let wanted = vec![Cursor { scope: scope.clone(), position: LogPosition::genesis(STATION, scope, 1) }];
            let ask = Load { ask: Ask { wanted, ..Ask::default() }, ..load(LoadFrom::Outbox, u64::MAX) };
            let evidence = laptop.store.load(&ask, None).unwrap().evidence;
            let mut given: Vec<(ReplicaId, sync::ids::Hash)> = Vec::new();
            for piece in evidence.pieces {
                let piece = check_piece(piece, STATION, &station.key.public()).unwrap();
                given.extend(piece.entries.iter().map(|one| (one.replica, one.header_hash)));
            }
            let whole: Vec<_> = log.iter().map(|(replica, entry)| (*replica, entry.header_hash())).collect();
            prop_assert_eq!((given, evidence.gaps.len()), (whole, 0));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn laptops_that_met_hold_the_same_and_their_views_are_what_the_log_says(steps in prop::collection::vec(step(), 1..40)) {
        let mut world = World {
            laptops: vec![Laptop::new(1), Laptop::new(2)],
            images: BTreeMap::new(),
            numbers: 10,
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
        for _ in 0..2 {
            for laptop in &mut world.laptops {
                world.station.sync_copy(laptop);
            }
        }
        let alice = &world.laptops[0];
        for laptop in &world.laptops {
            prop_assert_eq!(laptop.dump(), alice.dump());
            let status = laptop.read(|reader| store::status::of(reader, 0));
            prop_assert_eq!((status.unsent, status.set_aside, status.quarantined), (0, 0, 0));
            laptop.assert_sound();
        }
        given_back(&world.station, &world.laptops)?;

        // another laptop that gets everything backwards
        let carol = Laptop::new(9);
        for log in world.station.logs.values_mut() {
            log.reverse();
        }
        world.station.pull(&carol);
        prop_assert_eq!(carol.dump(), alice.dump());
        carol.assert_sound();
    }
}
