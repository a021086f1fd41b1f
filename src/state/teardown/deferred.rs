//! Memory that is kept until it can be given back where nobody waits for the core.

use std::any::Any;

/// Tables with room for more than this, and maps with more in them, are kept so.
pub(super) const LARGE: usize = 8192;
/// So many are kept: when nobody comes for them, the core gives them back itself, one for each that is added.
const KEPT_MAX: usize = 16;

/// Holds memory that takes long to free. Drop it without holding the core.
#[derive(Debug)]
#[must_use]
pub struct DeferredDrops(#[expect(dead_code, reason = "held to be dropped")] Vec<Box<dyn Any + Send>>);

/// Collects memory that takes long to free.
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
