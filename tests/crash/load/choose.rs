//! What a client asks for next.

use super::Worker;
use super::action::{Action, How};
use crate::oracle::locks::Extent;
use crate::oracle::shares::Share;
use lockhouse::nfs4::{LockKind, Range};

/// Ranges begin below this byte, most of them.
const BYTES: u64 = 65_536;
/// Bytes that everybody wants.
const HOT_BYTES: u64 = 64;
/// Ranges that an owner likes to hold.
const RANGES: usize = 3;
/// Opens of a client that deny something to others, at a time: with many, each new one would be refused.
const DENYING: usize = 2;
/// How often it is tried to find something that can be asked for.
const TRIES: usize = 30;

/// `OPEN4_SHARE_ACCESS_READ` and `_WRITE`.
const READ: u32 = 1;
const WRITE: u32 = 2;
const BOTH: u32 = 3;

impl Worker {
    /// Something that can be asked for now.
    pub fn choose(&mut self) -> Option<Action> {
        (0..TRIES).find_map(|_| match self.random.below(100) {
            0..60 => self.choose_lock(),
            60..68 => Some(self.choose_test()),
            68..92 => self.choose_open(),
            _ => self.choose_private().map(Action::Private),
        })
    }

    fn choose_lock(&mut self) -> Option<Action> {
        let index = self.random.index(self.lockers.len());
        let locker = &self.lockers[index];
        if locker.busy {
            return None;
        }
        let (waiting, has_stateid) = (locker.waiting, locker.stateid.is_some());
        let Some(open) = locker.open else {
            let open = self.random.index(self.opens.len());
            // Opens that are to be closed and opened have few locks.
            if self.opens[open].denies && !self.random.percent(5) {
                return None;
            }
            self.lockers[index].open = self.opens[open].is_open().then_some(open);
            return None;
        };
        if !self.opens[open].is_open() || !has_stateid && self.opens[open].busy {
            return None;
        }
        let lock = |want, blocking| Action::Lock { locker: index, want, blocking, first: !has_stateid };
        if let Some(want) = waiting {
            return Some(match has_stateid && self.random.percent(30) {
                true => Action::Unlock { locker: index, range: want.range },
                false => lock(want, true),
            });
        }
        let held = self.shared.oracle.locks(self.opens[open].file).held_by((self.id, index)).to_vec();
        if has_stateid && held.is_empty() && self.random.percent(15) {
            return Some(Action::Release { locker: index });
        }
        let unlock = if held.len() >= RANGES { 80 } else { 40 };
        if has_stateid && self.random.percent(unlock) {
            return Some(Action::Unlock { locker: index, range: self.some_part(&held) });
        }
        let want = self.some_lock(&held, self.opens[open].share.access);
        let blocking = self.random.percent(8);
        Some(lock(want, blocking))
    }

    /// A range to be locked, and how.
    fn some_lock(&mut self, held: &[Extent], access: u32) -> Extent {
        let range = match self.random.below(100) {
            0..25 => self.within(HOT_BYTES, 16),
            25..45 if !held.is_empty() => self.some_part(held),
            45..47 => range(BYTES + self.random.below(BYTES), u64::MAX),
            47..50 => self.within(BYTES, 4000),
            _ => self.within(BYTES, 48),
        };
        let kind = match access {
            READ => LockKind::Read,
            WRITE => LockKind::Write,
            _ => self.random.pick(&[LockKind::Read, LockKind::Write]),
        };
        Extent { range, kind }
    }

    /// At most so many bytes that begin below `first_max`.
    fn within(&mut self, first_max: u64, bytes_max: u64) -> Range {
        let first = self.random.below(first_max);
        range(first, first + self.random.below(bytes_max))
    }

    /// All or some of a range that is held, or more, or something else.
    fn some_part(&mut self, held: &[Extent]) -> Range {
        let all = match held {
            [] => return self.within(HOT_BYTES, 1000),
            held => self.random.pick(held).range,
        };
        let bytes = all.last().min(all.first() + 10_000) - all.first() + 1;
        match self.random.below(10) {
            0..5 => all,
            5..9 => {
                let first = all.first() + self.random.below(bytes);
                range(first, first + self.random.below(all.first() + bytes - first))
            }
            _ => Range::WHOLE,
        }
    }

    fn choose_test(&mut self) -> Action {
        let file = self.random.index(self.shared.files.len());
        let locker = self.random.index(self.lockers.len());
        let want = self.some_lock(&[], BOTH);
        let expected = self.shared.oracle.locks(file).conflict(Some((self.id, locker)), want);
        Action::Test { file, locker, want, expected }
    }

    fn choose_open(&mut self) -> Option<Action> {
        let index = self.random.index(self.opens.len());
        let open = &self.opens[index];
        if open.busy || open.changing || open.users > 0 {
            return None;
        }
        let (denies, file, is_open) = (open.denies, open.file, open.stateid.is_some());
        if open.unconfirmed {
            return Some(Action::Confirm { open: index });
        }
        let denying = self.opens.iter().filter(|open| open.denies && (open.stateid.is_some() || open.busy));
        if !is_open && denies && denying.count() >= DENYING {
            return None;
        }
        if !is_open {
            let file = self.some_file(denies);
            return Some(self.open_of(index, file));
        }
        let asked = open.asked.clone();
        match self.random.below(100) {
            0..25 => Some(self.open_of(index, file)),
            // Who waits must be able to ask again.
            25..55 if self.lockers.iter().any(|one| one.open == Some(index) && one.waiting.is_some()) => None,
            25..55 => Some(Action::Downgrade { open: index, to: self.random.pick(&asked) }),
            55..100 if denies => Some(Action::Close { open: index }),
            55..65 => Some(Action::Close { open: index }),
            _ => None,
        }
    }

    fn open_of(&mut self, open: usize, file: usize) -> Action {
        let share = match self.shared.files[file].denied {
            true => Share {
                access: self.random.pick(&[READ, READ, WRITE, BOTH]),
                deny: self.random.pick(&[0, 0, 0, READ, WRITE, WRITE, BOTH]),
            },
            false => Share { access: self.random.pick(&[READ, WRITE, BOTH, BOTH, BOTH, BOTH]), deny: 0 },
        };
        let how = match self.random.below(4) {
            0 if self.has_session() => How::Filehandle,
            1 => How::Create,
            _ => How::Name,
        };
        Action::Open { open, file, share, how }
    }

    /// A file of those that are denied to others, or of those that are locked.
    fn some_file(&mut self, denied: bool) -> usize {
        let fit: Vec<_> =
            (0..self.shared.files.len()).filter(|file| self.shared.files[*file].denied == denied).collect();
        self.random.pick(&fit)
    }
}

/// Both ends are known to be in order.
fn range(first: u64, last: u64) -> Range {
    Range::new(first, last).unwrap_or(Range::WHOLE)
}
