//! The browser edition as a stranger on the same machine meets it: over a socket, with the real app behind it.

#![expect(clippy::expect_used, clippy::panic, reason = "tests")]

mod loopback;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use app::{App, Event, FileDelivery, Host};
use browser::{DataFolder, Loopback, Machine, Screens, Serving, Token, bind};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

/// A server over a new data folder.
struct Served {
    /// Speaks to the windows in place of the app.
    teller: Sender<Event>,
    port: u16,
    token: String,
    stop: Option<oneshot::Sender<()>>,
    runtime: Option<Runtime>,
    _folder: tempfile::TempDir,
}

impl Served {
    /// Starts one that shows the screens of a folder.
    fn with_screens(screens: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let machine = Machine::new(DataFolder::open(folder.path()).expect("the folder is free"), FileDelivery::Inline);
        let token = Token::fresh(|bytes| machine.random(bytes));
        let text = token.text().to_owned();
        let app = App::new(Arc::new(machine));
        let runtime = Runtime::new().expect("a runtime");
        let listener = runtime.block_on(bind(0)).expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let (stop, stopped) = oneshot::channel();
        let (teller, events) = std::sync::mpsc::channel();
        let serving = Serving { app, events, token, screens: Screens::Folder(screens.to_owned()) };
        let served = Loopback::serve(serving, listener, async move {
            let _ = stopped.await;
        });
        runtime.spawn(served);
        Self { teller, port, token: text, stop: Some(stop), runtime: Some(runtime), _folder: folder }
    }

    /// Sends a request as it is written here, except `PORT` and `TOKEN`; gives the answer as it comes.
    fn ask(&self, request: &str) -> String {
        let mut answer = String::new();
        self.send(request).read_to_string(&mut answer).expect("an answer");
        answer
    }

    fn send(&self, request: &str) -> TcpStream {
        let request = request.replace("PORT", &self.port.to_string()).replace("TOKEN", &self.token);
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream.write_all(request.as_bytes()).expect("a request");
        stream
    }

    /// Status and body of a call.
    fn call(&self, command: &str, headers: &str, body: &str) -> (u16, serde_json::Value) {
        let answer = self.ask(&format!(
            "POST /rpc/{command} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}",
            body.len()
        ));
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        (status(head), serde_json::from_str(body).expect("JSON"))
    }

    /// Reads lines of an answer until one contains a text.
    fn lines_until(stream: TcpStream, text: &str) -> Vec<String> {
        let mut lines = Vec::new();
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let found = line.contains(text);
            lines.push(line);
            if found {
                return lines;
            }
        }
        panic!("the stream ended without {text}: {lines:?}");
    }

    /// Ends the server and waits for it.
    fn end(mut self) {
        drop(self.stop.take());
        drop(self.runtime.take());
    }
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status")
}
