//! No edit loses silently: conflicts, forms that were open meanwhile, decisions.

use domain::kind::Kind;
use domain::shape::Scalar;
use store::record::SaveState;
use store::{Decide, StoreError, conflict};

use crate::support::{Laptop, Station, meet, set};

/// Two laptops that corrected one phone number differently, and have met.
fn disagreed() -> (Laptop, Laptop, Station, sync::ids::DocumentId) {
    let (alice, bob, mut station) = (Laptop::new(1), Laptop::new(2), Station::new());
    let saved = alice.create(Kind::Household, &[set("head_name", "赵荣江"), set("phone", "13800005100")]);
    meet(&mut station, &[&alice, &bob]);
    alice.edit(saved.document, &[set("phone", "13800005127"), set("number", "27")]);
    bob.now.set(bob.now.get() + 60_000);
    bob.edit(saved.document, &[set("phone", "13800005172"), set("notes", "两层")]);
    meet(&mut station, &[&alice, &bob]);
    (alice, bob, station, saved.document)
}

#[test]
fn two_laptops_that_met_hold_the_same_and_show_both_values() {
    let (alice, bob, _, document) = disagreed();
    assert_eq!(alice.dump(), bob.dump());
    for laptop in [&alice, &bob] {
        let card = laptop.read(|reader| conflict::card(reader, document));
        assert_eq!(card.fields.len(), 1);
        assert_eq!((card.fields[0].key.as_str(), &card.fields[0].before), ("phone", &Scalar::from("13800005100")));
        let mut sides: Vec<_> =
            card.fields[0].sides.iter().map(|side| (side.value.clone(), side.officer, side.state)).collect();
        sides.sort_by_key(|(value, _, _)| value.clone());
        assert_eq!(
            sides,
            [
                (Scalar::from("13800005127"), alice.officer, SaveState::Station),
                (Scalar::from("13800005172"), bob.officer, SaveState::Station)
            ]
        );
        let merged: Vec<_> = card.merged.iter().map(|field| (field.key.as_str(), field.officer)).collect();
        assert_eq!(merged, [("notes", bob.officer), ("number", alice.officer)]);
        let open = laptop.read(conflict::list);
        assert_eq!((open.len(), open[0].open, open[0].officers.len()), (1, 1, 2));
        laptop.assert_sound();
    }
}

#[test]
fn a_field_in_conflict_is_changed_by_a_decision_only_and_the_decision_travels() {
    let (alice, bob, mut station, document) = disagreed();
    let heads = alice.heads(document);
    let refused = alice.try_write(|tx| tx.edit(document, &heads, &[set("phone", "13800005199")]));
    assert!(matches!(refused, Err(StoreError::FieldInConflict { keys }) if keys == ["phone"]));

    let card = alice.read(|reader| conflict::card(reader, document));
    let named: Vec<_> = card.fields[0].sides.iter().map(|side| side.change).collect();
    let one = Decide { key: "phone".into(), named: named[..1].to_vec(), value: Scalar::from("13800005127") };
    let refused = alice.try_write(|tx| tx.decide(document, &[one]));
    assert!(matches!(refused, Err(StoreError::ConflictMoved { key }) if key == "phone"));

    let decision = Decide { key: "phone".into(), named: named.clone(), value: Scalar::from("13800005127") };
    let written = alice.try_write(|tx| tx.decide(document, std::slice::from_ref(&decision))).unwrap();
    assert!(written.value.conflicts.is_empty());
    assert!(
        written.changed.contains(&store::Tag::Conflict) && written.changed.contains(&store::Tag::Of(Kind::Household))
    );
    let again = alice.try_write(|tx| tx.decide(document, &[decision]));
    assert!(matches!(again, Err(StoreError::ConflictMoved { .. })));

    meet(&mut station, &[&alice, &bob]);
    assert_eq!(bob.get(document, "phone"), Scalar::from("13800005127"));
    assert_eq!(bob.read(conflict::count), 0);
    let settled = bob.read(|reader| conflict::settled(reader, 0));
    assert_eq!((settled.len(), settled[0].officer, settled[0].key.as_str()), (1, alice.officer, "phone"));
    assert_eq!(alice.dump(), bob.dump());
    alice.assert_sound();
    bob.assert_sound();
}

#[test]
fn a_correction_that_arrives_under_an_open_form_becomes_a_conflict() {
    let (alice, bob, mut station) = (Laptop::new(1), Laptop::new(2), Station::new());
    let saved = alice.create(Kind::Household, &[set("head_name", "赵荣江"), set("phone", "1")]);
    meet(&mut station, &[&alice, &bob]);
    let form = alice.heads(saved.document);
    bob.edit(saved.document, &[set("phone", "2")]);
    meet(&mut station, &[&bob, &alice]);
    assert_eq!(alice.get(saved.document, "phone"), Scalar::from("2"));
    let written = alice.edit_at(saved.document, &form, &[set("phone", "3"), set("notes", "新")]);
    assert_eq!(written.conflicts, ["phone"]);
    // saving the same form twice must not wedge the record either
    let written = alice.edit_at(saved.document, &form, &[set("phone", "4")]);
    assert_eq!(written.conflicts, ["phone"]);
    meet(&mut station, &[&alice, &bob]);
    assert_eq!(alice.dump(), bob.dump());
    let card = bob.read(|reader| conflict::card(reader, saved.document));
    assert_eq!(card.fields[0].sides.len(), 3);
    alice.assert_sound();
    bob.assert_sound();
}

#[test]
fn the_same_value_written_twice_is_no_conflict_and_the_latest_day_stands() {
    let (alice, bob, mut station) = (Laptop::new(1), Laptop::new(2), Station::new());
    let saved = alice.create(Kind::Household, &[set("head_name", "赵荣江")]);
    meet(&mut station, &[&alice, &bob]);
    alice.edit(saved.document, &[set("phone", "2"), set("next_visit_on", "2026-12-24")]);
    bob.edit(saved.document, &[set("phone", "2"), set("next_visit_on", "2026-12-01")]);
    meet(&mut station, &[&alice, &bob]);
    assert_eq!(alice.read(conflict::count), 0);
    assert_eq!(bob.get(saved.document, "next_visit_on"), Scalar::from("2026-12-24"));
    assert_eq!(alice.dump(), bob.dump());
    alice.assert_sound();
    bob.assert_sound();
}

#[test]
fn one_id_number_in_two_records_and_two_main_residences_become_work_items() {
    let (alice, bob, mut station) = (Laptop::new(1), Laptop::new(2), Station::new());
    let first = alice.create(Kind::Resident, &[set("name", "赵荣江"), set("id_number", "33028119630412071x")]);
    let second = bob.create(Kind::Resident, &[set("name", "赵荣江"), set("id_number", "33028119630412071X ")]);
    let home = alice.create(Kind::Household, &[set("head_name", "赵荣江")]);
    let other = alice.create(Kind::Household, &[set("head_name", "章若锦")]);
    for household in [home.document, other.document] {
        alice.create(
            Kind::Residence,
            &[
                set("resident", first.document.to_string()),
                set("household", household.to_string()),
                set("from_on", "2020-01-01"),
            ],
        );
    }
    meet(&mut station, &[&alice, &bob]);
    for laptop in [&alice, &bob] {
        let items = laptop.read(conflict::work_items);
        let rules: Vec<_> = items.iter().map(|item| item.rule.as_str()).collect();
        assert_eq!(rules, ["id_number_twice", "two_main_residences"]);
        laptop.assert_sound();
    }
    bob.edit(second.document, &[set("id_number", "330281196304120728")]);
    assert_eq!(bob.read(conflict::work_items).len(), 1);
    assert_eq!(alice.dump().len(), alice.dump().len());
    bob.assert_sound();
}
