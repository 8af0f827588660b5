//! Sync by hand: sticks and what travels on them.

use super::{shape, words};

words! {
    /// Whether bundles may travel on a medium.
    enum MediumState {
        /// The station registered it.
        Registered,
        /// The station withdrew it.
        Withdrawn,
        /// No marker of the station is on it: USB is off for it.
        NotRegistered,
    }
}

shape! {
    /// A stick that is in this laptop just now.
    struct MediumRow {
        /// Its top folder.
        folder: String,
        /// What the station calls it; the folder's name where there is no marker.
        label: String,
        /// Whether it may be used.
        state: MediumState,
        /// Free space, when the system tells.
        free_bytes: Option<u64>,
        /// Answers on it that this laptop waits for.
        answers: u64,
    }
    /// Sticks in this laptop.
    struct MediumList {
        /// Rows.
        rows: Vec<MediumRow>,
        /// What the next bundle would carry.
        unsent: u64,
    }
    /// Writes a bundle: everything the station has not receipted, sealed to the station.
    struct BundleWriteRequest {
        /// Top folder of a registered medium.
        folder: String,
    }
    /// A bundle was written.
    struct BundleWritten {
        /// The file.
        path: String,
        /// Label of the medium.
        medium: String,
        /// Entries in it.
        entries: u64,
        /// Its size.
        bytes: u64,
    }
    /// Takes the station's answers: one file, or all on a medium that this laptop waits for.
    struct BundleTakeRequest {
        /// The file, or the top folder of a registered medium.
        path: String,
    }
    /// One bundle.
    struct BundleRow {
        /// Its id.
        bundle: String,
        /// When it was written.
        at: i64,
        /// Label of the medium.
        medium: String,
        /// Name of the file.
        file: String,
        /// Entries in it.
        entries: u64,
        /// Its size.
        bytes: u64,
        /// What came back, once it has.
        answer: Option<BundleAnswer>,
    }
    /// What came back.
    struct BundleAnswer {
        /// When it was taken here.
        at: i64,
        /// Entries the station received.
        received: u64,
        /// Of these, entries it set aside.
        set_aside: u64,
        /// Entries fetched.
        fetched: u64,
        /// Code of what the station could not take.
        fault: Option<String>,
    }
    /// Bundles of this laptop, newest first.
    struct BundleList {
        /// Rows.
        rows: Vec<BundleRow>,
        /// The station was restored and asks for something: another bundle takes it there.
        station_asks: bool,
    }
}
