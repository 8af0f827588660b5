//! Households and addresses of a register file, by fingerprint: which rows belong together, and what the rows of one say. Owns
//! what is kept of them: some hundred bytes a household, texts only where its first row leaves them open. Must not know which
//! rows are taken.

use std::collections::BTreeMap;

use ::sync::ids::DocumentId;
use domain::duplicate::{address_key, fingerprint};
use domain::register::RegisterRow;
use domain::text::squeeze;

use super::plan::Taken;

/// Names a household of the file: the [`fingerprint`] of its number, or of its address and head, within its village.
pub(super) type HouseholdKey = u128;

/// Names an address of the file: the [`fingerprint`] of its text within its village.
pub(super) type AddressKey = u128;

/// The address of a text in a village.
pub(super) fn address_named(village: Option<&str>, text: &str) -> AddressKey {
    fingerprint(&(village.unwrap_or_default(), address_key(text)))
}

/// A household as far as the file tells.
#[derive(Debug, Clone, Default)]
pub(super) struct Household {
    /// The first row that is taken.
    pub(super) first_row: u64,
    /// The row of the head, if one says so.
    pub(super) head_row: Option<u64>,
    /// A row names the head.
    head_named: bool,
    /// Its address, if a row says so.
    pub(super) address: Option<AddressKey>,
    /// What the first row leaves open. The first row itself is read again when the household is made.
    later: Option<Box<Later>>,
    /// It is here already: new members join it.
    pub(super) existing: Option<DocumentId>,
}

/// What rows after the first say of a household.
#[derive(Debug, Clone, Default)]
struct Later {
    head_name: Option<String>,
    address: Option<String>,
}

impl Household {
    /// A row that is taken, in the order of the file.
    pub(super) fn take(&mut self, number: u64, taken: &Taken) {
        let named = taken.row.head_name.as_ref().is_some_and(|head| *head == taken.row.name);
        let is_the_head = self.head_row.is_none() && (is_head(&taken.row) || named);
        let first = self.first_row == 0;
        if first {
            self.first_row = number;
            self.head_named = is_the_head || taken.row.head_name.is_some();
        } else if is_the_head {
            self.head_named = true;
            self.later().head_name = Some(taken.row.name.clone());
        } else if !self.head_named
            && let Some(head) = &taken.row.head_name
        {
            self.head_named = true;
            self.later().head_name = Some(head.clone());
        }
        if is_the_head {
            self.head_row = Some(number);
        }
        if let (None, Some(text)) = (self.address, &taken.address) {
            self.address = Some(address_named(taken.village.as_deref(), text));
            if !first {
                self.later().address = Some(text.clone());
            }
        }
    }

    fn later(&mut self) -> &mut Later {
        self.later.get_or_insert_default()
    }

    /// Name of the head, as a row of another member says it or as the head's own.
    pub(super) fn head_name(&self, first: &Taken) -> Option<String> {
        let later = self.later.as_ref().and_then(|later| later.head_name.clone());
        let own = if self.head_row == Some(self.first_row) {
            Some(first.row.name.clone())
        } else {
            first.row.head_name.clone()
        };
        later.or(own)
    }

    /// Address below the village.
    pub(super) fn address(&self, first: &Taken) -> Option<String> {
        first.address.clone().or_else(|| self.later.as_ref()?.address.clone())
    }
}

/// The household of the last head at each address.
pub(super) type Heads = BTreeMap<AddressKey, HouseholdKey>;

/// The household a row belongs to: its number, or else its address with the head. Registers list a family below its head, so
/// a member without the head's name belongs to the last head at its address.
pub(super) fn household_of(
    row: &RegisterRow,
    village: Option<&str>,
    address: Option<&str>,
    heads: &mut Heads,
) -> HouseholdKey {
    if let Some(number) = &row.household_number {
        return fingerprint(&(village.unwrap_or_default(), "number", squeeze(number)));
    }
    let place = address_named(village, address.unwrap_or_default());
    let of = |head: &str| fingerprint(&(place, "head", head));
    let key = match &row.head_name {
        Some(head) => of(head),
        None if is_head(row) => of(&row.name),
        None => heads.get(&place).copied().unwrap_or_else(|| of("")),
    };
    if is_head(row) {
        heads.insert(place, key);
    }
    key
}

/// GB/T 4761: 01 the person himself, 02 the head, 0 and 00 the group of both.
fn is_head(row: &RegisterRow) -> bool {
    matches!(row.relation.as_deref(), Some("0" | "00" | "01" | "02"))
}
