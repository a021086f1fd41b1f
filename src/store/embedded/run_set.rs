//! Which sorted runs in a directory count, by their names.

use super::error::Fault;
use super::layout::{CHANGES, Listing, RECORDS};
use super::sorted_run::Span;

/// Holds the sorted runs in a directory.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RunSet {
    /// Those that count, the lowest first.
    pub spans: Vec<Span>,
    /// Those that one of these covers, left over from a crash.
    pub covered: Vec<Span>,
}

impl RunSet {
    /// Sorts the runs of a directory into those that count and those that are covered.
    ///
    /// Errors: `Damaged` if there is a gap or an overlap.
    pub fn of(listing: &Listing) -> Result<Self, Fault> {
        let Some((&base, older)) = listing.records.split_last() else {
            return Err(Fault::Damaged(format!("there is no file {RECORDS}-N")));
        };
        let mut runs = Self {
            spans: vec![Span::Before(base)],
            covered: older.iter().map(|end| Span::Before(*end)).collect(),
        };
        let mut changes = listing.changes.clone();
        // Of those that begin at the same place, the longest comes first.
        changes.sort_unstable_by_key(|(from, end)| (*from, std::cmp::Reverse(*end)));
        let mut at = base;
        for (from, end) in changes {
            match Span::Between(from, end) {
                covered if end <= at => runs.covered.push(covered),
                next if from == at => {
                    runs.spans.push(next);
                    at = end;
                }
                _ => {
                    let why =
                        format!("{CHANGES}-{from}-{end} does not begin at {at}, where the run below ends");
                    return Err(Fault::Damaged(why));
                }
            }
        }
        Ok(runs)
    }

    /// Returns the first log file that is in none of them.
    pub fn end(&self) -> u64 {
        self.spans.last().map_or(0, |span| span.end())
    }
}

#[cfg(test)]
mod tests {
    use super::super::sorted_run::Span::{Before, Between};
    use super::*;

    fn runs(records: &[u64], changes: &[(u64, u64)]) -> Option<(Vec<Span>, Vec<Span>)> {
        let listing = Listing { records: records.into(), changes: changes.into(), ..Listing::default() };
        RunSet::of(&listing).ok().map(|runs| (runs.spans, runs.covered))
    }

    #[test]
    fn names_say_which_runs_count() {
        assert_eq!(runs(&[7], &[]), Some((vec![Before(7)], vec![])));
        let three = vec![Before(7), Between(7, 9), Between(9, 12)];
        assert_eq!(runs(&[7], &[(7, 9), (9, 12)]), Some((three, vec![])));
        let merged_from_three =
            Some((vec![Before(3), Between(3, 12)], vec![Between(3, 7), Between(7, 9), Between(9, 12)]));
        assert_eq!(runs(&[3], &[(3, 7), (3, 12), (7, 9), (9, 12)]), merged_from_three);
        let merged_into_records = Some((vec![Before(9), Between(9, 12)], vec![Before(3), Between(3, 9)]));
        assert_eq!(runs(&[3, 9], &[(3, 9), (9, 12)]), merged_into_records);
    }

    #[test]
    fn gaps_and_overlaps_are_damage() {
        assert_eq!(runs(&[], &[(1, 4)]), None);
        assert_eq!(runs(&[7], &[(8, 9)]), None);
        assert_eq!(runs(&[7], &[(6, 9)]), None);
        assert_eq!(runs(&[7], &[(7, 9), (10, 12)]), None);
        assert_eq!(runs(&[7], &[(7, 9), (8, 12)]), None);
        assert_eq!(runs(&[7], &[(7, 9), (8, 10), (9, 12)]), None);
    }
}
