//! A thread with an event loop, as far as its mailbox knows it.

#[path = "../../src/transport/mailbox.rs"]
mod mailbox;

use crate::sync::{Arc, Condvar, Mutex};
use mailbox::Mailbox;

/// A thread with an event loop: sleeps until its mailbox wakes it, which is remembered as `eventfd` does.
#[derive(Clone)]
pub struct Receiver {
    mailbox: Arc<Mailbox<u64>>,
    event: Arc<(Mutex<bool>, Condvar)>,
}

impl Receiver {
    pub fn new() -> Self {
        let event = Arc::new((Mutex::new(false), Condvar::new()));
        let waker = event.clone();
        let wake = move || {
            *waker.0.lock().unwrap() = true;
            waker.1.notify_one();
        };
        Self { mailbox: Arc::new(Mailbox::new(wake)), event }
    }

    pub fn send(&self, message: u64) {
        self.mailbox.send(message);
    }

    pub fn wake(&self) {
        self.mailbox.wake();
    }

    /// Sleeps until it is woken, and takes what there is.
    pub fn sleep(&self) -> Vec<u64> {
        let mut woken = self.event.0.lock().unwrap();
        while !std::mem::take(&mut *woken) {
            woken = self.event.1.wait(woken).unwrap();
        }
        drop(woken);
        let mut messages = Vec::new();
        self.mailbox.collect(&mut messages);
        messages
    }
}
