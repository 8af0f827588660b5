//! Erasing a record everywhere.

use super::{moves::MoveRecord, shape, words};

words! {
    /// Why a record is erased: a closed list, because the reason outlives the record.
    enum EraseReason {
        /// 依个人要求删除: the person asked for it and has the right to.
        PersonAsked,
        /// 超过保存期限: kept as long as allowed.
        RetentionOver,
        /// 采集无依据: there was no ground to collect it.
        NoGround,
        /// 重复登记: another record is the right one.
        Duplicate,
        /// 错误登记: about the wrong person or place.
        Mistaken,
        /// 依法令删除: ordered by a court or a higher authority.
        Ordered,
    }
}

shape! {
    /// Asks what an erasure takes along.
    struct RecordErasePreviewRequest {
        /// The record.
        document: String,
    }
    /// What an erasure takes along.
    struct RecordErasePreview {
        /// The record.
        document: String,
        /// Heads to send back with the erasure.
        heads: Vec<String>,
        /// What goes, the record first: a person's residences, a household's residences and visits.
        goes: Vec<MoveRecord>,
        /// Records of their own that go on naming it in words: a dispute's party, a household's head. Each can be erased by
        /// itself.
        named_in: Vec<MoveRecord>,
    }
    /// Erases a record everywhere, for good. One act.
    struct RecordEraseRequest {
        /// The record.
        document: String,
        /// Heads of the record the preview was made at.
        heads: Vec<String>,
        /// Why.
        reason: EraseReason,
    }
    /// A record was erased here; its contents go with the next sync.
    struct RecordErased {
        /// The record.
        document: String,
        /// Records that went.
        records: u64,
    }
    /// Erased records this laptop heard of, newest first.
    struct ErasedList {
        /// Rows, at most 200.
        rows: Vec<ErasedRow>,
    }
    /// A tombstone.
    struct ErasedRow {
        /// The record's id: nothing else is left.
        document: String,
        /// When, device time.
        at: i64,
        /// By whom.
        officer: String,
        /// Why; absent for a code this version does not know.
        reason: Option<EraseReason>,
    }
}
