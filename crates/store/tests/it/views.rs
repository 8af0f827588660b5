//! What lists show follows from the records, whichever was written first.

use domain::kind::Kind;
use store::{record, status};
use sync::ids::DocumentId;

use crate::support::{Laptop, set};

fn view(laptop: &Laptop, table: &str, document: DocumentId) -> String {
    let wanted = format!("{table} | \"{document}\"");
    laptop.dump().into_iter().find(|line| line.starts_with(&wanted)).unwrap_or_default()
}

#[test]
fn a_household_copies_address_head_members_and_visits_from_what_links_to_it() {
    let laptop = Laptop::new(1);
    let (resident, household, address) = (laptop.fresh(), laptop.fresh(), laptop.fresh());
    // everything that links comes before what it links to
    let residence = laptop.create(
        Kind::Residence,
        &[set("resident", resident.to_string()), set("household", household.to_string()), set("from_on", "1998-06-01")],
    );
    let visit = laptop.create(Kind::Visit, &[set("household", household.to_string()), set("at", 7_000_i64)]);
    laptop
        .try_write(|tx| {
            let scope = crate::support::cell();
            tx.create(
                Kind::Household,
                household,
                &scope,
                &[set("address", address.to_string()), set("head", resident.to_string())],
            )?;
            tx.create(Kind::Resident, resident, &scope, &[set("name", "赵荣江")])?;
            tx.create(
                Kind::Address,
                address,
                &scope,
                &[set("full", "石桥头村 3 组 27 号"), set("village", "330281100200")],
            )
        })
        .unwrap();
    let row = view(&laptop, "household", household);
    for part in ["\"石桥头村000003组000027号\"", "\"赵荣江\"", "\"330281100200\"", "zhao rong jiang"] {
        assert!(row.contains(part), "{part} in {row}");
    }
    assert!(view(&laptop, "resident", resident).contains("石桥头村 3 组 27 号"));
    assert!(view(&laptop, "visit", visit.document).contains("330281100200"));
    let title = |document| laptop.read(|reader| record::title(reader, document));
    assert_eq!(title(household), "赵荣江 石桥头村 3 组 27 号");
    assert_eq!((title(visit.document), title(residence.document)), (title(household), "赵荣江".to_owned()));

    laptop.edit(address, &[set("full", "石桥头村 3 组 9 号")]);
    laptop.edit(resident, &[set("name", "赵荣")]);
    assert_eq!(title(visit.document), "赵荣 石桥头村 3 组 9 号");
    assert!(view(&laptop, "resident", resident).contains("石桥头村000003组000009号"));

    laptop.edit(residence.document, &[set("to_on", "2026-11-01")]);
    assert!(!view(&laptop, "resident", resident).contains("石桥头村"));
    laptop.assert_sound();
}

#[test]
fn a_household_that_is_only_a_number_names_its_visits_when_it_comes() {
    let laptop = Laptop::new(1);
    let household = laptop.fresh();
    let visit = laptop.create(Kind::Visit, &[set("household", household.to_string()), set("place", "3 组")]);
    let title = || laptop.read(|reader| record::title(reader, visit.document));
    assert_eq!(title(), "3 组");
    laptop
        .try_write(|tx| tx.create(Kind::Household, household, &crate::support::cell(), &[set("number", "0327")]))
        .unwrap();
    assert_eq!(title(), "0327");
    laptop.assert_sound();
}

#[test]
fn a_move_leaves_the_old_household_and_joins_the_new_one() {
    let laptop = Laptop::new(1);
    let resident = laptop.create(Kind::Resident, &[set("name", "郑如鉴"), set("id_number", "330281200107085518")]);
    let old = laptop.create(Kind::Household, &[set("head_name", "郑望舒"), set("phone", "1")]);
    let new = laptop.create(Kind::Household, &[set("head_name", "王栖梧"), set("phone", "1")]);
    let residence = laptop.create(
        Kind::Residence,
        &[set("resident", resident.document.to_string()), set("household", old.document.to_string())],
    );
    assert!(view(&laptop, "resident", resident.document).contains(&old.document.to_string()));
    laptop.edit(residence.document, &[set("household", new.document.to_string())]);
    assert!(view(&laptop, "resident", resident.document).contains(&new.document.to_string()));
    laptop.assert_sound();
}

#[test]
fn a_dispute_shows_the_clock_that_ends_first_until_it_is_closed() {
    let laptop = Laptop::new(1);
    // accepted 2026-11-06, station time
    let accepted = 1_793_934_000_000_i64;
    let dispute = laptop.create(
        Kind::Dispute,
        &[
            set("title", "排水沟改道"),
            set("state", "accepted"),
            set("accepted_at", accepted),
            set("parties/a/name", "赵荣江"),
            set("parties/b/name", "章茂林"),
            set("sessions/s/at", accepted + 86_400_000),
            set("sessions/s/outcome", "failed"),
        ],
    );
    let row = view(&laptop, "dispute", dispute.document);
    assert!(row.contains("\"2026-12-06\""), "people's mediation: one month: {row}");
    laptop.edit(dispute.document, &[set("state", "withdrawn")]);
    assert!(view(&laptop, "dispute", dispute.document).contains("9999-12-31"));
    laptop.edit(dispute.document, &[set("parties/b/_gone", true)]);
    assert!(!laptop.dump().iter().any(|line| line.starts_with("dispute_party") && line.contains("章茂林")));
    laptop.assert_sound();
}

#[test]
fn a_patrol_keeps_crew_cells_and_findings() {
    let laptop = Laptop::new(1);
    let patrol = laptop.create(
        Kind::Patrol,
        &[
            set("mode", "foot"),
            set("start_at", 0_i64),
            set("end_at", 4_800_000_i64),
            set("crew/a/name", "周远山"),
            set("cells/QF-03/present", true),
            set("cells/QF-04/present", false),
            set("findings/x/what", "楼梯堆物堵塞"),
            set("findings/y/what", "排水沟盖板断裂"),
            set("findings/y/_gone", true),
        ],
    );
    let row = view(&laptop, "patrol", patrol.document);
    assert!(row.contains("[\\\"周远山\\\"]") && row.contains("[\\\"QF-03\\\"]") && row.contains(" | 80 | "), "{row}");
    assert_eq!(laptop.dump().iter().filter(|line| line.starts_with("patrol_finding")).count(), 1);
    laptop.assert_sound();
}

#[test]
fn values_of_another_type_and_unknown_keys_hide_nothing() {
    let laptop = Laptop::new(1);
    let saved = laptop.create(
        Kind::Resident,
        &[
            set("name", "赵荣江"),
            set("birth_on", 19_630_412_i64),
            set("height", 171_i64),
            set("household", "not a reference"),
        ],
    );
    assert!(view(&laptop, "resident", saved.document).contains("赵荣江"));
    assert_eq!(laptop.read(|reader| status::of(reader, 0)).unsent, 1);
    laptop.assert_sound();
}

#[test]
fn an_import_in_one_act_is_one_line_of_the_audit_and_rebuilds_the_same() {
    let laptop = Laptop::new(1);
    let count = 60;
    laptop
        .try_write(|tx| {
            for _ in 0..count {
                let (address, household, resident, residence) =
                    (laptop.fresh(), laptop.fresh(), laptop.fresh(), laptop.fresh());
                let scope = crate::support::cell();
                tx.create(Kind::Address, address, &scope, &[set("full", "上枫村1组1号")])?;
                tx.create(Kind::Household, household, &scope, &[set("address", address.to_string())])?;
                tx.create(Kind::Resident, resident, &scope, &[set("name", "吴听松")])?;
                tx.create(
                    Kind::Residence,
                    residence,
                    &scope,
                    &[set("resident", resident.to_string()), set("household", household.to_string())],
                )?;
            }
            Ok(())
        })
        .unwrap();
    let audit = laptop.read(|reader| store::audit::page(reader, None, 10));
    assert_eq!((audit.len(), audit[0].field.as_deref()), (1, Some("records:240")));
    laptop.assert_sound();
    let dump = laptop.dump();
    let rebuilt = laptop.store.rebuild(&mut |_| std::ops::ControlFlow::Continue(())).unwrap();
    assert_eq!(rebuilt.documents, 240);
    assert_eq!(laptop.dump(), dump);
}

#[test]
fn a_rebuild_that_was_stopped_is_asked_for_again() {
    let laptop = Laptop::new(1);
    laptop.create(Kind::Resident, &[set("name", "赵荣江")]);
    let dump = laptop.dump();
    assert!(!laptop.store.needs_rebuild().unwrap());
    let mut words = 0;
    loop {
        // stopped at the first word about progress, then at the second, to the last
        let mut heard = 0;
        let outcome = laptop.store.rebuild(&mut |_| {
            heard += 1;
            if heard > words { std::ops::ControlFlow::Break(()) } else { std::ops::ControlFlow::Continue(()) }
        });
        if outcome.is_ok() {
            break;
        }
        assert!(matches!(outcome, Err(store::StoreError::Cancelled)));
        // what was not committed yet is as it was; what was is asked for again
        assert!(laptop.store.needs_rebuild().unwrap() || laptop.dump() == dump);
        words += 1;
    }
    // records, each derived table and the search rows: it is heard while it lasts
    assert!(words > 5, "{words}");
    assert!(!laptop.store.needs_rebuild().unwrap());
    assert_eq!(laptop.dump(), dump);
    laptop.assert_sound();
}
