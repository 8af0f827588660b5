//! Disputes (矛盾纠纷) and mediators (调解员).

use super::{FieldsView, Foot, Masked, SaveState, shape, words};

words! {
    /// Which disputes a list shows.
    enum DisputeFilter { Open, Closed }
    /// Order of the list.
    enum DisputeOrder { Due, Newest, Grade }
    /// Who set a clock.
    enum SetBy { Law, Station }
    /// How a clock stands.
    enum ClockState {
        /// What starts it has not happened.
        NotStarted,
        /// It runs.
        Running,
        /// It ends today.
        DueToday,
        /// Its end has passed.
        Overdue,
        /// Met in time.
        Met,
        /// Met after its end.
        MetLate,
        /// A right that was not used has ended.
        Lapsed,
        /// The dispute left before it ended.
        Stopped,
    }
    /// What a clock's length is counted in.
    enum ClockUnit { Hour, Day, WorkingDay, Month, Year }
}

shape! {
    /// A page of disputes.
    struct DisputeListRequest {
        /// Open or closed.
        filter: DisputeFilter,
        /// Order.
        order: DisputeOrder,
        /// Only this cell.
        cell: Option<String>,
        /// Where the page begins.
        after: Option<String>,
        /// Rows, at most 200.
        limit: u32,
    }
    /// A dispute in a list.
    struct DisputeRow {
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
        /// The clock that ends first.
        clock: Option<Clock>,
        /// Found or accepted.
        at: Option<i64>,
        /// Open conflicts.
        conflicts: u32,
        /// Where its newest change is.
        saved: SaveState,
    }
    /// A legal or station clock.
    struct Clock {
        /// Row of `law/clocks.csv`, or `grade_settle`.
        id: String,
        /// Matter, official Chinese term.
        matter_zh: String,
        /// Who set it.
        set_by: SetBy,
        /// Article or station rule.
        article_zh: String,
        /// How long it runs.
        length: u32,
        /// Counted in.
        unit: ClockUnit,
        /// Day it started.
        starts_on: Option<String>,
        /// Day it ends.
        due_on: Option<String>,
        /// Days left, negative when over.
        days_left: Option<i64>,
        /// How it stands.
        state: ClockState,
    }
    /// A step of the case's life.
    struct StepMark {
        /// State code.
        state: String,
        /// Day it was reached.
        at: Option<i64>,
        /// Reached.
        reached: bool,
        /// Current.
        current: bool,
        /// May be left out (judicial confirmation).
        optional: bool,
    }
    /// A step that could be taken next.
    struct NextStep {
        /// State code.
        to: String,
        /// Every reason why not; may be taken when empty.
        why_not: Vec<String>,
        /// A reason has to be given.
        needs_reason: bool,
    }
    /// A party.
    struct Party {
        /// Item id.
        item: String,
        /// Role code.
        role: Option<String>,
        /// Name.
        name: String,
        /// Resident.
        resident: Option<String>,
        /// Phone.
        phone: Masked,
        /// Sex code, where a resident.
        sex: Option<String>,
        /// Age, where a resident.
        age: Option<u32>,
        /// Address, where a resident.
        address: Option<String>,
        /// Guardian, for a minor.
        guardian: Option<String>,
        /// Under 18: a guardian must be called.
        minor: bool,
    }
    /// A mediator of the case.
    struct CaseMediator {
        /// Item id.
        item: String,
        /// Mediator.
        mediator: Option<String>,
        /// Name.
        name: String,
        /// Kind code.
        kind: Option<String>,
        /// Hosts.
        host: bool,
        /// Reasons, as codes with arguments.
        reasons: Vec<Reason>,
    }
    /// A reason: code and arguments for its message.
    struct Reason {
        /// Code.
        code: String,
        /// Speaks for it.
        good: bool,
        /// Arguments.
        args: std::collections::BTreeMap<String, String>,
    }
    /// A mediation session.
    struct Session {
        /// Item id.
        item: String,
        /// Kind code.
        kind: Option<String>,
        /// When.
        at: Option<i64>,
        /// Where.
        place: Option<String>,
        /// Who was there.
        present: Option<String>,
        /// Record.
        record: Option<String>,
        /// Outcome code.
        outcome: Option<String>,
        /// Where it is saved.
        saved: SaveState,
    }
    /// One line of the timeline.
    struct TimelineRow {
        /// When.
        at: i64,
        /// `step` or `session`.
        kind: String,
        /// State or session kind code.
        code: String,
        /// Who.
        officer: Option<String>,
        /// Text.
        text: Option<String>,
        /// Outcome code, of a session.
        outcome: Option<String>,
    }
    /// A dispute's page.
    struct DisputePage {
        /// Id.
        document: String,
        /// Heads.
        heads: Vec<String>,
        /// Plain fields by key.
        fields: FieldsView,
        /// State code.
        state: String,
        /// The twelve steps.
        steps: Vec<StepMark>,
        /// Clocks.
        clocks: Vec<Clock>,
        /// What can come next.
        next: Vec<NextStep>,
        /// Parties.
        parties: Vec<Party>,
        /// Mediators.
        mediators: Vec<CaseMediator>,
        /// Sessions, oldest first.
        sessions: Vec<Session>,
        /// Timeline, oldest first.
        timeline: Vec<TimelineRow>,
        /// Keys in conflict.
        conflicts: Vec<String>,
        /// Foot.
        foot: Foot,
    }
    /// Takes the case one step on.
    struct DisputeStepRequest {
        /// Dispute.
        document: String,
        /// Heads.
        heads: Vec<String>,
        /// State code to go to.
        to: String,
        /// Why, where needed.
        reason: Option<String>,
    }
    /// Asks who could mediate.
    struct MediatorSuggestRequest {
        /// Dispute.
        document: String,
    }
    /// A mediator, with reasons for and against this case. An order, no score.
    struct MediatorRow {
        /// Id.
        document: String,
        /// Heads.
        heads: Vec<String>,
        /// Name.
        name: String,
        /// Kind code.
        kind: Option<String>,
        /// Skills.
        skills: Option<String>,
        /// Areas.
        areas: Option<String>,
        /// Open cases.
        open_cases: u32,
        /// Agreed cases.
        agreed: u32,
        /// Concluded cases.
        concluded: u32,
        /// May be assigned.
        available: bool,
        /// Reasons, when asked for a case.
        reasons: Vec<Reason>,
    }
    /// Mediators.
    struct MediatorList {
        /// Rows.
        rows: Vec<MediatorRow>,
    }
}
