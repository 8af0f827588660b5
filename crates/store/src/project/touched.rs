//! What has to be derived again after base columns changed. Owns the sets; must not know the SQL that fills derived columns.

use std::collections::BTreeSet;

use domain::kind::Kind;
use rusqlite::{Connection, OptionalExtension, Row};

use super::Facts;
use crate::error::Result;

/// Sets of ids as views write them. Bounded by [`Touched::is_large`]: a big import derives as it goes.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    pub(super) addresses: BTreeSet<String>,
    /// Households whose derived columns are to be filled again.
    pub(super) households: BTreeSet<String>,
    /// Of these, the ones whose own columns changed: their people and visits follow.
    pub(super) households_own: BTreeSet<String>,
    /// Residents whose own columns changed: households that show them follow.
    pub(super) residents: BTreeSet<String>,
    /// Residents whose derived columns are to be filled again.
    pub(super) residents_derived: BTreeSet<String>,
    pub(super) residences: BTreeSet<String>,
    pub(super) visits: BTreeSet<String>,
    pub(super) disputes: BTreeSet<String>,
    pub(super) id_numbers: BTreeSet<String>,
    pub(super) search: BTreeSet<(Kind, String)>,
}

/// Ids that are kept before an import derives: a few hundred KiB.
const LARGE: usize = 4_000;

impl Touched {
    pub(crate) fn is_large(&self) -> bool {
        self.households.len().saturating_add(self.residents.len()).saturating_add(self.search.len()) > LARGE
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.addresses.is_empty()
            && self.households.is_empty()
            && self.residents.is_empty()
            && self.residents_derived.is_empty()
            && self.residences.is_empty()
            && self.visits.is_empty()
            && self.disputes.is_empty()
            && self.id_numbers.is_empty()
            && self.search.is_empty()
    }

    /// Notes what the record's present rows link to, before they change.
    pub(crate) fn note_rows(&mut self, conn: &Connection, kind: Kind, id: &str) -> Result<()> {
        match kind {
            Kind::Residence => {
                let links = two(conn, "SELECT resident, household FROM residence WHERE id = ?1", id)?;
                self.residence(id, links.0, links.1);
            }
            Kind::Visit => {
                let links = two(conn, "SELECT household, NULL FROM visit WHERE id = ?1", id)?;
                self.visit(id, links.0);
            }
            Kind::Resident => {
                let number = two(conn, "SELECT id_number, NULL FROM resident WHERE id = ?1", id)?;
                self.resident(id, number.0);
            }
            Kind::Address | Kind::Household | Kind::Patrol | Kind::Dispute | Kind::Mediator => self.plain(kind, id),
        }
        Ok(())
    }

    /// Notes what the record links to now.
    pub(crate) fn note_reading(&mut self, facts: &Facts<'_>) {
        match facts.reading.kind {
            Kind::Residence => self.residence(facts.id, facts.reference("resident"), facts.reference("household")),
            Kind::Visit => self.visit(facts.id, facts.reference("household")),
            Kind::Resident => self.resident(facts.id, crate::resident::project::id_number(facts)),
            kind @ (Kind::Address | Kind::Household | Kind::Patrol | Kind::Dispute | Kind::Mediator) => {
                self.plain(kind, facts.id);
            }
        }
    }

    fn residence(&mut self, id: &str, resident: Option<String>, household: Option<String>) {
        self.residences.insert(id.to_owned());
        self.residents_derived.extend(resident);
        self.households.extend(household);
    }

    fn visit(&mut self, id: &str, household: Option<String>) {
        self.visits.insert(id.to_owned());
        self.households.extend(household);
    }

    fn resident(&mut self, id: &str, number: Option<String>) {
        self.residents.insert(id.to_owned());
        self.id_numbers.extend(number);
    }

    fn plain(&mut self, kind: Kind, id: &str) {
        let set = match kind {
            Kind::Address => &mut self.addresses,
            Kind::Household => {
                self.households_own.insert(id.to_owned());
                &mut self.households
            }
            Kind::Dispute => &mut self.disputes,
            Kind::Resident | Kind::Residence | Kind::Visit | Kind::Patrol | Kind::Mediator => {
                self.search.insert((kind, id.to_owned()));
                return;
            }
        };
        set.insert(id.to_owned());
    }
}

type Two = (Option<String>, Option<String>);

fn two(conn: &Connection, sql: &str, id: &str) -> Result<Two> {
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    Ok(conn.prepare_cached(sql)?.query_row([id], read).optional()?.unwrap_or_default())
}
