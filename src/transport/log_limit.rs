//! Warnings about what may happen very often: one a minute, and how many there were in between.

use std::time::{Duration, Instant};

/// Between two warnings of a kind.
const PAUSE: Duration = Duration::from_secs(60);

/// Says when it is time for a warning.
#[derive(Debug, Default)]
pub(super) struct LogLimit {
    last: Option<Instant>,
    kept_back: u64,
}

impl LogLimit {
    /// Decides whether to log a warning now. If so, returns how many were suppressed since the last one.
    pub fn is_due(&mut self, now: Instant) -> Option<u64> {
        if self.last.is_some_and(|last| now.saturating_duration_since(last) < PAUSE) {
            self.kept_back += 1;
            return None;
        }
        self.last = Some(now);
        Some(std::mem::take(&mut self.kept_back))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_warning_a_minute_and_none_is_lost() {
        let (mut seldom, start) = (LogLimit::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(seldom.is_due(at(0)), Some(0));
        assert_eq!([1, 30, 59].map(|seconds| seldom.is_due(at(seconds))), [None; 3]);
        assert_eq!(seldom.is_due(at(60)), Some(3));
        assert_eq!(seldom.is_due(at(61)), None);
        assert_eq!(seldom.is_due(at(500)), Some(1));
    }
}
