//! The station server: it stores what laptops send, orders it, and hands it on with signed receipts.
//!
//! The loop: a laptop's request comes in as bytes ([`Station::exchange`]). A replica that is new shows its one-time token
//! and is listed in a new version of the signed directory. Each frame is judged by `sync::judge` and stored in one
//! transaction together with its place in the scope logs and its receipt; only then the receipt leaves. The answer ends
//! with the pages of the officer's scopes that the laptop lacks.
//!
//! [`http`] carries the same bytes over TLS, [`bundle`] in a file on a stick; `simulate` carries them through memory. The station never opens a document
//! and knows no nouns of the field.

mod account;
pub mod backup;
pub mod bundle;
pub mod cli;
mod db;
mod earlier;
pub mod edit;
mod epoch;
mod exchange;
mod fault;
mod fork;
mod founding;
pub mod http;
mod key;
mod load;
pub mod medium;
mod meter;
mod pull;
mod push;
mod renewal;
mod repair;
mod station;
pub mod tls;

pub use account::{
    BackupAccount, DirectoryAct, Overview, Recovered, ReplicaAccount, Review, Reviewed, SetAside, SetAsideEntry,
};
pub use db::{DATABASE_FILE, OpenFault};
pub use epoch::{Epoch, EpochCause};
pub use fault::StationFault;
pub use fork::{Branch, Thawed};
pub use founding::{Founding, FoundingSeeds};
pub use key::{KEY_FILE, KeyFault, create_private};
pub use renewal::{CertificateState, Hearers, Switched};
pub use station::{Issue, Readiness, Station};
