//! When a client that polls will ask next.
//!
//! Linux asks again after 1, 2, 4, 8, 16 and then every 30 seconds; other clients at a fixed pace. After one poll it is not
//! known which of the two it is, and both times are expected.

use super::POLL_MAX;
use crate::nfs4::Time;
use std::time::Duration;

/// Linux polls for the first time after so long.
const POLL_FIRST: Duration = Duration::from_secs(1);
/// The least time before an expected poll for which a lock is kept.
const LEAD_MIN: Duration = Duration::from_millis(20);
/// How late a poll may be, beside a part of its interval: what scheduling and networks cost.
const SLACK: Duration = Duration::from_millis(50);

/// The times at which a waiter asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Habit {
    /// When it asked first.
    pub since: Time,
    /// When it asked last.
    pub asked: Time,
    /// Between its last two requests; zero before the second.
    gap: Duration,
    /// Between the two before.
    before: Duration,
}

impl Habit {
    /// One that asks for the first time.
    pub fn new(now: Time) -> Self {
        Self { since: now, asked: now, ..Self::default() }
    }

    /// It asks again.
    pub fn ask(&mut self, now: Time) {
        self.before = self.gap;
        self.gap = now.saturating_sub(self.asked);
        self.asked = now;
    }

    /// Returns its poll interval: the last one, and at most 30 s.
    pub fn interval(&self) -> Duration {
        if self.gap.is_zero() { POLL_FIRST } else { self.gap.min(POLL_MAX) }
    }

    /// Returns the times from its last request to the next one, the shorter first.
    fn expected(&self) -> [Option<Duration>; 2] {
        let doubled = (self.gap * 2).min(POLL_MAX).max(self.gap);
        if self.gap.is_zero() {
            [Some(POLL_FIRST), None]
        } else if self.before.is_zero() {
            [Some(self.gap), Some(doubled).filter(|doubled| *doubled > self.gap)]
        } else if self.gap * 2 > self.before * 3 {
            [Some(doubled), None]
        } else {
            [Some(self.gap), None]
        }
    }

    /// Whether it may still be polling: it is not later than twice the time after which it was expected, and a second.
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
            let slack = SLACK.min(gap / 2) + gap / 64;
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
            (&[10, 1000, 1010], &[1010]),
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
    fn who_is_long_overdue_is_not_fresh() {
        let habit = after(&[]);
        assert!(habit.is_fresh(habit.asked + ms(2999)) && !habit.is_fresh(habit.asked + ms(3000)));
        let habit = after(&[85_000]);
        assert!(habit.is_fresh(habit.asked + ms(100_000)));
        assert!(!habit.is_fresh(habit.asked + ms(171_000)));
    }
}
