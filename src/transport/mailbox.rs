//! Messages of other threads for one that sleeps in an event loop, and its wake-up.
//!
//! A sender adds its message, then wakes unless somebody has and the receiver has not looked since. The receiver says that
//! it looks before it takes: a sender whose message it misses finds that said, and wakes it again.

use crate::sync::{AtomicBool, Mutex, MutexGuard, Ordering};
use std::sync::PoisonError;

type Wake = Box<dyn Fn() + Send + Sync>;

/// Holds messages until their receiver takes them.
pub(super) struct Mailbox<M> {
    messages: Mutex<Vec<M>>,
    wake: Wake,
    /// The receiver was woken and has not looked yet.
    woken: AtomicBool,
}

impl<M> Mailbox<M> {
    /// Creates an empty mailbox whose receiver is woken by `wake`.
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self { messages: Mutex::new(Vec::new()), wake: Box::new(wake), woken: AtomicBool::new(false) }
    }

    fn messages(&self) -> MutexGuard<'_, Vec<M>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a message.
    pub fn send(&self, message: M) {
        self.messages().push(message);
        self.wake();
    }

    /// Wakes the receiver, unless it is awake and will look.
    pub fn wake(&self) {
        if !self.woken.swap(true, Ordering::AcqRel) {
            (self.wake)();
        }
    }

    /// Takes all messages, into `messages`, which is empty.
    pub fn collect(&self, messages: &mut Vec<M>) {
        // First, so that whoever sends from now on wakes again.
        self.woken.store(false, Ordering::Release);
        std::mem::swap(&mut *self.messages(), messages);
    }
}
