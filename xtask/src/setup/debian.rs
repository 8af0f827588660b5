//! Debian packages: finds out which are missing and installs those.

use std::collections::BTreeSet;

use crate::failure::{Failure, Outcome};
use crate::out;
use crate::place::{Place, on_path};
use crate::run::Run;

/// What compiling and the desktop window need.
pub(super) const FOR_BUILDING: [&str; 8] = [
    "build-essential",
    "ca-certificates",
    "fonts-noto-cjk",
    "libssl-dev",
    "libwebkit2gtk-4.1-dev",
    "librsvg2-dev",
    "perl",
    "pkg-config",
];

/// What the tests need besides.
pub(super) const FOR_TESTS: [&str; 5] = ["chromium", "poppler-utils", "webkit2gtk-driver", "xauth", "xvfb"];

/// Installs what is missing, as root or through sudo.
pub(super) fn install(place: &Place, packages: &[&str]) -> Outcome {
    if on_path("dpkg-query").is_none() {
        out::problem(&format!("This is not a Debian system: see to it that these are there: {}", packages.join(" ")));
        return Ok(());
    }
    let missing = missing(place, packages);
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.iter().copied().collect::<Vec<_>>().join(" ");
    out::line(&format!("installing Debian packages: {list}"));
    let Some(apt) = apt(place) else {
        return Err(Failure::Missing(format!(
            "these Debian packages are missing: {list}\nRun as root, or install sudo, or: apt-get install {list}"
        )));
    };
    if let Err(failure) = apt("update -qq").go() {
        out::problem(&format!("the package lists could not be renewed ({failure}); trying with the ones here"));
    }
    apt("install -y -qq --no-install-recommends")
        .args(missing)
        .go()
        .map_err(|failure| super::cannot_fetch(&format!("Debian packages ({list})"), &failure))
}

/// `apt-get` as root: directly or through sudo; none when neither is possible.
fn apt(place: &Place) -> Option<impl Fn(&str) -> Run + '_> {
    let root = Run::new(place, "id").args(["-u"]).read().is_ok_and(|id| id.trim() == "0");
    if !root && on_path("sudo").is_none() {
        return None;
    }
    Some(move |arguments: &str| {
        let run = match root {
            true => Run::new(place, "apt-get").env("DEBIAN_FRONTEND", "noninteractive"),
            false => Run::new(place, "sudo").args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]),
        };
        run.args(arguments.split_whitespace())
    })
}

fn missing<'a>(place: &Place, packages: &[&'a str]) -> BTreeSet<&'a str> {
    packages.iter().copied().filter(|package| !installed(place, package)).collect()
}

fn installed(place: &Place, package: &str) -> bool {
    let known = Run::new(place, "dpkg-query").args(["--status", package]);
    if !known.works() {
        return false;
    }
    let status = Run::new(place, "dpkg-query").args(["-W", "-f=${db:Status-Abbrev}", package]).read();
    status.is_ok_and(|status| status.starts_with("ii"))
}
