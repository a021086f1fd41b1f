//! The real clock, and who wakes the service when its time has come.
//!
//! The clock stands still while the server does not run: when it was stopped (SIGSTOP, a frozen container, a paused virtual
//! machine) or got no processor. Else clients that renew their leases in time would lose them, because the request of a
//! rival that waited in a socket may be looked at before their renewals. The alarm task looks at the clock several times a
//! second; when nobody has looked at it for longer than that can take, the server did not run. While the whole machine
//! sleeps, the system's monotonic clock stands still by itself.

use crate::nfs4::Time;
use crate::rpc::{Service, next_alarm};
use rustix::time::{ClockId, clock_gettime};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// Longest sleep of the alarm task: an alarm that nobody rang for, such as one that moved forward without a call, is
/// late by no more than this, and the clock is looked at that often.
const SLEEP_MAX: Duration = Duration::from_millis(250);
/// Shortest sleep, so that a service that is never content with an alarm costs little.
const SLEEP_MIN: Duration = Duration::from_millis(1);
/// When nobody has looked at the clock for so long, the server did not run.
const GAP_MIN: Duration = Duration::from_millis(750);
/// A shorter gap is not worth a line in the log: busy machines have many.
const GAP_TOLD: Duration = Duration::from_secs(2);
/// Looks at the clock are noted at most so often, so that threads seldom write to the same memory.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The time that the server has run, since it started.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

/// In microseconds since `origin`, unless said otherwise.
#[derive(Debug)]
struct Inner {
    origin: Instant,
    /// The latest look at the clock, about.
    looked: AtomicU64,
    /// How long the server did not run, in all.
    lost: AtomicU64,
    /// When it went on last.
    resumed: AtomicU64,
    /// Held while the three are changed together.
    changing: Mutex<()>,
}

impl Clock {
    /// Creates a clock that stands at zero now.
    pub fn start() -> Self {
        Self::starting(Instant::now())
    }

    fn starting(origin: Instant) -> Self {
        let zero = || AtomicU64::new(0);
        let (looked, lost, resumed) = (zero(), zero(), zero());
        Self(Arc::new(Inner { origin, looked, lost, resumed, changing: Mutex::new(()) }))
    }

    /// Returns the time.
    pub fn now(&self) -> Time {
        self.at(Instant::now())
    }

    /// Returns the time at an instant: this one or a short time ago.
    pub fn at(&self, instant: Instant) -> Time {
        let inner = &*self.0;
        let at = micros(instant.saturating_duration_since(inner.origin));
        // Read first: with a look that is later than a gap comes all that was noted of the gap.
        let since = at.saturating_sub(inner.looked.load(Ordering::Acquire));
        if since >= micros(GAP_MIN) {
            inner.note_gap(at);
        } else if since >= micros(LOOK_EVERY) {
            inner.looked.fetch_max(at, Ordering::AcqRel);
        }
        let lost = inner.lost.load(Ordering::Acquire);
        // Before a gap the clock was not later than when it stood still.
        let at = at.max(inner.resumed.load(Ordering::Acquire));
        Duration::from_micros(at.saturating_sub(lost))
    }

    /// Returns how long the server did not run, in all.
    pub fn lost(&self) -> Duration {
        Duration::from_micros(self.0.lost.load(Ordering::Acquire))
    }
}

impl Inner {
    /// Nobody has looked at the clock for long before `at`: it stood still.
    fn note_gap(&self, at: u64) {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let looked = self.looked.load(Ordering::Acquire);
        // Another thread may have noted it.
        if at.saturating_sub(looked) >= micros(GAP_MIN) {
            self.resumed.store(at, Ordering::Release);
            self.lost.fetch_add(at - looked, Ordering::Release);
            self.looked.store(at, Ordering::Release);
        }
    }
}

/// Returns how long the machine has slept since it started.
fn slept() -> Duration {
    let read = |id| Duration::try_from(clock_gettime(id)).unwrap_or_default();
    read(ClockId::Boottime).saturating_sub(read(ClockId::Monotonic))
}

/// Finds out how long the server did not run.
#[derive(Debug)]
struct Gaps {
    lost: Duration,
    slept: Duration,
}

impl Gaps {
    fn starting(clock: &Clock) -> Self {
        Self { lost: clock.lost(), slept: slept() }
    }

    /// Returns what has come to it since the last time. Two clocks are not read at quite the same moment, so the least is not
    /// counted.
    fn take(&mut self, clock: &Clock) -> Option<Duration> {
        let (lost, slept) = (clock.lost(), slept());
        let gap = lost.saturating_sub(self.lost) + slept.saturating_sub(self.slept);
        if gap < GAP_MIN {
            return None;
        }
        *self = Self { lost, slept };
        Some(gap)
    }
}

/// Shared by those who may bring the alarm forward and the task that waits for it.
#[derive(Debug)]
pub struct Alarm {
    /// When the task will look next, in microseconds of the clock.
    armed_us: AtomicU64,
    earlier: Notify,
}

impl Alarm {
    /// Creates an alarm that is set to never.
    pub fn new() -> Self {
        Self { armed_us: AtomicU64::new(u64::MAX), earlier: Notify::new() }
    }

    /// Makes the task look again if `next` is before what it waits for.
    pub fn bring_forward(&self, next: Option<Time>) {
        if next.is_some_and(|next| micros(next) < self.armed_us.load(Ordering::Acquire)) {
            self.earlier.notify_one();
        }
    }

    /// Calls the service at its alarms, and `fired` after each, for ever.
    pub async fn run(&self, clock: Clock, service: Arc<dyn Service>, fired: impl Fn()) {
        let mut gaps = Gaps::starting(&clock);
        loop {
            let now = clock.now();
            if let Some(gap) = gaps.take(&clock) {
                if gap >= GAP_TOLD {
                    let seconds = gap.as_secs_f32();
                    tracing::warn!(seconds, "the server did not run; that counts against nobody's lease");
                }
                service.on_gap(now, gap);
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// Returns a clock, and when it started.
    fn clock() -> (Clock, Instant) {
        let origin = Instant::now();
        (Clock::starting(origin), origin)
    }

    #[test]
    fn it_goes_on_while_somebody_looks() {
        let (clock, origin) = clock();
        for quarter in 0..100 {
            let passed = quarter * SECOND / 4;
            assert_eq!(clock.at(origin + passed), passed);
        }
        assert_eq!(clock.lost(), Duration::ZERO);
    }

    #[test]
    fn it_stands_still_while_nobody_looks() {
        let (clock, origin) = clock();
        assert_eq!(clock.at(origin + SECOND / 2), SECOND / 2);
        assert_eq!(clock.at(origin + 100 * SECOND), SECOND / 2);
        assert_eq!(clock.lost(), 100 * SECOND - SECOND / 2);
        // What was read before the gap and is asked only now.
        assert_eq!(clock.at(origin + SECOND * 6 / 10), SECOND / 2);
        assert_eq!(clock.at(origin + 100 * SECOND + SECOND / 2), SECOND);
        assert_eq!(clock.at(origin + 200 * SECOND), SECOND);
    }

    #[test]
    fn a_gap_is_told_once() {
        let (clock, origin) = clock();
        let mut gaps = Gaps::starting(&clock);
        assert_eq!(gaps.take(&clock), None);
        clock.at(origin + 7 * SECOND);
        assert!(gaps.take(&clock).is_some_and(|gap| gap >= 7 * SECOND));
        assert_eq!(gaps.take(&clock), None);
    }
}
