//! Texts that mean something to a spreadsheet, a typesetter, a parser or a screen, and must mean nothing here.

use reports::{Cell, RowTable};

use crate::sample::{table, text};

/// Seen on paper as they are.
pub(crate) const VISIBLE: [&str; 62] = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"http://example.invalid\",\"点\")",
    "+1+1",
    "+8613800000000",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "＝１＋１",
    "＋１",
    "－１",
    "＠ＳＵＭ(1)",
    "|calc",
    "%0A=1+1",
    "'=1+1",
    "{=1+1}",
    "330106199003071234",
    "007",
    "1e10",
    "1/2",
    "3-4",
    "TRUE",
    "#N/A",
    "#REF!",
    "NULL",
    "#let x = 1",
    "#panic(\"x\")",
    "#read(\"/etc/passwd\")",
    "#import \"@preview/x:1.0.0\": *",
    "#{ while true {} }",
    "$ x^2 / 0 $",
    "$$",
    "@ref <label>",
    "<label>",
    "*不粗* _不斜_",
    "= 不是标题",
    "- 不是列表",
    "/ 术语: 不是",
    "`code` ```raw```",
    "// 不是注释",
    "/* 不是注释 */",
    "a -- b --- c ... ~ d",
    "反斜\\杠 \\u{4e00} \\n \\",
    "[#text(red)[x]]",
    "\"引\" '号'",
    "<script>alert(1)</script>",
    "&lt;&amp;&#x41;",
    "]]><![CDATA[",
    "<!--x-->",
    "_x0041__x000D_",
    "%s%n{0}${x}#{x}",
    "'; DROP TABLE residents;--",
    "../../etc/passwd",
    "C:\\Windows\\System32",
    "https://example.invalid/a?b=c&d=e",
    "mailto:a@example.invalid",
    "𠮷野家",
    "钱㛃 王㐱 刘䶮 𬱖",
    "阿卜杜拉·买买提",
    "Łukasz Ñandú Ø Å ß",
    "①②③ Ⅳ ℃ ￥ 〇",
    "\u{f9dc} \u{2f00} ﬁ",
];

/// Not seen, or not seen in this order; a spreadsheet keeps them all the same.
pub(crate) const UNSEEN: [&str; 14] = [
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "行一\n行二",
    "前\u{202e}后",
    "零\u{200b}宽",
    "\u{feff}标记",
    "铃\u{7}声",
    "空\u{0}字",
    "e\u{301} n\u{303}",
    "عربي",
    "👮🏽\u{200d}♂️",
    "\u{fffe}\u{ffff}",
];

/// All of them, one a row, with a number before each.
pub(crate) fn rows() -> RowTable {
    let all = VISIBLE.iter().chain(&UNSEEN).zip(1..);
    let rows = all.map(|(hostile, number)| vec![Cell::Integer(number), text(hostile)]).collect();
    table("hostile", "难写的字", &["序号", "内容"], rows)
}

/// The text without what a line break on paper may add.
pub(crate) fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}').collect()
}
