//! What the guests' kernels say about the server.

/// Between records in a reply of the agent.
pub const BETWEEN_RECORDS: &str = "\u{1e}";
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

/// Records that say that the emulation was slow, as it is on a busy host, and nothing about the server: how they begin, and a
/// word behind that, in lower case. Of a kernel that hangs in NFS tell others: "hung task" and "blocked for more" stay complaints.
const HOST_IS_SLOW: &[(&str, &str)] = &[
    ("sched: dl replenish lagged too much", ""),
    ("sched: rt throttling activated", ""),
    ("sched_clock: marking unstable", ""),
    ("clocksource:", ""),
    ("tsc: marking tsc unstable", ""),
    ("tsc found unstable", ""),
    ("hrtimer: interrupt took", ""),
    ("perf: interrupt took too long", ""),
    ("info: nmi handler", "took too long"),
    ("hpet: lost", "interrupts"),
    ("rtc: lost", "interrupts"),
    // Work of any module that was on the processor when the emulation stood still, also of sunrpc.
    ("workqueue:", "hogged cpu for"),
];

/// The heads of reports of watchdogs for which a processor made no progress; [`is_dump`] says what may follow.
const PROCESSOR_STOOD_STILL: &[(&str, &str)] = &[
    ("rcu: info:", "stall"),
    ("info: rcu_", "stall"),
    ("rcu:", "kthread starved for"),
    ("rcu:", "kthread timer wakeup didn't happen for"),
    ("watchdog: bug: soft lockup", "stuck for"),
    ("bug: workqueue lockup", "stuck for"),
];

/// How the lines of a watchdog's report begin, in lower case: registers, the trace, what else was going on.
const DUMP: &[&str] = &[
    "rcu:",
    "(detected by",
    "(t=",
    "\\x09(t=", // a tab, as /dev/kmsg writes it
    "task:",
    "task dump",
    "sending nmi",
    "nmi backtrace",
    "cpu:",
    "hardware name:",
    "modules linked in:",
    "workqueue:",
    "call trace:",
    "<irq>",
    "</irq>",
    "<task>",
    "</task>",
    "rip:",
    "code:",
    "rsp:",
    "rax:",
    "rdx:",
    "rbp:",
    "r10:",
    "r13:",
    "fs:",
    "cs:",
    "cr2:",
    "dr0:",
    "dr3:",
    "pkru:",
    "showing busy workqueues",
    "showing backtraces",
    "pool ",
    "in-flight:",
    "pending:",
    "pwq ",
];

/// The complaints among `records`.
pub fn complaints(records: &str) -> impl Iterator<Item = &str> {
    let mut in_report = false;
    // Nothing at all is one empty piece.
    records.split(BETWEEN_RECORDS).filter(|record| !record.is_empty()).filter(move |record| {
        let (level, text) = record.split_once(' ').unwrap_or(("0", record));
        let text = text.trim_start().to_lowercase();
        let is_head = is_one_of(PROCESSOR_STOOD_STILL, &text);
        in_report = is_head || in_report && is_dump(&text);
        !in_report && is_complaint(level, &text)
    })
}

fn is_one_of(list: &[(&str, &str)], text: &str) -> bool {
    list.iter().any(|(begin, word)| text.strip_prefix(begin).is_some_and(|rest| rest.contains(word)))
}

/// Whether this is part of a report that a watchdog has begun: it may name any function, also one of NFS.
fn is_dump(text: &str) -> bool {
    let is_frame = text.split_whitespace().any(|word| word.contains("+0x") && word.contains("/0x"));
    is_frame || DUMP.iter().any(|begin| text.starts_with(begin))
}

fn is_complaint(level: &str, text: &str) -> bool {
    let urgent = level.parse::<u32>().map_or(true, |level| level <= WARNING);
    let suspicious = urgent || SUSPICIOUS.iter().any(|part| text.contains(part));
    suspicious && !is_one_of(HOST_IS_SLOW, text)
}
