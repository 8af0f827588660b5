//! The paper of the week, opened with poppler's programs.

use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use reports::weekly::{self, ROWS_SHOWN_MAX, WeeklyReport};
use reports::{Cell, Fonts, ReportError};

use crate::hostile::{self, squeezed};
use crate::sample;

fn fonts() -> &'static Fonts {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(|| Fonts::system().expect("fonts-noto-cjk is installed"))
}

fn run(program: &str, arguments: &[&str], path: &Path) -> String {
    let mut command = Command::new(program);
    let output = command.args(arguments).arg(path).arg("-").output();
    let output = output.unwrap_or_else(|error| panic!("{program} (poppler-utils): {error}"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn listed(program: &str, path: &Path) -> String {
    let output = Command::new(program).arg(path).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

fn print(name: &str, report: &WeeklyReport) -> std::path::PathBuf {
    sample::keep(name, &weekly::pdf(report, fonts()).unwrap())
}

/// Its text, squeezed, as a reader program finds it.
fn text(path: &Path) -> String {
    squeezed(&run("pdftotext", &["-raw", "-enc", "UTF-8"], path))
}

fn pages(path: &Path) -> usize {
    let info = listed("pdfinfo", path);
    let line = info.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap();
    line.trim().parse().unwrap()
}

#[test]
fn the_paper_says_what_the_report_says() {
    let path = print("weekly.pdf", &sample::report(40));
    let text = text(&path);
    let wanted = [
        "青枫派出所",
        "工作周报",
        "2026 年第 46 周",
        "2026 年 11 月 9 日（周一）至 11 月 15 日（周日）",
        "依据 28 / 30 台终端，收到 2026-11-16 08:00 为止，缺 青枫-19、青枫-24。",
        "走访户次 486 461 +25 +5.4% 402 +84 +20.9%",
        "调解成功率调成 / 办结 7 / 8 87.5% 9 / 10 90.0% −2.5 点 10 / 12 83.3% +4.2 点",
        "巡逻时长小时 184.5 176.0 +8.5 +4.8% 180.0 +4.5 +2.5%",
        "反诈上门劝阻起 6 0 +6 — — —",
        "走访户（40 条）",
        "走-2026-00040 11-14 12:15 周远山",
        "𠮷田花",
        "钱㛃",
        "48,600.00",
        "隐患（0 条） 本周无记录。",
        "制表：周远山",
        "（盖章）",
        "演示数据，人名地名均为虚构",
    ];
    let wanted = wanted.map(|wanted| wanted.replace("48,600.00", "48600.00"));
    for wanted in wanted {
        assert!(text.contains(&squeezed(&wanted)), "{wanted}\nin\n{text}");
    }
    let pages = pages(&path);
    for page in 1..=pages {
        assert!(text.contains(&format!("第{page}页，共{pages}页")), "page {page} of {pages}");
    }
}

#[test]
fn chinese_type_is_embedded_and_nothing_else_is_asked_of_the_reader() {
    let fonts = listed("pdffonts", &print("fonts.pdf", &sample::report(3)));
    let lines: Vec<&str> = fonts.lines().skip(2).collect();
    assert!(lines.iter().any(|line| line.contains("CJK") || line.contains("Sim")), "{fonts}");
    for line in lines {
        let words: Vec<&str> = line.split_whitespace().rev().collect();
        assert_eq!(words[4], "yes", "embedded: {line}");
        assert_eq!(words[2], "yes", "text can be taken out: {line}");
    }
}

#[test]
fn hostile_text_is_set_as_it_is_and_runs_nothing() {
    let mut report = sample::report(1);
    report.sections.push(hostile::rows());
    report.station_name = "#panic(\"站\")".into();
    report.author = "*李* $四$".into();
    report.stands_on.missing = vec!["#read(\"/etc/passwd\")".into()];
    report.by_village[0].name = "= #let [村".into();
    report.figures[0].label_zh = "_走访_ @x".into();
    let path = print("hostile.pdf", &report);
    let text = text(&path);
    for wanted in hostile::VISIBLE {
        assert!(text.contains(&squeezed(wanted)), "{wanted}\nin\n{text}");
    }
    for wanted in ["#panic(\"站\")编", "制表：*李* $四$", "缺 #read(\"/etc/passwd\")。", "= #let [村", "_走访_ @x"]
    {
        assert!(text.contains(&squeezed(wanted)), "{wanted}\nin\n{text}");
    }
}

#[test]
fn a_character_no_font_has_is_spelled_not_lost() {
    let mut report = sample::report(1);
    report.author = "王\u{20000}\u{10ffff}".into();
    let text = text(&print("rare.pdf", &report));
    assert!(text.contains("〔U+10FFFF〕"));
    assert!(text.contains("王\u{20000}") || text.contains("王〔U+20000〕"), "{text}");
}

#[test]
fn a_long_table_is_cut_on_paper_and_says_so() {
    let path = print("long.pdf", &sample::report(5_000));
    let text = text(&path);
    assert!(text.contains("走访户（5000条）"));
    assert!(text.contains(&format!("共5000条，此处列出前{ROWS_SHOWN_MAX}条，全部见同期电子表格。")));
    assert!(text.contains("走-2026-00120") && !text.contains("走-2026-00121"));
    assert!(pages(&path) < 15);
}

#[test]
fn no_rows_and_one_row_are_papers_too() {
    let mut empty = sample::report(0);
    (empty.figures, empty.by_village, empty.by_cell, empty.sections) = (vec![], vec![], vec![], vec![]);
    empty.made_up = false;
    empty.stands_on.through_at = None;
    let text_of_empty = text(&print("empty.pdf", &empty));
    assert!(text_of_empty.contains("尚无上报回执") && !text_of_empty.contains("演示"));
    let one = text(&print("one.pdf", &sample::report(1)));
    assert!(one.contains("走访户（1条）") && one.contains("走-2026-00001"));
}

#[test]
fn very_long_names_stay_on_the_paper() {
    let mut report = sample::report(3);
    let long = "长".repeat(120);
    report.station_name = format!("{}派出所", "青".repeat(40));
    report.author = "王".repeat(50);
    report.by_village[1].name = long.clone();
    report.by_cell[1].name = "A".repeat(120);
    report.stands_on.missing = (1..60).map(|number| format!("青枫-{number:02}")).collect();
    report.sections[0].rows[0][2] = Cell::Text(long);
    report.sections[0].rows[1][3] = Cell::Text("W".repeat(250));
    report.sections[0].rows[2][5] = Cell::Text("很".repeat(5_000));
    let path = print("names.pdf", &report);
    let text = text(&path);
    assert!(text.contains(&"长".repeat(40)) && text.contains("很…"));
    // Nothing is printed beyond the edges: 595 points wide, margins of 25 mm.
    let boxes = run("pdftotext", &["-bbox"], &path);
    let edge = |line: &str| line.split("xMax=\"").nth(1)?.split('"').next()?.parse::<f64>().ok();
    let right = boxes.lines().filter(|line| line.contains("<word")).filter_map(edge).fold(0.0, f64::max);
    assert!(right < 595.3 - 68.0, "a word ends at {right}");
}

#[test]
fn the_same_report_is_the_same_paper() {
    let report = sample::report(5);
    assert_eq!(weekly::pdf(&report, fonts()).unwrap(), weekly::pdf(&report, fonts()).unwrap());
}

#[test]
fn without_chinese_fonts_the_reason_is_told() {
    let folder = tempfile::tempdir().unwrap();
    match Fonts::folder(folder.path()) {
        Err(ReportError::NoChineseFont { wanted }) => assert!(wanted.iter().any(|name| name == "SimSun")),
        other => panic!("{other:?}"),
    }
}
