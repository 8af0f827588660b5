//! Writes the contract as TypeScript. Owns the form of the generated files; run by `cargo xtask gen`.

use std::collections::{BTreeMap, BTreeSet};

use domain::kind::Kind;
use domain::limits::{DOCUMENT_NUMBER_CHARS_MAX, PHONE_CHARS_MAX};
use domain::shape::{Exposure, Field, FieldType, shape};
use ts_rs::{Config, TS, TypeVisitor};

use crate::commands::for_each_command;
use crate::contract::{
    Count, Empty, HistoryRow, Open, Page, RevealRequest, Revealed, SaveRequest, Written, bundle::*, conflict::*,
    dispute::*, erase::*, import::*, moves::*, patrol::*, people::*, report::*, session::*, settings::*, sync::*,
    today::*, visit::*,
};
use crate::error::{CODES, WireError};
use crate::event::Event;

/// Collects the declaration of a type and of all it uses.
struct Collector<'a> {
    config: &'a Config,
    seen: BTreeSet<String>,
    declarations: BTreeMap<String, String>,
}

impl TypeVisitor for Collector<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_none() || !self.seen.insert(T::ident(self.config)) {
            return;
        }
        let docs = T::docs().unwrap_or_default();
        let text = format!("{docs}export {}\n", T::decl(self.config));
        // one-line comments on one line, a field a line
        let text =
            text.replace("/**\n * ", "/** ").replace("\n */\n", " */\n").replace("{ \n", "{\n").replace(", \n", ",\n");
        self.declarations.insert(T::ident(self.config), text);
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

macro_rules! collect {
    ($($room:ident::$name:ident($request:ty) -> $response:ty, $access:ident, [$($tag:ident),*];)*) => {
        /// Visits every type of the contract and lists the commands.
        fn collect(config: &Config) -> (BTreeMap<String, String>, Vec<String>, BTreeSet<&'static str>) {
            let mut collector =
                Collector { config, seen: BTreeSet::new(), declarations: BTreeMap::new() };
            let mut lines = Vec::new();
            let mut tags: BTreeSet<&'static str> = BTreeSet::new();
            collector.visit::<WireError>();
            collector.visit::<Event>();
            $(
                collector.visit::<$request>();
                collector.visit::<$response>();
                <$response as TS>::visit_dependencies(&mut collector);
                <$response as TS>::visit_generics(&mut collector);
                let names: &[&'static str] = &[$(stringify!($tag)),*];
                tags.extend(names);
                lines.push(format!(
                    "  {}: {{ request: {}; response: {}; tags: {} }};",
                    stringify!($name),
                    <$request as TS>::name(config),
                    <$response as TS>::name(config),
                    tag_union(names),
                ));
            )*
            (collector.declarations, lines, tags)
        }

        /// Tags by command, for the one way the UI refreshes.
        const TAGS: &[(&str, &str, &[&str])] = &[$((stringify!($name), stringify!($access), &[$(stringify!($tag)),*])),*];
    };
}
for_each_command!(collect);

fn tag_union(names: &[&str]) -> String {
    if names.is_empty() {
        return "never".to_owned();
    }
    names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(" | ")
}

/// The generated files: name and content.
#[must_use]
pub fn files() -> Vec<(&'static str, String)> {
    let config = Config::new().with_large_int("number");
    let (declarations, lines, tags) = collect(&config);
    let head = "// Generated from crates/app by `cargo xtask gen`. Do not edit.\n\n";
    let mut types = head.to_owned();
    for declaration in declarations.values() {
        types.push_str(declaration);
        types.push('\n');
    }
    let names: Vec<&String> = declarations.keys().collect();
    let imports = names.iter().map(|name| name.as_str()).filter(|name| lines.iter().any(|line| uses(line, name)));
    let mut commands =
        format!("{head}import type {{ {} }} from './types';\n\n", imports.collect::<Vec<_>>().join(", "));
    commands.push_str("export interface Commands {\n");
    commands.push_str(&lines.join("\n"));
    commands.push_str("\n}\n\nexport type CommandName = keyof Commands;\n\n");
    let tag_names: Vec<&str> = tags.into_iter().collect();
    commands.push_str(&format!("export type Tag = {};\n\n", tag_union(&tag_names)));
    commands.push_str("/** The tags each command reads or writes. */\nexport const commandTags: Record<CommandName, readonly Tag[]> = {\n");
    for (name, _, tags) in TAGS {
        let list = tags.iter().map(|tag| format!("'{tag}'")).collect::<Vec<_>>().join(", ");
        commands.push_str(&format!("  {name}: [{list}],\n"));
    }
    commands.push_str("};\n");
    vec![("types.ts", types), ("commands.ts", commands), ("errors.ts", errors(head)), ("shapes.ts", shapes(head))]
}

/// Every error code, for the test that each has a text in both languages.
fn errors(head: &str) -> String {
    let mut text = head.to_owned();
    text.push_str("/** Every error code; the screens have a text for each. */\nexport const errorCodes = [\n");
    for code in CODES {
        text.push_str(&format!("  '{code}',\n"));
    }
    text.push_str("] as const;\n\nexport type ErrorCode = (typeof errorCodes)[number];\n");
    text
}

/// The fields of every kind of record: labels, types and limits of the forms.
fn shapes(head: &str) -> String {
    let mut text = head.to_owned();
    text.push_str(SHAPE_TYPES);
    text.push_str(
        "/** Fields and collections of every kind of record. */\nexport const shapes: Record<string, ShapeView> = {\n",
    );
    for kind in Kind::ALL {
        let shape = shape(kind);
        text.push_str(&format!("  {}: {{\n    fields: [\n", kind.as_str()));
        for field in shape.fields {
            text.push_str(&format!("      {},\n", field_view(field)));
        }
        text.push_str("    ],\n    collections: [\n");
        for collection in shape.collections {
            let fields = collection.fields.iter().map(field_view).collect::<Vec<_>>().join(",\n          ");
            text.push_str(&format!(
                "      {{\n        key: {:?}, zh: {:?}, en: {:?},\n        fields: [\n          {fields},\n        ],\n      }},\n",
                collection.key, collection.zh, collection.en
            ));
        }
        text.push_str("    ],\n  },\n");
    }
    text.push_str("};\n");
    text
}

const SHAPE_TYPES: &str = "\
/** What a field may hold. `money` is whole fen, `instant` UTC milliseconds, `date` YYYY-MM-DD. */
export type FieldType =
  | 'line' | 'narrative' | 'int' | 'money' | 'bool' | 'date' | 'instant' | 'code' | 'dispute_state' | 'ref' | 'officer' | 'cell'
  | 'id_number' | 'phone';

export interface FieldView {
  key: string;
  zh: string;
  en: string;
  type: FieldType;
  /** Characters at most, for text. */
  max: number | null;
  /** Name of the code table, for a code. */
  table: string | null;
  /** Kind of the record, for a reference. */
  kind: string | null;
  /** Shown with stars until revealed. */
  masked: boolean;
}

export interface CollectionView { key: string; zh: string; en: string; fields: readonly FieldView[] }

export interface ShapeView { fields: readonly FieldView[]; collections: readonly CollectionView[] }

";

/// One field as TypeScript.
fn field_view(field: &Field) -> String {
    let (name, max, table, kind) = match field.holds {
        FieldType::Line(max) => ("line", Some(max), None, None),
        FieldType::Narrative(max) => ("narrative", Some(max), None, None),
        FieldType::Int(..) => ("int", None, None, None),
        FieldType::Money => ("money", None, None, None),
        FieldType::Bool => ("bool", None, None, None),
        FieldType::Date => ("date", None, None, None),
        FieldType::Instant => ("instant", None, None, None),
        FieldType::Code(table) => ("code", None, Some(table.key()), None),
        FieldType::DisputeState => ("dispute_state", None, None, None),
        FieldType::Ref(kind) => ("ref", None, None, Some(kind.as_str())),
        FieldType::Officer => ("officer", None, None, None),
        FieldType::Cell => ("cell", None, None, None),
        FieldType::IdNumber => ("id_number", Some(DOCUMENT_NUMBER_CHARS_MAX), None, None),
        FieldType::Phone => ("phone", Some(PHONE_CHARS_MAX), None, None),
    };
    let quoted = |text: Option<&str>| text.map_or_else(|| "null".to_owned(), |text| format!("'{text}'"));
    let max = max.map_or_else(|| "null".to_owned(), |max| max.to_string());
    format!(
        "{{ key: {:?}, zh: {:?}, en: {:?}, type: '{name}', max: {max}, table: {}, kind: {}, masked: {} }}",
        field.key,
        field.zh,
        field.en,
        quoted(table),
        quoted(kind),
        field.exposure == Exposure::Masked
    )
}

/// Whether a line names a type as a whole word.
fn uses(line: &str, name: &str) -> bool {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
}
