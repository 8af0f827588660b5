//! Spreads what the app tells to every open window. Owns the fan-out and the stream form; must not know what events mean.

use std::convert::Infallible;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use app::Event;
use axum::response::sse;
use futures_util::stream::{self, Stream};
use tokio::sync::{broadcast, watch};

/// Events a window may fall behind. One that falls behind further is told to read everything again.
const BEHIND_MAX: usize = 1024;

/// So often a silent stream says that it is alive, so that a window notices a host that is gone.
const ALIVE_SECONDS: u64 = 15;

/// What a window is told when it missed events: whatever happened meanwhile is unknown.
const MISSED: &str = r#"{"type":"resumed"}"#;

/// The spreading point. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Hub {
    sender: broadcast::Sender<String>,
}

impl Hub {
    /// Spreads everything that comes from the app. Ends by itself when the app is gone.
    pub(crate) fn over(events: Receiver<Event>) -> Self {
        let (sender, _) = broadcast::channel(BEHIND_MAX);
        let hub = Self { sender: sender.clone() };
        std::thread::spawn(move || {
            for event in events {
                if let Ok(text) = serde_json::to_string(&event) {
                    // Nobody listening is fine.
                    let _ = sender.send(text);
                }
            }
        });
        hub
    }

    /// A stream of server-sent events that ends when `stop` becomes true.
    pub(crate) fn stream(
        &self,
        stop: watch::Receiver<bool>,
    ) -> sse::Sse<sse::KeepAliveStream<impl Stream<Item = Result<sse::Event, Infallible>> + use<>>> {
        let first = sse::Event::default().retry(Duration::from_secs(1)).comment("ready");
        let begin = (Some(first), self.sender.subscribe(), stop);
        let events = stream::unfold(begin, |(first, mut receiver, mut stop)| async move {
            if let Some(first) = first {
                return Some((Ok(first), (None, receiver, stop)));
            }
            let text = tokio::select! {
                received = receiver.recv() => match received {
                    Ok(text) => text,
                    Err(broadcast::error::RecvError::Lagged(_)) => MISSED.to_owned(),
                    Err(broadcast::error::RecvError::Closed) => return None,
                },
                _ = stop.wait_for(|stop| *stop) => return None,
            };
            Some((Ok(sse::Event::default().data(text)), (None, receiver, stop)))
        });
        sse::Sse::new(events).keep_alive(sse::KeepAlive::new().interval(Duration::from_secs(ALIVE_SECONDS)))
    }
}
