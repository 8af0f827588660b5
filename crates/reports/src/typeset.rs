//! Sets a template with data into a PDF. Owns the typesetter's small world: one template, one data file, fonts, nothing else.
//!
//! Data reaches the template as the file `data.json` and is read there as values. It is never part of the template's
//! text, so no record can become markup or code. There is no network, no file system and no clock in this world.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDateTime, Timelike};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::ecow::EcoVec;
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, Timestamp};

use crate::{Fonts, ReportError};

/// Station-local time is UTC+8.
const OFFSET_MINUTES: i32 = 8 * 60;

/// Typesetter's memory kept between papers, in papers.
const CACHE_AGE_MAX: usize = 1;

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// Everything the typesetter can see.
struct Desk<'a> {
    template: Source,
    data_id: FileId,
    data: Bytes,
    fonts: &'a Fonts,
}

/// Sets `template` with `data` (JSON) and writes it as a tagged PDF dated `made_at` (station-local time).
pub(crate) fn pdf(template: &str, data: String, fonts: &Fonts, made_at: NaiveDateTime) -> Result<Vec<u8>, ReportError> {
    let desk = Desk {
        template: Source::new(file_id("main.typ")?, template.to_owned()),
        data_id: file_id("data.json")?,
        data: Bytes::from_string(data),
        fonts,
    };
    let set = typst::compile::<PagedDocument>(&desk).output;
    typst::comemo::evict(CACHE_AGE_MAX);
    let document = set.map_err(|errors| refused(&errors))?;
    let options = PdfOptions {
        creator: Smart::Custom(Some("枫桥".to_owned())),
        timestamp: timestamp(made_at),
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| refused(&errors))
}

fn file_id(name: &str) -> Result<FileId, ReportError> {
    let path =
        VirtualPath::new(name).map_err(|error| ReportError::Typesetting { messages: vec![format!("{error:?}")] })?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn refused(errors: &EcoVec<SourceDiagnostic>) -> ReportError {
    ReportError::Typesetting { messages: errors.iter().map(|error| error.message.to_string()).collect() }
}

fn timestamp(at: NaiveDateTime) -> Option<Timestamp> {
    let part = |number: u32| u8::try_from(number).ok();
    let time = Datetime::from_ymd_hms(
        at.year(),
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )?;
    Timestamp::new_local(time, OFFSET_MINUTES)
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data_id { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
