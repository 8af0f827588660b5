// Generated from crates/app by `cargo xtask gen`. Do not edit.

/** About this app. */
export type About = {
/** Version. */
version: string,
/** SQLite. */
sqlite: string,
/** SQLCipher. */
sqlcipher: string,
/** Where the data is. */
data_folder: string,
/** Size of the database. */
database_bytes: number,
/** Entries. */
entries: number, };

/** Names an act. */
export type ActRequest = {
/** Act. */
act: string, };

/** An amount: a count, minutes, or a rate with both its numbers. */
export type AmountView = {
/** Count, minutes or numerator. */
value: number,
/** Denominator of a rate. */
of: number | null, };

/** A page of the audit, newest first. */
export type AuditListRequest = {
/** Where the page begins. */
after: string | null,
/** Rows, at most 200. */
limit: number, };

/** One audit row. */
export type AuditRow = {
/** Number in the chain. */
number: number,
/** When. */
at: number,
/** Who. */
officer: string,
/** `write`, `read`, `reveal`, `search`, `export`, `unlock`, `backup`, `restore`, `import`. */
action: string,
/** Record. */
document: string | null,
/** Key, for a reveal. */
key: string | null,
/** Reason, for a reveal. */
reason: string | null, };

/** A backup made. */
export type BackupMade = {
/** Where. */
path: string,
/** Size. */
bytes: number,
/** Entries in it. */
entries: number,
/** Made. */
at: number, };

/** Makes a backup: the encrypted file with its key wraps, verified by reading it back. */
export type BackupMakeRequest = {
/** Folder to write into; the data folder's `backups` when absent. */
folder: string | null, };

/** Restores a backup as a new replica; the old one stays beside it, untouched. */
export type BackupRestoreRequest = {
/** Path of the backup on this laptop. */
path: string,
/** Passphrase it was made under. */
passphrase: string, };

/** One line of a breakdown. */
export type BreakdownRow = {
/** Cell or village code. */
code: string,
/** Name. */
name: string,
/** Amount by figure key, this week. */
now: { [key in string]: AmountView },
/** The week before. */
week_before: { [key in string]: AmountView }, };

/** What came back. */
export type BundleAnswer = {
/** When it was taken here. */
at: number,
/** Entries the station received. */
received: number,
/** Of these, entries it set aside. */
set_aside: number,
/** Entries fetched. */
fetched: number,
/** Code of what the station could not take. */
fault: string | null, };

/** Bundles of this laptop, newest first. */
export type BundleList = {
/** Rows. */
rows: Array<BundleRow>,
/** The station was restored and asks for something: another bundle takes it there. */
station_asks: boolean, };

/** One bundle. */
export type BundleRow = {
/** Its id. */
bundle: string,
/** When it was written. */
at: number,
/** Label of the medium. */
medium: string,
/** Name of the file. */
file: string,
/** Entries in it. */
entries: number,
/** Its size. */
bytes: number,
/** What came back, once it has. */
answer: BundleAnswer | null, };

/** Takes the station's answers: one file, or all on a medium that this laptop waits for. */
export type BundleTakeRequest = {
/** The file, or the top folder of a registered medium. */
path: string, };

/** Writes a bundle: everything the station has not receipted, sealed to the station. */
export type BundleWriteRequest = {
/** Top folder of a registered medium. */
folder: string, };

/** A bundle was written. */
export type BundleWritten = {
/** The file. */
path: string,
/** Label of the medium. */
medium: string,
/** Entries in it. */
entries: number,
/** Its size. */
bytes: number, };

/** A mediator of the case. */
export type CaseMediator = {
/** Item id. */
item: string,
/** Mediator. */
mediator: string | null,
/** Name. */
name: string,
/** Kind code. */
kind: string | null,
/** Hosts. */
host: boolean,
/** Reasons, as codes with arguments. */
reasons: Array<Reason>, };

/** A cell. */
export type CellName = {
/** Code. */
code: string,
/** Name. */
name: string,
/** Villages in it. */
villages: Array<VillageName>, };

/** Changes the passphrase. */
export type ChangePassphraseRequest = {
/** The old one. */
old: string,
/** The new one, at least 8 characters. */
new: string, };

/** A legal or station clock. */
export type Clock = {
/** Row of `law/clocks.csv`, or `grade_settle`. */
id: string,
/** Matter, official Chinese term. */
matter_zh: string,
/** Who set it. */
set_by: SetBy,
/** Article or station rule. */
article_zh: string,
/** How long it runs. */
length: number,
/** Counted in. */
unit: ClockUnit,
/** Day it started. */
starts_on: string | null,
/** Day it ends. */
due_on: string | null,
/** Days left, negative when over. */
days_left: number | null,
/** How it stands. */
state: ClockState, };

/** How a clock stands. */
export type ClockState = "not_started" | "running" | "due_today" | "overdue" | "met" | "met_late" | "lapsed" | "stopped";

/** What a clock's length is counted in. */
export type ClockUnit = "hour" | "day" | "working_day" | "month" | "year";

/** One row of a code table. */
export type CodeRow = {
/** Code. */
code: string,
/** Chinese. */
zh: string,
/** English. */
en: string,
/** Parent code. */
parent: string | null, };

/** A code table. */
export type CodeTableView = {
/** Name, as in `domain::codes`. */
name: string,
/** Standard it follows, or `project`. */
standard: string,
/** Rows. */
rows: Array<CodeRow>, };

/** All code tables a form needs. */
export type CodeTables = {
/** Tables. */
tables: Array<CodeTableView>, };

/** The card of one record. */
export type ConflictCard = {
/** Record. */
document: string,
/** Kind. */
kind: string,
/** Name. */
title: string,
/** Heads to send back. */
heads: Array<string>,
/** Fields in conflict. */
fields: Array<ConflictField>,
/** Fields that merged by themselves since the branches parted. */
merged: Array<MergedField>, };

/** A field in conflict. */
export type ConflictField = {
/** Key. */
key: string,
/** What stood before both. */
before: ScalarJson,
/** The values; masked where the field is (each side shows which characters differ: `differs_at`). */
sides: Array<ConflictSide>,
/** Masked: own words have to be typed in full. */
masked: boolean, };

/** Open and settled. */
export type ConflictList = {
/** Records with open conflicts, newest first. */
open: Array<ConflictRow>,
/** Settled in the last 30 days. */
settled: Array<SettledRow>, };

/** A record with open conflicts. */
export type ConflictRow = {
/** Record. */
document: string,
/** Kind of the record. */
kind: string,
/** Its name. */
title: string,
/** Fields open. */
open: number,
/** Officers who wrote. */
officers: Array<string>,
/** When it was noticed here. */
noticed_at: number, };

/** One value. */
export type ConflictSide = {
/** The change that wrote it; names the value in a decision. */
change: string,
/** The value (masked form for masked fields, with the differing tail left readable). */
value: ScalarJson,
/** Who. */
officer: string,
/** When, device time. */
at: number,
/** Which laptop. */
laptop: string,
/** Where it is. */
state: SaveState, };

/** How the station is reached just now. */
export type Connectivity = "unknown" | "offline" | "busy" | "online";

/** A number of rows, counted apart from the page. */
export type Count = {
/** Rows the filter leaves. */
count: number, };

/** The unlocked replica. */
export type Current = {
/** The profile. */
profile: Profile,
/** Officer's id. */
officer_id: string,
/** Role. */
role: RoleName,
/** Cells the officer may see and write now. */
cells: Array<CellName>,
/** Officers of the station, for crews and filters. */
officers: Array<OfficerName>,
/** Directory version held. */
directory_version: number,
/** The first exchange with the station has happened. */
certified: boolean, };

/** What checking the data found. */
export type DataChecked = {
/** Entries read and compared with their hashes. */
entries: number,
/** Documents rebuilt. */
documents: number,
/** View rows compared. */
rows: number,
/** Differences found and mended. */
differences: number,
/** The database file's own check. */
integrity_ok: boolean, };

/** Settles fields of one record. One act, one change. */
export type DecideRequest = {
/** Record. */
document: string,
/** Heads of the card. */
heads: Array<string>,
/** Decisions. */
decisions: Array<Decision>, };

/** One field's decision: a side, or own words. */
export type Decision = {
/** Key. */
key: string,
/** Changes of all values that were on the card. */
named: Array<string>,
/** The side taken. */
take: string | null,
/** Own words. */
own: ScalarJson | null, };

/** A dispute, short. */
export type DisputeBrief = {
/** Id. */
document: string,
/** Number. */
number: string | null,
/** Title. */
title: string,
/** State code. */
state: string,
/** Grade code. */
grade: string | null,
/** When it was found or accepted. */
at: number | null, };

/** Which disputes a list shows. */
export type DisputeFilter = "open" | "closed";

/** A page of disputes. */
export type DisputeListRequest = {
/** Open or closed. */
filter: DisputeFilter,
/** Order. */
order: DisputeOrder,
/** Only this cell. */
cell: string | null,
/** Where the page begins. */
after: string | null,
/** Rows, at most 200. */
limit: number, };

/** Order of the list. */
export type DisputeOrder = "due" | "newest" | "grade";

/** A dispute's page. */
export type DisputePage = {
/** Id. */
document: string,
/** Heads. */
heads: Array<string>,
/** Plain fields by key. */
fields: { [key in string]: ScalarJson },
/** State code. */
state: string,
/** The twelve steps. */
steps: Array<StepMark>,
/** Clocks. */
clocks: Array<Clock>,
/** What can come next. */
next: Array<NextStep>,
/** Parties. */
parties: Array<Party>,
/** Mediators. */
mediators: Array<CaseMediator>,
/** Sessions, oldest first. */
sessions: Array<Session>,
/** Timeline, oldest first. */
timeline: Array<TimelineRow>,
/** Keys in conflict. */
conflicts: Array<string>,
/** Foot. */
foot: Foot, };

/** A dispute in a list. */
export type DisputeRow = {
/** Id. */
document: string,
/** Number. */
number: string | null,
/** Title. */
title: string,
/** State code. */
state: string,
/** Grade code. */
grade: string | null,
/** The clock that ends first. */
clock: Clock | null,
/** Found or accepted. */
at: number | null,
/** Open conflicts. */
conflicts: number,
/** Where its newest change is. */
saved: SaveState, };

/** Takes the case one step on. */
export type DisputeStepRequest = {
/** Dispute. */
document: string,
/** Heads. */
heads: Array<string>,
/** State code to go to. */
to: string,
/** Why, where needed. */
reason: string | null, };

/** A draft. */
export type Draft = {
/** The form as JSON text; absent when there is none. */
json: string | null,
/** When it was kept. */
at: number | null, };

/** Names a draft. */
export type DraftKey = {
/** E.g. `visit/new/<household>` or `dispute/<id>`. */
key: string, };

/** Keeps a draft. Encrypted like everything else; never leaves the laptop. */
export type DraftPut = {
/** Key. */
key: string,
/** The form as JSON text, at most 64 KiB. */
json: string, };

/** No arguments. */
export type Empty = Record<symbol, never>;

/** Enrols this laptop. Works with no network. */
export type EnrolRequest = {
/** The enrolment file. */
file_base64: string,
/** The code told separately. */
code: string,
/** The new passphrase, at least 8 characters. */
passphrase: string, };

/** Why a record is erased: a closed list, because the reason outlives the record. */
export type EraseReason = "person_asked" | "retention_over" | "no_ground" | "duplicate" | "mistaken" | "ordered";

/** Erased records this laptop heard of, newest first. */
export type ErasedList = {
/** Rows, at most 200. */
rows: Array<ErasedRow>, };

/** A tombstone. */
export type ErasedRow = {
/** The record's id: nothing else is left. */
document: string,
/** When, device time. */
at: number,
/** By whom. */
officer: string,
/** Why; absent for a code this version does not know. */
reason: EraseReason | null, };

/** What the user can do about an error. */
export type ErrorKind = "rejected" | "conflict" | "unavailable" | "defect";

/** Something that happened. */
export type Event = { "type": "changed",
/** Tags of what reads them. */
tags: Array<string>, } | { "type": "progress",
/** The job. */
job: string,
/** What it does just now. */
stage: string,
/** Done. */
done: number,
/** Of so many, when known. */
total: number | null,
/** How it stands. */
state: ProgressState, } | { "type": "sync",
/** How it stands. */
state: SyncEventState, } | { "type": "succeeded",
/** Entries that had not reached the station and go along. */
carried: number, } | { "type": "locked",
/** Why. */
reason: LockReason, };

/** A plain field. */
export type FieldValue = {
/** Key. */
key: string,
/** Value. */
value: ScalarJson, };

/** What a figure counts in. */
export type FigureUnit = "count" | "minutes" | "rate";

/** One figure. */
export type FigureView = {
/** Key: `households_visited`, `visits`, `patrols`, `patrol_minutes`, `disputes_opened`, `disputes_concluded`, `mediation_success`, `findings`. */
key: string,
/** What it counts in. */
unit: FigureUnit,
/** This week. */
now: AmountView,
/** The week before. */
week_before: AmountView,
/** The same week of the year before. */
year_before: AmountView, };

/** A file made for the user. */
export type FileMade = {
/** Name. */
name: string,
/** Where it was written. */
path: string,
/** Size. */
bytes: number,
/** Content for a browser to save; absent in the desktop app. */
content_base64: string | null, };

/** The foot of a record. */
export type Foot = {
/** Where the newest change is. */
state: SaveState,
/** Changes not yet at the station. */
unsent: number,
/** When it was last changed, device time of the laptop that did. */
last_at: number | null,
/** Who did. */
last_officer: string | null,
/** On which laptop. */
last_laptop: string | null,
/** The station's newest receipt over it. */
received_at: number | null,
/** How many changes the record has. */
history_count: number, };

/** One field a change set. Masked fields stay masked. */
export type HistoryField = {
/** The key. */
key: string,
/** The value, masked where the field is. */
value: ScalarJson, };

/** One row of a record's history. */
export type HistoryRow = {
/** The change. */
change: string,
/** Device time. */
at: number,
/** Who. */
officer: string,
/** Laptop. */
laptop: string,
/** Where this change is. */
state: SaveState,
/** It settled a conflict. */
decision: boolean,
/** What was set. */
sets: Array<HistoryField>, };

/** A hit. */
export type Hit = {
/** Record to open. */
document: string,
/** Household the person lives in, for a resident. */
household: string | null,
/** First line. */
title: string,
/** Second line (address, masked number). */
detail: string,
/** What matched. */
matched: MatchedBy, };

/** Hits of one kind. */
export type HitGroup = {
/** Kind. */
kind: HitKind,
/** Hits. */
hits: Array<Hit>,
/** There are more. */
more: boolean, };

/** What a hit is. */
export type HitKind = "resident" | "household" | "address" | "dispute" | "patrol" | "mediator";

/** Creates a household with its address, and its first members if given, in one act. */
export type HouseholdCreateRequest = {
/** Cell code. */
cell: string,
/** Village code. */
village: string,
/** Address below the village, e.g. `3 组 27 号`. */
address: string,
/** Fields of the household. */
fields: { [key in string]: ScalarJson },
/** The head, as a new resident; fields of the resident. */
head: { [key in string]: ScalarJson } | null, };

/** A page of households. */
export type HouseholdListRequest = {
/** Only this cell. */
cell: string | null,
/** Only this village code. */
village: string | null,
/** Only this kind. */
kind: string | null,
/** Not visited since this day (never visited included). */
not_visited_since_on: string | null,
/** Order. */
order: HouseholdOrder,
/** Where the page begins. */
after: string | null,
/** Rows, at most 200. */
limit: number, };

/** What a move would take along. */
export type HouseholdMovePreview = {
/** The household. */
household: string,
/** How lists call it. */
title: string,
/** Heads to send back with the move. */
heads: Array<string>,
/** The cell it is in. */
from_cell: string,
/** Its name. */
from_cell_name: string,
/** The cell it goes to. */
to_cell: string,
/** Its name. */
to_cell_name: string,
/** What goes, the household first, then address, people, residences, visits. */
goes: Array<MoveRecord>,
/** What stays. */
stays: Array<MoveStay>,
/** Entries of these records that the station does not have yet. */
unsent: number,
/** The officer holds the other cell too and goes on seeing the records. */
holds_target: boolean, };

/** Asks what a move to a cell would take along. */
export type HouseholdMovePreviewRequest = {
/** The household. */
household: string,
/** Code of the cell it goes to. */
to_cell: string, };

/** Moves a household and all that goes with it. One act. */
export type HouseholdMoveRequest = {
/** The household. */
household: string,
/** Code of the cell it goes to. */
to_cell: string,
/** Heads of the household the preview was made at. */
heads: Array<string>,
/** Why, 2 to 200 characters; kept in the audit of this laptop. */
reason: string, };

/** A household was moved. */
export type HouseholdMoved = {
/** The household. */
household: string,
/** Records that went. */
records: number,
/** It is still shown here. */
shown: boolean, };

/** Order of the household list. */
export type HouseholdOrder = "address" | "head" | "last_visit" | "members";

/** A household's page. */
export type HouseholdPage = {
/** Id. */
document: string,
/** Heads to send back on save. */
heads: Array<string>,
/** Cell code. */
cell: string,
/** Cell name. */
cell_name: string | null,
/** Head's name. */
head_name: string | null,
/** Household number. */
number: string | null,
/** Kind code. */
kind: string | null,
/** Phone. */
phone: Masked,
/** Notes. */
notes: string | null,
/** Address id. */
address: string | null,
/** The way down the address tree, outermost first. */
address_path: Array<string>,
/** Plate code. */
plate_code: string | null,
/** Next visit. */
next_visit_on: string | null,
/** Members living there now, head first. */
members: Array<Member>,
/** Visits, newest first, at most 20. */
visits: Array<VisitBrief>,
/** All visits. */
visit_count: number,
/** Linked disputes (a party lives here). */
disputes: Array<DisputeBrief>,
/** Keys in conflict. */
conflicts: Array<string>,
/** What is missing: keys, for a member `resident:<id>:<key>`. */
missing: Array<string>,
/** Foot. */
foot: Foot, };

/** A household in a list. */
export type HouseholdRow = {
/** Id. */
document: string,
/** Name of the head. */
head_name: string | null,
/** Address, the part below the village. */
address: string,
/** Village name. */
village: string | null,
/** Kind code. */
kind: string | null,
/** People living there now. */
members: number,
/** Last visit. */
visited_at: number | null,
/** Open conflicts. */
conflicts: number,
/** Missing items (no phone, no head, member without ID number). */
missing: number,
/** Where its newest change is. */
state: SaveState, };

/** Imports what the last dry run showed. */
export type ImportCommitRequest = {
/** Import. */
import: string,
/** The officer read the warning about importing before the first sync. */
accept_before_first_sync: boolean, };

/** What an import would do. */
export type ImportDryRun = {
/** Rows read. */
rows: number,
/** Residents that would be created. */
residents: number,
/** Households. */
households: number,
/** Addresses. */
addresses: number,
/** Rows left out, with at least one problem each. */
rejected: number,
/** Problems, at most 500 shown. */
problems: Array<RowProblemView>,
/** Problems in all. */
problem_count: number,
/** How often each problem occurs. */
by_code: { [key in string]: number }, };

/** Asks what an import would do. */
export type ImportDryRunRequest = {
/** Import. */
import: string,
/** Sheet. */
sheet: string,
/** Canonical column → index of the heading. */
mapping: { [key in string]: number },
/** Cell for rows that name none. */
cell: string | null,
/** Village for rows that name none. */
village: string | null, };

/** Reads a file's sheets and headings. Nothing is kept but the file, in memory, until the import ends. */
export type ImportInspectRequest = {
/** File name. */
name: string,
/** XLSX or CSV (UTF-8 or GB18030). */
file_base64: string, };

/** What is in the file. */
export type ImportInspected = {
/** Names this import from here on. */
import: string,
/** Sheets with at least one row. */
sheets: Array<SheetView>,
/** The first sync is not over: duplicates of what the station holds cannot all be seen yet. */
before_first_sync: boolean, };

/** Asks for the rows that the last dry run left out, as a workbook. */
export type ImportProblemsExportRequest = {
/** Import. */
import: string, };

/** What a job does. */
export type JobKind = "import" | "rebuild" | "backup" | "restore" | "export" | "bundle";

/** Names a job. */
export type JobRequest = {
/** Job. */
job: string, };

/** A job that runs beside the window. */
export type JobStarted = {
/** Job. */
job: string, };

/** How a job stands. */
export type JobState = "running" | "done" | "failed" | "cancelled";

/** How a job stands. */
export type JobStatus = {
/** Job. */
job: string,
/** What it does. */
kind: JobKind,
/** How it stands. */
state: JobState,
/** Done. */
done: number,
/** Of so many. */
total: number,
/** Error code when failed. */
error: WireError | null,
/** Numbers the job ends with (e.g. `residents`, `households`, `rejected`). */
result: { [key in string]: number }, };

/** Language of the screens. */
export type Language = "zh" | "en";

/** A code told by the chief. */
export type LeaseExtendRequest = {
/** The code as typed, `XXXX-XXXX-XXXX-XX`. */
code: string, };

/** A lease was extended. */
export type LeaseExtended = {
/** The last day of reading now. */
ends_on: string,
/** Days the code gave. */
days: number, };

/** A cell that is no longer the officer's. */
export type LeftCell = {
/** Code. */
cell: string,
/** Name. */
name: string,
/** Since when, device time. */
since_at: number,
/** Own entries of it still to be sent. */
unsent: number,
/** When its records left this laptop; absent while they are kept. */
dropped_at: number | null, };

/** Why the session was locked. */
export type LockReason = "user" | "idle" | "host";

/** A masked value: shown with stars until revealed with a reason. */
export type Masked = {
/** The key to reveal. */
key: string,
/** The masked form; absent when nothing is written. */
shown: string | null,
/** Several values stand here and wait for a decision. */
conflict: boolean, };

/** How the words of a query matched. */
export type MatchedBy = "name" | "pinyin" | "initials" | "id_tail" | "phone_tail" | "address" | "plate" | "number" | "text";

/** Mediators. */
export type MediatorList = {
/** Rows. */
rows: Array<MediatorRow>, };

/** A mediator, with reasons for and against this case. An order, no score. */
export type MediatorRow = {
/** Id. */
document: string,
/** Heads. */
heads: Array<string>,
/** Name. */
name: string,
/** Kind code. */
kind: string | null,
/** Skills. */
skills: string | null,
/** Areas. */
areas: string | null,
/** Open cases. */
open_cases: number,
/** Agreed cases. */
agreed: number,
/** Concluded cases. */
concluded: number,
/** May be assigned. */
available: boolean,
/** Reasons, when asked for a case. */
reasons: Array<Reason>, };

/** Asks who could mediate. */
export type MediatorSuggestRequest = {
/** Dispute. */
document: string, };

/** Sticks in this laptop. */
export type MediumList = {
/** Rows. */
rows: Array<MediumRow>,
/** What the next bundle would carry. */
unsent: number, };

/** A stick that is in this laptop just now. */
export type MediumRow = {
/** Its top folder. */
folder: string,
/** What the station calls it; the folder's name where there is no marker. */
label: string,
/** Whether it may be used. */
state: MediumState,
/** Free space, when the system tells. */
free_bytes: number | null,
/** Answers on it that this laptop waits for. */
answers: number, };

/** Whether bundles may travel on a medium. */
export type MediumState = "registered" | "withdrawn" | "not_registered";

/** A member. */
export type Member = {
/** Residence id. */
residence: string,
/** Resident id. */
resident: string,
/** Name. */
name: string,
/** Relation code. */
relation: string | null,
/** Sex code. */
sex: string | null,
/** Birth date. */
birth_on: string | null,
/** Age in years today. */
age: number | null,
/** ID number. */
id_number: Masked,
/** Phone. */
phone: Masked,
/** Resident kind code. */
kind: string | null,
/** Lives there since. */
from_on: string | null, };

/** Adds a person to a household: a new one, or one already known (who moves, in one act). */
export type MemberAddRequest = {
/** Household. */
household: string,
/** A known resident. */
resident: string | null,
/** Fields of a new resident. */
fields: { [key in string]: ScalarJson } | null,
/** Relation code. */
relation: string,
/** From. */
from_on: string, };

/** Ends a residence (moved away, died): one write. */
export type MemberLeaveRequest = {
/** Residence. */
residence: string,
/** Last day. */
to_on: string, };

/** A field only one side changed. */
export type MergedField = {
/** Key. */
key: string,
/** Value now. */
value: ScalarJson,
/** Who. */
officer: string, };

/** A record that goes. */
export type MoveRecord = {
/** Record. */
document: string,
/** Kind. */
kind: string,
/** Name. */
title: string, };

/** A record that stays. */
export type MoveStay = {
/** Record. */
document: string,
/** Kind. */
kind: string,
/** Name. */
title: string,
/** Why. */
why: MoveStays, };

/** Why a record stays where it is. */
export type MoveStays = "lives_elsewhere" | "address_shared" | "dispute_of_place";

/** Moves this laptop has heard of, newest first. */
export type MovedList = {
/** Rows, at most 200. */
rows: Array<MovedRow>, };

/** One move. */
export type MovedRow = {
/** The record it is about. */
document: string,
/** Its kind; empty where this laptop never showed it. */
kind: string,
/** Its name; empty where this laptop never showed it. */
title: string,
/** Code of the cell it left. */
from_cell: string,
/** Name of that cell. */
from_cell_name: string,
/** Code of the cell it went to. */
to_cell: string,
/** Name of that cell. */
to_cell_name: string,
/** Records that went. */
records: number,
/** When, device time. */
at: number,
/** By whom. */
officer: string,
/** On which laptop. */
laptop: string,
/** Where the move is: an open one can still be refused. */
state: SaveState,
/** The record is shown here. */
shown: boolean, };

/** A step that could be taken next. */
export type NextStep = {
/** State code. */
to: string,
/** Every reason why not; may be taken when empty. */
why_not: Array<string>,
/** A reason has to be given. */
needs_reason: boolean, };

/** An officer. */
export type OfficerName = {
/** Id. */
id: string,
/** Name. */
name: string,
/** Role. */
role: RoleName, };

/** Older work of a cell that is still arriving. */
export type OlderToCome = {
/** Code; empty for what belongs to the whole station. */
cell: string,
/** Name; empty with the code. */
name: string,
/** Entries to come. */
entries: number, };

/** Asks for one record. */
export type Open = {
/** The record. */
document: string, };

/** A page of a list. `next` goes into the following request's `after`; nothing more when absent. */
export type Page<T> = {
/** Rows in the list's order. */
rows: Array<T>,
/** Where the next page begins: opaque. */
next: string | null, };

/** A party. */
export type Party = {
/** Item id. */
item: string,
/** Role code. */
role: string | null,
/** Name. */
name: string,
/** Resident. */
resident: string | null,
/** Phone. */
phone: Masked,
/** Sex code, where a resident. */
sex: string | null,
/** Age, where a resident. */
age: number | null,
/** Address, where a resident. */
address: string | null,
/** Guardian, for a minor. */
guardian: string | null,
/** Under 18: a guardian must be called. */
minor: boolean, };

/** A page of patrols, newest first. */
export type PatrolListRequest = {
/** Only this cell. */
cell: string | null,
/** Where the page begins. */
after: string | null,
/** Rows, at most 200. */
limit: number, };

/** A patrol's page. */
export type PatrolPage = {
/** Id. */
document: string,
/** Heads. */
heads: Array<string>,
/** Fields by key, collections included. */
fields: { [key in string]: ScalarJson },
/** Minutes. */
minutes: number | null,
/** Keys in conflict. */
conflicts: Array<string>,
/** Foot. */
foot: Foot, };

/** A patrol in a list. */
export type PatrolRow = {
/** Id. */
document: string,
/** Mode code. */
mode: string | null,
/** Route. */
route: string | null,
/** Start. */
start_at: number,
/** Minutes. */
minutes: number | null,
/** Crew names. */
crew: Array<string>,
/** Cell codes. */
cells: Array<string>,
/** Findings. */
findings: number,
/** State. */
state: SaveState, };

/** Patrols and minutes of the running week. */
export type PatrolWeek = {
/** Patrols. */
count: number,
/** Minutes. */
minutes: number, };

/** One officer's replica on this laptop. */
export type Profile = {
/** Replica id. */
replica: string,
/** Officer's name. */
officer: string,
/** Laptop's label, e.g. `QF-07`. */
laptop: string,
/** Station's name. */
station: string,
/** Everything in it is made up. */
made_up: boolean, };

/** How a job stands, as an event tells it. */
export type ProgressState = "running" | "finished" | "failed" | "cancelled";

/** A reason: code and arguments for its message. */
export type Reason = {
/** Code. */
code: string,
/** Speaks for it. */
good: boolean,
/** Arguments. */
args: { [key in string]: string }, };

/** A page of receipts. */
export type ReceiptListRequest = {
/** Where the page begins. */
after: string | null,
/** Rows, at most 200. */
limit: number, };

/** A signed receipt. */
export type ReceiptRow = {
/** Number: lane head's first characters. */
number: string,
/** Station's time. */
at: number,
/** First index of the lane. */
first: number,
/** Last index. */
last: number,
/** Entries received. */
entries: number,
/** Entries set aside. */
set_aside: number,
/** Entries by kind of record. */
kinds: { [key in string]: number },
/** The station's backup covers it. */
backed_up: boolean, };

/** What an erasure takes along. */
export type RecordErasePreview = {
/** The record. */
document: string,
/** Heads to send back with the erasure. */
heads: Array<string>,
/** What goes, the record first: a person's residences, a household's residences and visits. */
goes: Array<MoveRecord>,
/** Records of their own that go on naming it in words: a dispute's party, a household's head. Each can be erased by
 * itself. */
named_in: Array<MoveRecord>, };

/** Asks what an erasure takes along. */
export type RecordErasePreviewRequest = {
/** The record. */
document: string, };

/** Erases a record everywhere, for good. One act. */
export type RecordEraseRequest = {
/** The record. */
document: string,
/** Heads of the record the preview was made at. */
heads: Array<string>,
/** Why. */
reason: EraseReason, };

/** A record was erased here; its contents go with the next sync. */
export type RecordErased = {
/** The record. */
document: string,
/** Records that went. */
records: number, };

/** Exports the report. Audited before the file exists. */
export type ReportExportRequest = {
/** ISO year. */
year: number,
/** ISO week. */
week: number,
/** Format. */
format: ReportFormat, };

/** Kind of file. */
export type ReportFormat = "xlsx" | "pdf";

/** One row behind a figure. */
export type ReportRow = {
/** Record to open. */
document: string,
/** Kind of the record. */
kind: string,
/** Number, where it has one. */
number: string | null,
/** Title. */
title: string,
/** Village or cell. */
place: string | null,
/** When. */
at: number | null,
/** Minutes, for patrols. */
minutes: number | null,
/** State code, for disputes. */
state: string | null,
/** Counts towards the numerator of a rate. */
counted: boolean, };

/** The rows behind a figure. */
export type ReportRowsRequest = {
/** ISO year. */
year: number,
/** ISO week. */
week: number,
/** Figure. */
figure: string,
/** Only this cell. */
cell: string | null,
/** Only this village. */
village: string | null,
/** Where the page begins. */
after: string | null,
/** Rows, at most 200. */
limit: number, };

/** The report. */
export type ReportWeek = {
/** ISO year. */
year: number,
/** ISO week. */
week: number,
/** Monday. */
from_on: string,
/** Sunday. */
to_on: string,
/** What it stands on. */
stands_on: StandsOn,
/** Figures. */
figures: Array<FigureView>,
/** By cell. */
by_cell: Array<BreakdownRow>,
/** By village. */
by_village: Array<BreakdownRow>, };

/** Asks for a week. */
export type ReportWeekRequest = {
/** ISO year; the running week when absent. */
year: number | null,
/** ISO week. */
week: number | null, };

/** A residence. */
export type ResidenceRow = {
/** Residence id. */
residence: string,
/** Heads of the residence. */
heads: Array<string>,
/** Household id. */
household: string,
/** Head's name. */
head_name: string | null,
/** Address. */
address: string | null,
/** Relation code. */
relation: string | null,
/** From. */
from_on: string | null,
/** To. */
to_on: string | null, };

/** A page of residents. */
export type ResidentListRequest = {
/** Only this cell. */
cell: string | null,
/** Only this village code. */
village: string | null,
/** Only this kind. */
kind: string | null,
/** Order. */
order: ResidentOrder,
/** Where the page begins. */
after: string | null,
/** Rows, at most 200. */
limit: number, };

/** Order of the resident list. */
export type ResidentOrder = "name" | "birth" | "address";

/** A resident's page. */
export type ResidentPage = {
/** Id. */
document: string,
/** Heads to send back on save. */
heads: Array<string>,
/** Cell code. */
cell: string,
/** Plain fields by key (masked ones left out). */
fields: Array<FieldValue>,
/** Masked fields. */
masked: Array<Masked>,
/** Name. */
name: string,
/** Age today. */
age: number | null,
/** Where the person lives and lived, newest first. */
residences: Array<ResidenceRow>,
/** Disputes the person is a party of: rows, no score. */
disputes: Array<DisputeBrief>,
/** Keys in conflict. */
conflicts: Array<string>,
/** Foot. */
foot: Foot, };

/** A resident in a list. */
export type ResidentRow = {
/** Id. */
document: string,
/** Name. */
name: string,
/** Sex code. */
sex: string | null,
/** Age today. */
age: number | null,
/** ID number, masked. */
id_number: string | null,
/** Phone, masked. */
phone: string | null,
/** Address of the main residence. */
address: string | null,
/** Household of the main residence. */
household: string | null,
/** Kind code. */
kind: string | null,
/** Open conflicts. */
conflicts: number,
/** Where its newest change is. */
state: SaveState, };

/** Asks for one masked value in full. Audited before it is shown. */
export type RevealRequest = {
/** The record. */
document: string,
/** The key. */
key: string,
/** Why; at least two characters. */
reason: string, };

/** A value in full. */
export type Revealed = {
/** The value. */
value: ScalarJson, };

/** Roles. */
export type RoleName = "officer" | "auxiliary" | "clerk" | "chief" | "auditor" | "admin";

/** One problem of one row. */
export type RowProblemView = {
/** Row in the file, from 1. */
row: number,
/** Canonical column. */
column: string | null,
/** Code of the problem. */
code: string,
/** Arguments of its message. */
args: { [key in string]: string }, };

/** Saves a record: new when `document` is absent, otherwise at the heads its form was opened on. */
export type SaveRequest = {
/** The record; absent for a new one. */
document: string | null,
/** Heads the form was opened on; empty for a new one. */
heads: Array<string>,
/** Only the fields that change. */
fields: { [key in string]: ScalarJson }, };

/** Where the newest change of a record is. */
export type SaveState = "here" | "station" | "set_aside";

/** A scalar as JSON: null, true, false, a whole number or text. */
export type ScalarJson = null | boolean | number | string;

/** One box: names, pinyin, initials, tails of numbers, addresses, dispute titles. */
export type SearchRequest = {
/** What was typed. */
query: string,
/** Hits of each kind, at most 50. */
limit: number, };

/** Everything found. */
export type SearchResult = {
/** Groups, best first. */
groups: Array<HitGroup>, };

/** A mediation session. */
export type Session = {
/** Item id. */
item: string,
/** Kind code. */
kind: string | null,
/** When. */
at: number | null,
/** Where. */
place: string | null,
/** Who was there. */
present: string | null,
/** Record. */
record: string | null,
/** Outcome code. */
outcome: string | null,
/** Where it is saved. */
saved: SaveState, };

/** What the window shows first. */
export type SessionState = "empty" | "locked" | "unlocked";

/** What is known before and after unlocking. */
export type SessionStatus = {
/** State. */
state: SessionState,
/** Replicas on this laptop. */
profiles: Array<Profile>,
/** The unlocked one. */
current: Current | null,
/** Version of the app. */
version: string,
/** Station-local now, for a laptop whose browser clock differs. */
now_at: number, };

/** Acts set aside. */
export type SetAsideList = {
/** Rows. */
rows: Array<SetAsideRow>, };

/** A record an act touched. */
export type SetAsideRecord = {
/** Record. */
document: string,
/** Kind. */
kind: string,
/** Name. */
title: string, };

/** Writes an act that was set aside again, on the records as they are now. */
export type SetAsideRewriteRequest = {
/** Act. */
act: string,
/** Records left out. */
without: Array<string>, };

/** An act was written again. */
export type SetAsideRewritten = {
/** The records written; those the act had made have new ids. */
documents: Array<string>, };

/** One act set aside. */
export type SetAsideRow = {
/** Act. */
act: string,
/** When it was written. */
at: number,
/** By whom. */
officer: string,
/** Reason code. */
reason: string,
/** Entries. */
entries: number,
/** When it was written again by another act. */
rewritten_at: number | null,
/** The records it touched. */
records: Array<SetAsideRecord>, };

/** Who set a clock. */
export type SetBy = "law" | "station";

/** Settings of this replica on this laptop; never synced. */
export type Settings = {
/** Language. */
language: Language,
/** Theme. */
theme: Theme,
/** Zoom, 80 to 150. */
zoom_percent: number,
/** Lock after so many minutes without a key, 1 to 60. */
auto_lock_minutes: number, };

/** A settled field. */
export type SettledRow = {
/** Record. */
document: string,
/** Name of the record. */
title: string,
/** Key. */
key: string,
/** Who settled it. */
officer: string,
/** When. */
at: number, };

/** A sheet. */
export type SheetView = {
/** Name. */
name: string,
/** Row of the headings, from 1. */
header_row: number,
/** Headings. */
headings: Array<string>,
/** Rows below. */
rows: number,
/** First rows, as text. */
sample: Array<Array<string>>,
/** Guessed mapping: canonical column → index of the heading. */
mapping: { [key in string]: number },
/** Merged cells were found below the headings: they read as empty but the first. */
merged_cells: boolean,
/** Cells with formulas; their stored results are read. */
formulas: number, };

/** One thing done in this shift. */
export type ShiftRow = {
/** Record. */
document: string,
/** Kind. */
kind: string,
/** Name. */
title: string,
/** When. */
at: number,
/** Where it is. */
state: SaveState, };

/** What the report stands on. */
export type StandsOn = {
/** Active laptops of the station. */
laptops: number,
/** Laptops whose work of the week is in. */
included: number,
/** Through which station time; absent before the first sync. */
through_at: number | null,
/** Labels of the missing ones. */
missing: Array<string>,
/** Entries that a first sync has still to bring: while there are some, every figure is incomplete. */
to_come: number, };

/** The status bar. */
export type StatusBar = {
/** Connectivity. */
connectivity: Connectivity,
/** Since when. */
since_at: number | null,
/** Entries saved here and not yet at the station. */
unsent: number,
/** The newest receipt. */
receipt_at: number | null,
/** Records with open conflicts. */
conflicts: number,
/** Entries set aside. */
set_aside: number,
/** Laptop clock minus station clock at the last exchange. */
clock_skew_ms: number | null,
/** The laptop's clock is behind the newest record or the last station time. */
clock_doubtful: boolean,
/** Free space where the data is. */
disk_free_bytes: number | null,
/** Laptop's now. */
now_at: number,
/** The lease is over: reading waits for the station or a code, saving and sending go on. */
lease_over: boolean,
/** The last day of reading without a contact; absent where no lease ends. */
lease_ends_on: string | null, };

/** A step of the case's life. */
export type StepMark = {
/** State code. */
state: string,
/** Day it was reached. */
at: number | null,
/** Reached. */
reached: boolean,
/** Current. */
current: boolean,
/** May be left out (judicial confirmation). */
optional: boolean, };

/** Why a database goes on as a new replica. */
export type SuccessionCause = "backup" | "copy";

/** This database was restored or copied, and goes on as a new replica. */
export type SuccessionNotice = {
/** When, by the laptop's clock. */
at: number,
/** Why. */
cause: SuccessionCause,
/** The laptop's label, as before. */
laptop: string,
/** First characters of the new replica's id. */
number: string,
/** Entries that had not reached the station and went along. */
carried: number,
/** The station has listed the new replica. */
settled: boolean, };

/** How an exchange with the station stands. */
export type SyncEventState = "started" | "progress" | "ended";

/** How an attempt ended. */
export type SyncOutcome = "complete" | "unreachable" | "not_our_station" | "wrong_station" | "refused" | "interrupted" | "cancelled" | "failed";

/** Progress of an exchange. */
export type SyncProgress = {
/** Entries sent and acknowledged. */
sent: number,
/** Entries to send. */
to_send: number,
/** Entries fetched. */
fetched: number,
/** Entries to fetch, as far as known. */
to_fetch: number | null,
/** Bytes sent. */
bytes_out: number,
/** Bytes received. */
bytes_in: number, };

/** One attempt. */
export type SyncRun = {
/** Began. */
at: number,
/** Milliseconds it took. */
took_ms: number,
/** Outcome. */
outcome: SyncOutcome,
/** Entries the station received. */
received: number,
/** Of so many that were to be sent. */
of: number,
/** Entries fetched. */
fetched: number,
/** Bytes sent. */
bytes_out: number,
/** Bytes received. */
bytes_in: number,
/** Detail code for the message. */
detail: string | null, };

/** Attempts, newest first. */
export type SyncRuns = {
/** Rows. */
rows: Array<SyncRun>, };

/** The Sync screen. */
export type SyncStatus = {
/** Connectivity. */
connectivity: Connectivity,
/** Addresses of the station. */
station_urls: Array<string>,
/** Saved here, to be sent. */
unsent: number,
/** Received by the station today. */
received_today: number,
/** Received in all. */
received_total: number,
/** Set aside. */
set_aside: number,
/** Acts they belong to. */
set_aside_acts: number,
/** Fetched today. */
fetched_today: number,
/** Directory version. */
directory_version: number,
/** When the directory came. */
directory_at: number | null,
/** The running exchange. */
running: SyncProgress | null,
/** The last finished attempt. */
last: SyncRun | null,
/** When the next attempt is made by itself. */
next_attempt_at: number | null,
/** The first exchange has happened. */
certified: boolean,
/** Why the station refused this laptop for good (e.g. the enrolment file was used twice). */
refused: string | null,
/** Cells that were taken away: hidden, still sent, then dropped from this laptop. */
left: Array<LeftCell>,
/** What a first sync has still to bring, by cell; empty once all is here. */
older: Array<OlderToCome>,
/** That this laptop goes on as a new replica, if it does. */
succession: SuccessionNotice | null, };

/** A task, made by a rule from another record. */
export type TaskRow = {
/** Record it comes from. */
document: string,
/** Kind of the record: `dispute`, `household`. */
kind: string,
/** What is to be done: code for its message (a clock's id, `visit_due`, `session_planned`). */
task: string,
/** Name of the record. */
title: string,
/** Due. */
due_on: string,
/** Days left, negative when over. */
days_left: number,
/** The clock behind it. */
clock: Clock | null, };

/** Theme. */
export type Theme = "system" | "light" | "dark";

/** One line of the timeline. */
export type TimelineRow = {
/** When. */
at: number,
/** `step` or `session`. */
kind: string,
/** State or session kind code. */
code: string,
/** Who. */
officer: string | null,
/** Text. */
text: string | null,
/** Outcome code, of a session. */
outcome: string | null, };

/** The screen. */
export type Today = {
/** Station-local day. */
on: string,
/** Tasks due within 7 days or overdue, by due date. */
tasks: Array<TaskRow>,
/** Tasks of the 30 days after that. */
later: number,
/** Visits today by this officer. */
visits: number,
/** Patrols. */
patrols: number,
/** Disputes touched. */
disputes: number,
/** Findings. */
findings: number,
/** What was written today on this laptop, newest first, at most 20. */
shift: Array<ShiftRow>,
/** Entries to be sent. */
unsent: number,
/** Newest receipt. */
receipt_at: number | null, };

/** Unlocks a replica. */
export type UnlockRequest = {
/** Replica id. */
replica: string,
/** Passphrase. */
passphrase: string, };

/** A village. */
export type VillageName = {
/** Division code, 12 digits. */
code: string,
/** Name. */
name: string, };

/** A visit, short. */
export type VisitBrief = {
/** Id. */
document: string,
/** When. */
at: number,
/** Kind code. */
kind: string | null,
/** Officers. */
officers: Array<string>,
/** Notes. */
notes: string | null,
/** State. */
state: SaveState, };

/** A page of visits, newest first. */
export type VisitListRequest = {
/** Only this household. */
household: string | null,
/** Only this cell. */
cell: string | null,
/** Where the page begins. */
after: string | null,
/** Rows, at most 200. */
limit: number, };

/** A visit's page. */
export type VisitPage = {
/** Id. */
document: string,
/** Heads. */
heads: Array<string>,
/** Fields by key, collections included. */
fields: { [key in string]: ScalarJson },
/** Keys in conflict. */
conflicts: Array<string>,
/** Foot. */
foot: Foot, };

/** A visit in a list. */
export type VisitRow = {
/** Id. */
document: string,
/** When. */
at: number,
/** Kind code. */
kind: string | null,
/** Household id. */
household: string | null,
/** Head's name and address, or the place. */
place: string,
/** Officers. */
officers: Array<string>,
/** Notes. */
notes: string | null,
/** State. */
state: SaveState, };

/** An error as the UI gets it. */
export type WireError = {
/** Code; the UI has a text for each, in both languages. */
code: string,
/** Arguments of the text. */
args: { [key in string]: string },
/** What the user can do. */
kind: ErrorKind,
/** For a defect: the id to look for in the log. */
incident: string | null, };

/** What a write answers. */
export type Written = {
/** The record written. */
document: string,
/** Its heads after the write. */
heads: Array<string>,
/** Fields that now stand in conflict with what arrived while the form was open. */
conflicts: Array<string>, };

