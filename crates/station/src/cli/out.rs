//! What a command prints: lines for people, or one JSON value for programs. The only place that writes to the terminal.

use std::io::{self, Write};

use serde_json::Value;
use sync::directory::station_day;

/// How to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Out {
    Text,
    Json,
}

impl Out {
    /// Prints the lines or the value.
    pub(super) fn say(self, lines: &[String], value: &Value) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        match self {
            Self::Text => {
                for line in lines {
                    writeln!(stdout, "{line}")?;
                }
            }
            Self::Json => writeln!(stdout, "{value}")?,
        }
        stdout.flush()
    }

    /// Asks for a line, where faults go: the answer's place stays clean.
    pub(super) fn ask(self, question: &str) -> io::Result<()> {
        let mut stderr = io::stderr().lock();
        write!(stderr, "{question}")?;
        stderr.flush()
    }

    /// Prints a fault where faults go. Nothing can be done when even that fails.
    pub(super) fn fault(self, message: &str, code: u8) {
        let mut stderr = io::stderr().lock();
        let _ = match self {
            Self::Text => writeln!(stderr, "fengqiao-station: {message}"),
            Self::Json => writeln!(stderr, "{}", serde_json::json!({ "error": message, "exit_code": code })),
        };
    }
}

/// A table with columns as wide as their widest cell; wide characters count twice.
pub(super) fn table(head: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    let head: Vec<String> = head.iter().map(|&cell| cell.to_owned()).collect();
    let all: Vec<&Vec<String>> = std::iter::once(&head).chain(rows).collect();
    let widths: Vec<usize> = (0..head.len())
        .map(|column| all.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max().unwrap_or(0))
        .collect();
    let line = |row: &&Vec<String>| {
        let mut text = String::new();
        for (cell, wide) in row.iter().zip(&widths) {
            text.push_str(cell);
            text.push_str(&" ".repeat(wide.saturating_sub(width(cell)) + 2));
        }
        text.trim_end().to_owned()
    };
    all.iter().map(line).collect()
}

fn width(text: &str) -> usize {
    text.chars().map(|one| if u32::from(one) >= 0x1100 { 2 } else { 1 }).sum()
}

/// An instant as people at the station read it (UTC+8), or a dash.
pub(super) fn instant(at_ms: Option<i64>) -> String {
    let Some(at_ms) = at_ms else { return "-".to_owned() };
    let minutes = at_ms.saturating_add(8 * 3_600_000).div_euclid(60_000).rem_euclid(24 * 60);
    format!("{} {:02}:{:02}", station_day(at_ms), minutes / 60, minutes % 60)
}
