//! Steps 3 and 4: the village register goes in, a household is found again.

use std::path::Path;

use serde_json::{Value, json};

use super::{Story, list, must, number, text};
use crate::demo::laptop::{self, Laptop};
use crate::demo::station::CELL;
use crate::failure::{Failure, Outcome};
use crate::run::Run;

/// A second, small register: late comers. The third row is wrong on purpose.
const LATE: &str = "\u{feff}户号,姓名,性别,公民身份号码,与户主关系,联系电话,村社区,组,门牌号,网格\r\n\
    QF90001,欧阳春晓,女,330681198803150023,户主,13957500001,枫源村,31组,988号,QF-01\r\n\
    QF90001,郑远帆,男,330681198607210017,配偶,13957500002,枫源村,31组,988号,QF-01\r\n\
    QF90002,单雨桐,女,330681199001010021,户主,13957500003,枫源村,31组,989号,QF-01\r\n";

/// What finds the first of the late comers, by kind of query.
const QUERIES: [(&str, &str); 6] = [
    ("name", "欧阳春晓"),
    ("pinyin", "ouyangchunxiao"),
    ("initials", "oycx"),
    ("id_tail", "0023"),
    ("phone_tail", "500001"),
    ("address", "31组988号"),
];

/// Imports an XLSX of an officer's size, and a small CSV.
pub(super) fn import(story: &mut Story<'_>, laptop: &Laptop, residents: u32) -> Outcome {
    let (book, late) = (story.out.join("register.xlsx"), story.out.join("register_late.csv"));
    make(story, &book, residents)?;
    std::fs::write(&late, LATE).map_err(Failure::file(&late))?;
    let (mut imported, mut rejected) = (0, 0);
    let mut reasons = serde_json::Map::new();
    for path in [&book, &late] {
        let (dry, result) = import_file(laptop, path)?;
        must(number(&dry, "/rejected")? > 0, || format!("{}: the bad rows were not seen: {dry}", path.display()))?;
        imported += number(&result, "/residents")?;
        rejected += number(&dry, "/rejected")?;
        for (code, count) in dry.get("by_code").and_then(Value::as_object).into_iter().flatten() {
            let before = reasons.get(code).and_then(Value::as_u64).unwrap_or(0);
            reasons.insert(code.clone(), json!(before + count.as_u64().unwrap_or(0)));
        }
    }
    story.note("imported_rows", imported);
    story.note("rejected_rows", rejected);
    story.note("rejected_by_reason", Value::Object(reasons));
    Ok(())
}

/// The made-up register, with bad rows in it.
fn make(story: &Story<'_>, path: &Path, residents: u32) -> Outcome {
    let (code, _, villages) = CELL;
    let mut run = Run::new(story.place, story.place.program("fengqiao-simulate"));
    run = run.args(["register", "--seed", "1", "--faulty", "25", "--cell", code]);
    run = run.args(["--residents", &residents.to_string()]);
    for village in villages {
        run = run.args(["--village", village]);
    }
    run.args(["--out"]).args([path]).go()
}

/// Inspects, runs dry, imports. The dry run and the numbers of the import.
pub(super) fn import_file(laptop: &Laptop, path: &Path) -> Outcome<(Value, Value)> {
    let inspected = laptop.call("import_inspect", &laptop::register(path)?)?;
    let import = text(&inspected, "/import")?;
    let sheet = list(&inspected, "/sheets")?.first().cloned().unwrap_or_default();
    let request = json!({ "import": import, "sheet": sheet.get("name"), "mapping": sheet.get("mapping"), "cell": CELL.0, "village": null });
    let dry = laptop.call("import_dry_run", &request)?;
    let commit = json!({ "import": import, "accept_before_first_sync": inspected.get("before_first_sync") });
    let started = laptop.call("import_commit", &commit)?;
    let result = laptop.job(&started)?;
    Ok((dry, result))
}

/// The second laptop holds what the first one holds.
pub(super) fn same_households(first: &Laptop, second: &Laptop) -> Outcome {
    let all = json!({
        "cell": null, "village": null, "kind": null, "not_visited_since_on": null, "order": "address", "after": null,
        "limit": 1,
    });
    let count = |laptop: &Laptop| number(&laptop.call("household_count", &all)?, "/count");
    let (here, there) = (count(first)?, count(second)?);
    must(here == there && here > 0, || format!("{here} households here, {there} on the second laptop"))
}

/// Looks for a household in every way a person would; gives its id.
pub(super) fn search(story: &mut Story<'_>, laptop: &Laptop) -> Outcome<String> {
    let mut hits = serde_json::Map::new();
    let mut household = None;
    for (kind, query) in QUERIES {
        let answer = laptop.call("search", &json!({ "query": query, "limit": 20 }))?;
        let mut count = 0;
        for group in list(&answer, "/groups")? {
            let found = list(group, "/hits")?;
            count += found.len();
            if text(group, "/kind")? == "household" && kind == "address" {
                household =
                    found.first().and_then(|hit| hit.get("document")).and_then(Value::as_str).map(str::to_owned);
            }
        }
        must(count > 0, || format!("nothing is found by {kind}: {query}"))?;
        hits.insert(kind.to_owned(), json!(count));
    }
    story.note("search_hits", Value::Object(hits));
    let household = household.ok_or_else(|| Failure::answer("search", "no household at the address"))?;
    let page = laptop.call("household_open", &json!({ "document": household }))?;
    must(text(&page, "/head_name")? == "欧阳春晓" && list(&page, "/members")?.len() == 2, || {
        format!("another household was found: {page}")
    })?;
    laptop.call("history", &json!({ "document": household }))?;
    Ok(household)
}
