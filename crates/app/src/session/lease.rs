//! The lease of this laptop: how long it shows records without having reached the station. Locks reading, never saving or
//! sending. Owns the reckoning; must not know screens.

use ::sync::directory::station_day;
use ::sync::lease::LEASE_DAYS_DEFAULT;
use store::lease::Heard;

use super::Session;
use crate::error::AppError;
use crate::event::locked;

const DAY_MS: i64 = 86_400_000;
/// The clock is looked at again, durably, after so long at the latest.
const LOOK_EVERY_MS: i64 = 600_000;

/// The last look at the clock.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    heard: Heard,
    at: i64,
}

/// The lease as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lease {
    /// The last day of reading.
    pub(crate) ends_on: String,
    /// Today, as far as this laptop can tell: the station's last word and the time counted since.
    pub(crate) today: String,
}

impl Lease {
    /// Whether reading waits for the station.
    pub(crate) fn is_over(&self) -> bool {
        self.today > self.ends_on
    }
}

impl Session {
    /// Looks at the clock and keeps what was counted: at unlocking, after an exchange, and now and then.
    pub(crate) fn lease_look(&self) -> Result<(), AppError> {
        let at = self.now_ms();
        let heard = self.store.lease_look(at)?;
        *locked(&self.lease) = Some(Look { heard, at });
        Ok(())
    }

    /// Looks again when the last look is old, or the clock was set back.
    pub(crate) fn lease_keep(&self) -> Result<(), AppError> {
        let now = self.now_ms();
        let fresh = locked(&self.lease)
            .as_ref()
            .is_some_and(|look| (0..LOOK_EVERY_MS).contains(&(now.saturating_sub(look.at))));
        if fresh { Ok(()) } else { self.lease_look() }
    }

    /// The lease; nothing where the station gives none that ends.
    pub(crate) fn lease(&self) -> Option<Lease> {
        let directory = self.directory();
        let days = directory.lease_days.unwrap_or(LEASE_DAYS_DEFAULT);
        if days == 0 {
            return None;
        }
        let look = locked(&self.lease).clone()?;
        let heard_at = look.heard.station_at.unwrap_or(directory.signed_at_ms);
        let step = self.now_ms().saturating_sub(look.at).max(0);
        let now = heard_at.saturating_add(look.heard.counted_ms).saturating_add(step);
        let plain = station_day(heard_at.saturating_add(i64::from(days).saturating_mul(DAY_MS)));
        let ends_on = look.heard.extended_until.map_or(plain.clone(), |until| until.max(plain));
        Some(Lease { ends_on, today: station_day(now) })
    }
}
