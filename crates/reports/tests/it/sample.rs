//! A made-up week of a made-up station, with as many rows as a test asks for.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use reports::weekly::{Amount, Breakdown, Figure, StandsOn, WeeklyReport, Weeks};
use reports::{About, Cell, Column, RowTable};

pub(crate) const VILLAGES: [(&str, u64, u64); 9] = [
    ("青枫社区", 112, 98),
    ("石桥头村", 74, 80),
    ("下枫村", 66, 61),
    ("柳溪村", 58, 49),
    ("上枫村", 51, 55),
    ("竹坞村", 42, 40),
    ("杨家埭村", 38, 35),
    ("塘湾村", 29, 31),
    ("白鹭村", 16, 12),
];

const CELLS: [(&str, u64, u64); 4] =
    [("第一警务网格", 186, 178), ("第二警务网格", 132, 129), ("第三警务网格", 96, 89), ("第四警务网格", 72, 65)];

pub(crate) fn on(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

pub(crate) fn at(day: u32, hour: u32, minute: u32) -> NaiveDateTime {
    on(2026, 11, day).and_hms_opt(hour, minute, 0).unwrap()
}

fn rate(numerator: u64, denominator: u64) -> Amount {
    Amount::Rate { numerator, denominator }
}

pub(crate) fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn figure(key: &str, label_zh: &str, unit_zh: &str, amounts: (Amount, Amount, Option<Amount>)) -> Figure {
    let (value, week_before, year_before) = amounts;
    Figure { key: key.into(), label_zh: label_zh.into(), unit_zh: unit_zh.into(), value, week_before, year_before }
}

pub(crate) fn figures() -> Vec<Figure> {
    use Amount::{Count, Minutes};
    vec![
        figure("visits", "走访", "户次", (Count(486), Count(461), Some(Count(402)))),
        figure("patrols", "巡逻", "次", (Count(92), Count(88), Some(Count(90)))),
        figure("patrol_time", "巡逻时长", "小时", (Minutes(11_070), Minutes(10_560), Some(Minutes(10_800)))),
        figure("disputes_opened", "纠纷受理", "件", (Count(11), Count(9), Some(Count(13)))),
        figure("disputes_concluded", "纠纷办结", "件", (Count(8), Count(10), Some(Count(12)))),
        figure("agreed", "调解成功率", "调成 / 办结", (rate(7, 8), rate(9, 10), Some(rate(10, 12)))),
        figure("findings", "隐患发现", "处", (Count(58), Count(63), Some(Count(47)))),
        figure("dissuaded", "反诈上门劝阻", "起", (Count(6), Count(0), None)),
    ]
}

fn breakdown(code: usize, (name, this, before): (&str, u64, u64)) -> Breakdown {
    let amounts = BTreeMap::from([
        weeks("visits", Amount::Count(this), Amount::Count(before)),
        weeks("patrols", Amount::Count(this / 6), Amount::Count(before / 6)),
        weeks("patrol_time", Amount::Minutes(this * 20), Amount::Minutes(before * 20)),
        weeks("disputes_opened", Amount::Count(this / 30), Amount::Count(before / 40)),
        weeks("agreed", rate(this / 40, this / 30), rate(before / 60, before / 40)),
        weeks("findings", Amount::Count(this / 8), Amount::Count(before / 7)),
    ]);
    Breakdown { code: format!("3306811002{code:02}"), name: name.to_owned(), amounts }
}

fn weeks(key: &str, value: Amount, week_before: Amount) -> (String, Weeks) {
    (key.to_owned(), Weeks { value, week_before })
}

pub(crate) fn table(key: &str, title_zh: &str, columns: &[&str], rows: Vec<Vec<Cell>>) -> RowTable {
    let columns = columns.iter().map(|title| Column::new(*title, *title)).collect();
    RowTable { key: key.into(), title_zh: title_zh.into(), columns, rows }
}

/// Visits: as many as asked for, each told from the others by its number.
pub(crate) fn visits(count: usize) -> RowTable {
    let people = ["周远山", "沈雨禾", "陆建国", "欧阳明珠", "𠮷田花", "阿卜杜拉·买买提", "钱㛃", "王㐱"];
    let row = |number: usize| {
        let (village, ..) = VILLAGES[number % VILLAGES.len()];
        vec![
            text(&format!("走-2026-{number:05}")),
            Cell::Time(at(9 + u32::try_from(number % 7).unwrap(), 8 + u32::try_from(number % 9).unwrap(), 15)),
            text(people[number % people.len()]),
            text(&format!("{village}{}组{}号", number % 12 + 1, number % 200 + 1)),
            text(["常规走访", "重点户走访", "出租房检查"][number % 3]),
            text(if number.is_multiple_of(4) {
                "独居老人，煤气报警器需更换，已告知村委"
            } else {
                "无异常"
            }),
            text("周远山"),
        ]
    };
    let columns = ["编号", "时间", "户主", "地址", "类别", "情况", "民警"];
    table("visits", "走访户", &columns, (1..=count).map(row).collect())
}

fn patrols() -> RowTable {
    let row = |number: u32| {
        vec![
            Cell::Date(on(2026, 11, 9 + number % 7)),
            text(["步巡", "车巡", "骑巡"][number as usize % 3]),
            text("周远山、沈雨禾"),
            Cell::Minutes(u64::from(90 + number * 15)),
            Cell::Integer(i64::from(12 + number)),
            Cell::Integer(i64::from(number % 5)),
            if number.is_multiple_of(3) { text("发现沿街商铺占道，当场劝离") } else { Cell::Empty },
        ]
    };
    let columns = ["日期", "方式", "人员", "时长（小时）", "查人", "查车", "发现"];
    table("patrols", "巡逻", &columns, (0..12).map(row).collect())
}

fn disputes() -> RowTable {
    let of = |number: u32, cause: &str, village: &str, fen: i64, state: &str| {
        vec![
            text(&format!("{number} 号")),
            text(cause),
            text(village),
            Cell::Date(on(2026, 11, 9 + number % 7)),
            Cell::Fen(fen),
            text(state),
        ]
    };
    let rows = vec![
        of(319, "租房押金退还", "下枫村", 320_000, "调解中"),
        of(320, "枫林苑犬只伤人", "青枫社区", 185_050, "已达成"),
        of(321, "树枝越界遮光", "上枫村", 0, "已达成"),
        of(322, "竹仁街占道摆摊", "青枫社区", 0, "已流转"),
        of(326, "工棚拖欠工资", "杨家埭村", 4_860_000, "已流转"),
        of(329, "三轮车刮擦赔偿", "石桥头村", 90_000, "已受理"),
    ];
    table("disputes_opened", "纠纷受理", &["编号", "事由", "村", "受理", "涉及金额（元）", "状态"], rows)
}

/// A report with so many visits behind it.
pub(crate) fn report(visit_count: usize) -> WeeklyReport {
    WeeklyReport {
        station_name: "青枫派出所".into(),
        made_up: true,
        iso_year: 2026,
        iso_week: 46,
        from_on: on(2026, 11, 9),
        to_on: on(2026, 11, 15),
        made_at: at(16, 8, 30),
        author: "周远山".into(),
        stands_on: StandsOn {
            laptops_total: 30,
            laptops_included: 28,
            through_at: Some(at(16, 8, 0)),
            missing: vec!["青枫-19".into(), "青枫-24".into()],
            to_come: 0,
        },
        figures: figures(),
        by_cell: CELLS.into_iter().enumerate().map(|(code, row)| breakdown(code, row)).collect(),
        by_village: VILLAGES.into_iter().enumerate().map(|(code, row)| breakdown(code, row)).collect(),
        sections: vec![
            visits(visit_count),
            patrols(),
            disputes(),
            table("findings", "隐患", &["编号", "隐患"], vec![]),
        ],
    }
}

pub(crate) fn about() -> About {
    About { station_name: "青枫派出所".into(), made_up: true, made_at: at(16, 8, 30), author: "周远山".into() }
}

/// Leaves a file where a person can look at it after the tests.
pub(crate) fn keep(name: &str, bytes: &[u8]) -> std::path::PathBuf {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}
