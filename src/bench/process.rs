//! What the system knows of a process: processor time and memory.

use std::fs;

/// Represents a process of this machine.
#[derive(Clone, Copy, Debug)]
pub struct Process(pub u32);

/// Holds how much memory a process uses, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// All that is resident: `VmRSS`.
    pub resident: u64,
    /// What of it is no file's: `RssAnon`.
    pub anonymous: u64,
}

impl Process {
    /// Returns this process.
    pub fn own() -> Self {
        Self(std::process::id())
    }

    /// Returns whether the process can be looked at.
    pub fn is_there(self) -> bool {
        self.cpu_nanos().is_some()
    }

    /// Returns the processor time of all its threads, those that have ended included, in nanoseconds: the clock that the
    /// system keeps for each process.
    pub fn cpu_nanos(self) -> Option<u64> {
        let pid = self.0.try_into().ok()?;
        let mut clock = 0;
        let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        #[allow(unsafe_code, reason = "library functions without a safe wrapper")]
        // SAFETY: each writes what it found to the place that it is given, and that lives as long as the call.
        let found = unsafe {
            libc::clock_getcpuclockid(pid, &raw mut clock) == 0
                && libc::clock_gettime(clock, &raw mut time) == 0
        };
        let [seconds, nanos] = [time.tv_sec, time.tv_nsec].map(|part| u64::try_from(part).ok());
        found.then_some(seconds? * 1_000_000_000 + nanos?)
    }

    /// Returns how much memory it uses now.
    pub fn memory(self) -> Option<Memory> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0)).ok()?;
        Some(Memory { resident: kib(&status, "VmRSS:")?, anonymous: kib(&status, "RssAnon:")? })
    }
}

fn first_number(text: &str) -> u64 {
    text.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or(0)
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
        let before = own.cpu_nanos().unwrap();
        // Also of a thread that has ended.
        let spin = || (0..1_000_000_u64).fold(0, |sum, number| std::hint::black_box(sum ^ number));
        std::thread::spawn(spin).join().unwrap();
        assert!(own.cpu_nanos().unwrap() > before);
        let memory = own.memory().unwrap();
        assert!(memory.resident >= memory.anonymous && memory.anonymous > 0);
        assert!(!Process(u32::MAX).is_there());
    }

    #[test]
    fn fields_are_found() {
        assert_eq!(kib("VmRSS:\t  12 kB\nRssAnon:\t 3 kB\n", "RssAnon:"), Some(3072));
    }
}
