//! Files that are truncated, changed or missing.

use super::*;
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

/// Number of steps in the sample.
const DONE: u64 = 80;

/// Sizes so small that each byte can be tried.
const TINY: Options = Options { segment_bytes: 1024, run_ratio: 0, ..UNCOMPACTED };

/// Makes a store with three sorted runs, full log files, one that is being written, and an empty one.
fn sample(dir: &Path) {
    let mut store = open_with(dir, BOOT, TINY).unwrap().store;
    let mut all = Batch::new();
    after(40).iter().for_each(|(key, value)| all.put(key, value));
    store.replace_all(&all).unwrap();
    for done in [40, 50] {
        go(&mut store, done, done + 10);
        drop(store);
        store = open_with(dir, BOOT, TINY).unwrap().store;
        compact(&store);
    }
    go(&mut store, 60, DONE);
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let names: Vec<_> = files.iter().map(|path| path.file_name().unwrap().to_string_lossy()).collect();
    assert!(
        ["meta", "note", "records-", "changes-", "log-"]
            .iter()
            .all(|kind| names.iter().any(|name| name.starts_with(kind)))
    );
    files
}

/// Checks that in this boot the store holds all of the sample or is reported as damaged, and in another boot holds a prefix
/// or is reported as damaged.
fn judge(dir: &Path, what: &str) {
    static PREFIXES: LazyLock<Vec<Records>> = LazyLock::new(|| (0..=DONE).map(after).collect());
    match read(dir, BOOT) {
        Ok(all) => assert!(PREFIXES.last() == Some(&all), "{what}: commits are lost"),
        Err(OpenError::Damaged { .. } | OpenError::Newer { .. }) => {}
        Err(error) => panic!("{what}: {error}"),
    }
    match read(dir, OTHER) {
        Ok(all) => assert!(PREFIXES.contains(&all), "{what}"),
        Err(OpenError::Damaged { .. } | OpenError::Newer { .. }) => {}
        Err(error) => panic!("{what}: {error}"),
    }
}

#[test]
fn every_byte_of_every_file_may_be_damaged() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    sample(&dir);
    for path in files(&dir) {
        let bytes = fs::read(&path).unwrap();
        // Bytes after the last commit have no meaning, so a few of them suffice.
        let used = bytes.iter().rposition(|byte| *byte != 0).unwrap_or(0);
        for at in (0..bytes.len()).filter(|at| *at <= used || at.is_multiple_of(50)) {
            let mut bad = bytes.clone();
            bad[at] ^= 1 << (at % 8);
            fs::write(&path, bad).unwrap();
            judge(&dir, &format!("{} byte {at}", path.display()));
        }
        fs::write(&path, bytes).unwrap();
    }
    assert_eq!(steps(&read(&dir, BOOT).unwrap()), DONE);
}

#[test]
fn every_file_may_be_truncated_filled_with_zeros_or_missing() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    sample(&dir);
    for path in files(&dir) {
        let bytes = fs::read(&path).unwrap();
        for at in (0..bytes.len()).step_by(7) {
            fs::write(&path, &bytes[..at]).unwrap();
            judge(&dir, &format!("{} cut at {at}", path.display()));
            let mut zeros = bytes.clone();
            zeros[at..].fill(0);
            fs::write(&path, zeros).unwrap();
            judge(&dir, &format!("{} zeros from {at}", path.display()));
        }
        fs::remove_file(&path).unwrap();
        judge(&dir, &format!("{} gone", path.display()));
        fs::write(&path, bytes).unwrap();
    }
}

#[test]
fn files_may_be_exchanged() {
    let parent = tempfile::tempdir().unwrap();
    let (dir, other) = (parent.path().join("store"), parent.path().join("other"));
    sample(&dir);
    sample(&other);
    for path in files(&dir) {
        let bytes = fs::read(&path).unwrap();
        for from in files(&dir).into_iter().chain(files(&other)) {
            fs::write(&path, fs::read(&from).unwrap()).unwrap();
            judge(&dir, &format!("{} is {}", path.display(), from.display()));
            fs::write(&path, &bytes).unwrap();
        }
    }
}

#[test]
fn a_cleanly_closed_store_is_complete_in_any_boot() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    sample(&dir);
    close(open_with(&dir, BOOT, TINY).unwrap().store);
    assert_eq!(steps(&read(&dir, OTHER).unwrap()), DONE);
    for path in files(&dir).into_iter().filter(|path| path.file_name().unwrap() != "note") {
        let bytes = fs::read(&path).unwrap();
        for at in (0..bytes.len()).step_by(11) {
            let mut bad = bytes.clone();
            bad[at] ^= 0x81;
            fs::write(&path, bad).unwrap();
            match read(&dir, OTHER) {
                Ok(all) => assert_eq!(steps(&all), DONE),
                Err(OpenError::Damaged { .. } | OpenError::Newer { .. }) => {}
                Err(error) => panic!("{error}"),
            }
        }
        fs::write(&path, bytes).unwrap();
    }
}

#[test]
fn pages_lost_with_the_machine_leave_a_prefix_that_can_be_continued() {
    for lost in 0..60_usize {
        let parent = tempfile::tempdir().unwrap();
        let dir = parent.path().join("store");
        sample(&dir);
        let logs: Vec<_> =
            files(&dir).into_iter().filter(|path| path.to_string_lossy().contains("log-")).collect();
        // A page of 512 bytes has the content of another file.
        let (path, from) = (&logs[lost % logs.len()], &logs[lost * 5 % logs.len()]);
        let at = lost / logs.len() % 2 * 512;
        let mut bytes = fs::read(path).unwrap();
        match path == from {
            true => bytes[at..at + 512].fill(0),
            false => bytes[at..at + 512].copy_from_slice(&fs::read(from).unwrap()[at..at + 512]),
        }
        fs::write(path, bytes).unwrap();
        let opened = open_with(&dir, OTHER, SMALL).unwrap();
        let mut done = steps(&records(&opened.store));
        assert!((40..=DONE).contains(&done));
        assert!(matches!(opened.found, Found::Records { complete: false, clean: false, .. }));
        let mut store = opened.store;
        // Numbers of lost commits are used again, and must not bring the lost commits back.
        for more in [0, 1, 30] {
            go(&mut store, done, done + more);
            done += more;
            drop(store);
            store = open(&dir, OTHER);
            assert_eq!(steps(&records(&store)), done);
        }
    }
}

#[test]
fn a_partly_written_commit_does_not_count() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    let mut store = open_with(&dir, BOOT, TINY).unwrap().store;
    go(&mut store, 0, 5);
    let path = super::super::layout::numbered(&dir, "log", store.log.active().seq);
    let at = store.log.at() as usize;
    store.commit(&step(6), Durability::Process).unwrap();
    let end = store.log.at() as usize;
    // The commit was written in part, and the commit mark not at all.
    store.log.set_mark(5);
    drop(store);
    let bytes = fs::read(&path).unwrap();
    for cut in at..end {
        let mut torn = bytes.clone();
        torn[cut..].fill(0);
        fs::write(&path, torn).unwrap();
        assert_eq!(steps(&read(&dir, BOOT).unwrap()), 5, "{cut}");
    }
    assert_eq!(steps(&records(&open(&dir, BOOT))), 5);
}
