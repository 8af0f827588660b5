//! Sync as a person sees it.

use super::{session::Connectivity, shape, words};

words! {
    /// How an attempt ended.
    enum SyncOutcome {
        /// Everything sent and fetched.
        Complete,
        /// The station could not be reached.
        Unreachable,
        /// Something else answered (a log-in page of the network, a wrong address).
        NotOurStation,
        /// The certificate is another station's.
        WrongStation,
        /// The station refused this laptop.
        Refused,
        /// The link broke; what was received counts.
        Interrupted,
        /// Cancelled by the user.
        Cancelled,
        /// Something broke here.
        Failed,
    }
}

words! {
    /// Why a database goes on as a new replica.
    enum SuccessionCause {
        /// A backup was restored.
        Backup,
        /// The disk was copied or put back, and another copy wrote on.
        Copy,
    }
}

shape! {
    /// The Sync screen.
    struct SyncStatus {
        /// Connectivity.
        connectivity: Connectivity,
        /// Addresses of the station.
        station_urls: Vec<String>,
        /// Saved here, to be sent.
        unsent: u64,
        /// Received by the station today.
        received_today: u64,
        /// Received in all.
        received_total: u64,
        /// Set aside.
        set_aside: u64,
        /// Acts they belong to.
        set_aside_acts: u64,
        /// Fetched today.
        fetched_today: u64,
        /// Directory version.
        directory_version: u64,
        /// When the directory came.
        directory_at: Option<i64>,
        /// The running exchange.
        running: Option<SyncProgress>,
        /// The last finished attempt.
        last: Option<SyncRun>,
        /// When the next attempt is made by itself.
        next_attempt_at: Option<i64>,
        /// The first exchange has happened.
        certified: bool,
        /// Why the station refused this laptop for good (e.g. the enrolment file was used twice).
        refused: Option<String>,
        /// Cells that were taken away: hidden, still sent, then dropped from this laptop.
        left: Vec<LeftCell>,
        /// What a first sync has still to bring, by cell; empty once all is here.
        older: Vec<OlderToCome>,
        /// That this laptop goes on as a new replica, if it does.
        succession: Option<SuccessionNotice>,
    }
    /// A cell that is no longer the officer's.
    struct LeftCell {
        /// Code.
        cell: String,
        /// Name.
        name: String,
        /// Since when, device time.
        since_at: i64,
        /// Own entries of it still to be sent.
        unsent: u64,
        /// When its records left this laptop; absent while they are kept.
        dropped_at: Option<i64>,
    }
    /// Older work of a cell that is still arriving.
    struct OlderToCome {
        /// Code; empty for what belongs to the whole station.
        cell: String,
        /// Name; empty with the code.
        name: String,
        /// Entries to come.
        entries: u64,
    }
    /// This database was restored or copied, and goes on as a new replica.
    struct SuccessionNotice {
        /// When, by the laptop's clock.
        at: i64,
        /// Why.
        cause: SuccessionCause,
        /// The laptop's label, as before.
        laptop: String,
        /// First characters of the new replica's id.
        number: String,
        /// Entries that had not reached the station and went along.
        carried: u64,
        /// The station has listed the new replica.
        settled: bool,
    }
    /// Progress of an exchange.
    struct SyncProgress {
        /// Entries sent and acknowledged.
        sent: u64,
        /// Entries to send.
        to_send: u64,
        /// Entries fetched.
        fetched: u64,
        /// Entries to fetch, as far as known.
        to_fetch: Option<u64>,
        /// Bytes sent.
        bytes_out: u64,
        /// Bytes received.
        bytes_in: u64,
    }
    /// One attempt.
    struct SyncRun {
        /// Began.
        at: i64,
        /// Milliseconds it took.
        took_ms: u64,
        /// Outcome.
        outcome: SyncOutcome,
        /// Entries the station received.
        received: u64,
        /// Of so many that were to be sent.
        of: u64,
        /// Entries fetched.
        fetched: u64,
        /// Bytes sent.
        bytes_out: u64,
        /// Bytes received.
        bytes_in: u64,
        /// Detail code for the message.
        detail: Option<String>,
    }
    /// Attempts, newest first.
    struct SyncRuns {
        /// Rows.
        rows: Vec<SyncRun>,
    }
    /// A signed receipt.
    struct ReceiptRow {
        /// Number: lane head's first characters.
        number: String,
        /// Station's time.
        at: i64,
        /// First index of the lane.
        first: u64,
        /// Last index.
        last: u64,
        /// Entries received.
        entries: u64,
        /// Entries set aside.
        set_aside: u64,
        /// Entries by kind of record.
        kinds: std::collections::BTreeMap<String, u64>,
        /// The station's backup covers it.
        backed_up: bool,
    }
    /// A page of receipts.
    struct ReceiptListRequest {
        /// Where the page begins.
        after: Option<String>,
        /// Rows, at most 200.
        limit: u32,
    }
    /// One act set aside.
    struct SetAsideRow {
        /// Act.
        act: String,
        /// When it was written.
        at: i64,
        /// By whom.
        officer: String,
        /// Reason code.
        reason: String,
        /// Entries.
        entries: u64,
        /// When it was written again by another act.
        rewritten_at: Option<i64>,
        /// The records it touched.
        records: Vec<SetAsideRecord>,
    }
    /// A record an act touched.
    struct SetAsideRecord {
        /// Record.
        document: String,
        /// Kind.
        kind: String,
        /// Name.
        title: String,
    }
    /// Acts set aside.
    struct SetAsideList {
        /// Rows.
        rows: Vec<SetAsideRow>,
    }
    /// Names an act.
    struct ActRequest {
        /// Act.
        act: String,
    }
    /// Writes an act that was set aside again, on the records as they are now.
    struct SetAsideRewriteRequest {
        /// Act.
        act: String,
        /// Records left out.
        without: Vec<String>,
    }
    /// An act was written again.
    struct SetAsideRewritten {
        /// The records written; those the act had made have new ids.
        documents: Vec<String>,
    }
}
