//! A bad line on this machine: TCP between a laptop and the station that is slow, late, cut, silent or a log-in page.
//! Works on bytes under TLS, so it can only do to them what a network can. Must not know what they say.

mod carry;
mod cli;

use std::io::Write as _;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub use cli::{Arguments, run};

/// What the line does to one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing.
    Calm,
    /// Ends after so many bytes from the laptop.
    CutUp(u64),
    /// Ends after so many bytes from the station.
    CutDown(u64),
    /// Carries nothing any more after so many bytes from the station, and does not end: half-open.
    Silent(u64),
    /// A log-in page instead of the station.
    Portal,
    /// Takes the connection and closes it at once.
    Refuse,
}

/// How fast the line is. `None` is as fast as the machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pace {
    /// Milliseconds until a byte arrives at the other end.
    pub latency_ms: u64,
    /// Thousands of bits a second, each way.
    pub kbit_per_second: Option<u64>,
}

impl Pace {
    /// A village at the edge of reach: 200 kbit/s, 600 ms there and back.
    pub const EDGE: Self = Self { latency_ms: 300, kbit_per_second: Some(200) };
}

/// Bytes that passed.
#[derive(Debug, Default)]
pub struct Carried {
    up: AtomicU64,
    down: AtomicU64,
    connections: AtomicU64,
}

impl Carried {
    /// From laptops to the station.
    #[must_use]
    pub fn up(&self) -> u64 {
        self.up.load(Ordering::SeqCst)
    }

    /// From the station to laptops.
    #[must_use]
    pub fn down(&self) -> u64 {
        self.down.load(Ordering::SeqCst)
    }

    /// Connections taken.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.connections.load(Ordering::SeqCst)
    }
}

type Plan = Box<dyn FnMut(u64) -> Trouble + Send>;

/// A line at work. Its threads end with the connections; listening ends when it is dropped.
pub struct Proxy {
    address: SocketAddr,
    carried: Arc<Carried>,
    plan: Arc<Mutex<Plan>>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Proxy {
    /// Listens on `listen` and carries to `to`. `plan` says what happens to each connection, counted from 0.
    ///
    /// # Errors
    /// What the system says when `listen` is taken.
    pub fn start(
        listen: SocketAddr,
        to: SocketAddr,
        pace: Pace,
        plan: impl FnMut(u64) -> Trouble + Send + 'static,
    ) -> std::io::Result<Self> {
        let listener = TcpListener::bind(listen)?;
        let proxy = Self {
            address: listener.local_addr()?,
            carried: Arc::default(),
            plan: Arc::new(Mutex::new(Box::new(plan))),
            open: Arc::default(),
        };
        let (carried, plan, open) = (Arc::clone(&proxy.carried), Arc::clone(&proxy.plan), Arc::clone(&proxy.open));
        std::thread::spawn(move || {
            for laptop in listener.incoming().map_while(Result::ok) {
                let number = carried.connections.fetch_add(1, Ordering::SeqCst);
                let trouble = (plan.lock().unwrap_or_else(PoisonError::into_inner))(number);
                // whoever holds the plan no longer wants the line
                if Arc::strong_count(&plan) == 1 {
                    return;
                }
                if let Ok(copy) = laptop.try_clone() {
                    open.lock().unwrap_or_else(PoisonError::into_inner).push(copy);
                }
                let carried = Arc::clone(&carried);
                std::thread::spawn(move || serve(laptop, to, pace, trouble, &carried));
            }
        });
        Ok(proxy)
    }

    /// Where laptops find it.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What passed.
    #[must_use]
    pub fn carried(&self) -> &Carried {
        &self.carried
    }

    /// Another plan for the connections from now on.
    pub fn replan(&self, plan: impl FnMut(u64) -> Trouble + Send + 'static) {
        *self.plan.lock().unwrap_or_else(PoisonError::into_inner) = Box::new(plan);
    }

    /// Ends every connection there is, so that the next request makes a new one.
    pub fn drop_connections(&self) {
        for stream in self.open.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            // one that has ended by itself is ended
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.drop_connections();
        self.plan = Arc::new(Mutex::new(Box::new(|_| Trouble::Refuse)));
        // wakes the listener, which finds that nobody holds its plan
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_millis(200));
    }
}

fn serve(laptop: TcpStream, to: SocketAddr, pace: Pace, trouble: Trouble, carried: &Arc<Carried>) {
    match trouble {
        Trouble::Refuse => {
            // the list of open connections holds another handle, which would keep it open
            let _ = laptop.shutdown(Shutdown::Both);
        }
        Trouble::Portal => portal(laptop),
        Trouble::Calm => carry::both(laptop, to, pace, carry::Bounds::default(), carried),
        Trouble::CutUp(bytes) => {
            carry::both(laptop, to, pace, carry::Bounds { up: Some(bytes), ..carry::Bounds::default() }, carried);
        }
        Trouble::CutDown(bytes) => {
            carry::both(laptop, to, pace, carry::Bounds { down: Some(bytes), ..carry::Bounds::default() }, carried);
        }
        Trouble::Silent(bytes) => {
            carry::both(laptop, to, pace, carry::Bounds { silent: Some(bytes), ..carry::Bounds::default() }, carried);
        }
    }
}

/// Answers whatever is said with a page in plain HTTP, as a network does that wants a log-in first.
fn portal(mut laptop: TcpStream) {
    let page = "<html><body>请登录无线网络</body></html>";
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n", page.len());
    // a laptop that has gone needs no page
    let _ = laptop.write_all(format!("{head}{page}").as_bytes());
    let _ = laptop.shutdown(Shutdown::Write);
    let _ = std::io::copy(&mut laptop, &mut std::io::sink());
}
