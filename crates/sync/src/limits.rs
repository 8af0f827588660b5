//! Every bound of the protocol with its reason. A peer may send anything; nothing here grows with what it claims.
//! Must not know how the bounds are applied.

/// Bytes of one lane entry's header. A header is about 200 bytes; scope names are the only long part.
pub const HEADER_BYTES_MAX: usize = 1024;

/// Bytes of one lane entry's body. The longest narrative field is 64 KiB of text; an edit may carry two of them.
pub const BODY_BYTES_MAX: usize = 256 * 1024;

/// Bytes of the entries in a frame that holds more than one. At 200 kbit/s this is two thirds of a second, the most a broken link repeats.
pub const FRAME_BYTES_MAX: usize = 16 * 1024;

/// Bytes of a frame with a single entry: the largest entry and its wrapping.
pub const FRAME_BYTES_HARD_MAX: usize = BODY_BYTES_MAX + HEADER_BYTES_MAX + 512;

/// Entries of one frame. The smallest real entry is about 300 bytes, so a full frame has fewer than 60.
pub const FRAME_ENTRIES_MAX: usize = 256;

/// Documents named by one move: a household with everything that hangs on it.
pub const MOVE_DOCUMENTS_MAX: usize = 2048;

/// Heads named by one freeze. A document edited by every officer of a station at once has fewer.
pub const FREEZE_HEADS_MAX: usize = 64;

/// Bytes of a reason code in an erase entry.
pub const REASON_BYTES_MAX: usize = 128;

/// Operations in one change. A form has about 60 fields; a merge of two imported records has twice that.
pub const CHANGE_OPS_MAX: u64 = 4096;

/// Earlier operations that one change may replace, over all its operations: every concurrent value of every field.
pub const CHANGE_PREDS_MAX: u64 = 16_384;

/// Changes that one change may depend on. More heads than officers in a station cannot arise.
pub const CHANGE_DEPS_MAX: u64 = 64;

/// Other actors named in one change: one for each unlock whose values it replaces.
pub const CHANGE_ACTORS_MAX: u64 = 1024;

/// Bytes of an actor: always 16 random ones.
pub const ACTOR_BYTES: usize = 16;

/// Columns of a change. automerge 0.12 knows 15.
pub const CHANGE_COLUMNS_MAX: u64 = 32;

/// Bytes of a scope name: `cell:`, a code of at most 64 bytes, `:sensitive`.
pub const SCOPE_BYTES_MAX: usize = 96;

/// Bytes of a cell code.
pub const CELL_CODE_BYTES_MAX: usize = 64;

/// Bytes of a signed directory: 500 officers, 1000 cells, 2000 villages and 5000 replicas fit with room.
pub const DIRECTORY_BYTES_MAX: usize = 2 * 1024 * 1024;

/// Elements of any list inside a directory. Far above a county.
pub const DIRECTORY_ITEMS_MAX: usize = 20_000;

/// Bytes of one signed receipt: a refusal and a scope for each entry of a full frame.
pub const RECEIPT_BYTES_MAX: usize = 64 * 1024;

/// Bytes of one signed checkpoint.
pub const CHECKPOINT_BYTES_MAX: usize = 512;

/// Bytes of a certificate request.
pub const CERTIFICATE_BYTES_MAX: usize = 512;

/// Bytes of an enrolment file: a directory and its wrapping.
pub const ENROLMENT_BYTES_MAX: usize = DIRECTORY_BYTES_MAX + 64 * 1024;

/// Server addresses in an enrolment file.
pub const SERVERS_MAX: usize = 8;

/// Frames in one request: at most one second of station work.
pub const REQUEST_FRAMES_MAX: usize = 512;

/// Scopes in one request or answer: all cells of a county with their sensitive parts.
pub const SCOPES_MAX: usize = 2048;

/// Checkpoints of one scope shown in a repair: half of them the newest, the others ever wider apart, back over 2^32 pages.
pub const SHOWN_MAX: usize = 64;

/// Pieces of lost logs in one request; their bytes are bounded by the request's.
pub const PIECES_MAX: usize = 256;

/// Times a branch may grow after its laptop has heard that the station follows another: a laptop that dies between hearing
/// and going on as a successor is told again.
pub const FORK_TOLD_MAX: u32 = 3;

/// Replicas that may follow one replica: copies of one disk, and restores of it.
pub const SUCCESSORS_MAX: usize = 64;

/// Receipts in one answer: every frame of the largest request, twice over for answers that were lost.
pub const ANSWER_RECEIPTS_MAX: usize = 2 * REQUEST_FRAMES_MAX;

/// Bytes of signed receipts in one answer; at least one always goes.
pub const ANSWER_RECEIPTS_BYTES_MAX: usize = 1024 * 1024;

/// Entries in one page of a scope log.
pub const PAGE_ENTRIES_MAX: usize = 20_000;

/// Bytes of a document's entries in one scope, up to which they are sent together in a first sync: what a laptop asks for
/// to begin with, so that no document holds the first page up for longer than five seconds at 200 kbit/s.
pub const WHOLE_DOCUMENT_BYTES_MAX: usize = 128 * 1024;

/// Bytes of a request as sent. Also the limit a server sets on its body reader.
pub const REQUEST_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Bytes of a request after decompression: real requests shrink to a third.
pub const REQUEST_INFLATED_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Bytes of an answer as sent. Also the limit a laptop sets on its body reader.
pub const RESPONSE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Bytes of an answer after decompression: a directory, receipts and pages come to half of it. Read into the smallest
/// entries there are, it takes 40 MiB of memory.
pub const RESPONSE_INFLATED_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Bytes of entries a laptop sends in one request, at most and to begin with: five seconds at 200 kbit/s, and what a cut costs.
pub const SEND_BUDGET_START_BYTES: u64 = 128 * 1024;

/// The least a laptop asks for or sends in one request: one largest frame and its wrapping always fit.
pub const BUDGET_MIN_BYTES: u64 = 32 * 1024;

/// The most a laptop asks for in one request.
pub const BUDGET_MAX_BYTES: u64 = 1024 * 1024;

/// A round trip shorter than this doubles the budget.
pub const ROUND_TRIP_QUICK_MS: i64 = 4_000;

/// Requests in one sync: a first sync of 100,000 documents at the smallest budget stays below.
pub const ROUNDS_MAX: u32 = 10_000;

/// Rounds in a row that move nothing before a sync gives up and says so.
pub const IDLE_ROUNDS_MAX: u32 = 3;

/// First wait after a failed request.
pub const BACK_OFF_START_MS: i64 = 5_000;

/// Longest wait after failed requests: an officer who comes into reach waits no longer than a tea.
pub const BACK_OFF_MAX_MS: i64 = 15 * 60 * 1000;

/// Bytes of a bundle's head: ids, a key and the sealed keys come to 350.
pub const BUNDLE_HEAD_BYTES_MAX: usize = 1024;

/// Messages in one bundle: a first sync of 100,000 documents takes about 150. Each has its own limit.
pub const BUNDLE_MESSAGES_MAX: u64 = 20_000;

/// Bytes of the marker on a medium: ids, a label and a signature come to 400.
pub const MARKER_BYTES_MAX: usize = 1024;

/// Memory floor of the passphrase hash in KiB (promise P8).
pub const KDF_MEMORY_MIN_KIB: u32 = 64 * 1024;

/// Memory ceiling of the passphrase hash in KiB: a file from elsewhere must not exhaust a laptop.
pub const KDF_MEMORY_MAX_KIB: u32 = 1024 * 1024;

/// Passes ceiling of the passphrase hash.
pub const KDF_PASSES_MAX: u32 = 16;

/// Lanes ceiling of the passphrase hash.
pub const KDF_LANES_MAX: u32 = 8;

/// A request without an answer is given up after this, whatever the host does; a 2G upload of the largest request takes two minutes.
pub const REQUEST_PATIENCE_MS: i64 = 5 * 60 * 1000;

/// A device clock further than this ahead of the station's is wrong beyond doubt; time zones explain less.
pub const CLOCK_DOUBT_MS: i64 = 36 * 60 * 60 * 1000;
