//! Lock generations never go back.

use super::*;
use LockKind::{Read, Write};

fn generation(w: &World, file: &str) -> u64 {
    w.core.generation(&fh(file))
}

#[test]
fn each_exclusive_grant_raises_the_number_of_its_file() {
    let mut w = World::new();
    let (mut a, mut b) = (w.process("a", "f"), w.process("b", "f"));
    let first = generation(&w, "f");
    assert!(is_granted(&w.lock(&mut a, "f", bytes(0, 9), Read)));
    assert_eq!(generation(&w, "f"), first, "a shared lock fences nobody off");
    assert!(is_granted(&w.lock(&mut b, "f", bytes(20, 29), Write)));
    let second = generation(&w, "f");
    assert!(second > first);
    assert_eq!(denied_by(&w.lock(&mut a, "f", bytes(20, 29), Write)), "b");
    w.locku(&mut b, "f", bytes(20, 29)).unwrap();
    assert_eq!(generation(&w, "f"), second, "neither a denial nor an unlock is a grant");
    assert!(is_granted(&w.lock(&mut a, "f", bytes(20, 29), Write)));
    assert!(generation(&w, "f") > second);
}

#[test]
fn a_repeated_request_is_no_second_grant() {
    let mut w = World::new();
    let mut a = w.process("a", "f");
    let mut again = a.clone();
    let granted = w.lock(&mut a, "f", bytes(0, 9), Write);
    let number = generation(&w, "f");
    assert_eq!(w.lock(&mut again, "f", bytes(0, 9), Write), granted);
    assert_eq!(generation(&w, "f"), number);
}

#[test]
fn locks_on_another_file_leave_the_number_of_an_open_one() {
    let mut w = World::new();
    let (mut a, mut b) = (w.process("a", "f"), w.process("b", "g"));
    w.lock(&mut a, "f", bytes(0, 9), Write);
    let number = generation(&w, "f");
    w.lock(&mut b, "g", bytes(0, 9), Write);
    assert_eq!(generation(&w, "f"), number);
    assert!(generation(&w, "g") > number, "no number is given twice");
    assert_eq!(generation(&w, "nothing"), generation(&w, "g"));
}

#[test]
fn the_number_does_not_go_back_when_a_file_is_closed_and_opened_again() {
    let mut w = World::new();
    let mut a = w.process("a", "f");
    let mut last = generation(&w, "f");
    for _ in 0..3 {
        assert!(is_granted(&w.lock(&mut a, "f", bytes(0, 9), Write)));
        assert!(generation(&w, "f") > last);
        last = generation(&w, "f");
        w.locku(&mut a, "f", bytes(0, 9)).unwrap();
        let id = a.client;
        w.core.release_lockowner(w.now, id, a.name.as_bytes()).unwrap();
        a.locks.clear();
        w.close(&mut a, "f").unwrap();
        assert!(!w.core.is_open(&fh("f")) && generation(&w, "f") >= last);
        w.open(&mut a, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
        assert!(generation(&w, "f") >= last);
    }
}

/// The number is stored with the lock until that goes.
#[test]
fn the_number_comes_back_whichever_lock_had_it_and_whether_that_is_still_there() {
    let mut w = World::new();
    let mut all: Vec<_> = ["a", "b", "c"].into_iter().map(|name| w.process(name, "f")).collect();
    for (at, who) in (0..).zip(&mut all) {
        assert!(is_granted(&w.lock(who, "f", bytes(at, at), Write)));
    }
    let number = generation(&w, "f");
    // First one that has an earlier number, then the one that has the last.
    for gone in [0, 2, 1] {
        w.restart();
        assert_eq!(generation(&w, "f"), number);
        let who = &mut all[gone];
        w.locku(who, "f", Range::WHOLE).unwrap();
        w.core.release_lockowner(w.now, who.client, who.name.as_bytes()).unwrap();
        assert_eq!(generation(&w, "f"), number);
    }
    w.restart();
    assert_eq!(generation(&w, "f"), number);
}

/// What comes after must be greater, whichever record has the number.
#[test]
fn a_number_that_was_not_given_out_yet_is_refused() {
    let mut w = World::new();
    let mut a = w.process("a", "f");
    assert!(is_granted(&w.lock(&mut a, "f", bytes(0, 9), Write)));
    let bytes = |number: u64| postcard::to_allocvec(&number).unwrap();
    let (given, later) = (bytes((7 << 32) + 1), bytes((8 << 32) + 1));
    for kind in [RecordKind::Lock, RecordKind::File] {
        if kind == RecordKind::File {
            // It gets the number of a lock stateid that goes.
            w.locku(&mut a, "f", Range::WHOLE).unwrap();
            w.core.release_lockowner(w.now, a.client, a.name.as_bytes()).unwrap();
        }
        w.take_changes();
        assert!(w.kept.restore(w.config.clone(), 8, w.now).is_ok());
        let mut kept = w.kept.clone();
        let of_kind = |key: &[u8]| Key::read(key).is_some_and(|key| key.kind() == kind);
        let found = kept.records.iter_mut().find(|(key, _)| of_kind(key));
        let (_, value) = found.expect("a record of the kind");
        let at = value.windows(given.len()).position(|part| part == given).expect("the number is in it");
        value.splice(at..at + given.len(), later.iter().copied());
        let refused = kept.restore(w.config.clone(), 8, w.now).map(drop);
        assert_eq!(refused, Err(RestoreError::Value(kind)));
    }
}

#[test]
fn the_number_grows_over_a_restart() {
    let mut w = World::new();
    let mut a = w.process("a", "f");
    w.lock(&mut a, "f", bytes(0, 9), Write);
    let before = generation(&w, "f");
    assert_eq!(before, (7 << 32) + 1);
    assert!(generation(&World::restarted(&["a"]), "f") > before);
}
