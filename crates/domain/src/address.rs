//! Owns: taking one Chinese address line apart (town, village, group or road, plate, building, unit, room) and putting it together.
//! Must not know: the address tree of a station; the parts are a proposal for it.

use crate::text::squeeze;
use serde::{Deserialize, Serialize};

/// Level of a part, outermost first. From `town` on they are the codes of the table `address_kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressLevel {
    /// Province, city, county.
    Region,
    /// Town or street.
    Town,
    /// Village or community.
    Village,
    /// Group, road, lane or estate.
    Group,
    /// Door plate.
    Plate,
    /// Building.
    Building,
    /// Unit.
    Unit,
    /// Room, and whatever follows.
    Room,
}

/// One part of an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressPart {
    /// Its level.
    pub level: AddressLevel,
    /// Its text, the marker included: `3组`.
    pub text: String,
}

/// Words that end a part, the longer ones first where one ends in another.
const MARKERS: [(&str, AddressLevel); 29] = [
    ("街道", AddressLevel::Town),
    ("社区居委会", AddressLevel::Village),
    ("村委会", AddressLevel::Village),
    ("居委会", AddressLevel::Village),
    ("社区", AddressLevel::Village),
    ("小区", AddressLevel::Group),
    ("号楼", AddressLevel::Building),
    ("单元", AddressLevel::Unit),
    ("村民小组", AddressLevel::Group),
    ("自治区", AddressLevel::Region),
    ("自治州", AddressLevel::Region),
    ("省", AddressLevel::Region),
    ("市", AddressLevel::Region),
    ("区", AddressLevel::Region),
    ("县", AddressLevel::Region),
    ("镇", AddressLevel::Town),
    ("乡", AddressLevel::Town),
    ("村", AddressLevel::Village),
    ("组", AddressLevel::Group),
    ("路", AddressLevel::Group),
    ("街", AddressLevel::Group),
    ("巷", AddressLevel::Group),
    ("弄", AddressLevel::Group),
    ("苑", AddressLevel::Group),
    ("号", AddressLevel::Plate),
    ("幢", AddressLevel::Building),
    ("栋", AddressLevel::Building),
    ("座", AddressLevel::Building),
    ("室", AddressLevel::Room),
];

/// Takes an address apart, outermost part first. Nothing is lost: the texts put together are the line without blanks.
/// A marker that would lead outward again (a `村` inside a road's name) stays in the part it was found in.
#[must_use]
pub fn split(line: &str) -> Vec<AddressPart> {
    let line = squeeze(line);
    let mut parts: Vec<AddressPart> = Vec::new();
    let mut rest = line.as_str();
    while !rest.is_empty() {
        let least = parts.last().map(|part| part.level);
        let Some((head, tail, level)) = next_part(rest, least) else {
            break;
        };
        push(&mut parts, level, head);
        rest = tail;
    }
    if !rest.is_empty() {
        last_part(&mut parts, rest);
    }
    parts
}

/// The shortest beginning of the text that ends in a marker of a level not above the last one.
fn next_part(rest: &str, least: Option<AddressLevel>) -> Option<(&str, &str, AddressLevel)> {
    for (at, _) in rest.char_indices().skip(1) {
        let tail = rest.get(at..)?;
        let found = MARKERS
            .iter()
            .filter(|(_, level)| least.is_none_or(|least| *level >= least))
            .find(|(marker, _)| tail.starts_with(marker));
        if let Some((marker, level)) = found {
            let end = at.checked_add(marker.len())?;
            let end = end.checked_add(suffix_len(rest.get(end..)?, *level))?;
            return Some((rest.get(..end)?, rest.get(end..)?, *level));
        }
    }
    None
}

/// `29号甲`, `29号之一`: what belongs to the plate though it follows the marker.
fn suffix_len(tail: &str, level: AddressLevel) -> usize {
    if level != AddressLevel::Plate {
        return 0;
    }
    tail.chars()
        .take_while(|c| matches!(c, '甲' | '乙' | '丙' | '丁' | '之' | '一' | '二' | '三' | '四' | '五'))
        .map(char::len_utf8)
        .sum()
}

fn push(parts: &mut Vec<AddressPart>, level: AddressLevel, text: &str) {
    match parts.last_mut() {
        // Province, city and county stay apart only as text; two rooms or plates are one.
        Some(last) if last.level == level => last.text.push_str(text),
        Some(_) | None => parts.push(AddressPart { level, text: text.to_owned() }),
    }
}

/// What is left without a marker: a bare number after a group is a plate, after a building a room; other words stay with what they follow.
fn last_part(parts: &mut Vec<AddressPart>, rest: &str) {
    let numeric = rest.chars().all(|c| c.is_ascii_digit() || c == '-');
    let level = match parts.last().map(|part| part.level) {
        None => AddressLevel::Village,
        Some(AddressLevel::Region) => AddressLevel::Town,
        Some(AddressLevel::Town) => AddressLevel::Village,
        Some(AddressLevel::Village | AddressLevel::Group) if numeric => AddressLevel::Plate,
        Some(AddressLevel::Village) => AddressLevel::Group,
        Some(AddressLevel::Group) => AddressLevel::Plate,
        Some(AddressLevel::Plate | AddressLevel::Building | AddressLevel::Unit | AddressLevel::Room) => {
            AddressLevel::Room
        }
    };
    push(parts, level, rest);
}

/// Puts parts together to one line.
#[must_use]
pub fn line(parts: &[AddressPart]) -> String {
    parts.iter().map(|part| part.text.as_str()).collect()
}

/// The part of a level.
#[must_use]
pub fn part(parts: &[AddressPart], level: AddressLevel) -> Option<&str> {
    parts.iter().find(|part| part.level == level).map(|part| part.text.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use AddressLevel as L;
    use proptest::prelude::*;

    fn check(text: &str, expected: &[(L, &str)]) {
        let parts = split(text);
        let found: Vec<_> = parts.iter().map(|part| (part.level, part.text.as_str())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn village_and_town_addresses_come_apart() {
        check("石桥头村 3 组 27 号", &[(L::Village, "石桥头村"), (L::Group, "3组"), (L::Plate, "27号")]);
        check("石桥头村3组29号甲", &[(L::Village, "石桥头村"), (L::Group, "3组"), (L::Plate, "29号甲")]);
        check(
            "青枫社区枫林苑6幢302室",
            &[(L::Village, "青枫社区"), (L::Group, "枫林苑"), (L::Building, "6幢"), (L::Room, "302室")],
        );
        check(
            "浙江省宁波市奉化区青枫镇下枫村5组8号",
            &[
                (L::Region, "浙江省宁波市奉化区"),
                (L::Town, "青枫镇"),
                (L::Village, "下枫村"),
                (L::Group, "5组"),
                (L::Plate, "8号"),
            ],
        );
        check("竹仁街12号2单元301", &[(L::Group, "竹仁街"), (L::Plate, "12号"), (L::Unit, "2单元"), (L::Room, "301")]);
        check(
            "锦屏街道中山路108号3号楼",
            &[(L::Town, "锦屏街道"), (L::Group, "中山路"), (L::Plate, "108号"), (L::Building, "3号楼")],
        );
        check("柳溪村", &[(L::Village, "柳溪村")]);
        check("老鱼塘边", &[(L::Village, "老鱼塘边")]);
        check("", &[]);
    }

    proptest! {
        #[test]
        fn nothing_of_an_address_is_lost(text in "[浙江省宁波市区镇街道村社区组路号幢单元室甲0-9 ]{0,30}|\\PC{0,20}") {
            let parts = split(&text);
            prop_assert_eq!(line(&parts), squeeze(&text));
            prop_assert!(parts.windows(2).all(|two| two[0].level < two[1].level));
            prop_assert!(parts.iter().all(|part| !part.text.is_empty()));
        }
    }
}
