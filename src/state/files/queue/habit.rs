//! When a client that polls will ask next.
//!
//! Linux asks again after 1, 2, 4, 8, 16 and then every 30 seconds; other clients at a fixed pace. After one poll it is not
//! known which of the two it is, and both times are expected.

use crate::nfs4::Time;
use std::time::Duration;

/// The longest time between two polls that counts as a habit: Linux's longest.
const POLL_MAX: Duration = Duration::from_secs(30);
/// Linux polls for the first time after so long.
const POLL_FIRST: Duration = Duration::from_secs(1);
/// The least time before an expected poll for which a lock is kept.
const LEAD_MIN: Duration = Duration::from_millis(20);
/// How late a poll may be, beside a part of its interval: what scheduling and networks cost.
const SLACK: Duration = Duration::from_millis(50);
/// The times after which Linux asks again, in seconds.
const OF_LINUX: [u64; 6] = [1, 2, 4, 8, 16, 30];

/// Returns by how much a timer of Linux may be late: its wheel rounds up by as much as an eighth (30 s at 250 Hz: by up
/// to 2.05 s), by more or less at each turn.
fn late_of_linux(nominal: Duration) -> Duration {
    nominal / 8
}

/// Returns the time that Linux's timer was set to, if this may have become of it.
fn of_linux(gap: Duration) -> Option<Duration> {
    let set = OF_LINUX.into_iter().map(Duration::from_secs);
    set.rev()
        .find(|nominal| *nominal <= gap)
        .filter(|nominal| gap <= *nominal + late_of_linux(*nominal) + SLACK)
}

/// The times at which a waiter asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::state) struct Habit {
    /// When it asked first.
    pub(super) since: Time,
    /// When it asked last.
    pub(super) asked: Time,
    /// Between its last two requests; zero before the second.
    gap: Duration,
    /// Between the two before.
    before: Duration,
}

impl Habit {
    /// Creates one that asks for the first time.
    pub fn new(now: Time) -> Self {
        Self { since: now, asked: now, ..Self::default() }
    }

    /// Records that it asks again.
    pub fn ask(&mut self, now: Time) {
        self.before = self.gap;
        self.gap = now.saturating_sub(self.asked);
        self.asked = now;
    }

    /// Returns its poll interval: the last one, and at most 30 s.
    pub fn interval(&self) -> Duration {
        if self.gap.is_zero() { POLL_FIRST } else { self.gap.min(POLL_MAX) }
    }

    /// Returns the least times from its last request to the next one, the shorter first.
    fn expected(&self) -> [Option<Duration>; 2] {
        let gap = of_linux(self.gap).unwrap_or(self.gap);
        let doubled = (gap * 2).min(POLL_MAX).max(gap);
        if gap.is_zero() {
            [Some(POLL_FIRST), None]
        } else if self.before.is_zero() {
            [Some(gap), Some(doubled).filter(|doubled| *doubled > gap)]
        } else if gap * 2 > self.before * 3 {
            [Some(doubled), None]
        } else {
            [Some(gap), None]
        }
    }

    /// Returns whether it may still be polling: it is not later than twice the time after which it was expected, and a second.
    pub fn is_fresh(&self, now: Time) -> bool {
        let longest = self.expected().into_iter().flatten().max().unwrap_or(POLL_FIRST);
        now < self.asked.saturating_add(longest * 2 + POLL_FIRST)
    }

    /// Returns the times around its next polls, from and until, where those that hold the lock hold it for `hold`. After
    /// each poll in such a time that was denied (`failed`) the next is longer, up to half of the interval.
    pub fn windows(&self, hold: Duration, failed: u8) -> impl Iterator<Item = (Time, Time)> {
        let asked = self.asked;
        self.expected().into_iter().flatten().map(move |gap| {
            let more = match failed {
                0 => Duration::ZERO,
                1 => gap / 4,
                _ => gap / 2,
            };
            let lead = (hold * 2).max(LEAD_MIN).max(more).min(gap / 2);
            let late = of_linux(gap).map_or(gap / 64, late_of_linux);
            let slack = SLACK.min(gap / 2) + late;
            (asked.saturating_add(gap - lead), asked.saturating_add(gap + slack))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn after(gaps_ms: &[u64]) -> Habit {
        let mut habit = Habit::new(ms(7));
        gaps_ms.iter().for_each(|gap| habit.ask(habit.asked + ms(*gap)));
        habit
    }

    #[test]
    fn linux_and_fixed_paces_are_told_apart() {
        for (gaps, expected) in [
            (&[][..], &[1000][..]),
            (&[1000], &[1000, 2000]),
            (&[1000, 2000], &[4000]),
            (&[1000, 2000, 4000, 8000, 16_000], &[30_000]),
            (&[8000, 16_000, 30_000], &[30_000]),
            (&[16_000, 30_000, 30_000], &[30_000]),
            (&[5000, 5000], &[5000]),
            (&[85_000], &[85_000]),
            (&[10, 1000, 1010], &[1000]),
            (&[700, 710], &[710]),
            // As a guest with 250 Hz was seen to ask.
            (&[1025, 2013, 4192], &[8000]),
            (&[2013, 4192, 8192, 16_128, 32_004], &[30_000]),
            (&[16_128, 32_004, 30_716], &[30_000]),
        ] {
            let habit = after(gaps);
            let expected: Vec<_> = expected.iter().map(|gap| ms(*gap)).collect();
            assert_eq!(habit.expected().into_iter().flatten().collect::<Vec<_>>(), expected, "{gaps:?}");
        }
    }

    #[test]
    fn a_window_is_around_the_poll_and_shorter_than_the_interval() {
        for gaps in [&[][..], &[10], &[1000, 2000], &[30_000, 30_000]] {
            let habit = after(gaps);
            for failed in 0..4 {
                for hold in [Duration::ZERO, ms(10), ms(700), Duration::from_secs(100)] {
                    let expected = habit.expected().into_iter().flatten();
                    for ((from, until), gap) in habit.windows(hold, failed).zip(expected) {
                        let poll = habit.asked + gap;
                        assert!(from <= poll && poll < until, "{gaps:?} {hold:?}");
                        assert!(poll - from <= gap / 2 && until - poll <= gap, "{gaps:?} {hold:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_window_covers_how_timers_of_linux_are_rounded() {
        // 30 s are 7,500 ticks of 250 Hz, which are rounded up to whole 512.
        let seen = [1025, 2013, 4192, 8192, 16_128, 32_004, 30_716, 30_000, 32_047];
        for polls in 0..seen.len() {
            let habit = after(&seen[..polls]);
            let next = habit.asked + ms(seen[polls]);
            assert!(
                habit.windows(ms(1), 0).any(|(from, until)| from <= next && next < until),
                "poll {polls}"
            );
        }
    }

    #[test]
    fn who_is_long_overdue_is_not_fresh() {
        let habit = after(&[]);
        assert!(habit.is_fresh(habit.asked + ms(2999)) && !habit.is_fresh(habit.asked + ms(3000)));
        let habit = after(&[85_000]);
        assert!(habit.is_fresh(habit.asked + ms(100_000)));
        assert!(!habit.is_fresh(habit.asked + ms(171_000)));
    }
}
