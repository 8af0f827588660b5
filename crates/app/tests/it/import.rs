//! Importing a register: good, faulty and hostile files, all or nothing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rust_xlsxwriter::{Format, Formula, Workbook};
use serde_json::{Value, json};
use sync::directory::Role;

use crate::world::{Laptop, VILLAGE, World};

const HEADINGS: [&str; 7] = ["姓名", "公民身份号码", "与户主关系", "户号", "联系电话", "住址", "网格"];

fn laptop(world: &World) -> Laptop {
    world.laptop(world.officer(1, "陈国良", Role::Officer, &["QF-03"]), "QF-07")
}

/// An identity number that keeps the rule.
fn number(order: u32) -> String {
    let first = format!("33068119900101{order:03}");
    let check = domain::id_number::check_digit(&first).unwrap();
    format!("{first}{check}")
}

fn csv(rows: &[[&str; 7]]) -> Vec<u8> {
    let mut text = HEADINGS.join(",");
    for row in rows {
        text.push('\n');
        text.push_str(&row.map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).join(","));
    }
    text.into_bytes()
}

fn inspect(laptop: &Laptop, name: &str, bytes: &[u8]) -> Value {
    laptop.call("import_inspect", json!({ "name": name, "file_base64": STANDARD.encode(bytes) }))
}

fn dry_run(laptop: &Laptop, inspected: &Value) -> Value {
    let sheet = &inspected["sheets"][0];
    laptop.call(
        "import_dry_run",
        json!({ "import": inspected["import"], "sheet": sheet["name"], "mapping": sheet["mapping"], "cell": null, "village": VILLAGE }),
    )
}

fn commit(laptop: &Laptop, inspected: &Value) -> Value {
    let request = json!({ "import": inspected["import"], "accept_before_first_sync": true });
    let started = laptop.call("import_commit", request);
    laptop.finish(&started)
}

fn count(laptop: &Laptop) -> (Value, Value) {
    let filter = json!({ "order": "address", "limit": 1 });
    (
        laptop.call("household_count", filter.clone())["count"].clone(),
        laptop.call("resident_count", filter)["count"].clone(),
    )
}

fn family() -> Vec<u8> {
    csv(&[
        ["赵荣江", &number(1), "户主", "H1", "13800005127", "3 组 27 号", "QF-03"],
        ["钱秀英", &number(2), "妻", "H1", "", "3 组 27 号", "石桥头网格"],
        ["孙三", &number(3), "户主", "H2", "", "3 组 27 号", "石桥头村"],
        ["李四", &number(4), "户主", "", "", "5 组 1 号", "QF-03"],
        ["李小四", &number(5), "子", "", "", "5 组 1 号", "QF-03"],
    ])
}

#[test]
fn a_register_becomes_households_residents_and_addresses_made_once() {
    let world = World::new();
    let laptop = laptop(&world);
    let inspected = inspect(&laptop, "register.csv", &family());
    assert_eq!(inspected["before_first_sync"], true);
    let tried = dry_run(&laptop, &inspected);
    assert_eq!((&tried["rows"], &tried["residents"], &tried["rejected"]), (&json!(5), &json!(5), &json!(0)), "{tried}");
    assert_eq!(tried["addresses"], 2);
    let refused = json!({ "import": inspected["import"], "accept_before_first_sync": false });
    assert_eq!(laptop.fails("import_commit", refused), "import_before_first_sync");
    let ended = commit(&laptop, &inspected);
    assert_eq!(ended["state"], "done", "{ended}");
    assert_eq!(ended["result"]["residents"], 5);
    assert_eq!(ended["result"]["households"], tried["households"]);
    let list = laptop.call("household_list", json!({ "order": "head", "limit": 10 }));
    let row = list["rows"].as_array().unwrap().iter().find(|row| row["head_name"] == "赵荣江").unwrap().clone();
    assert_eq!((&row["members"], &row["address"]), (&json!(2), &json!("3 组 27 号")));
    let page = laptop.call("household_open", json!({ "document": row["document"] }));
    assert_eq!(page["members"][0]["name"], "赵荣江");
    assert_eq!(page["members"][0]["birth_on"], "1990-01-01");
    laptop.sound();
}

#[test]
fn a_second_import_of_the_same_register_takes_nothing_and_a_longer_one_takes_the_rest() {
    let world = World::new();
    let laptop = laptop(&world);
    let first = inspect(&laptop, "register.csv", &family());
    dry_run(&laptop, &first);
    commit(&laptop, &first);
    let before = count(&laptop);
    let again = inspect(&laptop, "register.csv", &family());
    let tried = dry_run(&laptop, &again);
    assert_eq!((&tried["residents"], &tried["by_code"]["already_here"]), (&json!(0), &json!(5)), "{tried}");
    let request = json!({ "import": again["import"], "accept_before_first_sync": true });
    assert_eq!(laptop.fails("import_commit", request), "import_nothing");
    assert_eq!(count(&laptop), before);

    let mut longer = family();
    longer.extend_from_slice(format!("\n赵小江,{},子,H1,,3 组 27 号,QF-03", number(9)).as_bytes());
    let more = inspect(&laptop, "register.csv", &longer);
    dry_run(&laptop, &more);
    let ended = commit(&laptop, &more);
    assert_eq!((&ended["result"]["residents"], &ended["result"]["households"]), (&json!(1), &json!(0)), "{ended}");
    let list = laptop.call("household_list", json!({ "order": "head", "limit": 10 }));
    let row = list["rows"].as_array().unwrap().iter().find(|row| row["head_name"] == "赵荣江").unwrap().clone();
    assert_eq!(row["members"], 3);
    laptop.sound();
}

#[test]
fn a_faulty_row_is_named_with_its_reason_and_the_others_are_taken() {
    let world = World::new();
    let laptop = laptop(&world);
    let bytes = csv(&[
        ["赵荣江", &number(1), "户主", "H1", "", "3 组 27 号", "QF-03"],
        ["", &number(2), "妻", "H1", "", "3 组 27 号", "QF-03"],
        ["孙三", "110105194912310021", "户主", "H2", "", "3 组 28 号", "QF-03"],
        ["周五", "3.30681E+17", "户主", "H3", "", "3 组 29 号", "QF-03"],
        ["吴六", &number(1), "户主", "H4", "", "3 组 30 号", "QF-03"],
        ["郑七", &number(7), "户主", "H5", "", "3 组 31 号", "QF-05"],
        ["王八", &number(8), "户主", "H6", "", "3 组 32 号", "火星"],
    ]);
    let inspected = inspect(&laptop, "register.csv", &bytes);
    let tried = dry_run(&laptop, &inspected);
    let by_code = &tried["by_code"];
    for code in ["missing", "id_check_digit", "stored_as_number", "duplicate_in_file", "cell_not_held", "unknown_cell"]
    {
        assert_eq!(by_code[code], 1, "{code} {by_code}");
    }
    assert_eq!((&tried["residents"], &tried["rejected"]), (&json!(1), &json!(6)));
    assert_eq!(tried["problems"][0]["row"], 3);
    assert_eq!(commit(&laptop, &inspected)["result"]["residents"], 1);
    laptop.sound();
}

#[test]
fn every_row_left_out_goes_back_as_a_workbook_that_can_be_put_right_and_imported() {
    let world = World::new();
    let laptop = world.laptop(world.officer(1, "陈国良", Role::Chief, &["QF-03"]), "QF-07");
    let numbers: Vec<String> = (1..=700).map(number).collect();
    let rows: Vec<[&str; 7]> =
        numbers.iter().map(|number| ["赵荣江", number, "户主", "", "13800005127", "3 组 27 号", "火星"]).collect();
    let inspected = inspect(&laptop, "register.csv", &csv(&rows));
    let request = json!({ "import": inspected["import"] });
    assert_eq!(laptop.fails("import_problems_export", request.clone()), "import_not_tried");
    let tried = dry_run(&laptop, &inspected);
    assert_eq!((&tried["rejected"], tried["problems"].as_array().map(Vec::len)), (&json!(700), Some(500)));
    let made = laptop.call("import_problems_export", request);
    let bytes = std::fs::read(made["path"].as_str().unwrap()).unwrap();
    let again = inspect(&laptop, "left-out.xlsx", &bytes);
    let sheet = &again["sheets"][0];
    assert_eq!(sheet["rows"], 700);
    assert_eq!((&sheet["headings"][0], &sheet["headings"][1]), (&json!("原文件行号"), &json!("未导入原因")));
    let first = &sheet["sample"][0];
    assert_eq!((&first[0], &first[1]), (&json!("2"), &json!("网格：没有「火星」这个网格")));
    let request = json!({
        "import": again["import"], "sheet": sheet["name"], "mapping": sheet["mapping"], "cell": null, "village": VILLAGE
    });
    assert_eq!(laptop.call("import_dry_run", request)["by_code"], tried["by_code"], "all columns are found again");
    let audit = laptop.call("audit_list", json!({ "limit": 5 }));
    assert!(audit["rows"].as_array().unwrap().iter().any(|row| row["key"] == "import_problems"), "{audit}");
}

#[test]
fn a_workbook_with_a_title_merged_cells_formulas_and_an_empty_sheet_reads() {
    let world = World::new();
    let laptop = laptop(&world);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("台账").unwrap();
    sheet.merge_range(0, 0, 0, 6, "石桥头村实有人口登记表", &Format::new()).unwrap();
    for (column, heading) in (0_u16..).zip(HEADINGS) {
        sheet.write(1, column, heading).unwrap();
    }
    let good = number(1);
    for (row, cells) in (2_u32..).zip([["赵荣江", good.as_str()], ["钱秀英", ""]]) {
        sheet.write(row, 0, cells[0]).unwrap();
        sheet.write(row, 1, cells[1]).unwrap();
        sheet.write(row, 6, "QF-03").unwrap();
    }
    sheet.merge_range(2, 5, 3, 5, "3 组 27 号", &Format::new()).unwrap();
    sheet.write(3, 3, "H1").unwrap();
    sheet.write(2, 3, "H1").unwrap();
    sheet.write_formula(3, 4, Formula::new("=1+1").set_result("13800005127")).unwrap();
    sheet.write(4, 0, "孙三").unwrap();
    sheet.write(4, 1, 330_681_199_001_010_100_f64).unwrap();
    sheet.write(4, 5, "5 组 1 号").unwrap();
    sheet.write(4, 6, "QF-03").unwrap();
    book.add_worksheet().set_name("空表").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let inspected = inspect(&laptop, "register.xlsx", &bytes);
    assert_eq!(inspected["sheets"].as_array().unwrap().len(), 1);
    let view = &inspected["sheets"][0];
    assert_eq!(
        (&view["header_row"], &view["rows"], &view["merged_cells"], &view["formulas"]),
        (&json!(2), &json!(3), &json!(true), &json!(1)),
        "{view}"
    );
    let tried = dry_run(&laptop, &inspected);
    assert_eq!((&tried["residents"], &tried["by_code"]["stored_as_number"]), (&json!(2), &json!(1)), "{tried}");
    assert_eq!(commit(&laptop, &inspected)["state"], "done");
    assert_eq!(count(&laptop), (json!(1), json!(2)));
    laptop.sound();
}

#[test]
fn what_is_no_register_is_refused_and_says_why() {
    let world = World::new();
    let laptop = laptop(&world);
    let try_file = |name: &str, bytes: &[u8]| {
        laptop.fails("import_inspect", json!({ "name": name, "file_base64": STANDARD.encode(bytes) }))
    };
    assert_eq!(try_file("x.xlsx", b"PK\x03\x04rubbish"), "import_unreadable");
    assert_eq!(try_file("x.csv", b""), "import_empty");
    assert_eq!(try_file("x.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "import_old_workbook");
    let empty = Workbook::new().save_to_buffer();
    if let Ok(bytes) = empty {
        assert_eq!(try_file("x.xlsx", &bytes), "import_empty");
    }
    let inspected = inspect(&laptop, "r.csv", &family());
    let wrong = |mapping: Value, sheet: &str| {
        laptop.fails(
            "import_dry_run",
            json!({ "import": inspected["import"], "sheet": sheet, "mapping": mapping, "cell": null, "village": null }),
        )
    };
    assert_eq!(wrong(json!({ "name": 0 }), "elsewhere"), "import_sheet_unknown");
    assert_eq!(wrong(json!({ "address": 0 }), "r.csv"), "import_column_missing");
    assert_eq!(wrong(json!({ "name": 99 }), "r.csv"), "import_mapping_wrong");
    assert_eq!(wrong(json!({ "nonsense": 1, "name": 0 }), "r.csv"), "import_mapping_wrong");
    let early = json!({ "import": inspected["import"], "accept_before_first_sync": true });
    assert_eq!(laptop.fails("import_commit", early), "import_not_tried");
    assert_eq!(
        laptop.fails("import_commit", json!({ "import": "other", "accept_before_first_sync": true })),
        "import_unknown"
    );
}

#[test]
fn a_cancelled_import_leaves_nothing_behind() {
    let world = World::new();
    let laptop = laptop(&world);
    let mut text = HEADINGS.join(",");
    for order in 0..900_u32 {
        text.push_str(&format!("\n赵{order},{},户主,H{order},,3 组 {order} 号,QF-03", number(order)));
    }
    let inspected = inspect(&laptop, "r.csv", text.as_bytes());
    let tried = dry_run(&laptop, &inspected);
    assert_eq!(tried["rejected"].as_u64().unwrap() + tried["residents"].as_u64().unwrap(), 900);
    let before = laptop.call("about", json!({}))["entries"].clone();
    let started =
        laptop.call("import_commit", json!({ "import": inspected["import"], "accept_before_first_sync": true }));
    laptop.call("job_cancel", started.clone());
    let ended = laptop.finish(&started);
    if ended["state"] == "cancelled" {
        assert_eq!(laptop.call("about", json!({}))["entries"], before);
        assert_eq!(count(&laptop), (json!(0), json!(0)));
    } else {
        // it was quicker than the word to stop: then all of it is there
        assert_eq!(ended["result"]["residents"], tried["residents"]);
    }
    laptop.sound();
}

#[test]
fn an_imported_register_reaches_another_laptop_whole() {
    let world = World::new();
    let alice = laptop(&world);
    let bob = world.laptop(world.officer(2, "沈月琴", Role::Officer, &["QF-03"]), "QF-08");
    let inspected = inspect(&alice, "register.csv", &family());
    dry_run(&alice, &inspected);
    commit(&alice, &inspected);
    world.sync(&alice);
    world.sync(&bob);
    assert_eq!(count(&bob), count(&alice));
    assert_eq!(count(&bob).1, json!(5));
    bob.sound();
}

/// Text that somewhere is code: SQL, search, spreadsheets, pages, templates, shells, formats.
const HOSTILE: [&str; 24] = [
    "=1+1",
    "=HYPERLINK(\"http://x\",\"y\")",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "'; DROP TABLE resident; --",
    "\" OR \"\"=\"",
    "%27%20OR%201=1",
    "NEAR(赵 钱)",
    "name:* OR *",
    "<script>alert(1)</script>",
    "<img src=x onerror=a>",
    "{{constructor.constructor('a')()}}",
    "${7*7}",
    "#set page(width: 0pt)",
    "#include \"/etc/passwd\"",
    "$(reboot)",
    "`reboot`",
    "..\\..\\windows",
    "../../etc/passwd",
    "%s%s%n",
    "\\u0000",
    "(赵) [钱] {孙}",
    "𠮷野家的㐂㊣",
];

#[test]
fn record_text_that_somewhere_is_code_comes_back_letter_by_letter() {
    let world = World::new();
    let laptop = laptop(&world);
    let numbers: Vec<String> = (1..=24).map(number).collect();
    let rows: Vec<[&str; 7]> = HOSTILE
        .iter()
        .zip(&numbers)
        .map(|(text, number)| ["赵荣江", number.as_str(), "户主", "", "", *text, "QF-03"])
        .collect();
    let inspected = inspect(&laptop, "../../../../r.csv", &csv(&rows));
    let tried = dry_run(&laptop, &inspected);
    assert_eq!((&tried["residents"], &tried["addresses"]), (&json!(24), &json!(24)), "{tried}");
    assert_eq!(commit(&laptop, &inspected)["state"], "done");
    let list = laptop.call("household_list", json!({ "order": "address", "limit": 50 }));
    let mut back: Vec<&str> =
        list["rows"].as_array().unwrap().iter().map(|row| row["address"].as_str().unwrap()).collect();
    let mut sent = HOSTILE.to_vec();
    back.sort_unstable();
    sent.sort_unstable();
    assert_eq!(back, sent);
    for text in HOSTILE {
        laptop.call("search", json!({ "query": text, "limit": 10 }));
    }
    world.sync(&laptop);
    laptop.sound();
}
