//! The dependency law: the table in ARCHITECTURE.md, compared with what the packages really name.
//! Tests may use what they like; the law is about what is shipped, so development dependencies are free.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::run::Run;

/// One row of the table.
#[derive(Debug, Default, PartialEq, Eq)]
struct Row {
    /// Internal packages it may name; none means anything.
    may_use: Option<BTreeSet<String>>,
    /// Heavy externals it may name. A trailing `*` stands for any ending.
    heavy: BTreeSet<String>,
}

/// What a package names: internal packages and externals.
#[derive(Debug, Default)]
struct Named {
    internal: BTreeSet<String>,
    external: BTreeSet<String>,
    failpoints: Failpoints,
}

/// Whether a package turns failpoints on in what is shipped.
#[derive(Debug, Default, PartialEq, Eq)]
enum Failpoints {
    #[default]
    Off,
    On,
}

/// The package of failpoints and the feature that only development dependencies may name.
const FAILPOINTS: (&str, &str) = ("failpoint", "on");

/// Compares the table with the packages.
pub(crate) fn check(place: &Place) -> Outcome {
    let path = place.at("ARCHITECTURE.md");
    let text = std::fs::read_to_string(&path).map_err(Failure::file(&path))?;
    let answer = Run::cargo(place, "metadata --format-version 1 --no-deps --offline").read()?;
    let metadata: Value = serde_json::from_str(&answer).map_err(|error| Failure::answer("cargo metadata", error))?;
    let breaches = breaches(&table(&text), &named(&metadata));
    if breaches.is_empty() { Ok(()) } else { Err(Failure::Rules(breaches)) }
}

/// Reads the table below the heading "Dependency law".
fn table(text: &str) -> BTreeMap<String, Row> {
    let section = text.split("## Dependency law").nth(1).unwrap_or_default();
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.filter_map(|line| {
        let mut cells = line.trim_matches('|').split('|').map(str::trim);
        let (name, may_use, heavy) = (cells.next()?, cells.next()?, cells.next()?);
        let may_use = (may_use != "anything").then(|| words(may_use));
        Some((name.trim_matches('`').to_owned(), Row { may_use, heavy: words(heavy) }))
    })
    .collect()
}

/// Names separated by commas; a dash means none.
fn words(cell: &str) -> BTreeSet<String> {
    let names = cell.split(',').map(|word| word.trim().trim_matches('`').to_owned());
    names.filter(|word| !word.is_empty() && word != "–").collect()
}

fn named(metadata: &Value) -> BTreeMap<String, Named> {
    let packages = || metadata.get("packages").and_then(Value::as_array).into_iter().flatten();
    let name = |value: &Value| value.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let ours: BTreeSet<String> = packages().map(name).collect();
    packages()
        .map(|package| {
            let mut found = Named::default();
            let dependencies = package.get("dependencies").and_then(Value::as_array).into_iter().flatten();
            for dependency in dependencies.filter(|one| one.get("kind").and_then(Value::as_str) != Some("dev")) {
                let name = name(dependency);
                let list = if ours.contains(&name) { &mut found.internal } else { &mut found.external };
                list.insert(name);
                if turns_on(dependency) {
                    found.failpoints = Failpoints::On;
                }
            }
            if passes_on(package) {
                found.failpoints = Failpoints::On;
            }
            (name(package), found)
        })
        .collect()
}

/// Whether a dependency asks for failpoints.
fn turns_on(dependency: &Value) -> bool {
    let (package, feature) = FAILPOINTS;
    let features = dependency.get("features").and_then(Value::as_array).into_iter().flatten();
    dependency.get("name").and_then(Value::as_str) == Some(package)
        && features.filter_map(Value::as_str).any(|one| one == feature)
}

/// Whether a feature of a package brings failpoints along.
fn passes_on(package: &Value) -> bool {
    let (failpoints, feature) = FAILPOINTS;
    let features = package.get("features").and_then(Value::as_object).into_iter().flatten();
    let named = features.flat_map(|(_, list)| list.as_array().into_iter().flatten()).filter_map(Value::as_str);
    let mut brought = named.filter_map(|one| one.split_once('/'));
    brought.any(|(of, one)| of.trim_end_matches('?') == failpoints && one == feature)
}

fn breaches(table: &BTreeMap<String, Row>, named: &BTreeMap<String, Named>) -> Vec<String> {
    let mut breaches = Vec::new();
    let heavy: BTreeSet<&String> = table.values().flat_map(|row| &row.heavy).collect();
    for (package, found) in named {
        let Some(row) = table.get(package) else {
            breaches.push(format!("{package} is not in the table of ARCHITECTURE.md"));
            continue;
        };
        if found.failpoints == Failpoints::On {
            breaches.push(format!("{package} turns failpoints on in what is shipped"));
        }
        for internal in &found.internal {
            if row.may_use.as_ref().is_some_and(|allowed| !allowed.contains(internal)) {
                breaches.push(format!("{package} may not use {internal}"));
            }
        }
        for external in &found.external {
            let is_heavy = heavy.iter().any(|pattern| matches(pattern, external));
            if is_heavy && !row.heavy.iter().any(|pattern| matches(pattern, external)) {
                breaches.push(format!("{package} may not name {external}"));
            }
        }
    }
    for package in table.keys().filter(|package| !named.contains_key(*package)) {
        breaches.push(format!("{package} is in the table of ARCHITECTURE.md and is no package"));
    }
    breaches
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => pattern == name,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TABLE: &str = "# x\n## Dependency law\ntext\n\n| package | may use | heavy |\n|---|---|---|\n\
        | `domain` | – | – |\n| `host` | `domain` | `tauri*`, `axum` |\n| `tool` | anything | – |\n\n## Next\n| a | b | c |\n";

    fn package(name: &str, dependencies: &[(&str, Value)]) -> Value {
        let list: Vec<Value> = dependencies.iter().map(|(name, kind)| json!({"name": name, "kind": kind})).collect();
        json!({"name": name, "dependencies": list})
    }

    #[test]
    fn a_package_that_names_what_it_may_not_is_found() {
        let metadata = json!({"packages": [
            package("domain", &[("host", Value::Null), ("tauri-build", json!("build")), ("serde", Value::Null)]),
            package("host", &[("domain", Value::Null), ("tauri", Value::Null), ("tool", json!("dev"))]),
            package("new", &[]),
        ]});
        assert_eq!(
            breaches(&table(TABLE), &named(&metadata)),
            [
                "domain may not use host",
                "domain may not name tauri-build",
                "new is not in the table of ARCHITECTURE.md",
                "tool is in the table of ARCHITECTURE.md and is no package",
            ]
        );
    }

    #[test]
    fn a_package_that_would_ship_failpoints_is_found() {
        let on = |kind: Value| json!({"name": "failpoint", "kind": kind, "features": ["on"]});
        let package = |name: &str, dependency: Value, features: Value| json!({"name": name, "dependencies": [dependency], "features": features});
        let metadata = json!({"packages": [
            package("failpoint", json!({"name": "serde", "kind": null}), json!({"on": []})),
            package("a", on(Value::Null), json!({})),
            package("b", on(json!("dev")), json!({})),
            package("c", json!({"name": "failpoint", "kind": null, "features": []}), json!({"proof": ["failpoint/on"]})),
        ]});
        let named = named(&metadata);
        let guilty: Vec<&str> = named
            .iter()
            .filter(|(_, found)| found.failpoints == Failpoints::On)
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(guilty, ["a", "c"]);
        assert!(breaches(&table(TABLE), &named).len() > 2);
    }

    #[test]
    fn the_packages_keep_the_law_of_the_architecture() {
        let place = Place::find().expect("a place");
        if let Err(failure) = check(&place) {
            panic!("{failure}");
        }
    }
}
