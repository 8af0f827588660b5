//! npm packages: installed exactly as the lock file says, and only when they are not.

use std::path::Path;

use serde_json::Value;

use crate::failure::{Failure, Outcome};
use crate::out;
use crate::place::Place;
use crate::run::Run;

/// Runs `npm ci` in a folder when its packages are not those of its lock file.
pub(super) fn install(place: &Place, folder: &str) -> Outcome {
    let at = place.at(folder);
    let wanted = read(&at.join("package-lock.json"))?;
    let present = read(&at.join("node_modules").join(".package-lock.json")).unwrap_or(Value::Null);
    if fits(&wanted, &present) {
        return Ok(());
    }
    out::line(&format!("installing npm packages of {folder}"));
    Run::new(place, "npm")
        .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        .folder(&at)
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .go()
        .map_err(|failure| super::cannot_fetch(&format!("npm packages of {folder}"), &failure))
}

fn read(path: &Path) -> Outcome<Value> {
    let bytes = std::fs::read(path).map_err(Failure::file(path))?;
    serde_json::from_slice(&bytes).map_err(|error| Failure::answer(&path.display().to_string(), error))
}

/// Whether every package of the lock file is present in its version. Packages for other systems may be absent.
fn fits(wanted: &Value, present: &Value) -> bool {
    let Some(packages) = wanted.get("packages").and_then(Value::as_object) else {
        return false;
    };
    packages.iter().filter(|(path, _)| !path.is_empty()).all(|(path, package)| {
        let here = present.get("packages").and_then(|all| all.get(path));
        match here {
            Some(here) => here.get("version") == package.get("version"),
            None => package.get("optional").and_then(Value::as_bool) == Some(true),
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::fits;

    #[test]
    fn packages_for_other_systems_may_be_absent_and_versions_must_agree() {
        let wanted = json!({"packages": {"": {}, "node_modules/a": {"version": "1.0.0"},
            "node_modules/b-win": {"version": "2.0.0", "optional": true}}});
        assert!(fits(&wanted, &json!({"packages": {"node_modules/a": {"version": "1.0.0"}}})));
        assert!(!fits(&wanted, &json!({"packages": {"node_modules/a": {"version": "1.0.1"}}})));
        assert!(!fits(&wanted, &json!({"packages": {}})));
        assert!(!fits(&wanted, &json!(null)));
    }
}
