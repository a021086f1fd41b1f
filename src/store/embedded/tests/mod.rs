//! Tests of the store as a whole.

mod compaction;
mod crash;
mod damage;
mod model;
mod namespace;
mod restart;
mod sorted_runs;

use super::options::Options;
use super::{Embedded, Found, OpenError, Opened, ReadOnly};
use crate::batch::Batch;
use crate::store::{Durability, Store, StoreError};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

/// This boot and another one.
const BOOT: &str = "0f7c-boot";
const OTHER: &str = "93aa-boot";

/// Sizes so small that everything happens soon.
const SMALL: Options = Options {
    segment_bytes: 2048,
    compact_bytes: 6 << 10,
    compact_bytes_max: 64 << 10,
    compact_memory_bytes: 16 << 10,
    run_ratio: 4,
    log_bytes_slow: 1 << 19,
    log_bytes_max: 1 << 20,
    ready: 2,
    spares: 4,
};

/// Sizes so large that nothing is compacted by itself.
const UNCOMPACTED: Options = Options {
    compact_bytes: 1 << 40,
    compact_bytes_max: 1 << 40,
    log_bytes_slow: 1 << 40,
    log_bytes_max: 1 << 40,
    ..SMALL
};

type Records = BTreeMap<Vec<u8>, Vec<u8>>;

fn open_with(dir: &Path, boot: &str, options: Options) -> Result<Opened, OpenError> {
    Embedded::open_with(dir, boot, Box::new(|| true), options)
}

fn open(dir: &Path, boot: &str) -> Embedded {
    open_with(dir, boot, SMALL).unwrap().store
}

fn records(store: &Embedded) -> Records {
    let mut all = Records::new();
    store.scan(&mut |key, value| collect(&mut all, key, value)).unwrap();
    all
}

fn read(dir: &Path, boot: &str) -> Result<Records, OpenError> {
    let store = ReadOnly::open(dir, boot)?;
    let mut all = Records::new();
    store.scan(&mut |key, value| collect(&mut all, key, value)).unwrap();
    Ok(all)
}

fn collect(all: &mut Records, key: &[u8], value: &[u8]) -> ControlFlow<()> {
    assert!(all.last_key_value().is_none_or(|(last, _)| last.as_slice() < key), "keys ascend");
    all.insert(key.to_vec(), value.to_vec());
    ControlFlow::Continue(())
}

fn apply(all: &mut Records, batch: &Batch) {
    for (key, value) in batch {
        match value.get() {
            Some(value) => drop(all.insert(key.to_vec(), value.to_vec())),
            None => drop(all.remove(key)),
        }
    }
}

/// Returns what commit `number` of a test does: it counts, puts one record and deletes another.
fn step(number: u64) -> Batch {
    let mut batch = Batch::new();
    let key = |n: u64| format!("key {:03}", n * 7 % 61);
    batch.put(b"count", &number.to_be_bytes());
    batch.put(key(number).as_bytes(), &vec![number as u8; (number % 90) as usize]);
    batch.delete(key(number + 20).as_bytes());
    batch
}

/// Returns the records after so many steps.
fn after(steps: u64) -> Records {
    let mut all = Records::new();
    (1..=steps).for_each(|number| apply(&mut all, &step(number)));
    all
}

/// Returns after how many steps these are the records. Panics if there is no such number.
fn steps(all: &Records) -> u64 {
    let count =
        all.get(b"count".as_slice()).map_or(0, |count| u64::from_be_bytes(count[..].try_into().unwrap()));
    assert!(*all == after(count), "these are not the records after {count} steps");
    count
}

/// Commits the steps after `done` up to `last`.
fn go(store: &mut Embedded, done: u64, last: u64) {
    for number in done + 1..=last {
        let durability = if number % 40 == 0 { Durability::Machine } else { Durability::Process };
        store.commit(&step(number), durability).unwrap();
    }
}

/// Makes the compactor compact once, however short the log is, and waits for it. Nothing happens if no log file is full.
fn compact(store: &Embedded) {
    let before = {
        let mut files = store.shared.files();
        files.urgent = !files.sealed.is_empty();
        files.first_uncompacted()
    };
    // Wakes the compactor up.
    drop(store.shared.preempt_compaction());
    let end = Instant::now() + Duration::from_secs(60);
    let done = || {
        let files = store.shared.files();
        files.sealed.is_empty() || files.first_uncompacted() != before
    };
    while !done() {
        assert!(Instant::now() < end);
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn close(store: Embedded) {
    Box::new(store).close().unwrap();
}
