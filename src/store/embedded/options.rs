//! Format number, limits and sizes.

/// The format that this release writes.
pub(super) const FORMAT: u32 = 5;

/// Longest batch that can be committed, in bytes.
pub const COMMIT_BYTES_MAX: usize = 256 << 20;

/// Sizes, in bytes, and counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Options {
    /// Length of a log file.
    pub segment_bytes: u64,
    /// Compaction starts when there is as much log as there are records, but not before there is this much …
    pub compact_bytes: u64,
    /// … and no later than this. One compaction takes at most twice as much.
    pub compact_bytes_max: u64,
    /// Memory for the changes of one compaction. One log file is always taken, whatever it needs.
    pub compact_memory_bytes: usize,
    /// A sorted run is merged if it is at most this many times as long as everything above it.
    pub run_ratio: u64,
    /// With this much log beyond twice the records, commits slow down …
    pub log_bytes_slow: u64,
    /// … and with this much they wait for a compaction.
    pub log_bytes_max: u64,
    /// Log files that are prepared for the writer.
    pub ready: usize,
    /// Log files that are kept for reuse, prepared ones included.
    pub spares: usize,
}

pub(super) const OPTIONS: Options = Options {
    segment_bytes: 4 << 20,
    compact_bytes: 16 << 20,
    compact_bytes_max: 64 << 20,
    compact_memory_bytes: 32 << 20,
    run_ratio: 4,
    log_bytes_slow: 192 << 20,
    log_bytes_max: 1 << 30,
    ready: 2,
    spares: 16,
};

impl Options {
    /// Returns how many bytes of log start a compaction when the sorted runs have `runs_bytes`.
    pub fn compact_at(&self, runs_bytes: u64) -> u64 {
        runs_bytes.clamp(self.compact_bytes, self.compact_bytes_max)
    }
}
