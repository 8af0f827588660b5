//! From a command's name to its handler, generated from the one list: a missing handler does not compile. Owns reading the
//! request and writing the answer; must not know what a command does.

use serde_json::Value;

use crate::app::App;
use crate::commands::for_each_command;
use crate::contract::{
    Count, Empty, HistoryRow, Open, Page, RevealRequest, Revealed, SaveRequest, Written, bundle::*, conflict::*,
    dispute::*, erase::*, import::*, moves::*, patrol::*, people::*, report::*, session::*, settings::*, sync::*,
    today::*, visit::*,
};
use crate::error::AppError;

/// Runs a handler the way its access asks for: `open` gets the app, the others the unlocked session; a `write` tells its
/// tags afterwards.
macro_rules! route {
    ($room:ident $name:ident $app:ident $payload:ident $request:ty, $response:ty, open, $tags:expr) => {{
        let request: $request = read($payload, stringify!($name))?;
        let response: $response = crate::$room::$name::run($app, request)?;
        written(&response)
    }};
    ($room:ident $name:ident $app:ident $payload:ident $request:ty, $response:ty, read, $tags:expr) => {{
        let session = $app.session()?;
        let request: $request = read($payload, stringify!($name))?;
        let response: $response = crate::$room::$name::run(&session, request)?;
        written(&response)
    }};
    ($room:ident $name:ident $app:ident $payload:ident $request:ty, $response:ty, write, $tags:expr) => {{
        let session = $app.session()?;
        let request: $request = read($payload, stringify!($name))?;
        let response: $response = crate::$room::$name::run(&session, request)?;
        let tags: &[&str] = $tags;
        session.bus.changed(tags.iter().copied());
        crate::tidy::wrote(&session);
        written(&response)
    }};
}

macro_rules! dispatch {
    ($($room:ident::$name:ident($request:ty) -> $response:ty, $access:ident, [$($tag:ident),*];)*) => {
        /// Runs the command of this name.
        pub(crate) fn dispatch(app: &App, command: &str, payload: Value) -> Result<Value, AppError> {
            match command {
                $(stringify!($name) => {
                    route!($room $name app payload $request, $response, $access, &[$(stringify!($tag)),*])
                })*
                _ => Err(AppError::UnknownCommand { command: command.chars().take(60).collect() }),
            }
        }

        /// Every command: room, name, access.
        pub const COMMANDS: &[(&str, &str, &str)] =
            &[$((stringify!($room), stringify!($name), stringify!($access))),*];
    };
}
for_each_command!(dispatch);

/// Reads the request; a missing one is the empty one.
fn read<T: serde::de::DeserializeOwned>(payload: Value, command: &str) -> Result<T, AppError> {
    let payload = if payload.is_null() { Value::Object(serde_json::Map::new()) } else { payload };
    serde_json::from_value(payload).map_err(|_| AppError::BadRequest { command: command.to_owned() })
}

fn written<T: serde::Serialize>(response: &T) -> Result<Value, AppError> {
    serde_json::to_value(response).map_err(|_| AppError::defect("answer not written as JSON"))
}
