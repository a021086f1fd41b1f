//! Memory that is kept until it can be given back where nobody waits for the core.

use std::any::Any;

/// Tables with room for more than this, and maps with more in them, are kept so.
pub(super) const LARGE: usize = 8192;
/// So many are kept: when nobody comes for them, the core gives them back itself, one for each that is added.
const KEPT_MAX: usize = 16;

/// Memory that takes long to give back. To be dropped where nobody waits for the core.
#[derive(Debug, Default)]
#[must_use]
pub struct DeferredDrops(Vec<Box<dyn Any + Send>>);

impl DeferredDrops {
    /// Adds `more`.
    pub(in crate::state) fn append(&mut self, mut more: Self) {
        self.0.append(&mut more.0);
    }
}

/// What waits to be given back.
#[derive(Debug, Default)]
pub(super) struct Deferred(Vec<Box<dyn Any + Send>>);

impl Deferred {
    pub fn defer<T: Any + Send>(&mut self, what: T) {
        if self.0.len() == KEPT_MAX {
            self.0.remove(0);
        }
        self.0.push(Box::new(what));
    }

    pub fn take(&mut self) -> DeferredDrops {
        DeferredDrops(std::mem::take(&mut self.0))
    }
}
