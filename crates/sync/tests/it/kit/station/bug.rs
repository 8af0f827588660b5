//! Faults of the model station, planted on purpose.

/// Faults that can be planted to see whether the simulation notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StationBug {
    None,
    /// The answer goes out before the transaction failed.
    AnswerBeforeCommit,
    /// One of many entries is left out of the log.
    ForgetsToLog,
    /// It takes frames although it does not know where the laptop stands.
    FramesWhileUnknown,
    /// What is given back is logged again although it is there.
    DoublesGivenBack,
    /// What is given back is received but not logged.
    ForgetsGivenBack,
    /// Of a document met on the way back only the newest entry goes; the others are called sent.
    ForgetsWhole,
}
