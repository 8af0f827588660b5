//! Where search rows stand: the rows of a kind side by side, kinds with few rows first. Every list of the index is sorted by
//! row number, so one pass over it meets the kinds one after the other, jumps over the rest of a kind whose page is full, and
//! ends in the kind with most rows as soon as its page is full. Must not know what a row holds.

use domain::kind::Kind;

/// Kinds that are searched, in the order of a result.
pub(crate) const KINDS: [Kind; 6] =
    [Kind::Resident, Kind::Household, Kind::Address, Kind::Dispute, Kind::Patrol, Kind::Mediator];

/// Rows of one kind: more than a database can hold.
const ROWS: i64 = 1 << 40;

/// Row numbers of a kind: above the first, below the second. None for kinds that are not searched.
pub(crate) const fn span(kind: Kind) -> Option<(i64, i64)> {
    let place = match kind {
        Kind::Resident => 6,
        Kind::Household => 5,
        Kind::Address => 4,
        Kind::Dispute => 3,
        Kind::Patrol => 2,
        Kind::Mediator => 1,
        Kind::Residence | Kind::Visit => return None,
    };
    Some((place * ROWS, (place + 1) * ROWS))
}

/// The kind whose row this is.
pub(crate) fn kind_of(row: i64) -> Option<Kind> {
    KINDS.into_iter().find(|kind| span(*kind).is_some_and(|(above, below)| row > above && row < below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_of_kinds_do_not_overlap() {
        for kind in KINDS {
            let (above, below) = span(kind).unwrap();
            assert_eq!((kind_of(above + 1), kind_of(below - 1)), (Some(kind), Some(kind)));
            let overlaps = |other: &Kind| span(*other).is_some_and(|(a, b)| a < below && b > above);
            assert_eq!(KINDS.into_iter().filter(overlaps).collect::<Vec<_>>(), [kind]);
        }
        assert_eq!(kind_of(1), None);
        assert_eq!(span(Kind::Visit), None);
    }
}
