//! Sorted runs on top of each other.

use super::super::layout::{Listing, META};
use super::super::meta::Meta;
use super::super::options::FORMAT;
use super::super::run_set::RunSet;
use super::*;
use std::fs;
use std::path::PathBuf;

/// Only [`compact`] compacts, each time into a run of its own.
const STACKED: Options =
    Options { segment_bytes: 1024, run_ratio: 0, compact_memory_bytes: 1 << 20, ..UNCOMPACTED };
/// As that, but each compaction merges all runs into one.
const MERGED: Options = Options { run_ratio: 1 << 40, ..STACKED };

/// Steps before each compaction of the sample. The commits after the last are only in the log.
const COMPACTIONS: [u64; 3] = [40, 60, 75];
const DONE: u64 = 90;

/// Makes a store with a run for each compaction, and log.
fn stack(dir: &Path) {
    let mut done = 0;
    for next in COMPACTIONS {
        // Opened again, so that all of the log is sealed.
        go(&mut open_with(dir, BOOT, STACKED).unwrap().store, done, next);
        compact_all(dir, STACKED);
        done = next;
    }
    go(&mut open_with(dir, BOOT, STACKED).unwrap().store, done, DONE);
}

fn compact_all(dir: &Path, options: Options) {
    let store = open_with(dir, BOOT, options).unwrap().store;
    compact(&store);
}

fn runs(dir: &Path) -> Vec<PathBuf> {
    let found = RunSet::of(&Listing::read(dir).unwrap()).unwrap();
    assert_eq!(found.covered, []);
    found.spans.iter().map(|span| span.path(dir)).collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

fn file_names(dir: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    fs::read_dir(dir).unwrap().map(name).collect()
}

/// Checks that the store holds everything, in another boot everything but what is only in the log, and works.
fn holds_all(dir: &Path, what: &str) {
    let seen = |boot| read(dir, boot).map(|all| steps(&all)).map_err(|error| format!("{what}: {error}"));
    assert_eq!(seen(BOOT), Ok(DONE), "{what}");
    assert!(seen(OTHER).unwrap() >= COMPACTIONS[2], "{what}");
    let mut store = open_with(dir, BOOT, SMALL).unwrap().store;
    go(&mut store, DONE, DONE + 30);
    drop(store);
    compact_all(dir, MERGED);
    assert_eq!(steps(&read(dir, BOOT).unwrap()), DONE + 30, "{what}");
    assert_eq!(runs(dir).len(), 1, "{what}");
}

#[test]
fn a_crash_at_any_step_of_a_compaction_loses_nothing() {
    for ratio in [0, 1, 1 << 40] {
        let parent = tempfile::tempdir().unwrap();
        let [before, after, at] = ["before", "after", "at"].map(|name| parent.path().join(name));
        stack(&before);
        copy(&before, &after);
        compact_all(&after, Options { run_ratio: ratio, ..STACKED });
        let (old, new) = (file_names(&before), file_names(&after));
        let made = runs(&after).pop().unwrap();
        let made = made.file_name().unwrap().to_str().unwrap();
        assert!(!old.iter().any(|name| name == made) && new.iter().any(|name| name == made));
        let mut obsolete: Vec<_> = old.iter().filter(|name| !new.contains(name)).collect();
        obsolete.sort_unstable();
        // An incomplete run, under the name that it has until it is complete.
        let bytes = fs::read(after.join(made)).unwrap();
        for cut in (0..=bytes.len()).step_by(97).chain([bytes.len()]) {
            copy(&before, &at);
            fs::write(at.join(format!("{made}.new")), &bytes[..cut]).unwrap();
            holds_all(&at, &format!("{made} cut at {cut}"));
            fs::remove_dir_all(&at).unwrap();
        }
        // Obsolete names may be removed in any order when the machine goes down, and `meta` may be written at any time.
        for (removed, meta) in
            (0..1_u32 << obsolete.len()).flat_map(|removed| [(removed, false), (removed, true)])
        {
            copy(&before, &at);
            fs::copy(after.join(made), at.join(made)).unwrap();
            if meta {
                fs::copy(after.join(META), at.join(META)).unwrap();
            }
            let goes = |index: usize| removed & 1 << index != 0;
            obsolete.iter().enumerate().filter(|(index, _)| goes(*index)).for_each(|(_, name)| {
                fs::remove_file(at.join(name)).unwrap();
            });
            holds_all(&at, &format!("{made} made, {removed:b} of {obsolete:?} removed, meta {meta}"));
            fs::remove_dir_all(&at).unwrap();
        }
    }
}

#[test]
fn a_missing_or_damaged_run_is_detected_in_any_boot() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    stack(&dir);
    assert_eq!(runs(&dir).len(), 1 + COMPACTIONS.len());
    let detected = |what: &str| {
        for boot in [BOOT, OTHER] {
            assert!(matches!(read(&dir, boot), Err(OpenError::Damaged { .. })), "{what}");
        }
    };
    for path in runs(&dir) {
        let bytes = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        detected(&format!("{} gone", path.display()));
        for at in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[at] ^= 1 << (at % 8);
            fs::write(&path, bad).unwrap();
            detected(&format!("{} byte {at}", path.display()));
        }
        fs::write(&path, bytes).unwrap();
    }
    holds_all(&dir, "put back");
}

/// Changes these keys in one commit and compacts it.
fn change(dir: &Path, options: Options, keys: std::ops::Range<u32>, value: Option<&[u8]>) {
    let mut batch = Batch::new();
    for key in keys {
        let key = format!("key {key:05}");
        match value {
            Some(value) => batch.put(key.as_bytes(), value),
            None => batch.delete(key.as_bytes()),
        }
    }
    open_with(dir, BOOT, options).unwrap().store.commit(&batch, Durability::Process).unwrap();
    compact_all(dir, options);
}

#[test]
fn deleted_records_stay_deleted_however_runs_are_merged() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    let count = |expected: usize| {
        assert_eq!(read(&dir, BOOT).unwrap().len(), expected);
        assert_eq!(records(&open_with(&dir, BOOT, STACKED).unwrap().store).len(), expected);
    };
    change(&dir, MERGED, 0..1000, Some(&[1; 50]));
    change(&dir, STACKED, 0..100, None);
    change(&dir, STACKED, 50..60, Some(b"again"));
    count(910);
    // The upper two are merged into one, which still holds the deletions of records below.
    let four = Options { run_ratio: 10, ..STACKED };
    change(&dir, four, 200..220, None);
    assert_eq!(runs(&dir).len(), 2);
    count(890);
    change(&dir, STACKED, 50..60, None);
    count(880);
    // The lowest run holds no deletions.
    change(&dir, MERGED, 2000..2001, Some(b"1"));
    count(881);
    let [lowest] = &runs(&dir)[..] else { panic!("one run") };
    let bytes = fs::read(lowest).unwrap();
    assert!(!bytes.windows(9).any(|key| key == b"key 00050" || key == b"key 00210"));
}

#[test]
fn a_few_changing_records_leave_the_long_run_alone() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    let mut store = open(&dir, BOOT);
    let mut all = Batch::new();
    (0..2000_u32).for_each(|key| all.put(format!("cold {key:05}").as_bytes(), &[1; 50]));
    store.replace_all(&all).unwrap();
    let lowest = runs(&dir).remove(0);
    for number in 1..=5000 {
        store.commit(&step(number), Durability::Process).unwrap();
    }
    compact(&store);
    drop(store);
    let runs = runs(&dir);
    assert!(runs[0] == lowest && (2..4).contains(&runs.len()), "{runs:?}");
    let mut seen = read(&dir, BOOT).unwrap();
    let before = seen.len();
    seen.retain(|key, _| !key.starts_with(b"cold"));
    assert_eq!((before - seen.len(), steps(&seen)), (2000, 5000));
}

#[test]
fn runs_stay_few_while_records_grow_and_are_changed_everywhere() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    let options = Options { run_ratio: 4, ..STACKED };
    let (mut most, mut written, mut expected) = (0, 0, Records::new());
    for round in 0..150_u32 {
        let from = round * 7919 % 6000;
        let bytes = [round as u8; 30];
        let value = (!round.is_multiple_of(4)).then_some(&bytes[..]);
        change(&dir, options, from..from + 100, value);
        for key in from..from + 100 {
            let key = format!("key {key:05}").into_bytes();
            match value {
                Some(value) => drop(expected.insert(key, value.to_vec())),
                None => drop(expected.remove(&key)),
            }
        }
        most = most.max(runs(&dir).len());
        written += fs::metadata(runs(&dir).last().unwrap()).unwrap().len();
    }
    assert_eq!(read(&dir, BOOT).unwrap(), expected);
    let lengths: u64 = runs(&dir).iter().map(|run| fs::metadata(run).unwrap().len()).sum();
    let log = 150 * 100 * (6 + 9 + 30);
    assert!((3..7).contains(&most) && written < 12 * log && lengths < log, "{most} {written} {lengths}");
}

/// Records that were created and deleted since the last compaction leave nothing behind, wherever log files and runs begin.
#[test]
fn nothing_stays_of_records_that_were_created_and_deleted() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    change(&dir, MERGED, 0..500, Some(&[1; 50]));
    let come_and_go = |store: &mut Embedded| {
        for (step, key) in (1000..1200_u32).map(|key| format!("key {key:05}")).enumerate() {
            let (mut put, mut gone) = (Batch::new(), Batch::new());
            put.put_new(key.as_bytes(), &[2; 50]);
            gone.delete(key.as_bytes());
            store.commit(&put, Durability::Process).unwrap();
            if step % 10 == 0 {
                compact(store);
            }
            store.commit(&gone, Durability::Process).unwrap();
        }
    };
    for options in [STACKED, Options { run_ratio: 4, ..STACKED }] {
        let mut store = open_with(&dir, BOOT, options).unwrap().store;
        come_and_go(&mut store);
        assert_eq!(records(&store).len(), 500);
        drop(store);
        compact_all(&dir, options);
        assert_eq!(read(&dir, BOOT).unwrap().len(), 500);
    }
    let all: u64 = runs(&dir).iter().skip(1).map(|path| path.metadata().unwrap().len()).sum();
    assert!(all < 10_000, "{all} bytes of changes without effect");
}

#[test]
fn empty_runs_do_not_pile_up() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    let options = Options { segment_bytes: 16 << 10, run_ratio: 4, ..STACKED };
    let mut store = open_with(&dir, BOOT, options).unwrap().store;
    for _ in 0..40 {
        for _ in 0..20 {
            let mut batch = Batch::new();
            batch.put_new(b"comes and goes", &[3; 1000]);
            batch.delete(b"comes and goes");
            store.commit(&batch, Durability::Process).unwrap();
        }
        compact(&store);
    }
    assert!(store.shared.files().runs.len() < 4, "{:?}", store.shared.files().runs);
    assert!(records(&store).is_empty());
}

#[test]
fn no_more_is_compacted_at_once_than_memory_allows() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    let mut store = open_with(&dir, BOOT, Options { compact_memory_bytes: 5000, ..STACKED }).unwrap().store;
    go(&mut store, 0, 300);
    let full = store.shared.files().sealed.len();
    let mut compactions = 0;
    while !store.shared.files().sealed.is_empty() {
        compact(&store);
        compactions += 1;
        assert_eq!(steps(&records(&store)), 300);
    }
    assert!(compactions > 3 && compactions <= full, "{compactions} compactions of {full} log files");
    drop(store);
    assert_eq!(steps(&read(&dir, BOOT).unwrap()), 300);
}

#[test]
fn a_store_of_an_older_format_is_read() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    go(&mut open(&dir, BOOT), 0, 100);
    compact_all(&dir, MERGED);
    for (format, complete) in [(1, true), (1, false), (2, true), (2, false), (3, true)] {
        let meta = Meta::read(&dir).unwrap().unwrap();
        let compacted_below = if format == 1 { 0 } else { meta.compacted_below };
        Meta { format, compacted_below, ..meta }.write(&dir).unwrap();
        assert!(fs::read_to_string(dir.join(META)).unwrap().lines().count() == 4 + format.min(2) as usize);
        let boot = if complete { BOOT } else { OTHER };
        assert_eq!(steps(&read(&dir, boot).unwrap()), 100);
        let store = open_with(&dir, boot, STACKED).unwrap().store;
        assert_eq!(steps(&records(&store)), 100);
        // Before the store holds anything that an older release does not know.
        assert_eq!(Meta::read(&dir).unwrap().unwrap().format, FORMAT);
    }
}
