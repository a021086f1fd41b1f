//! Times single calls, and what they leave to be stored.

use lockhouse::host::Committer;
use lockhouse::state::Core;
use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// What this thread has had of the processors: what others on the machine do is not in it.
pub fn now() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

/// The calls of one kind.
#[derive(Default)]
pub struct Calls {
    count: u32,
    sum: Duration,
    worst: Duration,
    /// Which call that was.
    which: u32,
    /// Most bytes of changes that one left.
    bytes: usize,
    /// Longest commit of what one left.
    commit: Duration,
}

impl Calls {
    /// Makes one call.
    pub fn call<T>(&mut self, core: &mut Core, run: impl FnOnce(&mut Core) -> T) -> T {
        let start = now();
        let answer = run(core);
        let took = now() - start;
        self.count += 1;
        self.sum += took;
        if took > self.worst {
            (self.worst, self.which) = (took, self.count);
        }
        answer
    }

    /// Stores what the calls since then have changed.
    pub fn store(&mut self, core: &mut Core, committer: &mut Committer) {
        let start = now();
        core.take_changes(committer.changes());
        self.bytes = self.bytes.max(committer.changes().batch().encoded_bytes());
        committer.commit();
        drop(core.take_closed());
        drop(core.take_deferred_drops());
        self.commit = self.commit.max(now() - start);
    }

    pub fn print(&self, what: &str) {
        let us = |time: Duration| time.as_secs_f64() * 1e6;
        println!(
            "| {what} | {} | {:.1} | {:.1} ({}) | {} | {:.0} |",
            self.count,
            us(self.sum) / f64::from(self.count.max(1)),
            us(self.worst),
            self.which,
            self.bytes,
            us(self.commit),
        );
    }
}

pub fn head() {
    println!("| command, at what | calls | mean µs | worst µs (which) | bytes to store | store µs |");
    println!("|---|---|---|---|---|---|");
}
