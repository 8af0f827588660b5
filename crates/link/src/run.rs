//! Follows an app: a driver while a replica is unlocked, none while it is locked. Must not know how a driver works.

use std::sync::Arc;
use std::sync::mpsc;

use app::{App, SyncSignal};
use tokio::sync::mpsc::{Sender, UnboundedReceiver, channel, unbounded_channel};

use crate::driver::{Signal, drive};

/// Signals waiting for a driver; a burst beyond this says nothing new.
const SIGNALS_WAITING: usize = 64;

/// Runs until the app is gone. A replica that is unlocked already is taken up at once.
pub async fn run(app: Arc<App>, signals: mpsc::Receiver<SyncSignal>) {
    let mut heard = ears(signals);
    let mut driver = start(&app);
    while let Some(signal) = heard.recv().await {
        match signal {
            SyncSignal::Unlocked | SyncSignal::Succeeded => driver = start(&app),
            SyncSignal::Locked => driver = None,
            SyncSignal::Now => {
                if driver.is_none() {
                    driver = start(&app);
                }
                tell(driver.as_ref(), Signal::Now);
            }
            SyncSignal::NewWork => tell(driver.as_ref(), Signal::NewWork),
            SyncSignal::Cancel => tell(driver.as_ref(), Signal::Cancel),
        }
    }
}

/// Starts a driver for the unlocked replica and asks for a first sync. It ends when its sender is dropped.
fn start(app: &App) -> Option<Sender<Signal>> {
    let port = app.exchange()?;
    let (sender, receiver) = channel(SIGNALS_WAITING);
    tokio::spawn(drive(port, receiver));
    tell(Some(&sender), Signal::Now);
    Some(sender)
}

fn tell(driver: Option<&Sender<Signal>>, signal: Signal) {
    if let Some(driver) = driver
        && let Err(fault) = driver.try_send(signal)
    {
        tracing::debug!(?signal, %fault, "driver does not listen");
    }
}

/// The app's signals come by a channel that blocks; a thread waits for them and ends with the app.
fn ears(signals: mpsc::Receiver<SyncSignal>) -> UnboundedReceiver<SyncSignal> {
    let (sender, receiver) = unbounded_channel();
    std::thread::spawn(move || {
        for signal in signals {
            if sender.send(signal).is_err() {
                break;
            }
        }
    });
    receiver
}
