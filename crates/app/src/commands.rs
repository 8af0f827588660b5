//! The list of commands: the whole contract between UI and Rust on one page. Each line: name, request, response, the tags
//! it reads or writes, and what it needs. Owns the list; handlers are `crate::<room>::<name>::run`.
//!
//! - `open`: before unlocking. `read`, `write`: an unlocked session. The permit a handler asks for is its own business,
//!   the action it is asked for is named here.
//! - Tags: a write answers with the tags it touched, remote changes emit the same; the UI refreshes what reads them.

/// Calls a macro with the list of all commands.
macro_rules! for_each_command {
    ($callback:ident) => {
        $callback! {
            // first start, lock
            session::session_status(Empty) -> SessionStatus, open, [session];
            session::enrol(EnrolRequest) -> Profile, open, [session];
            session::unlock(UnlockRequest) -> SessionStatus, open, [session];
            session::lock(Empty) -> Empty, open, [session];
            session::passphrase_change(ChangePassphraseRequest) -> Empty, write, [];
            session::lease_extend(LeaseExtendRequest) -> LeaseExtended, write, [session, status, household, resident, visit, patrol, dispute];
            session::status_bar(Empty) -> StatusBar, read, [status];
            session::code_tables(Empty) -> CodeTables, open, [];
            session::draft_put(DraftPut) -> Empty, write, [drafts];
            session::draft_get(DraftKey) -> Draft, read, [drafts];
            session::draft_delete(DraftKey) -> Empty, write, [drafts];

            // people and places
            people::household_list(HouseholdListRequest) -> Page<HouseholdRow>, read, [household, residence, visit];
            people::household_count(HouseholdListRequest) -> Count, read, [household, residence, visit];
            people::household_open(Open) -> HouseholdPage, read, [household, resident, residence, visit, dispute, conflict, sync];
            people::household_create(HouseholdCreateRequest) -> Written, write, [household, resident, residence, address];
            people::household_save(SaveRequest) -> Written, write, [household];
            people::resident_list(ResidentListRequest) -> Page<ResidentRow>, read, [resident, residence];
            people::resident_count(ResidentListRequest) -> Count, read, [resident, residence];
            people::resident_open(Open) -> ResidentPage, read, [resident, residence, household, dispute, conflict, sync];
            people::resident_save(SaveRequest) -> Written, write, [resident];
            people::member_add(MemberAddRequest) -> Written, write, [resident, residence, household];
            people::member_leave(MemberLeaveRequest) -> Written, write, [residence];
            people::reveal(RevealRequest) -> Revealed, read, [];
            people::history(Open) -> Vec<HistoryRow>, read, [address, household, resident, residence, visit, patrol, dispute, mediator, sync];
            people::search(SearchRequest) -> SearchResult, read, [household, resident, residence, address, dispute, patrol, mediator];

            // register import
            import::import_inspect(ImportInspectRequest) -> ImportInspected, write, [];
            import::import_dry_run(ImportDryRunRequest) -> ImportDryRun, write, [];
            import::import_problems_export(ImportProblemsExportRequest) -> FileMade, write, [];
            import::import_commit(ImportCommitRequest) -> JobStarted, write, [];
            import::job_status(JobRequest) -> JobStatus, read, [job];
            import::job_cancel(JobRequest) -> Empty, write, [job];

            // the shift
            today::today(Empty) -> Today, read, [household, visit, patrol, dispute, sync];
            visit::visit_list(VisitListRequest) -> Page<VisitRow>, read, [visit, household];
            visit::visit_open(Open) -> VisitPage, read, [visit, conflict, sync];
            visit::visit_save(SaveRequest) -> Written, write, [visit, household];
            patrol::patrol_list(PatrolListRequest) -> Page<PatrolRow>, read, [patrol];
            patrol::patrol_week(Empty) -> PatrolWeek, read, [patrol];
            patrol::patrol_open(Open) -> PatrolPage, read, [patrol, conflict, sync];
            patrol::patrol_save(SaveRequest) -> Written, write, [patrol];

            // disputes
            dispute::dispute_list(DisputeListRequest) -> Page<DisputeRow>, read, [dispute];
            dispute::dispute_count(DisputeListRequest) -> Count, read, [dispute];
            dispute::dispute_open(Open) -> DisputePage, read, [dispute, mediator, resident, conflict, sync];
            dispute::dispute_save(SaveRequest) -> Written, write, [dispute];
            dispute::dispute_step(DisputeStepRequest) -> Written, write, [dispute];
            dispute::mediator_list(Empty) -> MediatorList, read, [mediator, dispute];
            dispute::mediator_suggest(MediatorSuggestRequest) -> MediatorList, read, [mediator, dispute];
            dispute::mediator_save(SaveRequest) -> Written, write, [mediator];

            // moves between cells
            moves::household_move_preview(HouseholdMovePreviewRequest) -> HouseholdMovePreview, read, [household, resident, residence, visit, address, dispute];
            moves::household_move(HouseholdMoveRequest) -> HouseholdMoved, write, [household, resident, residence, visit, address];
            moves::moved_list(Empty) -> MovedList, read, [sync, household];

            // erasure
            erase::record_erase_preview(RecordErasePreviewRequest) -> RecordErasePreview, read, [resident, household, residence, visit, dispute];
            erase::record_erase(RecordEraseRequest) -> RecordErased, write, [address, household, resident, residence, visit, patrol, dispute, mediator];
            erase::erased_list(Empty) -> ErasedList, read, [sync];

            // conflicts
            conflict::conflict_list(Empty) -> ConflictList, read, [conflict];
            conflict::conflict_open(Open) -> ConflictCard, read, [conflict, sync];
            conflict::conflict_decide(DecideRequest) -> Written, write, [conflict, household, resident, residence, address, visit, patrol, dispute, mediator];

            // the account
            report::report_week(ReportWeekRequest) -> ReportWeek, read, [visit, patrol, dispute, sync];
            report::report_rows(ReportRowsRequest) -> Page<ReportRow>, read, [visit, patrol, dispute];
            report::report_export(ReportExportRequest) -> FileMade, write, [];

            // sync
            sync::sync_status(Empty) -> SyncStatus, read, [sync, status];
            sync::sync_now(Empty) -> Empty, write, [sync];
            sync::sync_cancel(Empty) -> Empty, write, [sync];
            sync::sync_runs(Empty) -> SyncRuns, read, [sync];
            sync::receipt_list(ReceiptListRequest) -> Page<ReceiptRow>, read, [sync];
            sync::set_aside_list(Empty) -> SetAsideList, read, [sync];
            sync::set_aside_export(ActRequest) -> FileMade, write, [];
            sync::set_aside_rewrite(SetAsideRewriteRequest) -> SetAsideRewritten, write, [sync];

            // sync by hand, on a stick
            bundle::medium_list(Empty) -> MediumList, read, [sync];
            bundle::bundle_list(Empty) -> BundleList, read, [sync];
            bundle::bundle_write(BundleWriteRequest) -> BundleWritten, write, [sync];
            bundle::bundle_take(BundleTakeRequest) -> JobStarted, write, [sync];

            // settings
            settings::settings_get(Empty) -> Settings, read, [settings];
            settings::settings_set(Settings) -> Settings, write, [settings];
            settings::backup_make(BackupMakeRequest) -> BackupMade, write, [];
            settings::backup_restore(BackupRestoreRequest) -> Profile, open, [session];
            settings::data_check(Empty) -> JobStarted, write, [];
            settings::data_checked(JobRequest) -> DataChecked, read, [job];
            settings::audit_list(AuditListRequest) -> Page<AuditRow>, read, [audit];
            settings::about(Empty) -> About, read, [];
        }
    };
}
pub(crate) use for_each_command;
