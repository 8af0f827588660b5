//! What every workbook of this crate shares: fonts, colours, number formats, sheet names, paper. Must not know what is written.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDateTime, TimeDelta, Timelike};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::About;

/// On every Chinese Windows; WPS and LibreOffice take their own sans serif where it is missing.
pub(crate) const FONT: &str = "Microsoft YaHei";

/// Characters Excel keeps for itself in the name of a sheet.
const NOT_IN_NAMES: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];

/// Longest name of a sheet, in UTF-16 units.
const NAME_UNITS_MAX: usize = 31;

/// Longest text of a cell Excel reads, in UTF-16 units.
const TEXT_UNITS_MAX: usize = 32_767;

/// Longest name put into a page header, in characters; Excel stops at 255 for the whole header.
const HEADER_CHARS_MAX: usize = 60;

/// ISO paper number of A4 in the format of Excel.
const PAPER_A4: u8 = 9;

pub(crate) const INK: Color = Color::RGB(0x0015_202E);
pub(crate) const INK_QUIET: Color = Color::RGB(0x0042_5265);
pub(crate) const LINE: Color = Color::RGB(0x00CD_D8E5);
pub(crate) const DATA: Color = Color::RGB(0x006D_86A8);
pub(crate) const DATA_PAST: Color = Color::RGB(0x00C3_CFDF);
const FRAME: Color = Color::RGB(0x00E6_EDF6);
const WARN_INK: Color = Color::RGB(0x0094_4700);
const WARN_SOFT: Color = Color::RGB(0x00FD_F1E4);

/// Which way the paper lies.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Paper {
    /// Rows with few columns.
    Portrait,
    /// Rows with many.
    Landscape,
}

/// The formats of a workbook, by use.
#[derive(Clone, Debug)]
pub(crate) struct Styles {
    pub(crate) title: Format,
    pub(crate) heading: Format,
    pub(crate) note: Format,
    pub(crate) warning: Format,
    pub(crate) head: Format,
    pub(crate) head_number: Format,
    pub(crate) head_group: Format,
    pub(crate) label: Format,
    pub(crate) text: Format,
    day: Format,
    pub(crate) dash: Format,
    number: Format,
}

impl Styles {
    pub(crate) fn new() -> Self {
        let base = Format::new().set_font_name(FONT).set_font_size(10).set_font_color(INK);
        let base = base.set_align(FormatAlign::VerticalCenter);
        let row = base.clone().set_border_bottom(FormatBorder::Thin).set_border_bottom_color(LINE);
        let head = base
            .clone()
            .set_bold()
            .set_background_color(FRAME)
            .set_text_wrap()
            .set_border_bottom(FormatBorder::Medium)
            .set_border_bottom_color(DATA);
        let text = row.clone().set_num_format("@").set_align(FormatAlign::Left).set_text_wrap();
        Self {
            title: base.clone().set_font_size(16).set_bold(),
            heading: base.clone().set_font_size(12).set_bold(),
            note: base.clone().set_font_color(INK_QUIET),
            warning: base.clone().set_font_color(WARN_INK).set_background_color(WARN_SOFT).set_bold(),
            head_number: head.clone().set_align(FormatAlign::Right),
            head_group: head.clone().set_align(FormatAlign::Center),
            head,
            label: row.clone().set_bold().set_num_format("@"),
            dash: row.clone().set_align(FormatAlign::Right).set_font_color(INK_QUIET),
            number: row.clone().set_align(FormatAlign::Right),
            day: row.set_align(FormatAlign::Left),
            text,
        }
    }

    /// Left-aligned with a date format of Excel.
    pub(crate) fn day(&self, format: &str) -> Format {
        self.day.clone().set_num_format(format)
    }

    /// Right-aligned with a number format of Excel.
    pub(crate) fn number(&self, format: &str) -> Format {
        self.number.clone().set_num_format(format)
    }
}

/// A workbook that says who made it and when; its creation time is an argument, not the clock.
pub(crate) fn start(title: &str, about: &About) -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    let base = Format::new().set_font_name(FONT).set_font_size(10);
    workbook.set_default_format(&base, 22, 72)?;
    let properties = DocProperties::new()
        .set_title(title)
        .set_author(&about.author)
        .set_company(&about.station_name)
        .set_comment(if about.made_up { crate::weekly::words::MADE_UP } else { "" });
    let utc = about.made_at.checked_sub_signed(TimeDelta::hours(8));
    workbook.set_properties(&match utc.and_then(date_time) {
        Some(at) => properties.set_creation_datetime(&at),
        None => properties,
    });
    Ok(workbook)
}

/// A moment as Excel keeps it; `None` outside 1900 to 9999.
pub(crate) fn date_time(at: NaiveDateTime) -> Option<ExcelDateTime> {
    let part = |number: u32| u8::try_from(number).ok();
    let year = u16::try_from(at.year()).ok()?;
    let day = ExcelDateTime::from_ymd(year, part(at.month())?, part(at.day())?).ok()?;
    let hour = u16::try_from(at.hour()).ok()?;
    day.and_hms(hour, part(at.minute())?, at.second()).ok()
}

/// A free name for a sheet made from a title: allowed characters, at most 31 units, not yet taken.
pub(crate) fn sheet_name(title: &str, taken: &mut BTreeSet<String>) -> String {
    let clean: String =
        title.chars().map(|c| if NOT_IN_NAMES.contains(&c) || c.is_control() { '_' } else { c }).collect();
    let clean = clean.trim_matches(|c: char| c == '\'' || c.is_whitespace());
    let clean = if clean.is_empty() || clean.eq_ignore_ascii_case("history") { "表" } else { clean };
    let mut name = units(clean, NAME_UNITS_MAX);
    let mut turn = 2_u32;
    while !taken.insert(name.to_lowercase()) {
        let tail = format!("_{turn}");
        name = format!("{}{tail}", units(clean, NAME_UNITS_MAX - tail.len()));
        turn += 1;
    }
    name
}

/// The text as a cell can hold it: cut with an ellipsis only beyond what Excel reads at all.
pub(crate) fn cell_text(text: &str) -> String {
    if text.encode_utf16().count() <= TEXT_UNITS_MAX {
        return text.to_owned();
    }
    format!("{}…", units(text, TEXT_UNITS_MAX - 1))
}

/// The longest beginning of at most so many UTF-16 units, never ending in an apostrophe.
fn units(text: &str, units_max: usize) -> String {
    let mut left = units_max;
    let kept = text.chars().take_while(|c| match left.checked_sub(c.len_utf16()) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    });
    kept.collect::<String>().trim_end_matches('\'').to_owned()
}

/// A4, fit to the width of one page, with station and page numbers.
pub(crate) fn paper(sheet: &mut Worksheet, paper: Paper, title: &str, about: &About) {
    match paper {
        Paper::Portrait => sheet.set_portrait(),
        Paper::Landscape => sheet.set_landscape(),
    };
    let mark = if about.made_up { crate::weekly::words::MADE_UP } else { "" };
    let [title, station] = [title, &about.station_name].map(header_text);
    sheet
        .set_paper_size(PAPER_A4)
        .set_print_fit_to_pages(1, 0)
        .set_print_center_horizontally(true)
        .set_margins(0.5, 0.5, 0.75, 0.7, 0.3, 0.3)
        .set_header(format!("&L&9{station} {title}&R&9{mark}"))
        .set_footer("&C&9第 &P 页，共 &N 页");
}

/// Text for a page header, where `&` begins a command.
fn header_text(text: &str) -> String {
    let short: String = text.chars().filter(|c| !c.is_control()).take(HEADER_CHARS_MAX).collect();
    short.replace('&', "&&")
}

/// How wide a text is in digits of the default font: Chinese characters count two.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(|c| if c < '\u{1100}' { 1 } else { 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_are_free_and_allowed() {
        let mut taken = BTreeSet::new();
        assert_eq!(sheet_name("走访", &mut taken), "走访");
        assert_eq!(sheet_name("走访", &mut taken), "走访_2");
        assert_eq!(sheet_name("a/b[c]:*?\\", &mut taken), "a_b_c_____");
        assert_eq!(sheet_name("''", &mut taken), "表");
        assert_eq!(sheet_name("History", &mut taken), "表_2");
        let long = sheet_name(&"很长的名字".repeat(20), &mut taken);
        assert_eq!(long.encode_utf16().count(), 31);
        let again = sheet_name(&"很长的名字".repeat(20), &mut taken);
        assert!(again.ends_with("_2") && again.encode_utf16().count() == 31);
    }

    #[test]
    fn a_page_header_holds_no_commands() {
        assert_eq!(header_text("A&B\n"), "A&&B");
    }
}
