// Generated from crates/app by `cargo xtask gen`. Do not edit.

/** What a field may hold. `money` is whole fen, `instant` UTC milliseconds, `date` YYYY-MM-DD. */
export type FieldType =
  | 'line' | 'narrative' | 'int' | 'money' | 'bool' | 'date' | 'instant' | 'code' | 'dispute_state' | 'ref' | 'officer' | 'cell'
  | 'id_number' | 'phone';

export interface FieldView {
  key: string;
  zh: string;
  en: string;
  type: FieldType;
  /** Characters at most, for text. */
  max: number | null;
  /** Name of the code table, for a code. */
  table: string | null;
  /** Kind of the record, for a reference. */
  kind: string | null;
  /** Shown with stars until revealed. */
  masked: boolean;
}

export interface CollectionView { key: string; zh: string; en: string; fields: readonly FieldView[] }

export interface ShapeView { fields: readonly FieldView[]; collections: readonly CollectionView[] }

/** Fields and collections of every kind of record. */
export const shapes: Record<string, ShapeView> = {
  address: {
    fields: [
      { key: "cell", zh: "警务网格", en: "cell", type: 'cell', max: null, table: null, kind: null, masked: false },
      { key: "village", zh: "村（社区）代码", en: "village code", type: 'line', max: 12, table: null, kind: null, masked: false },
      { key: "kind", zh: "地址类别", en: "address kind", type: 'code', max: null, table: 'address_kind', kind: null, masked: false },
      { key: "name", zh: "名称", en: "name", type: 'line', max: 80, table: null, kind: null, masked: false },
      { key: "parent", zh: "上级地址", en: "parent", type: 'ref', max: null, table: null, kind: 'address', masked: false },
      { key: "plate_code", zh: "门牌编码", en: "plate code", type: 'line', max: 40, table: null, kind: null, masked: false },
      { key: "full", zh: "详细地址", en: "full address", type: 'line', max: 200, table: null, kind: null, masked: false },
      { key: "lon_e7", zh: "经度", en: "longitude × 10⁷", type: 'int', max: null, table: null, kind: null, masked: false },
      { key: "lat_e7", zh: "纬度", en: "latitude × 10⁷", type: 'int', max: null, table: null, kind: null, masked: false },
    ],
    collections: [
    ],
  },
  household: {
    fields: [
      { key: "cell", zh: "警务网格", en: "cell", type: 'cell', max: null, table: null, kind: null, masked: false },
      { key: "address", zh: "地址", en: "address", type: 'ref', max: null, table: null, kind: 'address', masked: false },
      { key: "address_text", zh: "地址文本", en: "address in words", type: 'line', max: 200, table: null, kind: null, masked: false },
      { key: "number", zh: "户号", en: "household number", type: 'line', max: 40, table: null, kind: null, masked: false },
      { key: "head", zh: "户主", en: "head", type: 'ref', max: null, table: null, kind: 'resident', masked: false },
      { key: "head_name", zh: "户主姓名", en: "name of head", type: 'line', max: 50, table: null, kind: null, masked: false },
      { key: "kind", zh: "户类别", en: "household kind", type: 'code', max: null, table: 'household_kind', kind: null, masked: false },
      { key: "phone", zh: "联系电话", en: "phone", type: 'phone', max: 40, table: null, kind: null, masked: true },
      { key: "next_visit_on", zh: "下次走访", en: "next visit", type: 'date', max: null, table: null, kind: null, masked: false },
      { key: "notes", zh: "备注", en: "notes", type: 'narrative', max: 2000, table: null, kind: null, masked: false },
    ],
    collections: [
    ],
  },
  resident: {
    fields: [
      { key: "cell", zh: "警务网格", en: "cell", type: 'cell', max: null, table: null, kind: null, masked: false },
      { key: "name", zh: "姓名", en: "name", type: 'line', max: 50, table: null, kind: null, masked: false },
      { key: "former_name", zh: "曾用名", en: "former name", type: 'line', max: 50, table: null, kind: null, masked: false },
      { key: "sex", zh: "性别", en: "sex", type: 'code', max: null, table: 'sex', kind: null, masked: false },
      { key: "birth_on", zh: "出生日期", en: "birth date", type: 'date', max: null, table: null, kind: null, masked: false },
      { key: "id_kind", zh: "证件种类", en: "ID document", type: 'code', max: null, table: 'id_document', kind: null, masked: false },
      { key: "id_number", zh: "证件号码", en: "ID number", type: 'id_number', max: 40, table: null, kind: null, masked: true },
      { key: "ethnic", zh: "民族", en: "ethnic group", type: 'code', max: null, table: 'ethnic', kind: null, masked: false },
      { key: "phone", zh: "手机", en: "phone", type: 'phone', max: 40, table: null, kind: null, masked: true },
      { key: "education", zh: "文化程度", en: "education", type: 'code', max: null, table: 'education', kind: null, masked: false },
      { key: "marital", zh: "婚姻状况", en: "marital status", type: 'code', max: null, table: 'marital', kind: null, masked: false },
      { key: "employer", zh: "服务处所", en: "employer", type: 'line', max: 100, table: null, kind: null, masked: false },
      { key: "registered_address", zh: "户籍地址", en: "registered address", type: 'line', max: 200, table: null, kind: null, masked: false },
      { key: "kind", zh: "人员类别", en: "resident kind", type: 'code', max: null, table: 'resident_kind', kind: null, masked: false },
      { key: "registered_on", zh: "登记日期", en: "registered on", type: 'date', max: null, table: null, kind: null, masked: false },
      { key: "permit_until_on", zh: "居住证有效期至", en: "permit valid until", type: 'date', max: null, table: null, kind: null, masked: false },
      { key: "notes", zh: "备注", en: "notes", type: 'narrative', max: 2000, table: null, kind: null, masked: false },
    ],
    collections: [
    ],
  },
  residence: {
    fields: [
      { key: "cell", zh: "警务网格", en: "cell", type: 'cell', max: null, table: null, kind: null, masked: false },
      { key: "resident", zh: "居民", en: "resident", type: 'ref', max: null, table: null, kind: 'resident', masked: false },
      { key: "resident_name", zh: "居民姓名", en: "name of resident", type: 'line', max: 50, table: null, kind: null, masked: false },
      { key: "household", zh: "住户", en: "household", type: 'ref', max: null, table: null, kind: 'household', masked: false },
      { key: "relation", zh: "与户主关系", en: "relation to head", type: 'code', max: null, table: 'relation', kind: null, masked: false },
      { key: "from_on", zh: "居住起", en: "from", type: 'date', max: null, table: null, kind: null, masked: false },
      { key: "to_on", zh: "居住止", en: "to", type: 'date', max: null, table: null, kind: null, masked: false },
    ],
    collections: [
    ],
  },
  visit: {
    fields: [
      { key: "cell", zh: "警务网格", en: "cell", type: 'cell', max: null, table: null, kind: null, masked: false },
      { key: "kind", zh: "走访类别", en: "visit kind", type: 'code', max: null, table: 'visit_kind', kind: null, masked: false },
      { key: "household", zh: "住户", en: "household", type: 'ref', max: null, table: null, kind: 'household', masked: false },
      { key: "place", zh: "地点", en: "place", type: 'line', max: 200, table: null, kind: null, masked: false },
      { key: "at", zh: "走访时间", en: "time of visit", type: 'instant', max: null, table: null, kind: null, masked: false },
      { key: "notes", zh: "走访记事", en: "notes", type: 'narrative', max: 4000, table: null, kind: null, masked: false },
      { key: "wishes", zh: "诉求", en: "wishes", type: 'narrative', max: 2000, table: null, kind: null, masked: false },
      { key: "findings", zh: "发现", en: "findings", type: 'narrative', max: 2000, table: null, kind: null, masked: false },
      { key: "next_on", zh: "下次走访", en: "next visit", type: 'date', max: null, table: null, kind: null, masked: false },
    ],
    collections: [
      {
        key: "officers", zh: "民警", en: "officer",
        fields: [
          { key: "name", zh: "姓名", en: "name", type: 'line', max: 50, table: null, kind: null, masked: false },
        ],
      },
    ],
  },
  patrol: {
    fields: [
      { key: "cell", zh: "警务网格", en: "keeper's cell", type: 'cell', max: null, table: null, kind: null, masked: false },
      { key: "mode", zh: "巡逻方式", en: "mode", type: 'code', max: null, table: 'patrol_mode', kind: null, masked: false },
      { key: "start_at", zh: "开始时间", en: "start", type: 'instant', max: null, table: null, kind: null, masked: false },
      { key: "end_at", zh: "结束时间", en: "end", type: 'instant', max: null, table: null, kind: null, masked: false },
      { key: "route", zh: "路线", en: "route", type: 'line', max: 400, table: null, kind: null, masked: false },
      { key: "people_checked", zh: "查看人员", en: "people checked", type: 'int', max: null, table: null, kind: null, masked: false },
      { key: "vehicles_checked", zh: "查看车辆", en: "vehicles checked", type: 'int', max: null, table: null, kind: null, masked: false },
      { key: "sites_checked", zh: "查看场所", en: "sites checked", type: 'int', max: null, table: null, kind: null, masked: false },
      { key: "dissuaded", zh: "劝导", en: "people dissuaded", type: 'int', max: null, table: null, kind: null, masked: false },
      { key: "notes", zh: "记事", en: "notes", type: 'narrative', max: 4000, table: null, kind: null, masked: false },
    ],
    collections: [
      {
        key: "crew", zh: "人员", en: "crew",
        fields: [
          { key: "name", zh: "姓名", en: "name", type: 'line', max: 50, table: null, kind: null, masked: false },
          { key: "kind", zh: "身份", en: "crew kind", type: 'code', max: null, table: 'crew_kind', kind: null, masked: false },
          { key: "officer", zh: "民警", en: "officer", type: 'officer', max: null, table: null, kind: null, masked: false },
        ],
      },
      {
        key: "cells", zh: "网格", en: "cell",
        fields: [
          { key: "present", zh: "到过", en: "was there", type: 'bool', max: null, table: null, kind: null, masked: false },
        ],
      },
      {
        key: "findings", zh: "发现", en: "finding",
        fields: [
          { key: "what", zh: "什么", en: "what", type: 'line', max: 200, table: null, kind: null, masked: false },
          { key: "place", zh: "在哪", en: "where", type: 'line', max: 200, table: null, kind: null, masked: false },
          { key: "hazard", zh: "转隐患", en: "becomes a hazard", type: 'bool', max: null, table: null, kind: null, masked: false },
          { key: "due_on", zh: "期限", en: "due", type: 'date', max: null, table: null, kind: null, masked: false },
        ],
      },
    ],
  },
  dispute: {
    fields: [
      { key: "cell", zh: "警务网格", en: "cell", type: 'cell', max: null, table: null, kind: null, masked: false },
      { key: "number", zh: "编号", en: "number", type: 'line', max: 40, table: null, kind: null, masked: false },
      { key: "title", zh: "事由", en: "title", type: 'line', max: 120, table: null, kind: null, masked: false },
      { key: "category", zh: "纠纷类别", en: "category", type: 'code', max: null, table: 'dispute_category', kind: null, masked: false },
      { key: "source", zh: "纠纷来源", en: "source", type: 'code', max: null, table: 'dispute_source', kind: null, masked: false },
      { key: "scale", zh: "事件规模", en: "scale", type: 'code', max: null, table: 'dispute_scale', kind: null, masked: false },
      { key: "grade", zh: "级别", en: "grade", type: 'code', max: null, table: 'dispute_grade', kind: null, masked: false },
      { key: "grade_reason", zh: "定级理由", en: "reason for the grade", type: 'narrative', max: 500, table: null, kind: null, masked: false },
      { key: "tier", zh: "调解层级", en: "tier", type: 'code', max: null, table: 'dispute_tier', kind: null, masked: false },
      { key: "state", zh: "环节", en: "state", type: 'dispute_state', max: null, table: null, kind: null, masked: false },
      { key: "place", zh: "地点", en: "place", type: 'line', max: 200, table: null, kind: null, masked: false },
      { key: "address", zh: "地址", en: "address", type: 'ref', max: null, table: null, kind: 'address', masked: false },
      { key: "people_count", zh: "涉及人数", en: "people involved", type: 'int', max: null, table: null, kind: null, masked: false },
      { key: "police_mediation", zh: "治安调解", en: "police mediation", type: 'bool', max: null, table: null, kind: null, masked: false },
      { key: "facts", zh: "纠纷事实", en: "facts", type: 'narrative', max: 8000, table: null, kind: null, masked: false },
      { key: "demands", zh: "当事人诉求", en: "demands", type: 'narrative', max: 4000, table: null, kind: null, masked: false },
      { key: "money_at_stake_fen", zh: "涉及金额", en: "money at stake", type: 'money', max: null, table: null, kind: null, masked: false },
      { key: "money_settled_fen", zh: "协议金额", en: "money settled", type: 'money', max: null, table: null, kind: null, masked: false },
      { key: "found_at", zh: "发现时间", en: "found", type: 'instant', max: null, table: null, kind: null, masked: false },
      { key: "accepted_at", zh: "受理时间", en: "accepted", type: 'instant', max: null, table: null, kind: null, masked: false },
      { key: "concluded_at", zh: "办结时间", en: "concluded", type: 'instant', max: null, table: null, kind: null, masked: false },
      { key: "agreement_form", zh: "协议形式", en: "form of agreement", type: 'code', max: null, table: 'agreement_form', kind: null, masked: false },
      { key: "agreement_terms", zh: "协议内容", en: "terms", type: 'narrative', max: 8000, table: null, kind: null, masked: false },
      { key: "agreement_on", zh: "协议生效日期", en: "agreement in force", type: 'date', max: null, table: null, kind: null, masked: false },
      { key: "perform_by_on", zh: "履行期限", en: "perform by", type: 'date', max: null, table: null, kind: null, masked: false },
      { key: "performed_on", zh: "履行日期", en: "performed", type: 'date', max: null, table: null, kind: null, masked: false },
      { key: "confirmation_court", zh: "确认法院", en: "court of confirmation", type: 'line', max: 80, table: null, kind: null, masked: false },
      { key: "confirmation_filed_on", zh: "申请司法确认日期", en: "confirmation filed", type: 'date', max: null, table: null, kind: null, masked: false },
      { key: "confirmation_ruled_on", zh: "司法确认日期", en: "confirmation ruled", type: 'date', max: null, table: null, kind: null, masked: false },
      { key: "revisit_on", zh: "约定回访日期", en: "revisit on", type: 'date', max: null, table: null, kind: null, masked: false },
      { key: "revisited_on", zh: "回访日期", en: "revisited", type: 'date', max: null, table: null, kind: null, masked: false },
      { key: "revisit_notes", zh: "回访情况", en: "notes of the revisit", type: 'narrative', max: 2000, table: null, kind: null, masked: false },
      { key: "rating", zh: "当事人评价", en: "rating by the parties", type: 'line', max: 200, table: null, kind: null, masked: false },
      { key: "receiver", zh: "接收单位", en: "receiver", type: 'line', max: 120, table: null, kind: null, masked: false },
    ],
    collections: [
      {
        key: "officers", zh: "民警", en: "officer",
        fields: [
          { key: "name", zh: "姓名", en: "name", type: 'line', max: 50, table: null, kind: null, masked: false },
        ],
      },
      {
        key: "parties", zh: "当事人", en: "party",
        fields: [
          { key: "role", zh: "地位", en: "role", type: 'code', max: null, table: 'party_role', kind: null, masked: false },
          { key: "name", zh: "姓名或名称", en: "name", type: 'line', max: 80, table: null, kind: null, masked: false },
          { key: "resident", zh: "居民", en: "resident", type: 'ref', max: null, table: null, kind: 'resident', masked: false },
          { key: "phone", zh: "电话", en: "phone", type: 'phone', max: 40, table: null, kind: null, masked: true },
          { key: "proxy", zh: "代理人", en: "proxy", type: 'line', max: 80, table: null, kind: null, masked: false },
          { key: "guardian", zh: "监护人", en: "guardian", type: 'line', max: 80, table: null, kind: null, masked: false },
        ],
      },
      {
        key: "mediators", zh: "调解员", en: "mediator",
        fields: [
          { key: "mediator", zh: "调解员", en: "mediator", type: 'ref', max: null, table: null, kind: 'mediator', masked: false },
          { key: "name", zh: "姓名", en: "name", type: 'line', max: 50, table: null, kind: null, masked: false },
          { key: "host", zh: "主持", en: "hosts", type: 'bool', max: null, table: null, kind: null, masked: false },
        ],
      },
      {
        key: "sessions", zh: "调解", en: "session",
        fields: [
          { key: "kind", zh: "方式", en: "kind", type: 'code', max: null, table: 'session_kind', kind: null, masked: false },
          { key: "at", zh: "时间", en: "time", type: 'instant', max: null, table: null, kind: null, masked: false },
          { key: "place", zh: "地点", en: "place", type: 'line', max: 200, table: null, kind: null, masked: false },
          { key: "present", zh: "到场人", en: "present", type: 'line', max: 400, table: null, kind: null, masked: false },
          { key: "record", zh: "调解记录", en: "record", type: 'narrative', max: 8000, table: null, kind: null, masked: false },
          { key: "outcome", zh: "结果", en: "outcome", type: 'code', max: null, table: 'session_outcome', kind: null, masked: false },
        ],
      },
      {
        key: "bars", zh: "不得治安调解的情形", en: "bar to police mediation",
        fields: [
          { key: "present", zh: "有此情形", en: "present", type: 'bool', max: null, table: null, kind: null, masked: false },
        ],
      },
      {
        key: "steps", zh: "环节", en: "step",
        fields: [
          { key: "to", zh: "进入", en: "to", type: 'dispute_state', max: null, table: null, kind: null, masked: false },
          { key: "at", zh: "时间", en: "time", type: 'instant', max: null, table: null, kind: null, masked: false },
          { key: "reason", zh: "理由", en: "reason", type: 'narrative', max: 500, table: null, kind: null, masked: false },
          { key: "officer", zh: "民警", en: "officer", type: 'officer', max: null, table: null, kind: null, masked: false },
          { key: "officer_name", zh: "民警姓名", en: "name of officer", type: 'line', max: 50, table: null, kind: null, masked: false },
        ],
      },
    ],
  },
  mediator: {
    fields: [
      { key: "name", zh: "姓名", en: "name", type: 'line', max: 50, table: null, kind: null, masked: false },
      { key: "kind", zh: "类别", en: "mediator kind", type: 'code', max: null, table: 'mediator_kind', kind: null, masked: false },
      { key: "skills", zh: "专长", en: "skills", type: 'line', max: 200, table: null, kind: null, masked: false },
      { key: "languages", zh: "语言", en: "languages", type: 'line', max: 100, table: null, kind: null, masked: false },
      { key: "areas", zh: "负责区域", en: "areas", type: 'line', max: 200, table: null, kind: null, masked: false },
      { key: "phone", zh: "电话", en: "phone", type: 'phone', max: 40, table: null, kind: null, masked: true },
      { key: "available", zh: "可指派", en: "available", type: 'bool', max: null, table: null, kind: null, masked: false },
    ],
    collections: [
    ],
  },
};
