//! The real binary as a server on loopback, and clients for it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;

use reqwest::Client;
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use station::Station;
use sync::laptop::RequestFailure;

/// A running server; killed when dropped.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) watch: Option<String>,
}

impl Server {
    pub(crate) fn start(dir: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fengqiao-station"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--dir"]).arg(dir).stderr(Stdio::null());
        Self::run(command)
    }

    /// Under the command given, which ends in `serve` and listens on a free port.
    pub(crate) fn run(mut command: Command) -> Self {
        let mut child = command.env_remove("RUST_LOG").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        let address = said["listening"].as_str().unwrap().parse().unwrap();
        assert_eq!(said["url"], format!("https://{address}"));
        Self { child, address, watch: said["watch"].as_str().map(str::to_owned) }
    }

    /// The order to stop, as the system gives it.
    pub(crate) fn order(&mut self, signal: &str) -> ExitStatus {
        let sent = Command::new("sh").arg("-c").arg(format!("kill -{signal} {}", self.child.id())).status().unwrap();
        assert!(sent.success());
        self.child.wait().unwrap()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.address.port())
    }

    /// Ends it without any chance to tidy up.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client that trusts the station's authority and checks names, as any other program would.
pub(crate) fn client(station: &Station) -> Client {
    let mut roots = RootCertStore::empty();
    roots.add(station.certificates().unwrap().authority.into()).unwrap();
    let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Client::builder().tls_backend_preconfigured(tls).no_proxy().build().unwrap()
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

pub(crate) async fn post(client: &Client, url: String, bytes: Vec<u8>) -> Result<Vec<u8>, RequestFailure> {
    let lost = |_| RequestFailure::Interrupted;
    let response = client.post(url).body(bytes).send().await.map_err(lost)?;
    assert_eq!(response.status(), 200);
    Ok(response.bytes().await.map_err(lost)?.to_vec())
}
