//! Writes the contract as TypeScript. Owns the form of the generated files; run by `cargo xtask gen`.

use std::collections::{BTreeMap, BTreeSet};

use ts_rs::{Config, TS, TypeVisitor};

use crate::commands::for_each_command;
use crate::contract::{
    Count, Empty, HistoryRow, Open, Page, RevealRequest, Revealed, SaveRequest, Written, conflict::*, dispute::*, import::*,
    patrol::*, people::*, report::*, session::*, settings::*, sync::*, today::*, visit::*,
};
use crate::error::WireError;

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
        self.declarations.insert(T::ident(self.config), format!("{docs}export {}\n", T::decl(self.config)));
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
    let mut commands = format!("{head}import type {{ {} }} from './types';\n\n", imports.collect::<Vec<_>>().join(", "));
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
    vec![("types.ts", types), ("commands.ts", commands)]
}

/// Whether a line names a type as a whole word.
fn uses(line: &str, name: &str) -> bool {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
}
