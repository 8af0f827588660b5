//! The made-up station's ground: villages with real names, cells, officers and what their laptops are called. Tables only.

use sync::directory::Role;

use crate::SimulateError;
use crate::people::{TOWN, Village, villages_of};

/// A cell to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellPlan {
    /// Code, e.g. `XX-01`.
    pub code: String,
    /// Name.
    pub name: String,
    /// Its villages.
    pub villages: Vec<Village>,
}

/// Which cells a post holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// All, now and later.
    All,
    /// The first beat.
    FirstBeat,
    /// The rest.
    SecondBeat,
}

/// An officer of the made-up station with his laptop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Post {
    /// Name.
    pub name: &'static str,
    /// Police number.
    pub number: &'static str,
    /// Role.
    pub role: Role,
    /// What the laptop is called.
    pub laptop: &'static str,
    /// Cells.
    pub holds: Holds,
}

/// The name of the station; says that it is a demonstration.
pub const STATION: &str = "香溪派出所（演示）";
/// Its division code.
pub const DIVISION: &str = "330781108000";
/// Villages of a cell.
const VILLAGES_OF_A_CELL: usize = 3;
/// Cells of the first beat.
const CELLS_OF_THE_FIRST_BEAT: usize = 3;

/// The people of the station, the chief last.
pub const POSTS: [Post; 4] = [
    Post { name: "郑和平", number: "010001", role: Role::Officer, laptop: "XX-07", holds: Holds::FirstBeat },
    Post { name: "沈雨晴", number: "010002", role: Role::Officer, laptop: "XX-08", holds: Holds::FirstBeat },
    Post { name: "陆建国", number: "010003", role: Role::Officer, laptop: "XX-09", holds: Holds::SecondBeat },
    Post { name: "方守正", number: "010000", role: Role::Chief, laptop: "XX-01", holds: Holds::All },
];

/// Cells of a station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Town {
    /// Cells of the first beat, then those of the second.
    pub cells: Vec<CellPlan>,
    /// How many of them are the first beat.
    pub first_beat: usize,
}

impl Town {
    /// The town the made-up station stands in.
    ///
    /// # Errors
    /// [`SimulateError::Data`] when the list of villages cannot be read.
    pub fn built_in() -> Result<Self, SimulateError> {
        let villages = villages_of(TOWN)?;
        let numbers = ["一", "二", "三", "四", "五", "六", "七", "八", "九"];
        let cells = villages
            .chunks(VILLAGES_OF_A_CELL)
            .zip(numbers)
            .zip(1_u32..)
            .map(|((villages, name), number)| CellPlan {
                code: format!("XX-{number:02}"),
                name: format!("香溪{name}格"),
                villages: villages.to_vec(),
            })
            .collect();
        Ok(Self { cells, first_beat: CELLS_OF_THE_FIRST_BEAT })
    }

    /// The cells a post holds.
    #[must_use]
    pub fn cells_of(&self, holds: Holds) -> &[CellPlan] {
        let (first, second) = self.cells.split_at_checked(self.first_beat).unwrap_or((&self.cells, &[]));
        match holds {
            Holds::All => &self.cells,
            Holds::FirstBeat => first,
            Holds::SecondBeat => second,
        }
    }

    /// The villages of some cells, each with the code of its cell.
    #[must_use]
    pub fn villages(cells: &[CellPlan]) -> (Vec<Village>, Vec<String>) {
        let pairs = cells.iter().flat_map(|cell| cell.villages.iter().map(|one| (one.clone(), cell.code.clone())));
        pairs.unzip()
    }
}
