//! One box: names, pinyin, initials, ends of numbers, addresses, plates, titles.

use domain::kind::Kind;
use store::search::{HitGroup, MatchedBy, VillageName, find};

use sync::ids::DocumentId;

use crate::support::{Laptop, set};

fn village() -> Laptop {
    let laptop = Laptop::new(1);
    for (name, number, phone, house) in [
        ("赵荣江", "330281196304121234", "13800005127", "石桥头村3组27号"),
        ("赵荣江林", "330281196304125678", "13900000846", "石桥头村3组28号"),
        ("单小雪", "33028119580919204X", "13600007702", "柳溪村9组14号"),
        ("\u{20BB7}野", "330281200107085518", "", "青枫社区枫林苑6幢302"),
    ] {
        let address = laptop.create(Kind::Address, &[set("full", house), set("plate_code", "QF-0327-0027")]);
        let household =
            laptop.create(Kind::Household, &[set("address", address.document.to_string()), set("head_name", name)]);
        let resident =
            laptop.create(Kind::Resident, &[set("name", name), set("id_number", number), set("phone", phone)]);
        laptop.create(
            Kind::Residence,
            &[set("resident", resident.document.to_string()), set("household", household.document.to_string())],
        );
    }
    laptop.create(
        Kind::Dispute,
        &[set("title", "排水沟改道"), set("number", "青枫纠〔2026〕318号"), set("parties/a/name", "赵荣江")],
    );
    laptop.create(Kind::Mediator, &[set("name", "叶清和"), set("skills", "邻里 赡养")]);
    laptop.create(Kind::Patrol, &[set("route", "步巡，石桥头到下枫"), set("crew/a/name", "周远山")]);
    laptop
}

fn search(laptop: &Laptop, query: &str) -> Vec<HitGroup> {
    laptop.read(|reader| find(reader, query, &[], 20))
}

fn titles(groups: &[HitGroup], kind: Kind) -> Vec<(&str, MatchedBy)> {
    groups
        .iter()
        .filter(|group| group.kind == kind)
        .flat_map(|group| group.hits.iter().map(|hit| (hit.title.as_str(), hit.matched)))
        .collect()
}

#[test]
fn people_are_found_by_name_pinyin_and_initials() {
    let laptop = village();
    let found = search(&laptop, "赵荣江");
    assert_eq!(titles(&found, Kind::Resident), [("赵荣江", MatchedBy::Name), ("赵荣江林", MatchedBy::Name)]);
    assert_eq!(titles(&found, Kind::Dispute), [("排水沟改道", MatchedBy::Name)]);
    for (query, matched) in [
        ("zhaorongjiang", MatchedBy::Pinyin),
        ("zhaor", MatchedBy::Pinyin),
        ("ZHAO rong", MatchedBy::Pinyin),
        ("zrj", MatchedBy::Initials),
        ("荣", MatchedBy::Name),
    ] {
        let found = search(&laptop, query);
        assert_eq!(titles(&found, Kind::Resident)[0], ("赵荣江", matched), "{query}");
    }
    assert_eq!(titles(&search(&laptop, "shanxiaoxue"), Kind::Resident), [("单小雪", MatchedBy::Pinyin)]);
    assert_eq!(titles(&search(&laptop, "\u{20BB7}野"), Kind::Resident), [("\u{20BB7}野", MatchedBy::Name)]);
    assert_eq!(titles(&search(&laptop, "yqh"), Kind::Mediator), [("叶清和", MatchedBy::Initials)]);
    laptop.assert_sound();
}

#[test]
fn the_last_digits_of_a_number_find_it_and_never_show_it() {
    let laptop = village();
    for (query, name, matched) in [
        ("1234", "赵荣江", MatchedBy::IdTail),
        ("04x", "单小雪", MatchedBy::IdTail),
        ("330281196304125678", "赵荣江林", MatchedBy::IdTail),
        ("127", "赵荣江", MatchedBy::PhoneTail),
        ("00000846", "赵荣江林", MatchedBy::PhoneTail),
        ("赵 5127", "赵荣江", MatchedBy::PhoneTail),
    ] {
        let found = search(&laptop, query);
        assert_eq!(titles(&found, Kind::Resident), [(name, matched)], "{query}");
    }
    assert!(search(&laptop, "叶 5127").is_empty());
    let everything = format!("{:?}", [search(&laptop, "5127"), search(&laptop, "赵荣江"), search(&laptop, "1234")]);
    for secret in ["13800005127", "330281196304121234", "7215000831"] {
        assert!(!everything.contains(secret));
    }
    assert!(everything.contains("138****5127") && everything.contains("330***********1234"));
    laptop.assert_sound();
}

#[test]
fn places_and_titles_are_found_by_their_words() {
    let laptop = village();
    let found = search(&laptop, "石桥头 27号");
    assert_eq!(titles(&found, Kind::Resident), [("赵荣江", MatchedBy::Address)]);
    assert_eq!(titles(&found, Kind::Household), [("赵荣江", MatchedBy::Address)]);
    assert_eq!(titles(&found, Kind::Address), [("石桥头村3组27号", MatchedBy::Address)]);
    assert_eq!(titles(&search(&laptop, "3组28号"), Kind::Address).len(), 1);
    assert_eq!(titles(&search(&laptop, "qf03270027"), Kind::Address).len(), 4);
    assert_eq!(titles(&search(&laptop, "318"), Kind::Dispute), [("排水沟改道", MatchedBy::Number)]);
    assert_eq!(
        titles(&search(&laptop, "下枫"), Kind::Patrol),
        [("步巡，石桥头到下枫", MatchedBy::Name)].map(|(t, _)| (t, MatchedBy::Text))
    );
    assert_eq!(titles(&search(&laptop, "赡养"), Kind::Mediator), [("叶清和", MatchedBy::Text)]);
    laptop.assert_sound();
}

#[test]
fn a_hit_leads_to_the_household_and_follows_corrections() {
    let laptop = village();
    let found = search(&laptop, "单小雪");
    let hit = found[0].hits[0].clone();
    assert!(hit.household.is_some() && hit.detail.contains("柳溪村"));
    let document = hit.document.parse().unwrap();
    laptop.edit(document, &[set("name", "单晓雪")]);
    assert!(titles(&search(&laptop, "单小雪"), Kind::Resident).is_empty());
    assert_eq!(titles(&search(&laptop, "单晓雪"), Kind::Resident).len(), 1);
    laptop.assert_sound();
}

const VILLAGES: [VillageName<'_>; 2] = [
    VillageName { code: "330281100201", name: "枫源村" },
    VillageName { code: "330281100202", name: "柳溪社区居民委员会" },
];

/// A household in a village at an address, with its head.
fn house(laptop: &Laptop, name: &str, village: &str, place: &str) -> (DocumentId, DocumentId) {
    let address = laptop.create(Kind::Address, &[set("village", village), set("full", place)]).document;
    let resident = laptop.create(Kind::Resident, &[set("name", name)]).document;
    let household = laptop
        .create(Kind::Household, &[set("address", address.to_string()), set("head", resident.to_string())])
        .document;
    laptop.create(Kind::Residence, &[set("resident", resident.to_string()), set("household", household.to_string())]);
    (address, household)
}

#[test]
fn households_are_found_by_the_name_of_their_village_and_what_stands_behind_it() {
    let laptop = Laptop::new(1);
    house(&laptop, "赵荣江", "330281100201", "3组1号");
    house(&laptop, "钱百川", "330281100201", "4组1号");
    house(&laptop, "孙望舒", "330281100202", "3组1号");
    let at = |query: &str| {
        let groups = laptop.read(|reader| find(reader, query, &VILLAGES, 20));
        let names = titles(&groups, Kind::Household).into_iter().map(|(title, _)| title.to_owned());
        names.collect::<Vec<_>>().join(" ")
    };
    for query in ["枫源村", "枫源", "fengyuan", "fengyuancun", "fyc"] {
        assert_eq!(at(query), "赵荣江 钱百川", "{query}");
    }
    for query in ["枫源村 3组1号", "枫源村3组1号", "3组 枫源", "fyc 3组", "青枫镇枫源村3组", "赵 枫源"]
    {
        assert_eq!(at(query), "赵荣江", "{query}");
    }
    assert_eq!(at("柳溪 3组1号"), "孙望舒");
    assert_eq!(at("3组1号"), "赵荣江 孙望舒");
    let groups = laptop.read(|reader| find(reader, "枫源", &VILLAGES, 20));
    assert_eq!(titles(&groups, Kind::Resident).len(), 2);
    assert_eq!(titles(&groups, Kind::Address).len(), 2);
    assert_eq!(groups[0].hits[0].village.as_deref(), Some("330281100201"));
    laptop.assert_sound();
}

#[test]
fn a_village_that_the_directory_names_later_and_a_corrected_one_are_found_at_once() {
    let laptop = Laptop::new(1);
    let (address, _) = house(&laptop, "赵荣江", "330281100201", "3组1号");
    let count = |villages: &[VillageName<'_>], query: &str| {
        laptop.read(|reader| find(reader, query, villages, 20)).iter().map(|group| group.hits.len()).sum::<usize>()
    };
    assert_eq!(count(&[], "枫源村"), 0);
    assert_eq!(count(&VILLAGES, "枫源村"), 3);
    assert_eq!(count(&[VillageName { code: "330281100201", name: "新源村" }], "新源"), 3);
    laptop.edit(address, &[set("village", "330281100202")]);
    assert_eq!((count(&VILLAGES, "枫源村"), count(&VILLAGES, "柳溪社区")), (0, 3));
    laptop.assert_sound();
}

#[test]
fn a_name_is_found_by_the_usual_reading_of_a_surname_that_is_read_otherwise() {
    let laptop = village();
    for query in ["shanxiaoxue", "danxiaoxue", "sxx", "dxx"] {
        assert_eq!(titles(&search(&laptop, query), Kind::Resident).len(), 1, "{query}");
    }
    laptop.assert_sound();
}

#[test]
fn a_kind_with_many_hits_does_not_hide_the_kinds_behind_it() {
    let laptop = Laptop::new(1);
    for number in 0..5 {
        laptop.create(Kind::Resident, &[set("name", "王栖梧"), set("phone", format!("1390000{number}127"))]);
        laptop.create(Kind::Household, &[set("head_name", "王栖梧"), set("phone", "13900000127")]);
        laptop.create(Kind::Mediator, &[set("name", "王栖梧"), set("phone", "13900000127")]);
    }
    laptop.create(Kind::Patrol, &[set("route", "王栖梧门前")]);
    for (query, patrols) in [("王栖梧", 1), ("王", 1), ("wangqiwu", 0), ("127", 0), ("王 127", 0)] {
        let groups = laptop.read(|reader| find(reader, query, &[], 2));
        let shape: Vec<_> = groups.iter().map(|group| (group.kind, group.hits.len(), group.more)).collect();
        let mut expected = vec![
            (Kind::Resident, 2, true),
            (Kind::Household, 2, true),
            (Kind::Patrol, 1, false),
            (Kind::Mediator, 2, true),
        ];
        expected.retain(|(kind, ..)| *kind != Kind::Patrol || patrols == 1);
        assert_eq!(shape, expected, "{query}");
    }
    laptop.assert_sound();
}

#[test]
fn a_page_says_when_there_is_more() {
    let laptop = Laptop::new(1);
    for _ in 0..5 {
        laptop.create(Kind::Resident, &[set("name", "王栖梧")]);
    }
    let groups = laptop.read(|reader| find(reader, "王栖梧", &[], 3));
    assert_eq!((groups[0].hits.len(), groups[0].more), (3, true));
    let groups = laptop.read(|reader| find(reader, "wqw", &[], 5));
    assert_eq!((groups[0].hits.len(), groups[0].more), (5, false));
    laptop.assert_sound();
}

#[test]
fn hostile_queries_and_names_find_nothing_and_break_nothing() {
    let laptop = Laptop::new(1);
    for name in [
        "'; DROP TABLE resident; --",
        "\" OR 1=1 *",
        "=cmd|' /C calc'!A0",
        "𠮷\u{200B}\u{202E}",
        "name:x NEAR(a b)",
        "%_",
    ] {
        laptop.create(Kind::Resident, &[set("name", name), set("id_number", name), set("phone", name)]);
        laptop.create(Kind::Address, &[set("full", name), set("plate_code", name)]);
    }
    for query in [
        "'", "\"", "*", "a\"b", "name:", "(((", "NEAR(", "AND", "OR NOT", "-", "^x", "{kind}", "\u{0}", "%", "_",
        "'; DROP", "000\u{0}",
    ] {
        let _ = search(&laptop, query);
    }
    let long = "王".repeat(10_000);
    let _ = search(&laptop, &long);
    assert!(search(&laptop, "").is_empty() && search(&laptop, "   ").is_empty());
    laptop.assert_sound();
}
