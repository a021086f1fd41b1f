//! How one COMPOUND uses the state core: it keeps the lock from one command to the next, and releases it before it touches
//! files.
//!
//! What a COMPOUND changes and the record of its progress must be stored together, and all changes are stored in the
//! order in which they were made. So a COMPOUND that has changed the core keeps it until its progress is recorded.

use super::Nfs;
use crate::state::Core;
use std::cell::{Cell, RefCell};
use std::ops::{Deref, DerefMut};
use std::sync::MutexGuard;

/// Gives one COMPOUND access to the core.
pub(super) struct CoreAccess<'a> {
    nfs: &'a Nfs,
    kept: RefCell<Option<MutexGuard<'a, Core>>>,
    /// The core's count of changes at the last [`CoreAccess::look`].
    seen: Cell<u64>,
    changed: Cell<bool>,
}

impl<'a> CoreAccess<'a> {
    pub fn new(nfs: &'a Nfs) -> Self {
        Self { nfs, kept: RefCell::new(None), seen: Cell::new(0), changed: Cell::new(false) }
    }

    /// Locks the core for one command. It stays with this COMPOUND until [`CoreAccess::release`].
    pub fn get(&self) -> CoreGuard<'_, 'a> {
        let guard = self.kept.take().unwrap_or_else(|| {
            let core = self.nfs.core();
            self.seen.set(core.change_count());
            core
        });
        CoreGuard { guard: Some(guard), home: &self.kept }
    }

    /// Unlocks the core, so that other threads can use it.
    pub fn release(&self) {
        self.look();
        self.kept.take();
    }

    /// Records whether this COMPOUND has changed the core; returns whether it did since the last look.
    pub fn look(&self) -> bool {
        let kept = self.kept.borrow();
        let Some(count) = kept.as_ref().map(|core| core.change_count()) else { return false };
        let changed = self.seen.replace(count) != count;
        self.changed.set(self.changed.get() || changed);
        changed
    }

    /// Tells whether this COMPOUND had changed the core at the last look.
    pub fn has_changed(&self) -> bool {
        self.changed.get()
    }
}

/// Holds the core while a command runs, and hands it back to the COMPOUND when dropped.
pub struct CoreGuard<'c, 'a> {
    /// `Some` until this is dropped.
    guard: Option<MutexGuard<'a, Core>>,
    home: &'c RefCell<Option<MutexGuard<'a, Core>>>,
}

impl Deref for CoreGuard<'_, '_> {
    type Target = Core;

    fn deref(&self) -> &Core {
        self.guard.as_ref().expect("taken only by drop")
    }
}

impl DerefMut for CoreGuard<'_, '_> {
    fn deref_mut(&mut self) -> &mut Core {
        self.guard.as_mut().expect("taken only by drop")
    }
}

impl Drop for CoreGuard<'_, '_> {
    fn drop(&mut self) {
        *self.home.borrow_mut() = self.guard.take();
    }
}
