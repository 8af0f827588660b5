//! Drives one replica's engine: effects become disk jobs and requests, completions become inputs, time becomes wakes.
//! Never blocks, so typing never waits for the line. Must not decide anything the engine decides.

use std::sync::Arc;
use std::time::Duration;

use sync::laptop::{Activity, Effects, Input, Laptop, Outcome, Progress, Send, Ticket};
use tokio::sync::mpsc::{Receiver, UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep};

use crate::desk::{self, Job};
use crate::line::{Line, LineFault, Meter};
use crate::network::{self, Route};
use app::Port;

/// What a driver is told from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Sync at once.
    Now,
    /// Something was written; a sync soon is enough, and none while the line rests after a failure.
    NewWork,
    /// The network may be back: try again now if the line rests.
    MaybeOnline,
    /// End the running attempt; what is stored stays.
    Cancel,
    /// End the driver.
    Stop,
}

/// Waits so that a burst of saves becomes one sync.
const NEW_WORK_DELAY: Duration = Duration::from_secs(3);

/// After a complete sync the station is asked again for what others wrote.
const REFRESH_EVERY_MS: i64 = 5 * 60 * 1000;

/// No timer is longer: a laptop that slept wakes up within this, whatever its clocks did meanwhile.
const LOOK_UP_EVERY: Duration = Duration::from_secs(10);

/// How often bytes are shown while a request is on its way.
const SHOW_EVERY: Duration = Duration::from_millis(500);

/// Runs until [`Signal::Stop`], until all senders of signals are gone, or until the port has no identity.
pub async fn drive(port: Arc<dyn Port>, mut signals: Receiver<Signal>) {
    let opened = {
        let port = Arc::clone(&port);
        tokio::task::spawn_blocking(move || port.link()).await
    };
    let Ok(Ok(link)) = opened else {
        tracing::warn!("no identity to sync with");
        return;
    };
    let Some(line) = Line::new(link.servers, link.tls_pins) else { return };
    let (done, mut completions) = unbounded_channel();
    let desk = desk::open(Arc::clone(&port), done.clone());
    let mut driver = Driver {
        port,
        engine: Laptop::new(link.laptop),
        line: Arc::new(line),
        desk,
        done,
        meter: Arc::default(),
        request: None,
        running: None,
        shown: (0, 0),
        new_work_at: None,
        refresh_at_ms: None,
        routes: network::routes(),
    };
    driver.run(&mut signals, &mut completions).await;
}

/// A request on its way.
struct OnItsWay {
    ticket: Ticket,
    task: AbortHandle,
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Driver {
    port: Arc<dyn Port>,
    engine: Laptop,
    line: Arc<Line>,
    desk: UnboundedSender<Job>,
    done: UnboundedSender<Input>,
    meter: Arc<Meter>,
    request: Option<OnItsWay>,
    /// The progress last shown, while an attempt runs.
    running: Option<Progress>,
    shown: (u64, u64),
    new_work_at: Option<Instant>,
    refresh_at_ms: Option<i64>,
    routes: Vec<Route>,
}

impl Driver {
    async fn run(&mut self, signals: &mut Receiver<Signal>, completions: &mut UnboundedReceiver<Input>) {
        loop {
            let pause = self.pause();
            tokio::select! {
                biased;
                signal = signals.recv() => match signal {
                    None | Some(Signal::Stop) => {
                        self.cancel();
                        return;
                    }
                    Some(signal) => self.signalled(signal),
                },
                Some(input) = completions.recv() => self.completed(input),
                () = sleep(pause) => self.looked_up(),
            }
        }
    }

    /// How long nothing needs to be looked at.
    fn pause(&self) -> Duration {
        if self.request.is_some() {
            return SHOW_EVERY;
        }
        let now_ms = self.port.now_ms();
        let wall = [self.engine.wake_at(), self.refresh_at_ms].into_iter().flatten().min();
        let until_wall = wall.map(|at_ms| u64::try_from(at_ms.saturating_sub(now_ms)).unwrap_or(0));
        let until_work = self.new_work_at.map(|at| at.saturating_duration_since(Instant::now()));
        let soonest = until_wall.map(Duration::from_millis).into_iter().chain(until_work).min();
        soonest.unwrap_or(LOOK_UP_EVERY).clamp(Duration::from_millis(5), LOOK_UP_EVERY)
    }

    fn signalled(&mut self, signal: Signal) {
        match signal {
            Signal::Now => self.input(Input::SyncRequested),
            Signal::NewWork => {
                self.new_work_at.get_or_insert_with(|| Instant::now() + NEW_WORK_DELAY);
            }
            Signal::MaybeOnline => match self.engine.activity() {
                Activity::Idle => self.input(Input::SyncRequested),
                Activity::Syncing | Activity::Resting { .. } => self.input(Input::ConnectivityMaybe),
            },
            Signal::Cancel => self.cancel(),
            Signal::Stop => {}
        }
    }

    fn cancel(&mut self) {
        self.request = None;
        self.input(Input::Cancelled);
    }

    fn completed(&mut self, input: Input) {
        match &input {
            Input::ResponseArrived { ticket, .. } | Input::RequestFailed { ticket, .. } => {
                if self.request.as_ref().is_some_and(|request| request.ticket == *ticket) {
                    self.request = None;
                }
            }
            Input::SyncRequested
            | Input::ConnectivityMaybe
            | Input::Wake
            | Input::Loaded { .. }
            | Input::LoadFailed { .. }
            | Input::Stored { .. }
            | Input::Cancelled => {}
        }
        self.input(input);
    }

    /// A timer ran out: whatever is due now.
    fn looked_up(&mut self) {
        let now_ms = self.port.now_ms();
        if self.new_work_at.is_some_and(|at| at <= Instant::now()) {
            self.new_work_at = None;
            match self.engine.activity() {
                Activity::Idle | Activity::Syncing => self.input(Input::SyncRequested),
                Activity::Resting { .. } => {}
            }
        }
        if self.refresh_at_ms.is_some_and(|at_ms| at_ms <= now_ms || at_ms - now_ms > 2 * REFRESH_EVERY_MS) {
            self.refresh_at_ms = None;
            self.input(Input::SyncRequested);
        }
        self.input(Input::Wake);
        self.look_for_ways_out();
        self.show();
    }

    /// A line that rests after a failure need not rest on when a way out of the machine has come up.
    fn look_for_ways_out(&mut self) {
        if let Activity::Resting { .. } = self.engine.activity() {
            let routes = network::routes();
            let came_up = routes.iter().any(|route| !self.routes.contains(route));
            self.routes = routes;
            if came_up {
                self.input(Input::ConnectivityMaybe);
            }
        }
    }

    fn input(&mut self, input: Input) {
        let effects = self.engine.handle(self.port.now_ms(), input);
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Effects) {
        let Effects { load, send, store, progress, finished } = effects;
        if let Some(progress) = progress {
            self.running = Some(progress);
            self.show_now();
        }
        if let Some(outcome) = finished {
            self.finished(outcome);
        }
        if let Some(load) = load {
            if self.running.is_none() {
                self.running = Some(Progress::default());
                self.meter.reset();
                self.shown = (0, 0);
                self.refresh_at_ms = None;
                self.job(Job::Began);
            }
            self.job(Job::Load(load));
        }
        if let Some(send) = send {
            self.send(send);
        }
        if let Some(store) = store {
            self.job(Job::Store(store));
        }
    }

    fn finished(&mut self, outcome: Outcome) {
        self.request = None;
        self.running = None;
        if matches!(outcome, Outcome::Done { .. }) {
            self.refresh_at_ms = Some(self.port.now_ms().saturating_add(REFRESH_EVERY_MS));
        }
        self.job(Job::Ended(outcome));
        self.look_at_keys();
    }

    /// The attempt may have brought a directory that names the station's next key.
    fn look_at_keys(&self) {
        let (port, line) = (Arc::clone(&self.port), Arc::clone(&self.line));
        tokio::task::spawn_blocking(move || {
            if let Ok(link) = port.link() {
                line.believe(link.tls_pins);
            }
        });
    }

    fn send(&mut self, send: Send) {
        let Send { ticket, bytes } = send;
        let (line, meter, done) = (Arc::clone(&self.line), Arc::clone(&self.meter), self.done.clone());
        let task = tokio::spawn(async move {
            let input = match line.post(bytes, &meter).await {
                Ok(bytes) => Input::ResponseArrived { ticket, bytes },
                // Nothing of it is ours, so there are no bytes to hand on; the engine reads that as "not our protocol".
                Err(LineFault::SomethingElse) => Input::ResponseArrived { ticket, bytes: Vec::new() },
                Err(LineFault::Request(failure)) => Input::RequestFailed { ticket, failure },
            };
            let _ = done.send(input);
        });
        self.request = Some(OnItsWay { ticket, task: task.abort_handle() });
    }

    /// Hands a job to the desk. A desk that is gone means the runtime is ending.
    fn job(&self, job: Job) {
        let _ = self.desk.send(job);
    }

    fn show(&mut self) {
        if self.meter.read() != self.shown {
            self.show_now();
        }
    }

    fn show_now(&mut self) {
        if let Some(progress) = self.running.clone() {
            let (bytes_out, bytes_in) = self.meter.read();
            self.shown = (bytes_out, bytes_in);
            self.job(Job::Progress { progress, bytes_out, bytes_in });
        }
    }
}
