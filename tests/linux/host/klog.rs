//! What the guests' kernels say about the server.

/// Between records in one reply of the agent.
const RECORD_SEPARATOR: char = '\u{1e}';
/// Records of this level (warning) and more urgent ones are complaints, whatever they say.
const WARNING: u32 = 4;

/// Words that make a record a complaint at any level, in lower case.
const SUSPICIOUS: &[&str] = &[
    "nfs",
    "sunrpc",
    "rpc:",
    "lockd",
    "lost",
    "bug",
    "warning",
    "call trace",
    "hung task",
    "blocked for more",
    "bad seqid",
    "bad sequence",
    "not responding",
    "stale",
    "oops",
    "panic",
    "out of memory",
    "segfault",
    "svc:",
];

/// Records that are no complaint although they look like one, each with its reason. Empty is best.
const ALLOWED: &[&str] = &[
    // The emulator's clock, not the server: the host was busy.
    "clocksource:",
    "hrtimer: interrupt took",
];

/// The complaints among `records`.
pub fn complaints(records: &str) -> impl Iterator<Item = &str> {
    records.split(RECORD_SEPARATOR).filter(|record| is_complaint(record))
}

fn is_complaint(record: &str) -> bool {
    let (level, text) = record.split_once(' ').unwrap_or(("0", record));
    let urgent = level.parse::<u32>().map_or(true, |level| level <= WARNING);
    let text = text.to_lowercase();
    let allowed = ALLOWED.iter().any(|part| text.contains(part));
    !allowed && (urgent || SUSPICIOUS.iter().any(|part| text.contains(part)))
}
