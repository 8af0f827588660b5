//! Households, residents, addresses, search.

use super::{Foot, Masked, SaveState, ScalarJson, shape, words};

words! {
    /// Order of the household list.
    enum HouseholdOrder { Address, Head, LastVisit, Members }
    /// Order of the resident list.
    enum ResidentOrder { Name, Birth, Address }
    /// What a hit is.
    enum HitKind { Resident, Household, Address, Dispute, Patrol, Mediator }
    /// How the words of a query matched.
    enum MatchedBy { Name, Pinyin, Initials, IdTail, PhoneTail, Address, Plate, Number, Text }
}

shape! {
    /// A page of households.
    struct HouseholdListRequest {
        /// Only this cell.
        cell: Option<String>,
        /// Only this village code.
        village: Option<String>,
        /// Only this kind.
        kind: Option<String>,
        /// Not visited since this day (never visited included).
        not_visited_since_on: Option<String>,
        /// Order.
        order: HouseholdOrder,
        /// Where the page begins.
        after: Option<String>,
        /// Rows, at most 200.
        limit: u32,
    }
    /// A household in a list.
    struct HouseholdRow {
        /// Id.
        document: String,
        /// Name of the head.
        head_name: Option<String>,
        /// Address, the part below the village.
        address: String,
        /// Village name.
        village: Option<String>,
        /// Kind code.
        kind: Option<String>,
        /// People living there now.
        members: u32,
        /// Last visit.
        visited_at: Option<i64>,
        /// Open conflicts.
        conflicts: u32,
        /// Missing items (no phone, no head, member without ID number).
        missing: u32,
        /// Where its newest change is.
        state: SaveState,
    }
    /// A household's page.
    struct HouseholdPage {
        /// Id.
        document: String,
        /// Heads to send back on save.
        heads: Vec<String>,
        /// Cell code.
        cell: String,
        /// Cell name.
        cell_name: Option<String>,
        /// Head's name.
        head_name: Option<String>,
        /// Household number.
        number: Option<String>,
        /// Kind code.
        kind: Option<String>,
        /// Phone.
        phone: Masked,
        /// Notes.
        notes: Option<String>,
        /// Address id.
        address: Option<String>,
        /// The way down the address tree, outermost first.
        address_path: Vec<String>,
        /// Plate code.
        plate_code: Option<String>,
        /// Next visit.
        next_visit_on: Option<String>,
        /// Members living there now, head first.
        members: Vec<Member>,
        /// Visits, newest first, at most 20.
        visits: Vec<VisitBrief>,
        /// All visits.
        visit_count: u32,
        /// Linked disputes (a party lives here).
        disputes: Vec<DisputeBrief>,
        /// Keys in conflict.
        conflicts: Vec<String>,
        /// What is missing: keys, for a member `resident:<id>:<key>`.
        missing: Vec<String>,
        /// Foot.
        foot: Foot,
    }
    /// A member.
    struct Member {
        /// Residence id.
        residence: String,
        /// Resident id.
        resident: String,
        /// Name.
        name: String,
        /// Relation code.
        relation: Option<String>,
        /// Sex code.
        sex: Option<String>,
        /// Birth date.
        birth_on: Option<String>,
        /// Age in years today.
        age: Option<u32>,
        /// ID number.
        id_number: Masked,
        /// Phone.
        phone: Masked,
        /// Resident kind code.
        kind: Option<String>,
        /// Lives there since.
        from_on: Option<String>,
    }
    /// A visit, short.
    struct VisitBrief {
        /// Id.
        document: String,
        /// When.
        at: i64,
        /// Kind code.
        kind: Option<String>,
        /// Officers.
        officers: Vec<String>,
        /// Notes.
        notes: Option<String>,
        /// State.
        state: SaveState,
    }
    /// A dispute, short.
    struct DisputeBrief {
        /// Id.
        document: String,
        /// Number.
        number: Option<String>,
        /// Title.
        title: String,
        /// State code.
        state: String,
        /// Grade code.
        grade: Option<String>,
        /// When it was found or accepted.
        at: Option<i64>,
    }
    /// A page of residents.
    struct ResidentListRequest {
        /// Only this cell.
        cell: Option<String>,
        /// Only this village code.
        village: Option<String>,
        /// Only this kind.
        kind: Option<String>,
        /// Order.
        order: ResidentOrder,
        /// Where the page begins.
        after: Option<String>,
        /// Rows, at most 200.
        limit: u32,
    }
    /// A resident in a list.
    struct ResidentRow {
        /// Id.
        document: String,
        /// Name.
        name: String,
        /// Sex code.
        sex: Option<String>,
        /// Age today.
        age: Option<u32>,
        /// ID number, masked.
        id_number: Option<String>,
        /// Phone, masked.
        phone: Option<String>,
        /// Address of the main residence.
        address: Option<String>,
        /// Household of the main residence.
        household: Option<String>,
        /// Kind code.
        kind: Option<String>,
        /// Open conflicts.
        conflicts: u32,
        /// Where its newest change is.
        state: SaveState,
    }
    /// A resident's page.
    struct ResidentPage {
        /// Id.
        document: String,
        /// Heads to send back on save.
        heads: Vec<String>,
        /// Cell code.
        cell: String,
        /// Plain fields by key (masked ones left out).
        fields: Vec<FieldValue>,
        /// Masked fields.
        masked: Vec<Masked>,
        /// Name.
        name: String,
        /// Age today.
        age: Option<u32>,
        /// Where the person lives and lived, newest first.
        residences: Vec<ResidenceRow>,
        /// Disputes the person is a party of: rows, no score.
        disputes: Vec<DisputeBrief>,
        /// Keys in conflict.
        conflicts: Vec<String>,
        /// Foot.
        foot: Foot,
    }
    /// A plain field.
    struct FieldValue {
        /// Key.
        key: String,
        /// Value.
        value: ScalarJson,
    }
    /// A residence.
    struct ResidenceRow {
        /// Residence id.
        residence: String,
        /// Heads of the residence.
        heads: Vec<String>,
        /// Household id.
        household: String,
        /// Head's name.
        head_name: Option<String>,
        /// Address.
        address: Option<String>,
        /// Relation code.
        relation: Option<String>,
        /// From.
        from_on: Option<String>,
        /// To.
        to_on: Option<String>,
    }
    /// Creates a household with its address, and its first members if given, in one act.
    struct HouseholdCreateRequest {
        /// Cell code.
        cell: String,
        /// Village code.
        village: String,
        /// Address below the village, e.g. `3 组 27 号`.
        address: String,
        /// Fields of the household.
        fields: super::Fields,
        /// The head, as a new resident; fields of the resident.
        head: Option<super::Fields>,
    }
    /// Adds a person to a household: a new one, or one already known (who moves, in one act).
    struct MemberAddRequest {
        /// Household.
        household: String,
        /// A known resident.
        resident: Option<String>,
        /// Fields of a new resident.
        fields: Option<super::Fields>,
        /// Relation code.
        relation: String,
        /// From.
        from_on: String,
    }
    /// Ends a residence (moved away, died): one write.
    struct MemberLeaveRequest {
        /// Residence.
        residence: String,
        /// Last day.
        to_on: String,
    }
    /// One box: names, pinyin, initials, tails of numbers, addresses, dispute titles.
    struct SearchRequest {
        /// What was typed.
        query: String,
        /// Hits of each kind, at most 50.
        limit: u32,
    }
    /// Hits of one kind.
    struct HitGroup {
        /// Kind.
        kind: HitKind,
        /// Hits.
        hits: Vec<Hit>,
        /// There are more.
        more: bool,
    }
    /// A hit.
    struct Hit {
        /// Record to open.
        document: String,
        /// Household the person lives in, for a resident.
        household: Option<String>,
        /// First line.
        title: String,
        /// Second line (address, masked number).
        detail: String,
        /// What matched.
        matched: MatchedBy,
    }
    /// Everything found.
    struct SearchResult {
        /// Groups, best first.
        groups: Vec<HitGroup>,
    }
}
