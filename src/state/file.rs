//! What is open and locked on one file.

use super::departing::give_back_room;
use super::generation::Generations;
use super::wait::Queue;
use super::{Changes, Config, Effects, Key, State};
use crate::nfs4::{ClientId, Filehandle, ShareAccess, ShareDeny, Time};
use crate::ranges::RangeSet;
use std::collections::{BTreeSet, HashMap};

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

    /// Whether the opens there are forbid another one with `access` and `deny`, whoever asks for it: the same owner is
    /// no exception (§9.9).
    pub fn forbid(&self, access: ShareAccess, deny: ShareDeny) -> bool {
        BITS.into_iter().enumerate().any(|(index, (read_or_write, denied))| {
            access.contains(read_or_write) && self.deny[index] > 0
                || deny.contains(denied) && self.access[index] > 0
        })
    }

    fn is_empty(&self) -> bool {
        self.access == [0; 2] && self.deny == [0; 2]
    }
}

/// State of one file; exists as long as anything is open on it or reserved for an open.
#[derive(Debug)]
pub(super) struct FileState {
    pub fh: Filehandle,
    /// Names the file in records.
    pub number: u64,
    pub shares: Shares,
    pub opens: BTreeSet<(ClientId, u32)>,
    pub ranges: RangeSet,
    pub queue: Queue,
    /// The number of its last exclusive lock (see `generation`).
    pub generation: u64,
}

impl FileState {
    fn new(fh: Filehandle, number: u64, generation: u64) -> Self {
        Self {
            fh,
            number,
            shares: Shares::default(),
            opens: BTreeSet::new(),
            ranges: RangeSet::default(),
            queue: Queue::new(number),
            generation,
        }
    }
}

/// All files that have state.
#[derive(Debug)]
pub(super) struct FileTable {
    /// Numbers of exclusive locks.
    pub generations: Generations,
    files: HashMap<Filehandle, FileState>,
    /// The last number of a file.
    issued: u64,
    /// Files that were open and are no longer, since they were last asked for.
    closed: BTreeSet<Filehandle>,
}

impl FileTable {
    /// No file has state.
    pub fn new(generations: Generations) -> Self {
        Self { generations, files: HashMap::new(), issued: 0, closed: BTreeSet::new() }
    }

    pub fn get(&self, fh: &Filehandle) -> Option<&FileState> {
        self.files.get(fh)
    }

    pub fn get_mut(&mut self, fh: &Filehandle) -> Option<&mut FileState> {
        self.files.get_mut(fh)
    }

    pub fn entry(&mut self, changes: &mut Changes, fh: &Filehandle) -> &mut FileState {
        let generation = self.generations.last();
        let issued = &mut self.issued;
        self.files.entry(fh.clone()).or_insert_with(|| {
            *issued += 1;
            let file = FileState::new(fh.clone(), *issued, generation);
            changes.put_file(&file);
            file
        })
    }

    /// Puts back a file that had state before a restart.
    pub fn restore(&mut self, fh: Filehandle, number: u64, generation: u64) {
        self.issued = self.issued.max(number);
        self.files.insert(fh.clone(), FileState::new(fh, number, generation));
    }

    /// Forgets a file on which nothing is left.
    pub fn drop_if_idle(&mut self, changes: &mut Changes, fh: &Filehandle) {
        if let Some(file) = self.files.get(fh)
            && file.opens.is_empty()
            && file.shares.is_empty()
        {
            changes.delete(Key::File(file.number));
            self.files.remove(fh);
            self.closed.insert(fh.clone());
        }
    }

    /// The files that were forgotten since the last call, and did not come back.
    pub fn take_closed(&mut self) -> Vec<Filehandle> {
        let closed = std::mem::take(&mut self.closed);
        closed.into_iter().filter(|fh| !self.files.contains_key(fh)).collect()
    }

    /// Takes the opens and locks in `states` of `client` off their files, and tells waiters that it is their turn.
    /// Locks must come before the opens that they came from: a file goes with its last open, and takes along what is held on
    /// it without a change of any record.
    pub fn drop_states(
        &mut self,
        now: Time,
        config: &Config,
        effects: &mut Effects,
        client: ClientId,
        states: impl Iterator<Item = (u32, State)>,
    ) {
        for (serial, state) in states {
            match state {
                State::Open(open) => {
                    effects.changes.delete(Key::Open(client, serial));
                    let Some(file) = self.files.get_mut(&open.fh) else { continue };
                    file.shares.remove(open.access, open.deny);
                    file.opens.remove(&(client, serial));
                    file.queue.forget_open(&mut effects.changes, client, serial);
                    file.refresh_queue(now, config, effects);
                    self.drop_if_idle(&mut effects.changes, &open.fh);
                }
                State::Lock(lock) => {
                    effects.changes.delete(Key::Lock(client, serial));
                    let Some(file) = self.files.get_mut(&lock.fh) else { continue };
                    for (range, _) in file.ranges.held_by(lock.owner_id) {
                        effects.changes.delete(Key::Range(file.number, lock.owner_id, range.first()));
                    }
                    file.ranges.release(lock.owner_id);
                    file.refresh_queue(now, config, effects);
                }
                State::Closed(_) => {}
            }
        }
    }

    /// Keeps the table in proportion to the files that are left; cheap, for they are few then. Answers the large one.
    pub fn give_back_room(&mut self) -> Option<impl Send + use<> + 'static> {
        give_back_room(&mut self.files)
    }

    /// How many files have state.
    pub fn count(&self) -> usize {
        self.files.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = &FileState> {
        self.files.values()
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut FileState> {
        self.files.values_mut()
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
                        let want = first_deny.forbids(second) || second_deny.forbids(first);
                        assert_eq!(shares.forbid(second, second_deny), want);
                    }
                }
                shares.remove(first, first_deny);
                assert!(shares.is_empty());
            }
        }
    }
}
