//! Shapes of people and places (一标三实). Tables only.

use super::{Field, FieldType as T, Shape};
use crate::codes::CodeTableName as C;
use crate::kind::Kind;

pub(super) const ADDRESS: Shape = Shape {
    kind: Kind::Address,
    version: 1,
    fields: &[
        Field::new("cell", "警务网格", "cell", T::Cell),
        Field::new("village", "村（社区）代码", "village code", T::Line(12)),
        Field::new("kind", "地址类别", "address kind", T::Code(C::AddressKind)),
        Field::new("name", "名称", "name", T::Line(80)),
        Field::new("parent", "上级地址", "parent", T::Ref(Kind::Address)),
        Field::new("plate_code", "门牌编码", "plate code", T::Line(40)),
        Field::new("full", "详细地址", "full address", T::Line(200)),
        Field::new("lon_e7", "经度", "longitude × 10⁷", T::Int(-1_800_000_000, 1_800_000_000)),
        Field::new("lat_e7", "纬度", "latitude × 10⁷", T::Int(-900_000_000, 900_000_000)),
    ],
    collections: &[],
};

pub(super) const HOUSEHOLD: Shape = Shape {
    kind: Kind::Household,
    version: 1,
    fields: &[
        Field::new("cell", "警务网格", "cell", T::Cell),
        Field::new("address", "地址", "address", T::Ref(Kind::Address)),
        Field::new("address_text", "地址文本", "address in words", T::Line(200)),
        Field::new("number", "户号", "household number", T::Line(40)),
        Field::new("head", "户主", "head", T::Ref(Kind::Resident)),
        Field::new("head_name", "户主姓名", "name of head", T::Line(50)),
        Field::new("kind", "户类别", "household kind", T::Code(C::HouseholdKind)),
        Field::new("phone", "联系电话", "phone", T::Phone).masked(),
        Field::new("next_visit_on", "下次走访", "next visit", T::Date).greatest(),
        Field::new("notes", "备注", "notes", T::Narrative(2_000)),
    ],
    collections: &[],
};

pub(super) const RESIDENT: Shape = Shape {
    kind: Kind::Resident,
    version: 1,
    fields: &[
        Field::new("cell", "警务网格", "cell", T::Cell),
        Field::new("name", "姓名", "name", T::Line(50)),
        Field::new("former_name", "曾用名", "former name", T::Line(50)),
        Field::new("sex", "性别", "sex", T::Code(C::Sex)),
        Field::new("birth_on", "出生日期", "birth date", T::Date),
        Field::new("id_kind", "证件种类", "ID document", T::Code(C::IdDocument)),
        Field::new("id_number", "证件号码", "ID number", T::IdNumber).masked(),
        Field::new("ethnic", "民族", "ethnic group", T::Code(C::Ethnic)),
        Field::new("phone", "手机", "phone", T::Phone).masked(),
        Field::new("education", "文化程度", "education", T::Code(C::Education)),
        Field::new("marital", "婚姻状况", "marital status", T::Code(C::Marital)),
        Field::new("employer", "服务处所", "employer", T::Line(100)),
        Field::new("registered_address", "户籍地址", "registered address", T::Line(200)),
        Field::new("kind", "人员类别", "resident kind", T::Code(C::ResidentKind)),
        Field::new("registered_on", "登记日期", "registered on", T::Date),
        Field::new("permit_until_on", "居住证有效期至", "permit valid until", T::Date).greatest(),
        Field::new("notes", "备注", "notes", T::Narrative(2_000)),
    ],
    collections: &[],
};

pub(super) const RESIDENCE: Shape = Shape {
    kind: Kind::Residence,
    version: 1,
    fields: &[
        Field::new("cell", "警务网格", "cell", T::Cell),
        Field::new("resident", "居民", "resident", T::Ref(Kind::Resident)),
        Field::new("resident_name", "居民姓名", "name of resident", T::Line(50)),
        Field::new("household", "住户", "household", T::Ref(Kind::Household)),
        Field::new("relation", "与户主关系", "relation to head", T::Code(C::Relation)),
        Field::new("from_on", "居住起", "from", T::Date),
        Field::new("to_on", "居住止", "to", T::Date),
    ],
    collections: &[],
};
