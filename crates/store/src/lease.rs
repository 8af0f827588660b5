//! How long ago the station was heard, as far as this laptop can tell. Only steps forward between two looks at the clock
//! count: a clock set back takes nothing off, a clock set forward counts until the station is heard again, and destroys
//! nothing. Must not decide whether a lease is over.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;
use crate::store::Store;

/// What is known of the time since the station was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The station's time when it was last heard; nothing before the first contact.
    pub station_at: Option<i64>,
    /// Milliseconds counted on this laptop since then.
    pub counted_ms: i64,
    /// The last day reading is open by an extension, `YYYY-MM-DD`.
    pub extended_until: Option<String>,
}

impl Store {
    /// Looks at the clock: counts the step since the last look, and forgets count and extension when the station was heard
    /// meanwhile.
    ///
    /// # Errors
    /// [`crate::StoreError::DiskFull`], [`crate::StoreError::Io`].
    pub fn lease_look(&self, now_ms: i64) -> Result<Heard> {
        let writer = self.writer();
        let heard: Option<i64> =
            writer.query_row("SELECT station_at FROM clock_seen", [], |row| row.get(0)).optional()?;
        let known: Option<(Option<i64>, i64, i64, Option<String>)> = writer
            .query_row("SELECT heard_at, counted, looked_at, extended_until FROM lease", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .optional()?;
        let (counted, extended) = match known {
            Some((since, counted, looked_at, extended)) if since == heard => {
                (counted.saturating_add(now_ms.saturating_sub(looked_at).max(0)), extended)
            }
            Some(_) | None => (0, None),
        };
        put(&writer, heard, counted, now_ms, extended.as_deref())?;
        Ok(Heard { station_at: heard, counted_ms: counted, extended_until: extended })
    }

    /// The station was heard by an answer that was carried here: at least the time since its bundle was written has passed
    /// on this laptop since then, or the same answer kept back would give the days twice.
    ///
    /// # Errors
    /// [`crate::StoreError::DiskFull`], [`crate::StoreError::Io`].
    pub fn lease_heard_by_hand(&self, written_at_ms: i64, now_ms: i64) -> Result<()> {
        let writer = self.writer();
        let heard: Option<i64> =
            writer.query_row("SELECT station_at FROM clock_seen", [], |row| row.get(0)).optional()?;
        let counted = now_ms.saturating_sub(written_at_ms).max(0);
        put(&writer, heard, counted, now_ms, None)
    }

    /// Opens reading until a day, by a code used once. Audited by the caller first.
    ///
    /// # Errors
    /// [`crate::StoreError::DiskFull`], [`crate::StoreError::Io`].
    pub fn lease_extend(&self, until: &str) -> Result<()> {
        self.writer().execute("UPDATE lease SET extended_until = ?1", [until])?;
        Ok(())
    }
}

fn put(conn: &Connection, heard: Option<i64>, counted: i64, now_ms: i64, extended: Option<&str>) -> Result<()> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO lease (one, heard_at, counted, looked_at, extended_until) VALUES (1, ?1, ?2, ?3, ?4)",
    )?
    .execute(params![heard, counted, now_ms, extended])?;
    Ok(())
}
