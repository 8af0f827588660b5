//! Why a row is left out, in the words of the workbook that goes back to who keeps the register. Must not decide anything.

use domain::register::RegisterColumn;

use super::plan::Refused;

/// What is wrong with which column, as one clause.
pub(super) fn said(refused: &Refused) -> String {
    let arg = |name: &str| refused.args.get(name).map(String::as_str).unwrap_or_default();
    let sex = |name: &str| {
        match arg(name) {
            "1" => "男",
            "2" => "女",
            other => other,
        }
        .to_owned()
    };
    let clause = match refused.code.as_str() {
        "missing" => "没填".to_owned(),
        "formula_error" => "公式出错".to_owned(),
        "control_character" => format!("第 {} 个字是不能写的字符", arg("at")),
        "too_long" => format!("{} 个字，最多 {} 个", arg("chars"), arg("max")),
        "stored_as_number" => format!("证件号存成了数字，末几位已经丢了：{}", arg("shown")),
        "id_length" => format!("证件号 {} 位，应是 18 位", arg("found")),
        "id_character" => format!("证件号第 {} 位不对", arg("at")),
        "id_check_digit" => format!("证件号校验位不对，其余若对，应是 {}", arg("expected")),
        "id_division" => format!("证件号前六位 {} 不是行政区划", arg("division")),
        "id_date" => format!("证件号里的 {} 不是日期", arg("digits")),
        "future_date" => format!("{} 还没到", arg("on")),
        "impossible_date" => format!("没有这一天：{}", arg("text")),
        "birth_disagrees" => format!("写的生日 {}，证件号里是 {}", arg("written"), arg("by_id")),
        "sex_disagrees" => format!("写的性别是{}，证件号里是{}", sex("written"), sex("by_id")),
        "unknown_code" => format!("「{}」不在代码表里", arg("text")),
        "unknown_cell" => format!("没有「{}」这个网格", arg("text")),
        "cell_not_held" => format!("网格 {} 不归您管", arg("text")),
        "unknown_village" => format!("没有「{}」这个村（社区）", arg("text")),
        "duplicate_in_file" => format!("和第 {} 行是同一个人", arg("first_row")),
        "already_here" => "这个证件号已有档案".to_owned(),
        "perhaps_here" => "同名同生日的人已有档案".to_owned(),
        other => other.to_owned(),
    };
    format!("{}：{clause}", column(refused.column))
}

/// The column's name.
const fn column(column: RegisterColumn) -> &'static str {
    match column {
        RegisterColumn::Name => "姓名",
        RegisterColumn::FormerName => "曾用名",
        RegisterColumn::Sex => "性别",
        RegisterColumn::DocumentKind => "证件类型",
        RegisterColumn::DocumentNumber => "公民身份号码",
        RegisterColumn::Ethnic => "民族",
        RegisterColumn::BirthDate => "出生日期",
        RegisterColumn::Relation => "与户主关系",
        RegisterColumn::HouseholdNumber => "户号",
        RegisterColumn::HouseholdKind => "户类型",
        RegisterColumn::HeadName => "户主",
        RegisterColumn::Phone => "联系电话",
        RegisterColumn::Address => "住址",
        RegisterColumn::RegisteredAddress => "户籍地址",
        RegisterColumn::Village => "村社区",
        RegisterColumn::Group => "组",
        RegisterColumn::Plate => "门牌号",
        RegisterColumn::Cell => "网格",
        RegisterColumn::Education => "文化程度",
        RegisterColumn::Marital => "婚姻状况",
        RegisterColumn::Employer => "服务处所",
        RegisterColumn::ResidentKind => "人员类别",
        RegisterColumn::MovedInOn => "迁入日期",
        RegisterColumn::Note => "备注",
    }
}

#[cfg(test)]
mod tests {
    use domain::register::RegisterColumn;
    use serde_json::Value;

    use super::{Refused, column, said};

    /// The screen's words, from its own file.
    fn screen() -> Value {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/i18n/zh/people.json");
        let all: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        all["import"].clone()
    }

    #[test]
    fn the_workbook_and_the_screen_name_columns_and_reasons_alike() {
        let screen = screen();
        for one in RegisterColumn::ALL {
            assert_eq!(screen["column"][one.code()], column(*one), "{one:?}");
        }
        // a doubt takes a row with it; the others are reasons
        let reasons = screen["problem"].as_object().unwrap().keys().filter(|code| !code.ends_with("_doubtful"));
        for code in reasons {
            let template = screen["said"][code].as_str().or_else(|| screen["problem"][code].as_str()).unwrap();
            let names = template.split('{').skip(1).map(|rest| rest.split('}').next().unwrap());
            let args = names.map(|name| (name.to_owned(), format!("<{name}>"))).collect();
            let refused = Refused { column: RegisterColumn::Name, code: code.clone(), args };
            let expected = template.replace('{', "<").replace('}', ">");
            assert_eq!(said(&refused), format!("姓名：{expected}"), "{code}");
        }
    }
}
