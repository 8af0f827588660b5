//! What the station measures about itself, as Prometheus text: counts of requests, and the state of its database at the
//! moment of asking. Ids of replicas are the most it says about anybody; never names, numbers or contents.

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use rusqlite::OptionalExtension;
use sync::ids::ReplicaId;

use crate::fault::StationFault;
use crate::load::Wait;
use crate::push::REFUSED;
use crate::station::{self, Station};

/// One label; prometheus-client writes pairs.
type Label = [(&'static str, String); 1];
type Seconds = Gauge<f64, AtomicU64>;

/// Upper bounds of the histogram of answers, seconds.
const ANSWER_SECONDS: [f64; 9] = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// Counters since the start of the process.
pub(crate) struct Meter {
    registry: Registry,
    exchanges: Family<Label, Counter>,
    waits: Family<Label, Counter>,
    bodies_refused: Family<Label, Counter>,
    seconds: Histogram,
    bytes_in: Counter,
    bytes_out: Counter,
    in_flight: Gauge,
}

impl Default for Meter {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("fengqiao");
        let meter = Self {
            exchanges: Family::default(),
            waits: Family::default(),
            bodies_refused: Family::default(),
            seconds: Histogram::new(ANSWER_SECONDS),
            bytes_in: Counter::default(),
            bytes_out: Counter::default(),
            in_flight: Gauge::default(),
            registry: Registry::default(),
        };
        // A count that is there from the start, at nothing, is one an alarm can compare with.
        for outcome in ["answered", "busy", "storage_failed"] {
            drop(meter.exchanges.get_or_create(&[("outcome", outcome.to_owned())]));
        }
        for wait in [Wait::InFlight, Wait::Rate, Wait::Bytes] {
            drop(meter.waits.get_or_create(&[("limit", wait.code().to_owned())]));
        }
        for reason in ["too_large", "slow", "cut"] {
            drop(meter.bodies_refused.get_or_create(&[("reason", reason.to_owned())]));
        }
        registry.register("exchanges", "Requests by what became of them", meter.exchanges.clone());
        registry.register("replica_waits", "Requests sent away by a limit of one replica", meter.waits.clone());
        registry.register("bodies_refused", "Bodies that were not taken", meter.bodies_refused.clone());
        registry.register("exchange_seconds", "From the whole request to the answer", meter.seconds.clone());
        registry.register("request_bytes", "Bytes of requests", meter.bytes_in.clone());
        registry.register("answer_bytes", "Bytes of answers", meter.bytes_out.clone());
        registry.register("exchanges_in_flight", "Requests being answered", meter.in_flight.clone());
        Self { registry, ..meter }
    }
}

impl Meter {
    /// A request was answered, or refused for a reason.
    pub(crate) fn exchanged(&self, outcome: &str) {
        self.exchanges.get_or_create(&[("outcome", outcome.to_owned())]).inc();
    }

    pub(crate) fn replica_waits(&self, wait: Wait) {
        self.waits.get_or_create(&[("limit", wait.code().to_owned())]).inc();
    }

    pub(crate) fn body_refused(&self, reason: &str) {
        self.bodies_refused.get_or_create(&[("reason", reason.to_owned())]).inc();
    }

    pub(crate) fn began(&self, bytes: usize) {
        self.in_flight.inc();
        self.bytes_in.inc_by(bytes as u64);
    }

    pub(crate) fn ended(&self, bytes: usize, took: Duration) {
        self.in_flight.dec();
        self.bytes_out.inc_by(bytes as u64);
        self.seconds.observe(took.as_secs_f64());
    }
}

/// One replica as the database knows it.
struct Contact {
    replica: ReplicaId,
    seen_at_ms: i64,
    clock_ahead_ms: i64,
    behind: i64,
}

/// The state of the database at one moment.
struct State {
    entries: i64,
    acts_unreviewed: i64,
    epoch: i64,
    directory_version: i64,
    backup_at_ms: Option<i64>,
    contacts: Vec<Contact>,
}

/// Why there is no text.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MeterFault {
    #[error(transparent)]
    Station(#[from] StationFault),
    #[error("text: {0}")]
    Text(#[from] fmt::Error),
}

impl Station {
    /// Everything measured, in the text form of Prometheus.
    pub(crate) fn metrics(&self) -> Result<String, MeterFault> {
        let state = self.state()?;
        let readiness = self.readiness()?;
        let mut now = Registry::with_prefix("fengqiao");
        let mut count = |name: &str, help: &str, value: i64| {
            let gauge = Gauge::<i64>::default();
            gauge.set(value);
            now.register(name, help, gauge);
        };
        count("entries", "Entries of all lanes", state.entries);
        count("acts_unreviewed", "Acts set aside that nobody has reviewed", state.acts_unreviewed);
        count("log_epoch", "The log epoch", state.epoch);
        count("directory_version", "Newest version of the directory", state.directory_version);
        let disk_bytes = i64::try_from(readiness.disk_available_bytes).unwrap_or(i64::MAX);
        count("disk_available_bytes", "Free space where the station lies", disk_bytes);
        let backup = Seconds::default();
        backup.set(seconds(state.backup_at_ms.unwrap_or(0)));
        now.register("backup_timestamp_seconds", "Moment of the newest verified backup, 0 for none", backup);
        register_contacts(&mut now, &state.contacts);
        let mut out = String::new();
        text::encode_registry(&mut out, &self.meter().registry)?;
        text::encode_registry(&mut out, &now)?;
        text::encode_eof(&mut out)?;
        Ok(out)
    }

    fn state(&self) -> Result<State, StationFault> {
        let connection = self.lock();
        let contacts = connection
            .prepare_cached("SELECT replica, seen_at_ms, device_at_ms - seen_at_ms, behind FROM contact")?
            .query_map([], |row| {
                Ok(Contact {
                    replica: ReplicaId::from_bytes(row.get(0)?),
                    seen_at_ms: row.get(1)?,
                    clock_ahead_ms: row.get(2)?,
                    behind: row.get(3)?,
                })
            })?
            .collect::<Result<_, _>>()?;
        let unreviewed = format!(
            "SELECT count(DISTINCT act) FROM entry WHERE outcome = {REFUSED} AND act NOT IN (SELECT act FROM review)"
        );
        Ok(State {
            // Entries are numbered in order of arrival and never deleted.
            entries: connection.query_row("SELECT coalesce(max(id), 0) FROM entry", [], |row| row.get(0))?,
            acts_unreviewed: connection.query_row(&unreviewed, [], |row| row.get(0))?,
            epoch: station::epoch(&connection)?.into(),
            directory_version: station::newest_version(&connection)?.cast_signed(),
            backup_at_ms: connection
                .query_row("SELECT max(at_ms) FROM backup", [], |row| row.get::<_, Option<i64>>(0))
                .optional()?
                .flatten(),
            contacts,
        })
    }
}

fn register_contacts(registry: &mut Registry, contacts: &[Contact]) {
    let (seen, clock) = (Family::<Label, Seconds>::default(), Family::<Label, Seconds>::default());
    let behind = Family::<Label, Gauge>::default();
    for one in contacts {
        let label = [("replica", one.replica.to_string())];
        seen.get_or_create(&label).set(seconds(one.seen_at_ms));
        clock.get_or_create(&label).set(seconds(one.clock_ahead_ms));
        behind.get_or_create(&label).set(one.behind);
    }
    registry.register("replica_seen_timestamp_seconds", "Last exchange with a replica", seen);
    registry.register("replica_clock_ahead_seconds", "Its clock minus the station's, then", clock);
    registry.register("replica_behind_entries", "Entries it still had to fetch, then", behind);
}

/// Milliseconds as seconds; exact for centuries.
#[expect(clippy::cast_precision_loss, reason = "milliseconds of this era have 41 bits, a double takes 53")]
fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}
