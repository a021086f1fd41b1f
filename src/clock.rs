//! The clock of an instance of the server.
//!
//! It stands still while the server does not run: when it was stopped (SIGSTOP, a frozen container, a paused virtual
//! machine) or got no processor. Otherwise clients that renew their leases in time would lose them, because the request of
//! a rival that waited in a socket may be looked at before their renewals. Somebody reads the clock several times a second
//! ([`READ_EVERY_MAX`]); when nobody has read it for longer than that can take, the server did not run. While the whole
//! machine sleeps, the system's monotonic clock stands still by itself.

use crate::nfs4::Time;
use rustix::time::{ClockId, clock_gettime};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Longest time between two readings of a clock while the server runs.
pub const READ_EVERY_MAX: Duration = Duration::from_millis(250);
/// When nobody has read the clock for so long, the server did not run: three times [`READ_EVERY_MAX`].
const GAP_MIN: Duration = Duration::from_millis(750);
/// Readings are noted at most so often, so that threads seldom write to the same memory.
const NOTE_EVERY: Duration = Duration::from_millis(20);

/// Measures how long the server has run since it started. Clones share one clock.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

/// In microseconds since `origin`, unless said otherwise.
#[derive(Debug)]
struct Inner {
    origin: Instant,
    /// The latest reading, about.
    read: AtomicU64,
    /// How long the server did not run, in all.
    lost: AtomicU64,
    /// When it went on last.
    resumed: AtomicU64,
    /// How far it was moved forward, in all.
    advanced: AtomicU64,
    /// Held while the three are changed together.
    changing: Mutex<()>,
}

impl Clock {
    /// Starts a clock at zero.
    pub fn start() -> Self {
        Self::starting(Instant::now())
    }

    fn starting(origin: Instant) -> Self {
        let zero = || AtomicU64::new(0);
        let (read, lost, resumed, advanced) = (zero(), zero(), zero(), zero());
        Self(Arc::new(Inner { origin, read, lost, resumed, advanced, changing: Mutex::new(()) }))
    }

    /// Returns the time.
    pub fn now(&self) -> Time {
        self.at(Instant::now())
    }

    /// Returns the time at `instant`, which is now or a short time ago.
    pub fn at(&self, instant: Instant) -> Time {
        let inner = &*self.0;
        let at = micros(instant.saturating_duration_since(inner.origin));
        // Loaded first: with a reading that is later than a gap comes all that was noted of the gap.
        let since = at.saturating_sub(inner.read.load(Ordering::Acquire));
        if since >= micros(GAP_MIN) {
            inner.note_gap(at);
        } else if since >= micros(NOTE_EVERY) {
            inner.read.fetch_max(at, Ordering::AcqRel);
        }
        let lost = inner.lost.load(Ordering::Acquire);
        // Before a gap the clock was not later than when it stood still.
        let at = at.max(inner.resumed.load(Ordering::Acquire));
        Duration::from_micros(at.saturating_sub(lost) + inner.advanced.load(Ordering::Acquire))
    }

    /// Moves the clock forward, as if the server had run for so long: for tests.
    pub fn advance(&self, by: Duration) {
        self.0.advanced.fetch_add(micros(by), Ordering::AcqRel);
    }

    /// Returns how long the server did not run, in all.
    pub fn lost(&self) -> Duration {
        Duration::from_micros(self.0.lost.load(Ordering::Acquire))
    }
}

impl Inner {
    /// Notes that the clock stood still, for nobody has read it for long before `at`.
    fn note_gap(&self, at: u64) {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let read = self.read.load(Ordering::Acquire);
        // Another thread may have noted it.
        if at.saturating_sub(read) >= micros(GAP_MIN) {
            self.resumed.store(at, Ordering::Release);
            self.lost.fetch_add(at - read, Ordering::Release);
            self.read.store(at, Ordering::Release);
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
pub struct Gaps {
    lost: Duration,
    slept: Duration,
}

impl Gaps {
    /// Starts to count the gaps of `clock`.
    pub fn starting(clock: &Clock) -> Self {
        Self { lost: clock.lost(), slept: slept() }
    }

    /// Returns how long the server did not run since the last call, if that is 750 ms or more: two clocks are not read at
    /// quite the same moment.
    pub fn take(&mut self, clock: &Clock) -> Option<Duration> {
        let (lost, slept) = (clock.lost(), slept());
        let gap = lost.saturating_sub(self.lost) + slept.saturating_sub(self.slept);
        if gap < GAP_MIN {
            return None;
        }
        *self = Self { lost, slept };
        Some(gap)
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
    fn it_goes_on_while_somebody_reads_it() {
        let (clock, origin) = clock();
        for quarter in 0..100 {
            let passed = quarter * SECOND / 4;
            assert_eq!(clock.at(origin + passed), passed);
        }
        assert_eq!(clock.lost(), Duration::ZERO);
    }

    #[test]
    fn it_stands_still_while_nobody_reads_it() {
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
    fn it_can_be_moved_forward() {
        let (clock, origin) = clock();
        let other = Clock::starting(origin);
        assert_eq!(clock.at(origin + SECOND / 4), SECOND / 4);
        clock.advance(1000 * SECOND);
        assert_eq!(clock.at(origin + SECOND / 2), 1000 * SECOND + SECOND / 2);
        assert_eq!((clock.lost(), other.at(origin + SECOND / 2)), (Duration::ZERO, SECOND / 2));
        // It stands still as before.
        assert_eq!(clock.at(origin + 100 * SECOND), 1000 * SECOND + SECOND / 2);
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
