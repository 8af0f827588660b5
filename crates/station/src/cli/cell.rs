//! Cells and their villages.

use std::path::Path;

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use sync::directory::Village;

use super::out::table;
use super::{CliFault, Out};
use crate::edit;
use crate::http::now_ms;
use crate::station::Station;

#[derive(Subcommand)]
pub(super) enum CellCommand {
    /// List the cells.
    List,
    /// Add a cell with its villages.
    Add(CellAdd),
    /// Give a cell another name. Its code stays.
    Rename(CellRename),
}

#[derive(Subcommand)]
pub(super) enum VillageCommand {
    /// List the villages and the cells they are in.
    List,
    /// Add a village to a cell.
    Add(VillageAdd),
}

#[derive(Args)]
pub(super) struct CellAdd {
    /// Code of the cell, e.g. QF-01.
    #[arg(long)]
    code: String,
    /// Name of the cell.
    #[arg(long)]
    name: String,
    /// A village as code:name, the code with 12 digits; once for each village.
    #[arg(long = "village", value_name = "CODE:NAME", num_args = 1..)]
    villages: Vec<String>,
}

#[derive(Args)]
pub(super) struct CellRename {
    /// Code of the cell.
    #[arg(long)]
    code: String,
    /// Its new name.
    #[arg(long)]
    name: String,
}

#[derive(Args)]
pub(super) struct VillageAdd {
    /// Code of the cell.
    #[arg(long)]
    cell: String,
    /// The village as code:name, the code with 12 digits.
    #[arg(long, value_name = "CODE:NAME")]
    village: String,
}

pub(super) fn cells(dir: &Path, command: &CellCommand, out: Out) -> Result<(), CliFault> {
    match command {
        CellCommand::List => list_cells(dir, out),
        CellCommand::Add(args) => add_cell(dir, args, out),
        CellCommand::Rename(args) => rename_cell(dir, args, out),
    }
}

pub(super) fn villages(dir: &Path, command: &VillageCommand, out: Out) -> Result<(), CliFault> {
    match command {
        VillageCommand::List => list_villages(dir, out),
        VillageCommand::Add(args) => add_village(dir, args, out),
    }
}

fn list_cells(dir: &Path, out: Out) -> Result<(), CliFault> {
    let directory = Station::open(dir)?.directory()?;
    let rows: Vec<Vec<String>> = directory
        .cells
        .iter()
        .map(|cell| vec![cell.code.clone(), cell.name.clone(), cell.villages.join(" ")])
        .collect();
    let value: Vec<Value> = directory
        .cells
        .iter()
        .map(|cell| json!({ "code": cell.code, "name": cell.name, "villages": cell.villages }))
        .collect();
    Ok(out.say(&table(&["CELL", "NAME", "VILLAGES"], &rows), &Value::from(value))?)
}

fn list_villages(dir: &Path, out: Out) -> Result<(), CliFault> {
    let directory = Station::open(dir)?.directory()?;
    let cell_of = |code: &String| directory.cells.iter().find(|cell| cell.villages.contains(code));
    let rows: Vec<Vec<String>> = directory
        .villages
        .iter()
        .map(|one| {
            let cell = cell_of(&one.code).map_or_else(|| "-".to_owned(), |cell| cell.code.clone());
            vec![one.code.clone(), one.name.clone(), cell]
        })
        .collect();
    let value: Vec<Value> = directory
        .villages
        .iter()
        .map(|one| json!({ "code": one.code, "name": one.name, "cell": cell_of(&one.code).map(|cell| &cell.code) }))
        .collect();
    Ok(out.say(&table(&["VILLAGE", "NAME", "CELL"], &rows), &Value::from(value))?)
}

fn add_cell(dir: &Path, args: &CellAdd, out: Out) -> Result<(), CliFault> {
    let villages: Vec<Village> = args.villages.iter().map(|text| village(text)).collect::<Result<_, _>>()?;
    let station = Station::open(dir)?;
    let act = format!("cell add {}", args.code);
    let (version, ()) =
        station.edit(&act, now_ms(), |directory| edit::add_cell(directory, &args.code, &args.name, &villages))?;
    let lines = [format!("Cell {} added with {} villages; directory version {version}", args.code, villages.len())];
    Ok(out.say(&lines, &json!({ "cell": args.code, "directory_version": version }))?)
}

fn village(text: &str) -> Result<Village, CliFault> {
    let (code, name) = text.split_once([':', '：']).ok_or_else(|| CliFault::Village { text: text.to_owned() })?;
    Ok(Village { code: code.trim().to_owned(), name: name.trim().to_owned() })
}

fn rename_cell(dir: &Path, args: &CellRename, out: Out) -> Result<(), CliFault> {
    let act = format!("cell rename {}", args.code);
    let (version, ()) =
        Station::open(dir)?.edit(&act, now_ms(), |directory| edit::rename_cell(directory, &args.code, &args.name))?;
    let lines = [format!("Cell {} renamed; directory version {version}", args.code)];
    Ok(out.say(&lines, &json!({ "cell": args.code, "directory_version": version }))?)
}

fn add_village(dir: &Path, args: &VillageAdd, out: Out) -> Result<(), CliFault> {
    let village = village(&args.village)?;
    let act = format!("village add {} {}", args.cell, village.code);
    let (version, ()) =
        Station::open(dir)?.edit(&act, now_ms(), |directory| edit::add_village(directory, &args.cell, &village))?;
    let lines = [format!("Village {} added to cell {}; directory version {version}", village.code, args.cell)];
    Ok(out.say(&lines, &json!({ "village": village.code, "cell": args.cell, "directory_version": version }))?)
}
