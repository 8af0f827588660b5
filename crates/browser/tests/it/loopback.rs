//! What the loopback server lets through and what it turns away.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use app::Event;
use browser::{DataFolder, FolderError};

use super::{Served, status};

const OURS: &str = "host: 127.0.0.1:PORT\r\nx-fengqiao-token: TOKEN\r\n";

fn served() -> (Served, tempfile::TempDir) {
    let outside = tempfile::tempdir().expect("a folder");
    let screens = outside.path().join("ui");
    std::fs::create_dir(&screens).expect("a folder");
    std::fs::write(screens.join("index.html"), "<!doctype html>screens").expect("a file");
    std::fs::write(outside.path().join("secret.txt"), "secret").expect("a file");
    (Served::with_screens(&screens), outside)
}

#[test]
fn a_call_with_the_token_reaches_the_app() {
    let (served, _outside) = served();
    let (status, answer) = served.call("session_status", OURS, "{}");
    assert_eq!((status, answer["state"].as_str()), (200, Some("empty")), "{answer}");
    served.end();
}

#[test]
fn a_call_without_the_token_or_with_another_is_turned_away() {
    let (served, _outside) = served();
    for token in ["", "x-fengqiao-token: \r\n", "x-fengqiao-token: 00\r\n", "x-fengqiao-token: TOKEN0\r\n"] {
        let (status, answer) = served.call("session_status", &format!("host: 127.0.0.1:PORT\r\n{token}"), "{}");
        assert_eq!((status, answer["code"].as_str()), (401, Some("token_wrong")), "{token}");
    }
    for token in ["", "?token=", "?token=00"] {
        let answer =
            served.ask(&format!("GET /events{token} HTTP/1.1\r\nhost: 127.0.0.1:PORT\r\nconnection: close\r\n\r\n"));
        assert_eq!(status(&answer), 401, "{token}");
    }
    served.end();
}

#[test]
fn a_page_of_another_site_is_turned_away_even_with_the_token() {
    let (served, _outside) = served();
    for (headers, expected, code) in [
        ("host: evil.example\r\nx-fengqiao-token: TOKEN\r\n", 421, "host_foreign"),
        ("host: 127.0.0.1:1\r\nx-fengqiao-token: TOKEN\r\n", 421, "host_foreign"),
        ("host: 127.0.0.1:PORT\r\nx-fengqiao-token: TOKEN\r\norigin: http://evil.example\r\n", 403, "origin_foreign"),
        ("host: 127.0.0.1:PORT\r\nx-fengqiao-token: TOKEN\r\nsec-fetch-site: cross-site\r\n", 403, "origin_foreign"),
    ] {
        let (status, answer) = served.call("session_status", headers, "{}");
        assert_eq!((status, answer["code"].as_str()), (expected, Some(code)), "{headers}");
    }
    let page = served.ask("GET / HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n");
    assert_eq!(status(&page), 421, "the screens are not given to a foreign name either");
    served.end();
}

#[test]
fn an_unknown_command_and_an_unreadable_request_are_errors_with_a_code() {
    let (served, _outside) = served();
    let (status, answer) = served.call("no_such_command", OURS, "{}");
    assert_eq!((status, answer["code"].as_str()), (404, Some("unknown_command")));
    let (status, answer) = served.call("session_status", OURS, "{not json");
    assert_eq!((status, answer["code"].as_str()), (400, Some("bad_request")));
    served.end();
}

#[test]
fn a_request_longer_than_any_register_is_refused_before_it_is_read() {
    let (served, _outside) = served();
    let answer = served.ask(&format!(
        "POST /rpc/session_status HTTP/1.1\r\nconnection: close\r\ncontent-length: 99999999\r\n{OURS}\r\n"
    ));
    assert_eq!(status(&answer), 413, "{answer}");
    assert!(answer.contains("too_large"), "{answer}");
    served.end();
}

#[test]
fn no_path_leads_out_of_the_screens() {
    let (served, _outside) = served();
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "//secret.txt",
        "/x/../../secret.txt",
    ] {
        let answer = served.ask(&format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1:PORT\r\nconnection: close\r\n\r\n"));
        assert!((400..500).contains(&status(&answer)) && !answer.contains("secret\n"), "{path}: {answer}");
        assert!(!answer.ends_with("secret"), "{path}: {answer}");
    }
    served.end();
}

#[test]
fn every_answer_forbids_what_did_not_come_with_the_program() {
    let (served, _outside) = served();
    let page = served.ask("GET / HTTP/1.1\r\nhost: 127.0.0.1:PORT\r\nconnection: close\r\n\r\n");
    assert!(page.ends_with("screens"), "{page}");
    for request in ["GET / HTTP/1.1", "GET /absent HTTP/1.1", "POST /rpc/x HTTP/1.1"] {
        let answer = served.ask(&format!("{request}\r\nhost: 127.0.0.1:PORT\r\nconnection: close\r\n\r\n"));
        for header in [
            "content-security-policy: default-src 'none'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
        ] {
            assert!(answer.contains(header), "{request}: {header} in {answer}");
        }
    }
    let answer = served.ask(&format!("POST /rpc/session_status HTTP/1.1\r\nconnection: close\r\n{OURS}\r\n"));
    assert!(answer.contains("cache-control: no-store"), "records stay out of the cache: {answer}");
    served.end();
}

#[test]
fn what_the_app_tells_reaches_an_open_window() {
    let (served, _outside) = served();
    let window = served.send("GET /events?token=TOKEN HTTP/1.1\r\nhost: 127.0.0.1:PORT\r\n\r\n");
    let head = Served::lines_until(window.try_clone().expect("the stream"), ": ready");
    assert!(head.iter().any(|line| line == "content-type: text/event-stream"), "{head:?}");
    served.teller.send(Event::Changed { tags: vec!["household".to_owned()] }).expect("the server listens");
    let told = Served::lines_until(window, "data: ");
    assert_eq!(told.last().map(String::as_str), Some(r#"data: {"type":"changed","tags":["household"]}"#));
    served.end();
}

#[test]
fn a_data_folder_belongs_to_one_program_at_a_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = DataFolder::open(folder.path()).expect("free");
    assert!(matches!(DataFolder::open(folder.path()), Err(FolderError::InUse { .. })));
    drop(first);
    DataFolder::open(folder.path()).expect("free again");
}

#[test]
fn the_program_says_where_it_is_in_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut program = Command::new(env!("CARGO_BIN_EXE_fengqiao-browser"))
        .args(["--no-open", "--data"])
        .arg(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program");
    let mut line = String::new();
    BufReader::new(program.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
    program.kill().expect("the program runs");
    program.wait().expect("the program ends");
    let told: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    let (url, token) = (told["url"].as_str().unwrap_or_default(), told["token"].as_str().unwrap_or_default());
    assert!(url.starts_with("http://127.0.0.1:") && url.ends_with(&format!("/#token={token}")), "{line}");
    assert_eq!(token.len(), 64);
}
