//! Where the newest change of a record is: here, at the station, set aside. Owns the SQL that tells; must not know screens.

/// Where a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaveState {
    /// Durable here, not yet at the station.
    Here,
    /// Covered by a receipt, or pulled from the station.
    Station,
    /// Set aside by the station.
    SetAside,
}

impl SaveState {
    /// Reads what [`SAVE_STATE_COLUMN`] gives.
    #[must_use]
    pub const fn from_sql(number: i64) -> Self {
        match number {
            0 => Self::Here,
            2 => Self::SetAside,
            _ => Self::Station,
        }
    }
}

/// A column over `entry e`: 0 here, 1 at the station, 2 set aside.
pub const SAVE_STATE_COLUMN: &str = "CASE WHEN e.refused IS NOT NULL THEN 2
    WHEN e.replica = (SELECT replica FROM identity)
     AND e.lane_index > (SELECT coalesce(max(last_index), 0) FROM receipt) THEN 0 ELSE 1 END";

#[cfg(test)]
pub(crate) mod plan_tests {
    use rusqlite::Connection;

    /// The steps of SQLite's plan for a statement over the empty schema.
    pub(crate) fn plan(sql: &str) -> Vec<String> {
        let connection = Connection::open_in_memory().unwrap();
        for schema in
            [include_str!("schema/truth.sql"), include_str!("schema/local.sql"), include_str!("schema/views.sql")]
        {
            connection.execute_batch(schema).unwrap();
        }
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let unbound = vec![rusqlite::types::Null; statement.parameter_count()];
        let rows = statement.query_map(rusqlite::params_from_iter(unbound), |row| row.get::<_, String>(3)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// The steps that read a whole table of those named.
    pub(crate) fn scans(steps: &[String], names: &[&str]) -> Vec<String> {
        let scanned = |step: &&String| {
            names.iter().any(|name| **step == format!("SCAN {name}") || step.starts_with(&format!("SCAN {name} ")))
        };
        steps.iter().filter(scanned).cloned().collect()
    }
}
