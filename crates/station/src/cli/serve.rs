//! `serve`: the server as a process: listening, its one line of output, logs, signals.

use std::io::{IsTerminal, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use clap::Args;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use super::CliFault;
use crate::http::{self, ServeFault, Serving};
use crate::station::Station;

#[derive(Args)]
pub(super) struct Serve {
    /// Address and port; port 0 takes a free one, see the line printed.
    #[arg(long, default_value = "127.0.0.1:8443")]
    listen: SocketAddr,
    /// Loopback address for metrics and health without TLS, e.g. 127.0.0.1:9464; none when absent.
    #[arg(long)]
    watch: Option<SocketAddr>,
}

pub(super) fn serve(dir: &Path, args: &Serve) -> Result<(), CliFault> {
    log_to_stderr();
    let station = Arc::new(Station::open(dir)?);
    let certificates = station.certificates()?;
    let tls = certificates.server_config()?;
    let pin = certificates.pin()?;
    let listener = TcpListener::bind(args.listen).map_err(ServeFault::from)?;
    let address = listener.local_addr().map_err(ServeFault::from)?;
    let readiness = station.readiness()?;
    let mut serving = Serving::new(station, listener, tls);
    let mut watch_url = None;
    if let Some(address) = args.watch {
        let watch = TcpListener::bind(address).map_err(ServeFault::from)?;
        watch_url = Some(format!("http://{}", watch.local_addr().map_err(ServeFault::from)?));
        serving = serving.watched_on(watch)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(ServeFault::from)?;
    runtime.block_on(async {
        // Signals are caught before the line is printed: whoever reads it may stop the server at once.
        let mut terminate = signal(SignalKind::terminate()).map_err(ServeFault::from)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(ServeFault::from)?;
        announce(&json!({
            "listening": address.to_string(),
            "url": format!("https://{address}"),
            "watch": watch_url,
            "pin": pin.to_string(),
            "station": readiness.station.to_string(),
            "directory_version": readiness.directory_version,
        }))?;
        tracing::info!(event = "listening", %address, station = %readiness.station);
        let stop = async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        http::serve(serving, stop).await?;
        tracing::info!(event = "stopped");
        Ok(())
    })
}

fn announce(line: &serde_json::Value) -> Result<(), CliFault> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}")?;
    Ok(stdout.flush()?)
}

/// JSON lines; `RUST_LOG` narrows or widens them. A second call in one process changes nothing.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let _ = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .with_env_filter(filter)
        .try_init();
}
