//! Serves `app` to a browser on this machine: the browser edition, the headless laptop of tests and demonstrations, and the
//! way out when the desktop window stays white. Owns what every host of `app` on a real machine shares (clock, randomness,
//! data folder and its lock) and the loopback server. Must not know what any command does, nor Tauri.
//!
//! The loop: [`DataFolder::open`] takes the folder, [`Machine`] gives it to `App`, [`run()`] binds 127.0.0.1, makes a token for
//! this start, and answers
//!
//! - `POST /rpc/<command>` with the token in `x-fengqiao-token`: `App::call` on a blocking thread; errors are JSON,
//! - `GET /events?token=…`: what the app tells, as server-sent events,
//! - everything else from the built screens.

mod events;
mod folder;
mod guard;
mod machine;
mod rpc;
mod run;
mod screens;
mod server;
mod token;

pub use folder::{DataFolder, FolderError, usual_data_folder};
pub use machine::Machine;
pub use run::{Opening, Start, StartError, run};
pub use screens::{Screen, Screens};
pub use server::{Loopback, Serving, bind};
pub use token::Token;
