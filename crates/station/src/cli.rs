//! The command line of the station. Every act on the directory makes one new signed version; all of them work while the
//! server runs. Owns arguments, output and exit codes. Must not know SQL.

mod directory;
mod found;
mod out;
mod recover;
mod replica;
mod serve;
mod set_aside;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use sync::ids::{ActId, IdFault, ReplicaId};

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
    Cell(CellCommand),
    /// Officers of the station.
    #[command(subcommand)]
    Officer(OfficerCommand),
    /// Assign an officer to a scope from one day to another.
    Assign(directory::Assign),
    /// Make the enrolment file of one officer's laptop.
    Enrol(replica::Enrol),
    /// The signed directory.
    #[command(subcommand)]
    Directory(DirectoryCommand),
    /// Laptops.
    #[command(subcommand)]
    Replica(ReplicaCommand),
    /// Entries the station set aside.
    #[command(subcommand)]
    SetAside(SetAsideCommand),
    /// Who has not been in touch for how long.
    Who(replica::Who),
    /// Run the server until SIGTERM or SIGINT.
    Serve(serve::Serve),
    /// Open a laptop's key file with the recovery code and give it a temporary passphrase.
    Recover(recover::Recover),
}

#[derive(Subcommand)]
enum CellCommand {
    /// Add a cell with its villages.
    Add(directory::CellAdd),
}

#[derive(Subcommand)]
enum OfficerCommand {
    /// Add an officer.
    Add(directory::OfficerAdd),
}

#[derive(Subcommand)]
enum DirectoryCommand {
    /// Show the newest version.
    Show,
    /// List every act with its version.
    Log,
}

#[derive(Subcommand)]
enum ReplicaCommand {
    /// List laptops, enrolled and still to be.
    List,
    /// Revoke a lost laptop: its entries are set aside from now on.
    Revoke(ReplicaArg),
}

#[derive(Subcommand)]
enum SetAsideCommand {
    /// List acts set aside.
    List,
    /// Show the entries of one act.
    Show(ActArg),
    /// Write the entries of one act, bodies included, to a JSON file.
    Export(set_aside::Export),
}

#[derive(Args)]
struct ReplicaArg {
    /// Id of the replica.
    replica: String,
}

#[derive(Args)]
struct ActArg {
    /// Id of the act.
    act: String,
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
    #[error("no entries of act {act} are set aside")]
    ActUnknown { act: ActId },
    #[error("{path} is not a key file of a laptop")]
    NotAKeyFile { path: PathBuf },
    #[error("{path} belongs to another station")]
    KeyFileOfAnother { path: PathBuf },
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
            | Self::NotAKeyFile { .. }
            | Self::KeyFileOfAnother { .. } => 1,
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
        Command::Cell(CellCommand::Add(args)) => directory::add_cell(dir, args, out),
        Command::Officer(OfficerCommand::Add(args)) => directory::add_officer(dir, args, out),
        Command::Assign(args) => directory::assign(dir, args, out),
        Command::Enrol(args) => replica::enrol(dir, args, out),
        Command::Directory(DirectoryCommand::Show) => directory::show(dir, out),
        Command::Directory(DirectoryCommand::Log) => directory::log(dir, out),
        Command::Replica(ReplicaCommand::List) => replica::list(dir, 0, out),
        Command::Who(args) => replica::list(dir, args.days, out),
        Command::Replica(ReplicaCommand::Revoke(args)) => replica::revoke(dir, replica_id(&args.replica)?, out),
        Command::SetAside(SetAsideCommand::List) => set_aside::list(dir, out),
        Command::SetAside(SetAsideCommand::Show(args)) => set_aside::show(dir, act_id(&args.act)?, out),
        Command::SetAside(SetAsideCommand::Export(args)) => set_aside::export(dir, args, out),
        Command::Serve(args) => serve::serve(dir, args),
        Command::Recover(args) => recover::recover(dir, args, out),
    }
}

fn replica_id(text: &str) -> Result<ReplicaId, CliFault> {
    text.parse().map_err(|fault| CliFault::Id { text: text.to_owned(), fault })
}

fn act_id(text: &str) -> Result<ActId, CliFault> {
    text.parse().map_err(|fault| CliFault::Id { text: text.to_owned(), fault })
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
