//! The whole matrix of permits, written out and compared with the file a reviewer reads.

use domain::permit::{Action, Denied, Role, permit};
use domain::scope::{Scope, Scopes};
use std::fmt::Write;

/// The scopes asked for: one of each kind, held and not held.
fn asked() -> [(&'static str, Scope); 5] {
    [
        ("station", Scope::Station),
        ("own cell", Scope::Cell("A".into())),
        ("other cell", Scope::Cell("B".into())),
        ("own sensitive", Scope::CellSensitive("A".into())),
        ("other sensitive", Scope::CellSensitive("B".into())),
    ]
}

fn held() -> Scopes {
    [Scope::Cell("A".into()), Scope::CellSensitive("A".into())].into()
}

fn matrix() -> String {
    let mut text = String::new();
    for action in Action::ALL {
        writeln!(text, "{}", action.code()).unwrap();
        for (label, scope) in asked() {
            write!(text, "  {label:<16}").unwrap();
            for role in Role::ALL {
                let answer = match permit(role, action, &scope, &held()) {
                    Ok(found) => {
                        assert_eq!((found.role(), found.action(), found.scope()), (role, action, &scope));
                        "yes"
                    }
                    Err(Denied::Role { .. }) => "-",
                    Err(Denied::ScopeKind { .. }) => "no:kind",
                    Err(Denied::ScopeNotHeld { .. }) => "no:held",
                };
                write!(text, " {}={answer:<8}", role.code()).unwrap();
            }
            let end = text.trim_end().len();
            text.truncate(end);
            text.push('\n');
        }
    }
    text
}

#[test]
fn every_role_action_and_scope_is_answered_as_written_down() {
    let expected = include_str!("permits.txt");
    let found = matrix();
    for (line, (found, expected)) in found.lines().zip(expected.lines()).enumerate() {
        assert_eq!(found, expected, "line {}", line + 1);
    }
    assert_eq!(found, expected);
}

#[test]
fn nothing_is_allowed_in_a_cell_that_is_not_held_but_what_concerns_the_whole() {
    for role in Role::ALL {
        for action in Action::ALL {
            let whole = matches!(action, Action::ReportAllCells | Action::ReadAudit | Action::Backup);
            let answer = permit(role, action, &Scope::Cell("B".into()), &held());
            assert!(answer.is_err() || whole, "{} {}", role.code(), action.code());
        }
    }
}

#[test]
fn the_auditor_and_the_administrator_read_no_record() {
    let everything: Scopes = asked().into_iter().map(|(_, scope)| scope).collect();
    for role in [Role::Auditor, Role::Admin] {
        for action in [Action::Read, Action::Edit, Action::Reveal, Action::ReadSensitive, Action::Export] {
            for scope in &everything {
                assert!(permit(role, action, scope, &everything).is_err());
            }
        }
    }
}
