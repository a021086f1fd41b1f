//! The sleep until the service's next alarm.

use crate::clock::{Clock, READ_EVERY_MAX};
use crate::nfs4::Time;
use crate::rpc::{Service, next_alarm};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::Notify;

/// Longest sleep: an alarm that nobody brought forward, such as one that moved without a call, is late by no more than
/// this, and the clock is read that often.
const SLEEP_MAX: Duration = READ_EVERY_MAX;
/// Shortest sleep, so that a service that is never content with an alarm costs little.
const SLEEP_MIN: Duration = Duration::from_millis(1);

/// Sleeps until the next alarm of a service, and lets other threads end the sleep earlier.
#[derive(Debug)]
pub(super) struct Alarm {
    /// When the task will look next, in microseconds of the clock.
    armed_us: AtomicU64,
    earlier: Notify,
}

impl Alarm {
    /// Makes an alarm that is set to never.
    pub fn new() -> Self {
        Self { armed_us: AtomicU64::new(u64::MAX), earlier: Notify::new() }
    }

    /// Makes the task look again if `next` is before what it waits for.
    pub fn bring_forward(&self, next: Option<Time>) {
        if next.is_some_and(|next| micros(next) < self.armed_us.load(Ordering::Acquire)) {
            self.earlier.notify_one();
        }
    }

    /// Calls the service at its alarms, by `clock`, and `fired` after each; never returns.
    pub async fn run(&self, clock: Clock, service: Arc<dyn Service>, fired: impl Fn()) {
        loop {
            let now = clock.now();
            service.check_for_gap(now);
            let next = next_alarm(&*service);
            if next.is_some_and(|next| next <= now) {
                let service = service.clone();
                let ran = tokio::task::spawn_blocking(move || service.on_alarm(now)).await;
                if ran.is_err_and(|error| error.is_panic()) {
                    tracing::error!("an alarm failed; see the message of the panic");
                }
                fired();
            }
            // While the question is open, whoever sets an alarm rings: none slips in between question and sleep.
            self.armed_us.store(u64::MAX, Ordering::Release);
            let wait = next_alarm(&*service).map_or(SLEEP_MAX, |next| next.saturating_sub(clock.now()));
            let wait = wait.clamp(SLEEP_MIN, SLEEP_MAX);
            self.armed_us.store(micros(clock.now() + wait), Ordering::Release);
            tokio::select! {
                () = tokio::time::sleep(wait) => (),
                () = self.earlier.notified() => (),
            }
        }
    }
}

fn micros(time: Time) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
