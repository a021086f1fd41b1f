//! Compaction while commits go on.

use super::*;
use std::fs;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

/// Waits until there is so little log that it is not compacted.
fn wait_until_compacted(dir: &Path) {
    let end = Instant::now() + Duration::from_secs(60);
    let logs = |dir: &Path| super::super::layout::Listing::read(dir).unwrap().logs.len() as u64;
    // Full ones below the limit, the active one, those that are ready, and spares.
    let most = SMALL.compact_bytes / SMALL.segment_bytes + 1 + SMALL.ready as u64 + SMALL.spares as u64;
    while logs(dir) > most {
        assert!(Instant::now() < end, "{} log files", logs(dir));
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn the_log_is_compacted_under_load_and_nothing_is_lost() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    let mut store = open(&dir, BOOT);
    for round in 0..20 {
        go(&mut store, round * 500, round * 500 + 500);
        assert_eq!(steps(&records(&store)), round * 500 + 500);
    }
    wait_until_compacted(&dir);
    assert_eq!(steps(&records(&store)), 10_000);
    let bytes: u64 = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum();
    assert!(bytes < 64 << 10, "{bytes} bytes on the disk for {} records", after(10_000).len());
    drop(store);
    assert_eq!(steps(&records(&open(&dir, BOOT))), 10_000);
}

#[test]
fn restarts_do_not_pile_up_files() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    for round in 0..40 {
        let mut store = open(&dir, BOOT);
        go(&mut store, round * 2, round * 2 + 2);
        wait_until_compacted(&dir);
    }
    assert_eq!(steps(&read(&dir, BOOT).unwrap()), 80);
}

#[test]
fn a_read_only_store_sees_one_that_is_written() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    let mut store = open(&dir, BOOT);
    let mut seen = 0;
    for number in 1..=3000 {
        store.commit(&step(number), Durability::Process).unwrap();
        if number % 50 == 0 {
            // A compaction may interrupt each try; then this is an error.
            if let Ok(all) = read(&dir, BOOT) {
                assert_eq!(steps(&all), number);
                seen += 1;
            }
        }
    }
    assert!(seen > 0);
}

#[test]
fn replacing_wins_over_a_compaction_under_way() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    let mut store = open(&dir, BOOT);
    let mut done = 0;
    for round in 0..30 {
        go(&mut store, done, done + 37 * round);
        done += 37 * round;
        let mut all = Batch::new();
        after(done).iter().for_each(|(key, value)| all.put(key, value));
        store.replace_all(&all).unwrap();
        assert_eq!(steps(&records(&store)), done);
    }
    drop(store);
    assert_eq!(steps(&records(&open(&dir, BOOT))), done);
}

#[test]
fn damage_of_a_full_log_file_stops_the_writer() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    let mut store = open(&dir, BOOT);
    let shared = store.shared.clone();
    let maintenance = shared.lock_maintenance();
    go(&mut store, 0, 100);
    // The compactor waits for the maintenance lock, so it reads what is written here.
    for segment in &shared.files().sealed {
        segment.file.write_all_at(&[0xa5; 64], 1024).unwrap();
    }
    drop(maintenance);
    let end = Instant::now() + Duration::from_secs(60);
    let mut number = 100;
    let error = loop {
        assert!(Instant::now() < end);
        number += 1;
        match store.commit(&step(number), Durability::Process) {
            Ok(()) => {}
            Err(error) => break error,
        }
    };
    assert!(matches!(error, StoreError::Damaged(_)), "{error}");
    assert!(matches!(store.commit(&step(number), Durability::Process), Err(StoreError::Failed)));
    assert!(matches!(Box::new(store).close(), Err(StoreError::Failed)));
}
