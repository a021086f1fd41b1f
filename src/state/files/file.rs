//! What is open and locked on one file: share reservations, byte ranges, waiters, the fencing number.

use super::generation::{GenerationOfFile, Generations};
use super::queue::{Queue, Requester, Waiter};
use crate::nfs4::{ClientId, Filehandle, LockKind, Range, ShareAccess, ShareDeny, Time};
use crate::ranges::{OwnerId, RangeEdit, RangeSet};
use crate::state::map::SmallMap;
use crate::state::records::Changes;

/// How many opens of a file have each share bit (RFC 7530 §9.9).
#[derive(Debug, Default)]
pub(super) struct Shares {
    access: [u32; 2],
    deny: [u32; 2],
}

const BITS: [(ShareAccess, ShareDeny); 2] =
    [(ShareAccess::READ, ShareDeny::READ), (ShareAccess::WRITE, ShareDeny::WRITE)];

impl Shares {
    pub fn add(&mut self, access: ShareAccess, deny: ShareDeny) {
        for (index, (read_or_write, denied)) in BITS.into_iter().enumerate() {
            self.access[index] += u32::from(access.contains(read_or_write));
            self.deny[index] += u32::from(deny.contains(denied));
        }
    }

    pub fn remove(&mut self, access: ShareAccess, deny: ShareDeny) {
        for (index, (read_or_write, denied)) in BITS.into_iter().enumerate() {
            self.access[index] -= u32::from(access.contains(read_or_write));
            self.deny[index] -= u32::from(deny.contains(denied));
        }
    }

    /// Returns whether the opens there are forbid another one with `access` and `deny`, whoever asks for it: the same owner is
    /// no exception (§9.9).
    pub fn forbid(&self, access: ShareAccess, deny: ShareDeny) -> bool {
        BITS.into_iter().enumerate().any(|(index, (read_or_write, denied))| {
            access.contains(read_or_write) && self.deny[index] > 0
                || deny.contains(denied) && self.access[index] > 0
        })
    }

    /// Returns whether an open denies `access`, beside one that denies `own`.
    pub fn others_deny(&self, access: ShareAccess, own: ShareDeny) -> bool {
        BITS.into_iter().enumerate().any(|(index, (read_or_write, denied))| {
            access.contains(read_or_write) && self.deny[index] > u32::from(own.contains(denied))
        })
    }

    pub fn is_empty(&self) -> bool {
        self.access == [0; 2] && self.deny == [0; 2]
    }
}

/// State of one file; exists as long as anything is open on it or reserved for an open.
#[derive(Debug)]
pub(in crate::state) struct FileState {
    pub(super) fh: Filehandle,
    /// Names the file in records, and in the states that belong to it; no other file ever has the same.
    pub(super) number: u64,
    pub(super) shares: Shares,
    pub(super) opens: SmallMap<(ClientId, u32)>,
    pub(super) ranges: RangeSet,
    pub(super) queue: Queue,
    pub(super) generation: GenerationOfFile,
}

impl FileState {
    pub(super) fn new(fh: Filehandle, number: u64, generation: u64) -> Self {
        Self {
            fh,
            number,
            shares: Shares::default(),
            opens: SmallMap::default(),
            ranges: RangeSet::default(),
            queue: Queue::new(number),
            generation: GenerationOfFile::of_record(generation),
        }
    }

    /// Returns the filehandle.
    pub fn fh(&self) -> &Filehandle {
        &self.fh
    }

    /// Returns the number that names the file in records, and in the states that belong to it.
    #[inline]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Returns what is held of the file.
    #[inline]
    pub fn ranges(&self) -> &RangeSet {
        &self.ranges
    }

    /// Returns the waiters of the file.
    #[inline]
    pub fn queue(&self) -> &Queue {
        &self.queue
    }

    /// Returns the waiters of the file, to be changed.
    #[inline]
    pub fn queue_mut(&mut self) -> &mut Queue {
        &mut self.queue
    }

    /// Returns the waiter that goes before `asking`, if there is one that does so now.
    pub fn who_goes_before(&self, now: Time, asking: &Requester) -> Option<&Waiter> {
        self.queue.who_goes_before(&self.ranges, now, asking)
    }
}

/// Opens and their share reservations.
impl FileState {
    /// Adds an open, (client, serial), whose share reservation counts for nothing yet.
    pub fn add_open(&mut self, open: (ClientId, u32)) {
        self.opens.put(open, ());
    }

    /// Removes an open, (client, serial), whose share reservation counts for nothing any more.
    pub fn remove_open(&mut self, open: (ClientId, u32)) {
        self.opens.remove(open);
    }

    /// Returns whether there is an open, of any client.
    pub fn has_opens(&self) -> bool {
        !self.opens.is_empty()
    }

    /// Lists the serials of a client's opens.
    pub fn opens_of(&self, client: ClientId) -> impl Iterator<Item = u32> {
        self.opens.keys_within((client, 0), (client, u32::MAX)).map(|(_, serial)| serial)
    }

    /// Returns the first client from `from` on that has an open.
    pub fn first_opener(&self, from: ClientId) -> Option<ClientId> {
        let last = (ClientId(u64::MAX), u32::MAX);
        self.opens.keys_within((from, 0), last).next().map(|(client, _)| client)
    }

    /// Adds a share reservation: of an open, or of an OPEN that is under way.
    pub fn reserve(&mut self, access: ShareAccess, deny: ShareDeny) {
        self.shares.add(access, deny);
    }

    /// Removes a share reservation.
    pub fn unreserve(&mut self, access: ShareAccess, deny: ShareDeny) {
        self.shares.remove(access, deny);
    }

    /// Removes the share reservations of a client's opens that `take` answers by their serials. Looks at `looks` opens at
    /// most, and counts them off. Answers whether there were any, and whether the last look was used up.
    pub fn unreserve_some(
        &mut self,
        client: ClientId,
        looks: &mut usize,
        mut take: impl FnMut(u32) -> Option<(ShareAccess, ShareDeny)>,
    ) -> (bool, bool) {
        let mut any = false;
        for (_, serial) in self.opens.keys_within((client, 0), (client, u32::MAX)) {
            *looks = looks.saturating_sub(1);
            if let Some((access, deny)) = take(serial) {
                self.shares.remove(access, deny);
                any = true;
            }
            if *looks == 0 {
                return (any, true);
            }
        }
        (any, false)
    }

    /// Returns whether the share reservations forbid an open with (`access`, `deny`): see [`Shares::forbid`].
    pub fn forbids(&self, access: ShareAccess, deny: ShareDeny) -> bool {
        self.shares.forbid(access, deny)
    }

    /// Returns whether an open denies `access`, beside one that denies `own`.
    pub fn others_deny(&self, access: ShareAccess, own: ShareDeny) -> bool {
        self.shares.others_deny(access, own)
    }
}

/// Byte ranges. What changes them writes the records, and answers how many ranges there were before and are now.
impl FileState {
    /// Grants a range that nothing stands against.
    #[inline]
    pub fn grant_range(
        &mut self,
        changes: &mut Changes,
        (owner, range, kind): (OwnerId, Range, LockKind),
    ) -> (usize, usize) {
        let (number, before) = (self.number, self.ranges.len());
        self.ranges.grant_noting(owner, range, kind, |edit| changes.range(number, owner, edit));
        (before, self.ranges.len())
    }

    /// Takes away what the owner holds in a range.
    #[inline]
    pub fn unlock_range(&mut self, changes: &mut Changes, owner: OwnerId, range: Range) -> (usize, usize) {
        let (number, before) = (self.number, self.ranges.len());
        self.ranges.unlock_noting(owner, range, |edit| changes.range(number, owner, edit));
        (before, self.ranges.len())
    }

    /// Takes away the first range of an owner, and at most `most` that follow it. Answers how many these were.
    pub fn unlock_first(&mut self, changes: &mut Changes, owner: OwnerId, most: usize) -> usize {
        let mut held = self.ranges.held_by(owner).map(|(range, _)| range);
        let Some(first) = held.next() else { return 0 };
        let last = held.take(most).last().unwrap_or(first);
        let Some(range) = Range::new(first.first(), last.last()) else { return 0 };
        let (number, mut edits) = (self.number, 0);
        self.ranges.unlock_noting(owner, range, |edit: RangeEdit| {
            changes.range(number, owner, edit);
            edits += 1;
        });
        edits
    }

    /// Keeps others from a range that an owner will hold: see [`RangeSet::claim`].
    pub fn claim(&mut self, owner: OwnerId, range: Range, kind: LockKind) {
        self.ranges.claim(owner, range, kind);
    }

    /// Gives up what an owner has claimed.
    pub fn unclaim(&mut self, owner: OwnerId) {
        self.ranges.unclaim(owner);
    }

    /// Restores a range that was held before a restart. Answers whether it can have been: nothing is held against it, and
    /// it neither overlaps nor continues another of its owner.
    pub fn restore_range(&mut self, owner: OwnerId, range: Range, kind: LockKind) -> bool {
        let before = self.ranges.len();
        // What is held in any way is held against a writer.
        !self.ranges.holds_against(owner, range, LockKind::Write)
            && self.ranges.lock(owner, range, kind).is_ok()
            && self.ranges.len() == before + 1
    }
}

/// Fencing numbers.
impl FileState {
    /// Returns the number of the last exclusive lock.
    pub fn generation(&self) -> u64 {
        self.generation.last()
    }

    /// Returns the number as the record of the file has it.
    pub fn generation_of_record(&self) -> u64 {
        self.generation.of_its_record()
    }

    /// Gives a new exclusive lock its number.
    #[inline]
    pub fn next_generation(&mut self, generations: &mut Generations) -> u64 {
        let number = generations.next();
        self.generation.granted(number);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pair of opens against the rule of RFC 7530 §9.9 written out.
    #[test]
    fn two_opens_exclude_each_other_exactly_when_one_denies_what_the_other_does() {
        let accesses = [ShareAccess::READ, ShareAccess::WRITE, ShareAccess::BOTH];
        let denies = [ShareDeny::NONE, ShareDeny::READ, ShareDeny::WRITE, ShareDeny::BOTH];
        for first in accesses {
            for first_deny in denies {
                let mut shares = Shares::default();
                shares.add(first, first_deny);
                for second in accesses {
                    for second_deny in denies {
                        let request = first_deny.forbids(second) || second_deny.forbids(first);
                        assert_eq!(shares.forbid(second, second_deny), request);
                    }
                }
                shares.remove(first, first_deny);
                assert!(shares.is_empty());
            }
        }
    }
}
