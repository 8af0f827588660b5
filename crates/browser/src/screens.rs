//! Where the built screens come from: a folder, or the program itself.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use tower_http::services::ServeDir;

/// One file of the screens.
#[derive(Debug, Clone)]
pub struct Screen {
    /// What is in it.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub media_type: String,
}

/// Gives a file by its path, e.g. `/index.html`.
type Lookup = Arc<dyn Fn(&str) -> Option<Screen> + Send + Sync>;

/// The built screens.
#[derive(Clone)]
pub enum Screens {
    /// None: only calls and events are served.
    Absent,
    /// Files of a folder.
    Folder(PathBuf),
    /// Files carried inside the program.
    Carried(Lookup),
}

impl Screens {
    /// The folder given, or the folder `ui` beside the program, or none.
    #[must_use]
    pub fn find(given: Option<PathBuf>) -> Self {
        let beside = || Some(std::env::current_exe().ok()?.parent()?.join("ui"));
        match given.or_else(beside) {
            Some(folder) if has_start_page(&folder) => Self::Folder(folder),
            Some(_) | None => Self::Absent,
        }
    }

    /// Adds the screens below every path nothing else answers.
    pub(crate) fn serve<S: Clone + Send + Sync + 'static>(&self, router: Router<S>) -> Router<S> {
        match self {
            Self::Absent => router.fallback(|| async { StatusCode::NOT_FOUND }),
            Self::Folder(folder) => router.fallback_service(ServeDir::new(folder)),
            Self::Carried(lookup) => {
                let lookup = Arc::clone(lookup);
                router.fallback(move |request: Request| async move { carried(&lookup, request.uri().path()) })
            }
        }
    }
}

impl std::fmt::Debug for Screens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Absent => f.write_str("Absent"),
            Self::Folder(folder) => f.debug_tuple("Folder").field(folder).finish(),
            Self::Carried(_) => f.write_str("Carried"),
        }
    }
}

fn has_start_page(folder: &Path) -> bool {
    folder.join("index.html").is_file()
}

fn carried(lookup: &Lookup, path: &str) -> Response {
    let path = if path == "/" { "/index.html" } else { path };
    match lookup(path) {
        Some(screen) => ([(header::CONTENT_TYPE, screen.media_type)], screen.bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
