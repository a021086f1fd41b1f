//! The files that have state.

use super::file::FileState;
use super::generation::Generations;
use super::queue::Waiter;
use crate::nfs4::{ClientId, Filehandle, Range, Time};
use crate::state::clients::State;
use crate::state::locks::LockState;
use crate::state::map::{NameHash, NameIndex, PageMap};
use crate::state::output::Effects;
use crate::state::records::{Changes, Key};
use std::collections::BTreeSet;
use std::ops::Bound::{Excluded, Unbounded};

/// All files that have state.
#[derive(Debug)]
pub(in crate::state) struct FileTable {
    /// Numbers of exclusive locks.
    generations: Generations,
    /// By number.
    files: PageMap<u64, Box<FileState>>,
    /// Numbers of files by their handles.
    numbers: NameIndex,
    /// The last number of a file.
    issued: u64,
    /// Files in whose queue somebody may stand.
    pub(super) waited: BTreeSet<u64>,
    /// Files that were open and are no longer, since they were last asked for.
    closed: BTreeSet<Filehandle>,
    /// Files whose data is being changed, once for each change.
    changing: Vec<Filehandle>,
}

impl FileTable {
    /// Creates a table in which no file has state.
    pub fn new(generations: Generations, seed: u64) -> Self {
        Self {
            generations,
            files: PageMap::new(),
            // No client has this number.
            numbers: NameIndex::new(NameHash::new(seed, 0)),
            issued: 0,
            waited: BTreeSet::new(),
            closed: BTreeSet::new(),
            changing: Vec::new(),
        }
    }

    /// Notes that the data of a file is going to be changed.
    pub fn begin_change(&mut self, fh: &Filehandle) {
        self.changing.push(fh.clone());
    }

    /// Notes that one change of the data is made.
    pub fn end_change(&mut self, fh: &Filehandle) {
        if let Some(at) = self.changing.iter().position(|changing| changing == fh) {
            self.changing.swap_remove(at);
        }
    }

    /// Returns whether the data of a file is being changed. Looks at each change in progress.
    pub fn is_being_changed(&self, fh: &Filehandle) -> bool {
        self.changing.contains(fh)
    }

    /// Returns the number of a file.
    pub fn number_of(&self, fh: &Filehandle) -> Option<u64> {
        self.numbers.find(fh.as_bytes(), |number| self.at(number).map(|file| file.fh.as_bytes()))
    }

    pub fn get(&self, fh: &Filehandle) -> Option<&FileState> {
        self.at(self.number_of(fh)?)
    }

    pub fn get_mut(&mut self, fh: &Filehandle) -> Option<&mut FileState> {
        self.at_mut(self.number_of(fh)?)
    }

    /// Returns the file of this number.
    pub fn at(&self, number: u64) -> Option<&FileState> {
        self.files.get(&number).map(|file| &**file)
    }

    /// Returns the file of this number.
    pub fn at_mut(&mut self, number: u64) -> Option<&mut FileState> {
        self.files.get_mut(&number).map(|file| &mut **file)
    }

    /// Returns the file of this number, to be changed, and what numbers its exclusive locks.
    #[inline]
    pub fn at_mut_with_generations(&mut self, number: u64) -> Option<(&mut FileState, &mut Generations)> {
        Some((&mut **self.files.get_mut(&number)?, &mut self.generations))
    }

    /// Returns the number of a file's last exclusive lock, or of any file's if this has no state.
    pub fn generation_of(&self, fh: &Filehandle) -> u64 {
        self.get(fh).map_or(self.generations.last(), FileState::generation)
    }

    /// Returns the file of this number, if this is its handle.
    pub fn checked(&self, number: u64, fh: &Filehandle) -> Option<&FileState> {
        self.at(number).filter(|file| file.fh == *fh)
    }

    pub fn entry(&mut self, changes: &mut Changes, fh: &Filehandle) -> &mut FileState {
        let number = self.number_of(fh).unwrap_or_else(|| {
            let file = FileState::new(fh.clone(), self.issued + 1, self.generations.last());
            changes.put_file(&file);
            self.insert(file)
        });
        self.at_mut(number).expect("found or just made")
    }

    fn insert(&mut self, file: FileState) -> u64 {
        let number = file.number;
        self.issued = self.issued.max(number);
        self.numbers.insert(file.fh.as_bytes(), number);
        self.files.insert(number, Box::new(file));
        number
    }

    /// Puts back a file that had state before a restart. Answers whether neither handle nor number were there yet, and the
    /// generation is of an earlier run.
    pub fn restore(&mut self, fh: Filehandle, number: u64, generation: u64) -> bool {
        let new = self.at(number).is_none() && self.get(&fh).is_none();
        let fits = new && self.generations.may_be_earlier(generation);
        if fits {
            self.insert(FileState::new(fh, number, generation));
        }
        fits
    }

    /// Puts back the number of a lock on the file `number`. Answers whether there is such a file, and the generation is of an
    /// earlier run.
    pub fn restore_generation(&mut self, number: u64, generation: u64) -> bool {
        let fits = self.generations.may_be_earlier(generation);
        let file = self.at_mut(number).filter(|_| fits);
        file.map(|file| file.generation.restore(generation)).is_some()
    }

    /// Forgets a file on which nothing is left.
    pub fn drop_if_idle(&mut self, changes: &mut Changes, number: u64) {
        let idle = |file: &&FileState| file.opens.is_empty() && file.shares.is_empty();
        if self.at(number).filter(idle).is_none() {
            return;
        }
        if let Some(file) = self.files.remove(&number) {
            changes.delete(Key::File(number));
            self.numbers.remove(file.fh.as_bytes(), number);
            self.waited.remove(&number);
            self.closed.insert(file.fh);
        }
    }

    /// Returns whether [`FileTable::take_closed`] has files to look at.
    pub fn has_closed(&self) -> bool {
        !self.closed.is_empty()
    }

    /// Returns the files that were forgotten since the last call, and did not come back.
    pub fn take_closed(&mut self) -> Vec<Filehandle> {
        let closed = std::mem::take(&mut self.closed);
        closed.into_iter().filter(|fh| self.number_of(fh).is_none()).collect()
    }

    /// Takes the opens and locks in `states` of `client` off their files, and tells waiters that it is their turn.
    /// Locks must come before the opens that they came from: a file goes with its last open, and takes along what is held on
    /// it without a change of any record.
    pub fn drop_states(
        &mut self,
        now: Time,
        effects: &mut Effects,
        client: ClientId,
        states: impl Iterator<Item = (u32, State)>,
    ) {
        for (serial, state) in states {
            match state {
                State::Open(open) => {
                    effects.changes.delete(Key::Open(client, serial));
                    let Some(file) = self.at_mut(open.file()) else { continue };
                    let (access, deny) = open.shares();
                    file.shares.remove(access, deny);
                    file.opens.remove((client, serial));
                    file.queue.forget_open(effects, client, serial);
                    self.drop_if_idle(&mut effects.changes, open.file());
                }
                State::Lock(lock) => {
                    self.forget_lock(&mut effects.changes, (client, serial), &lock);
                    let Some(file) = self.at_mut(lock.file()) else { continue };
                    for (range, _) in file.ranges.held_by(lock.owner()) {
                        effects.changes.delete(Key::Range(file.number, lock.owner(), range.first()));
                    }
                    file.ranges.release(lock.owner());
                    file.queue.unlocked(now, effects, Range::WHOLE);
                }
                State::Closed(_) => {}
            }
        }
    }

    /// Deletes the record of a lock. If it is the one that has the number of the file's last exclusive lock, that of the file
    /// gets it.
    pub fn forget_lock(
        &mut self,
        changes: &mut Changes,
        (client, serial): (ClientId, u32),
        lock: &LockState,
    ) {
        if let Some(file) = self.at_mut(lock.file())
            && file.generation.loses(lock.generation())
        {
            changes.put_file(file);
        }
        changes.delete(Key::Lock(client, serial));
    }

    /// Restores a waiter behind those of its file that were restored already. Answers whether there is such a file.
    pub fn restore_waiter(&mut self, number: u64, waiter: Waiter) -> bool {
        let Some(file) = self.at_mut(number) else { return false };
        file.queue.restore(waiter);
        self.waited.insert(number);
        true
    }

    /// Returns how many files may have waiters.
    pub fn waited_count(&self) -> usize {
        self.waited.len()
    }

    /// Returns the file that may have waiters and comes after this one; after the last, the first.
    pub fn next_waited(&self, after: Option<u64>) -> Option<u64> {
        let next = self.waited.range((after.map_or(Unbounded, Excluded), Unbounded)).next();
        next.or(self.waited.first()).copied()
    }

    /// Forgets that a file may have waiters.
    pub fn forget_waited(&mut self, number: u64) {
        self.waited.remove(&number);
    }

    /// Returns how many files have state.
    pub fn count(&self) -> usize {
        self.files.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = &FileState> {
        self.files.iter().map(|(_, file)| &**file)
    }
}
