//! How much one connection makes the server hold.
//!
//! A call counts from when it is admitted: its bytes, the most that its reply may take and the memory that is needed to make
//! it. So what is held is known before it is there. The longest call and its reply take some 4.5 MiB
//! (`RecordLimits::record_bytes_max`, once for the tag that goes back and once for itself, and `ops::BYTES_MAX`), less than
//! [`Limits::outstanding_bytes_max`]; so the only call of a connection is always admitted.

use super::Limits;

/// One such part of the limit is for calls to the peer, which nobody admits.
const CALLS_TO_PEER_PART: usize = 32;

/// Counts the calls of a connection that are being carried out elsewhere, and their bytes.
#[derive(Debug, Default)]
pub(super) struct Load {
    running: usize,
    running_bytes: usize,
    /// What the next call takes, which was too much when it was looked at last.
    next_bytes: usize,
}

impl Load {
    /// Counts a call of `bytes` bytes that is carried out elsewhere from now on.
    pub fn begin(&mut self, bytes: usize) {
        self.running += 1;
        self.running_bytes += bytes;
    }

    /// Ends such a call of `bytes` bytes.
    pub fn end(&mut self, bytes: usize) {
        self.running -= 1;
        self.running_bytes -= bytes;
    }

    /// Records that the next call has to wait, for it takes `bytes` bytes.
    pub fn wait(&mut self, bytes: usize) {
        self.next_bytes = bytes;
    }

    /// Records that the next call is carried out.
    pub fn admitted(&mut self) {
        self.next_bytes = 0;
    }

    /// Returns how many calls are carried out elsewhere.
    pub fn running(&self) -> usize {
        self.running
    }

    /// Returns how many bytes the next call may take, beside `buffered` bytes of input and `replies` bytes of output.
    /// `None`: it has to wait, whatever it takes.
    pub fn room(&self, limits: &Limits, buffered: usize, replies: usize) -> Option<usize> {
        if self.running == 0 && replies == 0 {
            return Some(usize::MAX);
        }
        let most = limits.outstanding_bytes_max - limits.outstanding_bytes_max / CALLS_TO_PEER_PART;
        let room = most.saturating_sub(self.running_bytes + buffered + replies);
        (self.running < limits.calls_max && room >= self.next_bytes.max(1)).then_some(room)
    }

    /// Returns whether the peer leaves so much unread that no call to it can be added.
    pub fn is_too_much(&self, limits: &Limits, replies: usize) -> bool {
        self.running_bytes + replies > limits.outstanding_bytes_max
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { calls_max: 3, outstanding_bytes_max: 3200, ..Limits::DEFAULT };

    #[test]
    fn what_is_admitted_never_adds_up_to_more_than_the_limit() {
        let mut load = Load::default();
        assert_eq!(load.room(&LIMITS, 9999, 0), Some(usize::MAX), "the only call is always admitted");
        load.begin(2000);
        assert_eq!(load.room(&LIMITS, 100, 0), Some(1000));
        assert_eq!(load.room(&LIMITS, 100, 999), Some(1));
        assert_eq!(load.room(&LIMITS, 100, 1000), None);
        load.wait(500);
        assert_eq!((load.room(&LIMITS, 100, 500), load.room(&LIMITS, 100, 501)), (Some(500), None));
        load.admitted();
        (0..2).for_each(|_| load.begin(1));
        assert_eq!(load.room(&LIMITS, 0, 0), None, "three are carried out");
        load.end(2000);
        assert_eq!(load.room(&LIMITS, 0, 0), Some(3098));
        assert!(!load.is_too_much(&LIMITS, 3198) && load.is_too_much(&LIMITS, 3199));
    }
}
