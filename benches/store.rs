//! Measures commits of the changes of requests, one by one and in groups, and reading all records back.
//!
//! A request stands for a LOCK or a LOCKU: four changes of small records, some 360 bytes, among those of a hundred
//! owners. For comparison there is a bare write(2) of the same bytes to the end of a file: the least that any store costs
//! whose commits survive the process.
//!
//! Criterion measures wall-clock time, including what compaction takes from it. At the end, a table has the processor time of
//! the committing thread and of the whole process, and the slowest commit. `STORE_BENCH_DIR` is the directory for the files.

#![allow(missing_docs, reason = "criterion's macros make public functions")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on stops")]

use criterion::{Criterion, Throughput};
use lockhouse::store::{Batch, Durability, Embedded, Memory, Store};
use rustix::time::{ClockId, clock_gettime};
use std::fs::File;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const BOOT: &str = "bench";
const OWNERS: u64 = 100;
const GROUPS: [u64; 3] = [1, 16, 64];
/// Locks whose records are scanned, four records each.
const LOCKS: u64 = 100_000;
/// Locks whose records nobody uses, three records each, and requests that are made beside them.
const MANY_LOCKS: u64 = 1_000_000;
const MANY_REQUESTS: u64 = 2_000_000;

/// Adds the changes of one request: the owner's seqid and reply, its lock, the slot of its session, and a stateid.
fn request(batch: &mut Batch, number: u64) {
    let owner = number % OWNERS;
    let key = |kind: u8, length: usize| {
        let mut key = [kind; 40];
        key[1..9].copy_from_slice(&owner.to_be_bytes());
        (key, length)
    };
    for (kind, length, value) in [(1, 12, 40), (2, 24, 90), (3, 40, 60)] {
        let (key, length) = key(kind, length);
        batch.put(&key[..length], &[number as u8; 100][..value]);
    }
    let (key, length) = key(4, 16);
    match number / OWNERS % 2 {
        0 => batch.put(&key[..length], &[number as u8; 20]),
        _ => batch.delete(&key[..length]),
    }
}

/// Makes batches of `group` requests each, enough for all owners to recur.
fn batches(group: u64) -> Vec<Batch> {
    let turn = |at: u64| {
        let mut batch = Batch::new();
        (at * group..(at + 1) * group).for_each(|number| request(&mut batch, number));
        batch
    };
    (0..2 * OWNERS).map(turn).collect()
}

fn parent() -> PathBuf {
    std::env::var_os("STORE_BENCH_DIR").map_or_else(std::env::temp_dir, PathBuf::from)
}

fn embedded(dir: &Path) -> Embedded {
    Embedded::open(&dir.join("store"), BOOT, Box::new(|| true)).unwrap().store
}

/// Commits a batch to a subject.
type Commit<'a> = Box<dyn FnMut(&Batch) + 'a>;

/// Runs `with` for each subject, in a temporary directory.
fn subjects(mut with: impl FnMut(&str, Commit<'_>)) {
    let dir = tempfile::tempdir_in(parent()).unwrap();
    let mut bare = File::create(dir.path().join("bare")).unwrap();
    let (bytes, mut written) = (vec![7; 1 << 20], 0);
    with(
        "bare write",
        Box::new(|batch| {
            bare.write_all(&bytes[..batch.encoded_bytes()]).unwrap();
            written += batch.encoded_bytes();
            if written > 1 << 30 {
                bare.set_len(0).unwrap();
                written = 0;
            }
        }),
    );
    let mut memory = Memory::new();
    with("memory", Box::new(|batch| memory.commit(batch, Durability::Process).unwrap()));
    let mut store = embedded(dir.path());
    with("embedded", Box::new(|batch| store.commit(batch, Durability::Process).unwrap()));
}

fn commits(c: &mut Criterion) {
    for group in GROUPS {
        let batches = batches(group);
        let mut set = c.benchmark_group(format!("commit of {group}"));
        set.throughput(Throughput::Elements(group)).warm_up_time(Duration::from_millis(500));
        set.measurement_time(Duration::from_secs(3)).sample_size(30);
        subjects(|name, mut commit| {
            let mut turn = batches.iter().cycle();
            set.bench_function(name, |b| b.iter(|| commit(turn.next().unwrap())));
        });
        set.finish();
    }
}

fn synced(c: &mut Criterion) {
    let dir = tempfile::tempdir_in(parent()).unwrap();
    let mut store = embedded(dir.path());
    let batches = batches(1);
    let mut turn = batches.iter().cycle();
    c.bench_function("commit of 1, synced", |b| {
        b.iter(|| store.commit(turn.next().unwrap(), Durability::Machine).unwrap());
    });
}

fn scan(c: &mut Criterion) {
    let mut set = c.benchmark_group("400,000 records");
    set.sample_size(10);
    for (name, compacted) in [("from the log", false), ("from the records", true)] {
        let dir = tempfile::tempdir_in(parent()).unwrap();
        let mut store = embedded(dir.path());
        let mut batch = Batch::new();
        for lock in 0..LOCKS {
            let mut key = [1; 24];
            key[1..9].copy_from_slice(&(lock.wrapping_mul(0x9e37_79b9_7f4a_7c15)).to_be_bytes());
            for kind in 0..4 {
                key[0] = kind;
                batch.put(&key, &[kind; 60]);
            }
            if !compacted {
                store.commit(&batch, Durability::Process).unwrap();
                batch.clear();
            }
        }
        if compacted {
            store.replace_all(&batch).unwrap();
        }
        set.bench_function(format!("scan {name}"), |b| b.iter(|| count(&store)));
        drop(store);
        set.bench_function(format!("open {name}"), |b| b.iter(|| embedded(dir.path())));
    }
}

fn count(store: &Embedded) {
    let mut count = 0;
    let mut visit = |_: &[u8], _: &[u8]| {
        count += 1;
        ControlFlow::Continue(())
    };
    store.scan(&mut visit).unwrap();
    assert_eq!(count, 4 * LOCKS);
}

fn nanoseconds(clock: ClockId) -> u64 {
    let time = clock_gettime(clock);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// Prints processor times and the slowest commit.
fn table() {
    let requests = 2_000_000;
    println!("\nns of processor time per request; slowest commit");
    println!(
        "| group | subject | committing thread: least | median | whole process: mean | slowest | over 2 ms |"
    );
    for group in GROUPS {
        let batches = batches(group);
        subjects(|name, mut commit| {
            let mut turn = batches.iter().cycle();
            let (mut slowest, mut slow, mut chunks) = (Duration::ZERO, 0, Vec::new());
            let process = nanoseconds(ClockId::ProcessCPUTime);
            for _ in 0..requests / 20_000 {
                let thread = nanoseconds(ClockId::ThreadCPUTime);
                for _ in 0..20_000 / group {
                    let start = Instant::now();
                    commit(turn.next().unwrap());
                    let took = start.elapsed();
                    slow += u32::from(took > Duration::from_millis(2));
                    slowest = slowest.max(took);
                }
                chunks.push((nanoseconds(ClockId::ThreadCPUTime) - thread) / (20_000 / group * group));
            }
            let whole = (nanoseconds(ClockId::ProcessCPUTime) - process) / requests;
            chunks.sort_unstable();
            let (least, median) = (chunks[0], chunks[chunks.len() / 2]);
            println!("| {group} | {name} | {least} | {median} | {whole} | {slowest:.1?} | {slow} |");
        });
    }
}

/// Returns the resident memory in MiB: now, and the most since the last call.
fn memory() -> (u64, u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
    };
    let found = (field("VmRSS:"), field("VmHWM:"));
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    found
}

/// Adds a record of a lock. Keys are unlike each other and scattered among the others.
fn record(batch: &mut Batch, lock: u64, kind: u8) {
    let mut key = [kind; 24];
    key[1..9].copy_from_slice(&lock.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    batch.put(&key, &[lock as u8; 54]);
}

/// Measures compaction over the records of a million locks, where few of them are used and where each request creates new
/// ones.
fn million() {
    println!("\nover the records of a million locks: ns of processor time per request, memory in MiB");
    println!("| load | committing thread | whole process | memory before | most | after |");
    for (name, fresh, group) in
        [("100 owners, 1", false, 1), ("100 owners, 64", false, 64), ("new records, 64", true, 64)]
    {
        let dir = tempfile::tempdir_in(parent()).unwrap();
        let mut store = embedded(dir.path());
        let mut batch = Batch::new();
        (0..3 * MANY_LOCKS).for_each(|at| record(&mut batch, at / 3, 10 + (at % 3) as u8));
        store.replace_all(&batch).unwrap();
        drop(store);
        drop(batch);
        let mut store = embedded(dir.path());
        let hot = batches(group);
        let before = memory().0;
        memory();
        let (process, thread) = (nanoseconds(ClockId::ProcessCPUTime), nanoseconds(ClockId::ThreadCPUTime));
        let mut batch = Batch::new();
        for turn in 0..MANY_REQUESTS / group {
            if fresh {
                batch.clear();
                (turn * group..(turn + 1) * group)
                    .for_each(|at| (0..4).for_each(|kind| record(&mut batch, at, kind)));
                store.commit(&batch, Durability::Process).unwrap();
            } else {
                store.commit(&hot[turn as usize % hot.len()], Durability::Process).unwrap();
            }
        }
        let thread = (nanoseconds(ClockId::ThreadCPUTime) - thread) / MANY_REQUESTS;
        // Work that is under way counts as well.
        let mut end = nanoseconds(ClockId::ProcessCPUTime);
        loop {
            std::thread::sleep(Duration::from_secs(1));
            let before = std::mem::replace(&mut end, nanoseconds(ClockId::ProcessCPUTime));
            if end - before < 10_000_000 {
                break;
            }
        }
        let whole = (end - process) / MANY_REQUESTS;
        let (after, most) = memory();
        println!("| {name} | {thread} | {whole} | {before} | {most} | {after} |");
    }
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    commits(&mut criterion);
    synced(&mut criterion);
    scan(&mut criterion);
    criterion.final_summary();
    // The tables are not benchmarks of criterion, but can be selected by name.
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let all = !arguments.iter().any(|argument| !argument.starts_with('-'));
    let wanted = |name: &str| all || arguments.iter().any(|argument| argument == name);
    if arguments.iter().any(|argument| argument == "--bench") {
        if wanted("table") {
            table();
        }
        if wanted("million") {
            million();
        }
    }
}
