//! Opening and closing.

use super::*;
use crate::store::set_aside;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

fn found(complete: bool, clean: bool, boot: &str) -> Found {
    Found::Records { complete, clean, boot_id: boot.into() }
}

#[test]
fn open_reports_how_the_store_was_left() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    let opened = open_with(&dir, BOOT, SMALL).unwrap();
    assert_eq!(opened.found, Found::New);
    drop(opened);
    // (how it ends, boot in which it is opened next, what is found then)
    let cases = [
        (false, BOOT, found(true, false, BOOT)),
        (true, BOOT, found(true, true, BOOT)),
        (true, OTHER, found(true, true, BOOT)),
        (false, OTHER, found(true, false, OTHER)),
        (false, BOOT, found(false, false, OTHER)),
    ];
    let (mut done, mut boot) = (0, BOOT);
    for (clean, next, expected) in cases {
        let mut store = open(&dir, boot);
        go(&mut store, done, done + 100);
        done += 100;
        match clean {
            true => close(store),
            false => drop(store),
        }
        let opened = open_with(&dir, next, SMALL).unwrap();
        assert_eq!((opened.found, steps(&records(&opened.store))), (expected, done));
        boot = next;
    }
}

#[test]
fn an_incomplete_store_stays_so_until_it_is_replaced() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    go(&mut open(&dir, OTHER), 0, 10);
    for end in [close, drop::<Embedded>] {
        let opened = open_with(&dir, BOOT, SMALL).unwrap();
        assert_eq!(opened.found, found(false, false, OTHER));
        let mut store = opened.store;
        store.commit(&step(11), Durability::Machine).unwrap();
        end(store);
    }
    let mut store = open(&dir, BOOT);
    let mut all = Batch::new();
    all.put(b"b", b"2");
    all.put(b"a", b"1");
    all.put(b"b", b"3");
    store.replace_all(&all).unwrap();
    let expected = Records::from([(b"a".to_vec(), b"1".to_vec()), (b"b".to_vec(), b"3".to_vec())]);
    assert_eq!(records(&store), expected);
    drop(store);
    let opened = open_with(&dir, BOOT, SMALL).unwrap();
    assert_eq!((opened.found, records(&opened.store)), (found(true, false, BOOT), expected));
}

#[test]
fn an_open_store_is_not_clean() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    close(open(&dir, BOOT));
    assert_eq!(ReadOnly::open(&dir, BOOT).unwrap().found(), found(true, true, BOOT));
    let store = open(&dir, OTHER);
    assert_eq!(ReadOnly::open(&dir, OTHER).unwrap().found(), found(true, false, OTHER));
    drop(store);
}

#[test]
fn only_one_process_can_open_it() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    let store = open(&dir, BOOT);
    assert!(matches!(open_with(&dir, BOOT, SMALL), Err(OpenError::InUse(_))));
    assert!(matches!(set_aside(&dir), Err(OpenError::InUse(_))));
    drop(store);
    open(&dir, BOOT);
}

#[test]
fn a_deposed_owner_changes_nothing() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    let owner = Arc::new(AtomicBool::new(true));
    let asked = owner.clone();
    let guard = Box::new(move || asked.load(Ordering::Relaxed));
    let mut store = Embedded::open_with(&dir, BOOT, guard, SMALL).unwrap().store;
    go(&mut store, 0, 5);
    owner.store(false, Ordering::Relaxed);
    assert!(matches!(store.commit(&step(6), Durability::Process), Err(StoreError::Deposed)));
    assert!(matches!(store.replace_all(&Batch::new()), Err(StoreError::Deposed)));
    assert!(matches!(Box::new(store).close(), Err(StoreError::Deposed)));
    assert_eq!(steps(&read(&dir, BOOT).unwrap()), 5);
    assert_eq!(ReadOnly::open(&dir, BOOT).unwrap().found(), found(true, false, BOOT));
}

#[test]
fn a_newer_format_is_refused_and_left_alone() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    close(open(&dir, BOOT));
    let newer = "lockhouse store 6\nwho knows\n";
    fs::write(dir.join("meta"), newer).unwrap();
    fs::write(dir.join("log-99.new"), "who knows").unwrap();
    let before = fs::read_dir(&dir).unwrap().count();
    for result in [open_with(&dir, BOOT, SMALL).map(drop), read(&dir, BOOT).map(drop)] {
        let error = result.unwrap_err();
        assert!(matches!(error, OpenError::Newer { found: 6 }));
        assert!(error.to_string().contains("use the newer release"), "{error}");
    }
    assert_eq!(fs::read_to_string(dir.join("meta")).unwrap(), newer);
    assert_eq!(fs::read_dir(&dir).unwrap().count(), before);
}

#[test]
fn the_last_damaged_stores_are_kept() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    for round in 1..=5 {
        close(open(&dir, BOOT));
        fs::write(dir.join("meta"), "nonsense").unwrap();
        assert!(matches!(open_with(&dir, BOOT, SMALL), Err(OpenError::Damaged { .. })));
        let path = set_aside(&dir).unwrap();
        assert_eq!(path, parent.path().join(format!("store.damaged-{round}")));
        assert_eq!(fs::read_to_string(path.join("meta")).unwrap(), "nonsense");
    }
    assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 3);
    assert_eq!(open_with(&dir, BOOT, SMALL).unwrap().found, Found::New);
}

#[test]
fn an_empty_directory_and_an_incomplete_store_are_replaced() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    fs::create_dir(&dir).unwrap();
    fs::create_dir(parent.path().join("store.new")).unwrap();
    fs::write(parent.path().join("store.new/records-1"), "half").unwrap();
    assert!(matches!(ReadOnly::open(&dir, BOOT), Err(OpenError::Io { .. })));
    assert_eq!(open_with(&dir, BOOT, SMALL).unwrap().found, Found::New);
    assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
}

#[test]
fn a_missing_parent_directory_is_an_error() {
    let parent = tempfile::tempdir().unwrap();
    let result = open_with(&parent.path().join("no/store"), BOOT, SMALL);
    assert!(matches!(result, Err(OpenError::Io { .. })));
    let result = open_with(&parent.path().join("store"), "two\nlines", SMALL);
    assert!(matches!(result, Err(OpenError::Io { .. })));
}

#[test]
fn a_commit_may_be_longer_than_a_log_file() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    let mut store = open(&dir, BOOT);
    let mut model = Records::new();
    for number in 0..20_usize {
        let mut batch = Batch::new();
        batch.put(format!("{}", number % 3).as_bytes(), &vec![number as u8; number * 700]);
        store.commit(&batch, Durability::Process).unwrap();
        apply(&mut model, &batch);
    }
    assert_eq!(records(&store), model);
    drop(store);
    assert_eq!(records(&open(&dir, BOOT)), model);
}
