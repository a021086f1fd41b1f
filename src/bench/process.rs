//! What /proc knows of a process: processor time and memory.

use std::fs;

/// Nanoseconds of a tick of /proc/PID/stat: `USER_HZ` is 100 on every Linux.
const TICK_NANOS: u64 = 10_000_000;

/// A process of this machine.
#[derive(Clone, Copy, Debug)]
pub struct Process(pub u32);

/// Memory of a process, in octets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// All that is resident: `VmRSS`.
    pub resident: u64,
    /// What of it is no file's: `RssAnon`.
    pub anonymous: u64,
}

impl Process {
    /// This process.
    pub fn own() -> Self {
        Self(std::process::id())
    }

    /// Whether it can be looked at.
    pub fn is_there(self) -> bool {
        self.cpu_nanos().is_some()
    }

    /// Processor time of all its threads, in nanoseconds. Threads that have ended count only where the kernel keeps
    /// no `schedstat`; then the clock is a hundredth of a second.
    pub fn cpu_nanos(self) -> Option<u64> {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.0)).ok()?;
        let each = tasks.map_while(Result::ok).map(|task| {
            let text = fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
            first_number(&text)
        });
        match each.sum::<u64>() {
            0 => ticks(&fs::read_to_string(format!("/proc/{}/stat", self.0)).ok()?),
            nanos => Some(nanos),
        }
    }

    /// Its memory now.
    pub fn memory(self) -> Option<Memory> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0)).ok()?;
        Some(Memory { resident: kib(&status, "VmRSS:")?, anonymous: kib(&status, "RssAnon:")? })
    }
}

fn first_number(text: &str) -> u64 {
    text.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or(0)
}

/// `utime` and `stime`. The name of the command stands in brackets and may hold spaces.
fn ticks(stat: &str) -> Option<u64> {
    let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let (user, system): (u64, u64) = (fields.get(11)?.parse().ok()?, fields.get(12)?.parse().ok()?);
    Some((user + system) * TICK_NANOS)
}

fn kib(status: &str, key: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(key))?;
    Some(first_number(line) * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_used_time_and_memory() {
        let own = Process::own();
        assert!(own.is_there());
        let memory = own.memory().unwrap();
        assert!(memory.resident >= memory.anonymous && memory.anonymous > 0);
        assert!(!Process(u32::MAX).is_there());
    }

    #[test]
    fn fields_are_found() {
        let stat = "7 (a ) b) S 1 7 7 0 -1 4194560 100 0 0 0 12 30 0 0 20 0 1 0 5 0 0";
        assert_eq!(ticks(stat), Some(42 * TICK_NANOS));
        assert_eq!(ticks("7 (a"), None);
        assert_eq!(kib("VmRSS:\t  12 kB\nRssAnon:\t 3 kB\n", "RssAnon:"), Some(3072));
    }
}
