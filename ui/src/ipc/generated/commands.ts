// Generated from crates/app by `cargo xtask gen`. Do not edit.

import type { About, ActRequest, AuditListRequest, AuditRow, BackupMade, BackupMakeRequest, BackupRestoreRequest, BundleList, BundleTakeRequest, BundleWriteRequest, BundleWritten, ChangePassphraseRequest, CodeTables, ConflictCard, ConflictList, Count, DataChecked, DecideRequest, DisputeListRequest, DisputePage, DisputeRow, DisputeStepRequest, Draft, DraftKey, DraftPut, Empty, EnrolRequest, ErasedList, FileMade, HistoryRow, HouseholdCreateRequest, HouseholdListRequest, HouseholdMovePreview, HouseholdMovePreviewRequest, HouseholdMoveRequest, HouseholdMoved, HouseholdPage, HouseholdRow, ImportCommitRequest, ImportDryRun, ImportDryRunRequest, ImportInspectRequest, ImportInspected, ImportProblemsExportRequest, JobRequest, JobStarted, JobStatus, LeaseExtendRequest, LeaseExtended, MediatorList, MediatorSuggestRequest, MediumList, MemberAddRequest, MemberLeaveRequest, MovedList, Open, Page, PatrolListRequest, PatrolPage, PatrolRow, PatrolWeek, Profile, ReceiptListRequest, ReceiptRow, RecordErasePreview, RecordErasePreviewRequest, RecordEraseRequest, RecordErased, ReportExportRequest, ReportRow, ReportRowsRequest, ReportWeek, ReportWeekRequest, ResidentListRequest, ResidentPage, ResidentRow, RevealRequest, Revealed, SaveRequest, SearchRequest, SearchResult, SessionStatus, SetAsideList, SetAsideRewriteRequest, SetAsideRewritten, Settings, StatusBar, SyncRuns, SyncStatus, Today, UnlockRequest, VisitListRequest, VisitPage, VisitRow, Written } from './types';

export interface Commands {
  session_status: { request: Empty; response: SessionStatus; tags: "session" };
  enrol: { request: EnrolRequest; response: Profile; tags: "session" };
  unlock: { request: UnlockRequest; response: SessionStatus; tags: "session" };
  lock: { request: Empty; response: Empty; tags: "session" };
  passphrase_change: { request: ChangePassphraseRequest; response: Empty; tags: never };
  lease_extend: { request: LeaseExtendRequest; response: LeaseExtended; tags: "session" | "status" | "household" | "resident" | "visit" | "patrol" | "dispute" };
  status_bar: { request: Empty; response: StatusBar; tags: "status" };
  code_tables: { request: Empty; response: CodeTables; tags: never };
  draft_put: { request: DraftPut; response: Empty; tags: "drafts" };
  draft_get: { request: DraftKey; response: Draft; tags: "drafts" };
  draft_delete: { request: DraftKey; response: Empty; tags: "drafts" };
  household_list: { request: HouseholdListRequest; response: Page<HouseholdRow>; tags: "household" | "residence" | "visit" };
  household_count: { request: HouseholdListRequest; response: Count; tags: "household" | "residence" | "visit" };
  household_open: { request: Open; response: HouseholdPage; tags: "household" | "resident" | "residence" | "visit" | "dispute" | "conflict" | "sync" };
  household_create: { request: HouseholdCreateRequest; response: Written; tags: "household" | "resident" | "residence" | "address" };
  household_save: { request: SaveRequest; response: Written; tags: "household" };
  resident_list: { request: ResidentListRequest; response: Page<ResidentRow>; tags: "resident" | "residence" };
  resident_count: { request: ResidentListRequest; response: Count; tags: "resident" | "residence" };
  resident_open: { request: Open; response: ResidentPage; tags: "resident" | "residence" | "household" | "dispute" | "conflict" | "sync" };
  resident_save: { request: SaveRequest; response: Written; tags: "resident" };
  member_add: { request: MemberAddRequest; response: Written; tags: "resident" | "residence" | "household" };
  member_leave: { request: MemberLeaveRequest; response: Written; tags: "residence" };
  reveal: { request: RevealRequest; response: Revealed; tags: never };
  history: { request: Open; response: Array<HistoryRow>; tags: "address" | "household" | "resident" | "residence" | "visit" | "patrol" | "dispute" | "mediator" | "sync" };
  search: { request: SearchRequest; response: SearchResult; tags: "household" | "resident" | "residence" | "address" | "dispute" | "patrol" | "mediator" };
  import_inspect: { request: ImportInspectRequest; response: ImportInspected; tags: never };
  import_dry_run: { request: ImportDryRunRequest; response: ImportDryRun; tags: never };
  import_problems_export: { request: ImportProblemsExportRequest; response: FileMade; tags: never };
  import_commit: { request: ImportCommitRequest; response: JobStarted; tags: never };
  job_status: { request: JobRequest; response: JobStatus; tags: "job" };
  job_cancel: { request: JobRequest; response: Empty; tags: "job" };
  today: { request: Empty; response: Today; tags: "household" | "visit" | "patrol" | "dispute" | "sync" };
  visit_list: { request: VisitListRequest; response: Page<VisitRow>; tags: "visit" | "household" };
  visit_open: { request: Open; response: VisitPage; tags: "visit" | "conflict" | "sync" };
  visit_save: { request: SaveRequest; response: Written; tags: "visit" | "household" };
  patrol_list: { request: PatrolListRequest; response: Page<PatrolRow>; tags: "patrol" };
  patrol_week: { request: Empty; response: PatrolWeek; tags: "patrol" };
  patrol_open: { request: Open; response: PatrolPage; tags: "patrol" | "conflict" | "sync" };
  patrol_save: { request: SaveRequest; response: Written; tags: "patrol" };
  dispute_list: { request: DisputeListRequest; response: Page<DisputeRow>; tags: "dispute" };
  dispute_count: { request: DisputeListRequest; response: Count; tags: "dispute" };
  dispute_open: { request: Open; response: DisputePage; tags: "dispute" | "mediator" | "resident" | "conflict" | "sync" };
  dispute_save: { request: SaveRequest; response: Written; tags: "dispute" };
  dispute_step: { request: DisputeStepRequest; response: Written; tags: "dispute" };
  mediator_list: { request: Empty; response: MediatorList; tags: "mediator" | "dispute" };
  mediator_suggest: { request: MediatorSuggestRequest; response: MediatorList; tags: "mediator" | "dispute" };
  mediator_save: { request: SaveRequest; response: Written; tags: "mediator" };
  household_move_preview: { request: HouseholdMovePreviewRequest; response: HouseholdMovePreview; tags: "household" | "resident" | "residence" | "visit" | "address" | "dispute" };
  household_move: { request: HouseholdMoveRequest; response: HouseholdMoved; tags: "household" | "resident" | "residence" | "visit" | "address" };
  moved_list: { request: Empty; response: MovedList; tags: "sync" | "household" };
  record_erase_preview: { request: RecordErasePreviewRequest; response: RecordErasePreview; tags: "resident" | "household" | "residence" | "visit" | "dispute" };
  record_erase: { request: RecordEraseRequest; response: RecordErased; tags: "address" | "household" | "resident" | "residence" | "visit" | "patrol" | "dispute" | "mediator" };
  erased_list: { request: Empty; response: ErasedList; tags: "sync" };
  conflict_list: { request: Empty; response: ConflictList; tags: "conflict" };
  conflict_open: { request: Open; response: ConflictCard; tags: "conflict" | "sync" };
  conflict_decide: { request: DecideRequest; response: Written; tags: "conflict" | "household" | "resident" | "residence" | "address" | "visit" | "patrol" | "dispute" | "mediator" };
  report_week: { request: ReportWeekRequest; response: ReportWeek; tags: "visit" | "patrol" | "dispute" | "sync" };
  report_rows: { request: ReportRowsRequest; response: Page<ReportRow>; tags: "visit" | "patrol" | "dispute" };
  report_export: { request: ReportExportRequest; response: FileMade; tags: never };
  sync_status: { request: Empty; response: SyncStatus; tags: "sync" | "status" };
  sync_now: { request: Empty; response: Empty; tags: "sync" };
  sync_cancel: { request: Empty; response: Empty; tags: "sync" };
  sync_runs: { request: Empty; response: SyncRuns; tags: "sync" };
  receipt_list: { request: ReceiptListRequest; response: Page<ReceiptRow>; tags: "sync" };
  set_aside_list: { request: Empty; response: SetAsideList; tags: "sync" };
  set_aside_export: { request: ActRequest; response: FileMade; tags: never };
  set_aside_rewrite: { request: SetAsideRewriteRequest; response: SetAsideRewritten; tags: "sync" };
  medium_list: { request: Empty; response: MediumList; tags: "sync" };
  bundle_list: { request: Empty; response: BundleList; tags: "sync" };
  bundle_write: { request: BundleWriteRequest; response: BundleWritten; tags: "sync" };
  bundle_take: { request: BundleTakeRequest; response: JobStarted; tags: "sync" };
  settings_get: { request: Empty; response: Settings; tags: "settings" };
  settings_set: { request: Settings; response: Settings; tags: "settings" };
  backup_make: { request: BackupMakeRequest; response: BackupMade; tags: never };
  backup_restore: { request: BackupRestoreRequest; response: Profile; tags: "session" };
  data_check: { request: Empty; response: JobStarted; tags: never };
  data_checked: { request: JobRequest; response: DataChecked; tags: "job" };
  audit_list: { request: AuditListRequest; response: Page<AuditRow>; tags: "audit" };
  about: { request: Empty; response: About; tags: never };
}

export type CommandName = keyof Commands;

export type Tag = "address" | "audit" | "conflict" | "dispute" | "drafts" | "household" | "job" | "mediator" | "patrol" | "residence" | "resident" | "session" | "settings" | "status" | "sync" | "visit";

/** The tags each command reads or writes. */
export const commandTags: Record<CommandName, readonly Tag[]> = {
  session_status: ['session'],
  enrol: ['session'],
  unlock: ['session'],
  lock: ['session'],
  passphrase_change: [],
  lease_extend: ['session', 'status', 'household', 'resident', 'visit', 'patrol', 'dispute'],
  status_bar: ['status'],
  code_tables: [],
  draft_put: ['drafts'],
  draft_get: ['drafts'],
  draft_delete: ['drafts'],
  household_list: ['household', 'residence', 'visit'],
  household_count: ['household', 'residence', 'visit'],
  household_open: ['household', 'resident', 'residence', 'visit', 'dispute', 'conflict', 'sync'],
  household_create: ['household', 'resident', 'residence', 'address'],
  household_save: ['household'],
  resident_list: ['resident', 'residence'],
  resident_count: ['resident', 'residence'],
  resident_open: ['resident', 'residence', 'household', 'dispute', 'conflict', 'sync'],
  resident_save: ['resident'],
  member_add: ['resident', 'residence', 'household'],
  member_leave: ['residence'],
  reveal: [],
  history: ['address', 'household', 'resident', 'residence', 'visit', 'patrol', 'dispute', 'mediator', 'sync'],
  search: ['household', 'resident', 'residence', 'address', 'dispute', 'patrol', 'mediator'],
  import_inspect: [],
  import_dry_run: [],
  import_problems_export: [],
  import_commit: [],
  job_status: ['job'],
  job_cancel: ['job'],
  today: ['household', 'visit', 'patrol', 'dispute', 'sync'],
  visit_list: ['visit', 'household'],
  visit_open: ['visit', 'conflict', 'sync'],
  visit_save: ['visit', 'household'],
  patrol_list: ['patrol'],
  patrol_week: ['patrol'],
  patrol_open: ['patrol', 'conflict', 'sync'],
  patrol_save: ['patrol'],
  dispute_list: ['dispute'],
  dispute_count: ['dispute'],
  dispute_open: ['dispute', 'mediator', 'resident', 'conflict', 'sync'],
  dispute_save: ['dispute'],
  dispute_step: ['dispute'],
  mediator_list: ['mediator', 'dispute'],
  mediator_suggest: ['mediator', 'dispute'],
  mediator_save: ['mediator'],
  household_move_preview: ['household', 'resident', 'residence', 'visit', 'address', 'dispute'],
  household_move: ['household', 'resident', 'residence', 'visit', 'address'],
  moved_list: ['sync', 'household'],
  record_erase_preview: ['resident', 'household', 'residence', 'visit', 'dispute'],
  record_erase: ['address', 'household', 'resident', 'residence', 'visit', 'patrol', 'dispute', 'mediator'],
  erased_list: ['sync'],
  conflict_list: ['conflict'],
  conflict_open: ['conflict', 'sync'],
  conflict_decide: ['conflict', 'household', 'resident', 'residence', 'address', 'visit', 'patrol', 'dispute', 'mediator'],
  report_week: ['visit', 'patrol', 'dispute', 'sync'],
  report_rows: ['visit', 'patrol', 'dispute'],
  report_export: [],
  sync_status: ['sync', 'status'],
  sync_now: ['sync'],
  sync_cancel: ['sync'],
  sync_runs: ['sync'],
  receipt_list: ['sync'],
  set_aside_list: ['sync'],
  set_aside_export: [],
  set_aside_rewrite: ['sync'],
  medium_list: ['sync'],
  bundle_list: ['sync'],
  bundle_write: ['sync'],
  bundle_take: ['sync'],
  settings_get: ['settings'],
  settings_set: ['settings'],
  backup_make: [],
  backup_restore: ['session'],
  data_check: [],
  data_checked: ['job'],
  audit_list: ['audit'],
  about: [],
};
