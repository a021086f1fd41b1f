//! Runs: files of records that lie on top of each other.
//!
//! The lowest is `records-N`, all records as they were when `log-N` began. On it lie `changes-A-B`, the last change of each
//! key in the log files from A on up to B, B not included. Each begins where the one below ends, and the log goes on where
//! the uppermost ends. A run that was made of several has the place of them all, so that they are worth nothing once
//! it has its name.

use super::error::Fault;
use super::layout::{CHANGES, Listing, RECORDS};
use std::path::{Path, PathBuf};

/// Which part of the past is in a run: its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    /// All before this log file.
    Before(u64),
    /// The log files from the first of these on, and before the second.
    Between(u64, u64),
}

impl Span {
    /// The first log file that is later.
    pub fn end(self) -> u64 {
        match self {
            Self::Before(end) | Self::Between(_, end) => end,
        }
    }

    /// This, and what lies on it up to `end`.
    pub fn up_to(self, end: u64) -> Self {
        match self {
            Self::Before(_) => Self::Before(end),
            Self::Between(from, _) => Self::Between(from, end),
        }
    }

    /// Whether nothing lies below.
    pub fn is_lowest(self) -> bool {
        matches!(self, Self::Before(_))
    }

    /// The path of the file.
    pub fn path(self, dir: &Path) -> PathBuf {
        match self {
            Self::Before(end) => dir.join(format!("{RECORDS}-{end}")),
            Self::Between(from, end) => dir.join(format!("{CHANGES}-{from}-{end}")),
        }
    }
}

/// A run that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SortedRun {
    pub span: Span,
    /// Of the commits that are in it, the number of the last, and that of the last before the first; 0 for the lowest.
    pub after: u64,
    pub last: u64,
    /// Length of the file.
    pub bytes: u64,
}

/// How many runs, from the uppermost on, are made into one with so many octets of changes that lie on them: those that are
/// at most `ratio` times as long as all that comes on them. So runs get shorter by that factor from the lowest on, there are
/// few, and no octet is written often.
pub(super) fn depth(runs: &[SortedRun], changes_bytes: u64, ratio: u64) -> usize {
    let mut bytes = changes_bytes;
    let small = |run: &&SortedRun| {
        let small = run.bytes <= bytes.saturating_mul(ratio);
        bytes += run.bytes;
        small
    };
    runs.iter().rev().take_while(small).count()
}

/// The runs in a directory.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RunSet {
    /// Those that count, the lowest first.
    pub spans: Vec<Span>,
    /// Those in whose place there is one of those.
    pub covered: Vec<Span>,
}

impl RunSet {
    /// Tells them by their names.
    pub fn of(listing: &Listing) -> Result<Self, Fault> {
        let Some((&base, older)) = listing.records.split_last() else {
            return Err(Fault::Damaged(format!("there is no file {RECORDS}-N")));
        };
        let mut runs = Self {
            spans: vec![Span::Before(base)],
            covered: older.iter().map(|end| Span::Before(*end)).collect(),
        };
        let mut changes = listing.changes.clone();
        // Of those that begin at the same place the longest first.
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
                        format!("{CHANGES}-{from}-{end} does not begin at {at}, where what is below ends");
                    return Err(Fault::Damaged(why));
                }
            }
        }
        Ok(runs)
    }

    /// The first log file that is in none of them.
    pub fn end(&self) -> u64 {
        self.spans.last().map_or(0, |span| span.end())
    }
}

#[cfg(test)]
mod tests {
    use super::Span::{Before, Between};
    use super::*;

    fn runs(records: &[u64], changes: &[(u64, u64)]) -> Option<(Vec<Span>, Vec<Span>)> {
        let listing = Listing { records: records.into(), changes: changes.into(), ..Listing::default() };
        RunSet::of(&listing).ok().map(|runs| (runs.spans, runs.covered))
    }

    #[test]
    fn names_tell_which_runs_count() {
        assert_eq!(runs(&[7], &[]), Some((vec![Before(7)], vec![])));
        let three = vec![Before(7), Between(7, 9), Between(9, 12)];
        assert_eq!(runs(&[7], &[(7, 9), (9, 12)]), Some((three, vec![])));
        let made_of_three =
            Some((vec![Before(3), Between(3, 12)], vec![Between(3, 7), Between(7, 9), Between(9, 12)]));
        assert_eq!(runs(&[3], &[(3, 7), (3, 12), (7, 9), (9, 12)]), made_of_three);
        let made_into_records = Some((vec![Before(9), Between(9, 12)], vec![Before(3), Between(3, 9)]));
        assert_eq!(runs(&[3, 9], &[(3, 9), (9, 12)]), made_into_records);
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

    #[test]
    fn runs_that_are_not_much_longer_go_along() {
        let lengths = |lengths: &[u64]| -> Vec<SortedRun> {
            let run = |bytes: &u64| SortedRun { span: Before(1), after: 0, last: 0, bytes: *bytes };
            lengths.iter().map(run).collect()
        };
        assert_eq!(depth(&lengths(&[1000, 100, 10]), 1, 4), 0);
        assert_eq!(depth(&lengths(&[1000, 100, 10]), 3, 4), 1);
        assert_eq!(depth(&lengths(&[1000, 100, 10]), 15, 4), 2);
        assert_eq!(depth(&lengths(&[1000, 200, 10]), 41, 4), 3);
        assert_eq!(depth(&lengths(&[1000, 100]), 0, 4), 0);
        assert_eq!(depth(&lengths(&[10, 10]), 1000, 0), 0);
    }
}
