//! The command line of the station. Every act on the directory makes one new signed version; all of them work while the
//! server runs. Owns arguments, output and exit codes. Must not know SQL.

mod backup;
mod bundle;
mod cell;
mod certificate;
mod code;
mod directory;
mod found;
mod lease;
mod medium;
mod officer;
mod out;
mod recover;
mod replica;
mod serve;
mod set_aside;
mod status;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use sync::ids::{ActId, IdFault};

use crate::backup::BackupFault;
use crate::bundle::TakeFault;
use crate::edit::EditFault;
use crate::fault::StationFault;
use crate::http::ServeFault;
use crate::tls::TlsFault;
use out::Out;

#[derive(Parser)]
#[command(name = "fengqiao-station", version, about = "The Fengqiao station server and its administration")]
struct Cli {
    /// Folder of the station.
    #[arg(long, global = true, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Answer in JSON, one object or list.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Found a station: keys, certificates, recovery code, directory version 1.
    Init(found::Init),
    /// Cells of the station.
    #[command(subcommand)]
    Cell(cell::CellCommand),
    /// Villages of the station.
    #[command(subcommand)]
    Village(cell::VillageCommand),
    /// Officers of the station.
    #[command(subcommand)]
    Officer(officer::OfficerCommand),
    /// Assign an officer to a scope from one day to another.
    Assign(officer::Assign),
    /// End an officer's duty in a scope.
    Unassign(officer::Unassign),
    /// How long laptops show records without a contact.
    #[command(subcommand)]
    Lease(lease::LeaseCommand),
    /// Make the enrolment file of one officer's laptop.
    Enrol(replica::Enrol),
    /// The signed directory.
    #[command(subcommand)]
    Directory(directory::DirectoryCommand),
    /// Sticks that bundles may travel on.
    #[command(subcommand)]
    Medium(medium::MediumCommand),
    /// What laptops send on a stick.
    #[command(subcommand)]
    Bundle(bundle::BundleCommand),
    /// Laptops.
    #[command(subcommand)]
    Replica(replica::ReplicaCommand),
    /// Entries the station set aside.
    #[command(subcommand)]
    SetAside(set_aside::SetAsideCommand),
    /// Who has not been in touch for how long.
    Who(replica::Who),
    /// The server's key and the next one.
    #[command(subcommand)]
    Certificate(certificate::CertificateCommand),
    /// How the station is: backup, restore, work that waits.
    Status,
    /// Make a backup while the server runs and read it back.
    Backup(backup::Backup),
    /// Bring a backup back into the folder named by --dir. There must be no station in it.
    Restore(backup::From),
    /// Run the server until SIGTERM or SIGINT.
    Serve(serve::Serve),
    /// Open a laptop's key file with the recovery code and give it a temporary passphrase.
    Recover(recover::Recover),
}

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
enum CliFault {
    #[error(transparent)]
    Station(#[from] StationFault),
    #[error(transparent)]
    Serve(#[from] ServeFault),
    #[error("{path}: {source}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("{text}: {fault}")]
    Id { text: String, fault: IdFault },
    #[error("{text} is not a village: expected code:name")]
    Village { text: String },
    #[error("{text} is not a role: expected one of {known}")]
    Role { text: String, known: String },
    #[error("{url} is not an address of this station: expected https://host:port")]
    Url { url: String },
    #[error("at most {max} addresses fit into an enrolment file")]
    TooManyUrls { max: usize },
    #[error("there is no version {version} of the directory")]
    VersionUnknown { version: u64 },
    #[error("no entries of act {act} are set aside")]
    ActUnknown { act: ActId },
    #[error("no next key was prepared")]
    NothingPrepared,
    #[error("{count} active laptops have not heard of the next key; see certificate show")]
    NotHeard { count: usize },
    #[error("{path} is not a key file of a laptop")]
    NotAKeyFile { path: PathBuf },
    #[error("{path} belongs to another station")]
    KeyFileOfAnother { path: PathBuf },
    #[error("no bundle in {path} waits for an answer")]
    NoBundle { path: PathBuf },
    #[error("{count} bundles were not taken")]
    NotTaken { count: usize },
    #[error("randomness: {0}")]
    Random(#[from] getrandom::Error),
    #[error("output: {0}")]
    Output(#[from] std::io::Error),
}

impl From<EditFault> for CliFault {
    fn from(fault: EditFault) -> Self {
        Self::Station(fault.into())
    }
}

impl From<TlsFault> for CliFault {
    fn from(fault: TlsFault) -> Self {
        Self::Station(fault.into())
    }
}

impl CliFault {
    /// 1: refused, the administrator can put it right; 3: the station's files or this machine. (2 is clap's: usage.)
    fn exit_code(&self) -> u8 {
        match self {
            Self::Station(StationFault::Backup(fault)) => backup_code(fault),
            Self::Station(StationFault::Bundle(fault)) => bundle_code(fault),
            Self::Station(
                StationFault::Edit(_)
                | StationFault::Code(_)
                | StationFault::Seal(_)
                | StationFault::ReplicaTaken { .. }
                | StationFault::DirectoryTooLarge { .. },
            )
            | Self::Id { .. }
            | Self::Village { .. }
            | Self::Role { .. }
            | Self::Url { .. }
            | Self::TooManyUrls { .. }
            | Self::ActUnknown { .. }
            | Self::VersionUnknown { .. }
            | Self::NothingPrepared
            | Self::NotHeard { .. }
            | Self::NotAKeyFile { .. }
            | Self::KeyFileOfAnother { .. }
            | Self::NoBundle { .. }
            | Self::NotTaken { .. } => 1,
            Self::Station(
                StationFault::Open(_)
                | StationFault::Key(_)
                | StationFault::Database(_)
                | StationFault::SettingMissing { .. }
                | StationFault::Damaged { .. }
                | StationFault::Signature(_)
                | StationFault::Decode(_)
                | StationFault::ReceiptTooLarge { .. }
                | StationFault::Tls(_)
                | StationFault::Kdf(_),
            )
            | Self::Serve(_)
            | Self::File { .. }
            | Self::Random(_)
            | Self::Output(_) => 3,
        }
    }
}

fn bundle_code(fault: &TakeFault) -> u8 {
    match fault {
        TakeFault::Bundle(_) | TakeFault::AnotherSigner | TakeFault::NotOnAMedium { .. } | TakeFault::Medium { .. } => {
            1
        }
        TakeFault::Later { .. } | TakeFault::Endless | TakeFault::Read(_) | TakeFault::Write(_) => 3,
    }
}

fn backup_code(fault: &BackupFault) -> u8 {
    match fault {
        BackupFault::NotABackup
        | BackupFault::NewerVersion { .. }
        | BackupFault::HeaderDamaged
        | BackupFault::WrongCode
        | BackupFault::Damaged { .. }
        | BackupFault::UnderWay
        | BackupFault::Exists { .. }
        | BackupFault::StationThere { .. }
        | BackupFault::KeyThere { .. } => 1,
        BackupFault::NotTheSame
        | BackupFault::Unsound { .. }
        | BackupFault::Read(_)
        | BackupFault::Write(_)
        | BackupFault::Kdf(_) => 3,
    }
}

/// Runs the program named by the process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let out = if cli.json { Out::Json } else { Out::Text };
    match run(&cli, out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            let code = fault.exit_code();
            out.fault(&fault.to_string(), code);
            ExitCode::from(code)
        }
    }
}

fn run(cli: &Cli, out: Out) -> Result<(), CliFault> {
    let dir = cli.dir.as_path();
    match &cli.command {
        Command::Init(args) => found::init(dir, args, out),
        Command::Cell(command) => cell::cells(dir, command, out),
        Command::Village(command) => cell::villages(dir, command, out),
        Command::Officer(command) => officer::officers(dir, command, out),
        Command::Assign(args) => officer::assign(dir, args, out),
        Command::Unassign(args) => officer::unassign(dir, args, out),
        Command::Lease(command) => lease::lease(dir, command, out),
        Command::Enrol(args) => replica::enrol(dir, args, out),
        Command::Directory(command) => directory::directory(dir, command, out),
        Command::Medium(command) => medium::media(dir, command, out),
        Command::Bundle(command) => bundle::bundles(dir, command, out),
        Command::Replica(command) => replica::replicas(dir, command, out),
        Command::Who(args) => replica::list(dir, args.days, out),
        Command::SetAside(command) => set_aside::acts(dir, command, out),
        Command::Certificate(command) => certificate::certificates(dir, command, out),
        Command::Status => status::status(dir, out),
        Command::Backup(args) => backup::backup(dir, args, out),
        Command::Restore(args) => backup::restore(dir, args, out),
        Command::Serve(args) => serve::serve(dir, args),
        Command::Recover(args) => recover::recover(dir, args, out),
    }
}

/// Fresh random bytes of the system.
fn random<const N: usize>() -> Result<[u8; N], CliFault> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// A new UUIDv7.
fn new_uuid() -> Result<uuid::Uuid, CliFault> {
    let now = u64::try_from(crate::http::now_ms()).unwrap_or_default();
    Ok(uuid::Builder::from_unix_timestamp_millis(now, &random()?).into_uuid())
}
