//! Lock generations: the fencing numbers of files.
//!
//! Each grant of an exclusive lock gives its file a number that no grant had before, on any file. Who holds the lock
//! can carry the number along; who sees a greater one knows that the lock was given to somebody since.
//!
//! **Invariant:** the number of a file never goes back. The boot epoch is its upper half, and grows with each start
//! faster than the lower half can overflow: it is at least the time in seconds. A file that has no state answers the
//! last number given to any file, and begins with that when it gets state.
//!
//! A number is stored with the lock stateid under which the lock was granted, whose record changes anyway. Only when that
//! goes, the record of the file gets the number, if it still is the last one.

/// Gives out the numbers.
#[derive(Debug)]
pub(in crate::state) struct Generations {
    last: u64,
}

impl Generations {
    /// Creates the generations at the start of a run.
    pub fn starting(epoch: u32) -> Self {
        Self { last: u64::from(epoch) << 32 }
    }

    /// Returns the last number given out.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Returns whether this may have been given out before a restart: none of this run was yet, and the next are to be greater.
    pub fn may_be_earlier(&self, number: u64) -> bool {
        number <= self.last
    }

    /// Returns the number of the next exclusive lock.
    pub fn next(&mut self) -> u64 {
        self.last = self.last.saturating_add(1);
        self.last
    }
}

/// The number of a file's last exclusive lock, or that with which the file began.
#[derive(Clone, Copy, Debug)]
pub(in crate::state) struct GenerationOfFile {
    last: u64,
    /// As the record of the file has it.
    of_record: u64,
}

impl GenerationOfFile {
    /// Creates it as it is in the record of the file.
    pub fn of_record(number: u64) -> Self {
        Self { last: number, of_record: number }
    }

    pub fn last(self) -> u64 {
        self.last
    }

    pub fn of_its_record(self) -> u64 {
        self.of_record
    }

    /// Records that an exclusive lock was granted.
    pub fn granted(&mut self, number: u64) {
        self.last = number;
    }

    /// Restores a lock stateid whose record has this number.
    pub fn restore(&mut self, number: u64) {
        self.last = self.last.max(number);
    }

    /// Removes a lock stateid whose record has this number. Returns whether the record of the file must be put.
    pub fn loses(&mut self, number: u64) -> bool {
        let lost = number == self.last && number != self.of_record;
        if lost {
            self.of_record = number;
        }
        lost
    }
}
