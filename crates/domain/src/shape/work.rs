//! Shapes of the officer's work: visits, patrols, disputes, mediators. Tables only.

use super::{Collection, Field, FieldType as T, Shape};
use crate::codes::CodeTableName as C;
use crate::kind::Kind;

const OFFICERS: Collection = Collection {
    key: "officers",
    zh: "民警",
    en: "officer",
    fields: &[Field::new("name", "姓名", "name", T::Line(50))],
};

pub(super) const VISIT: Shape = Shape {
    kind: Kind::Visit,
    version: 1,
    fields: &[
        Field::new("cell", "警务网格", "cell", T::Cell),
        Field::new("kind", "走访类别", "visit kind", T::Code(C::VisitKind)),
        Field::new("household", "住户", "household", T::Ref(Kind::Household)),
        Field::new("place", "地点", "place", T::Line(200)),
        Field::new("at", "走访时间", "time of visit", T::Instant),
        Field::new("notes", "走访记事", "notes", T::Narrative(4_000)),
        Field::new("wishes", "诉求", "wishes", T::Narrative(2_000)),
        Field::new("findings", "发现", "findings", T::Narrative(2_000)),
        Field::new("next_on", "下次走访", "next visit", T::Date).greatest(),
    ],
    collections: &[OFFICERS],
};

pub(super) const PATROL: Shape = Shape {
    kind: Kind::Patrol,
    version: 1,
    fields: &[
        Field::new("cell", "警务网格", "keeper's cell", T::Cell),
        Field::new("mode", "巡逻方式", "mode", T::Code(C::PatrolMode)),
        Field::new("start_at", "开始时间", "start", T::Instant),
        Field::new("end_at", "结束时间", "end", T::Instant),
        Field::new("route", "路线", "route", T::Line(400)),
        Field::new("people_checked", "查看人员", "people checked", T::Int(0, 100_000)),
        Field::new("vehicles_checked", "查看车辆", "vehicles checked", T::Int(0, 100_000)),
        Field::new("sites_checked", "查看场所", "sites checked", T::Int(0, 100_000)),
        Field::new("dissuaded", "劝导", "people dissuaded", T::Int(0, 100_000)),
        Field::new("notes", "记事", "notes", T::Narrative(4_000)),
    ],
    collections: &[
        Collection {
            key: "crew",
            zh: "人员",
            en: "crew",
            fields: &[
                Field::new("name", "姓名", "name", T::Line(50)),
                Field::new("kind", "身份", "crew kind", T::Code(C::CrewKind)),
                Field::new("officer", "民警", "officer", T::Officer),
            ],
        },
        Collection {
            key: "cells",
            zh: "网格",
            en: "cell",
            fields: &[Field::new("present", "到过", "was there", T::Bool)],
        },
        Collection {
            key: "findings",
            zh: "发现",
            en: "finding",
            fields: &[
                Field::new("what", "什么", "what", T::Line(200)),
                Field::new("place", "在哪", "where", T::Line(200)),
                Field::new("hazard", "转隐患", "becomes a hazard", T::Bool),
                Field::new("due_on", "期限", "due", T::Date),
            ],
        },
    ],
};

const DISPUTE_FIELDS: &[Field] = &[
    Field::new("cell", "警务网格", "cell", T::Cell),
    Field::new("number", "编号", "number", T::Line(40)),
    Field::new("title", "事由", "title", T::Line(120)),
    Field::new("category", "纠纷类别", "category", T::Code(C::DisputeCategory)),
    Field::new("source", "纠纷来源", "source", T::Code(C::DisputeSource)),
    Field::new("scale", "事件规模", "scale", T::Code(C::DisputeScale)),
    Field::new("grade", "级别", "grade", T::Code(C::DisputeGrade)),
    Field::new("grade_reason", "定级理由", "reason for the grade", T::Narrative(500)),
    Field::new("tier", "调解层级", "tier", T::Code(C::DisputeTier)),
    Field::new("state", "环节", "state", T::DisputeState),
    Field::new("place", "地点", "place", T::Line(200)),
    Field::new("address", "地址", "address", T::Ref(Kind::Address)),
    Field::new("people_count", "涉及人数", "people involved", T::Int(0, 100_000)),
    Field::new("police_mediation", "治安调解", "police mediation", T::Bool),
    Field::new("facts", "纠纷事实", "facts", T::Narrative(8_000)),
    Field::new("demands", "当事人诉求", "demands", T::Narrative(4_000)),
    Field::new("money_at_stake_fen", "涉及金额", "money at stake", T::Money),
    Field::new("money_settled_fen", "协议金额", "money settled", T::Money),
    Field::new("found_at", "发现时间", "found", T::Instant),
    Field::new("accepted_at", "受理时间", "accepted", T::Instant),
    Field::new("concluded_at", "办结时间", "concluded", T::Instant),
    Field::new("agreement_form", "协议形式", "form of agreement", T::Code(C::AgreementForm)),
    Field::new("agreement_terms", "协议内容", "terms", T::Narrative(8_000)),
    Field::new("agreement_on", "协议生效日期", "agreement in force", T::Date),
    Field::new("perform_by_on", "履行期限", "perform by", T::Date),
    Field::new("performed_on", "履行日期", "performed", T::Date),
    Field::new("confirmation_court", "确认法院", "court of confirmation", T::Line(80)),
    Field::new("confirmation_filed_on", "申请司法确认日期", "confirmation filed", T::Date),
    Field::new("confirmation_ruled_on", "司法确认日期", "confirmation ruled", T::Date),
    Field::new("revisit_on", "约定回访日期", "revisit on", T::Date).greatest(),
    Field::new("revisited_on", "回访日期", "revisited", T::Date),
    Field::new("revisit_notes", "回访情况", "notes of the revisit", T::Narrative(2_000)),
    Field::new("rating", "当事人评价", "rating by the parties", T::Line(200)),
    Field::new("receiver", "接收单位", "receiver", T::Line(120)),
];

pub(super) const DISPUTE: Shape = Shape {
    kind: Kind::Dispute,
    version: 1,
    fields: DISPUTE_FIELDS,
    collections: &[
        OFFICERS,
        Collection {
            key: "parties",
            zh: "当事人",
            en: "party",
            fields: &[
                Field::new("role", "地位", "role", T::Code(C::PartyRole)),
                Field::new("name", "姓名或名称", "name", T::Line(80)),
                Field::new("resident", "居民", "resident", T::Ref(Kind::Resident)),
                Field::new("phone", "电话", "phone", T::Phone).masked(),
                Field::new("proxy", "代理人", "proxy", T::Line(80)),
                Field::new("guardian", "监护人", "guardian", T::Line(80)),
            ],
        },
        Collection {
            key: "mediators",
            zh: "调解员",
            en: "mediator",
            fields: &[
                Field::new("mediator", "调解员", "mediator", T::Ref(Kind::Mediator)),
                Field::new("name", "姓名", "name", T::Line(50)),
                Field::new("host", "主持", "hosts", T::Bool),
            ],
        },
        Collection {
            key: "sessions",
            zh: "调解",
            en: "session",
            fields: &[
                Field::new("kind", "方式", "kind", T::Code(C::SessionKind)),
                Field::new("at", "时间", "time", T::Instant),
                Field::new("place", "地点", "place", T::Line(200)),
                Field::new("present", "到场人", "present", T::Line(400)),
                Field::new("record", "调解记录", "record", T::Narrative(8_000)),
                Field::new("outcome", "结果", "outcome", T::Code(C::SessionOutcome)),
            ],
        },
        Collection {
            key: "bars",
            zh: "不得治安调解的情形",
            en: "bar to police mediation",
            fields: &[Field::new("present", "有此情形", "present", T::Bool)],
        },
        Collection {
            key: "steps",
            zh: "环节",
            en: "step",
            fields: &[
                Field::new("to", "进入", "to", T::DisputeState),
                Field::new("at", "时间", "time", T::Instant),
                Field::new("reason", "理由", "reason", T::Narrative(500)),
                Field::new("officer", "民警", "officer", T::Officer),
                Field::new("officer_name", "民警姓名", "name of officer", T::Line(50)),
            ],
        },
    ],
};

pub(super) const MEDIATOR: Shape = Shape {
    kind: Kind::Mediator,
    version: 1,
    fields: &[
        Field::new("name", "姓名", "name", T::Line(50)),
        Field::new("kind", "类别", "mediator kind", T::Code(C::MediatorKind)),
        Field::new("skills", "专长", "skills", T::Line(200)),
        Field::new("languages", "语言", "languages", T::Line(100)),
        Field::new("areas", "负责区域", "areas", T::Line(200)),
        Field::new("phone", "电话", "phone", T::Phone).masked(),
        Field::new("available", "可指派", "available", T::Bool),
    ],
    collections: &[],
};
