//! Which processor runs what: servers on one, the load on another, so that neither takes the other's time.

use super::error::BenchError;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Says on which processors the servers that are started here and the load run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    /// For servers.
    pub servers: usize,
    /// For the load.
    pub load: usize,
}

/// Returns the first and the last of the processors that this process may use; `None` if it may use only one.
pub fn places() -> Option<Places> {
    let set = sched_getaffinity(None).ok()?;
    let mut usable = (0..CpuSet::MAX_CPU).filter(|cpu| set.is_set(*cpu));
    let servers = usable.next()?;
    usable.next_back().map(|load| Places { servers, load })
}

/// Pins this thread, and those it starts from now on, to this processor.
pub fn pin_to(cpu: usize) -> Result<(), BenchError> {
    let mut set = CpuSet::new();
    if cpu < CpuSet::MAX_CPU {
        set.set(cpu);
    }
    sched_setaffinity(None, &set).map_err(BenchError::system(format!("cannot stay on processor {cpu}")))
}
