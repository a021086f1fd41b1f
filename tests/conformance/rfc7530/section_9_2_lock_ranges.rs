//! RFC 7530 §9.2, §9.3: what a sequence of locks of one owner leaves. A server may answer `NFS4ERR_LOCK_RANGE` to
//! some of it; clients with POSIX locks cannot live with that, so here it fails.

use crate::support::{Locker, TO_EOF, two_lockers};
use lockhouse::client::{read_lock, write_lock};
use lockhouse::nfs4::LockKind::{self, Read, Write};

/// The locks that `other` sees on bytes `0..end`, by asking for each byte: per byte, what is held.
fn held(other: &mut Locker, end: u64) -> Vec<Option<LockKind>> {
    (0..end)
        .map(|byte| match other.test(write_lock(byte, 1)) {
            Ok(()) => None,
            refusal => Some(crate::support::denied(refusal).kind),
        })
        .collect()
}

/// §9.2: unlocking the middle leaves both ends.
#[test]
fn unlock_splits() {
    let (mut a, mut b) = two_lockers();
    a.lock(write_lock(0, 9)).unwrap();
    a.unlock(write_lock(3, 3)).unwrap();
    let w = Some(Write);
    assert_eq!(held(&mut b, 10), [w, w, w, None, None, None, w, w, w, None]);
    let (low, high) = (b.test_denied(write_lock(0, 6)), b.test_denied(write_lock(3, TO_EOF)));
    assert_eq!((low.offset, low.length), (0, 3));
    assert_eq!((high.offset, high.length), (6, 3));
}

/// §9.2: unlocking the middle of a lock to the end of the file leaves a tail that goes to the end.
#[test]
fn unlock_splits_a_lock_to_eof() {
    let (mut a, mut b) = two_lockers();
    a.lock(write_lock(0, TO_EOF)).unwrap();
    a.unlock(write_lock(10, 10)).unwrap();
    let tail = b.test_denied(write_lock(10, TO_EOF));
    assert_eq!((tail.offset, tail.length), (20, TO_EOF));
    let head = b.test_denied(read_lock(0, 15));
    assert_eq!((head.offset, head.length), (0, 10));
}

/// §9.2: one unlock takes away any number of locks.
#[test]
fn unlock_spans_several_locks() {
    let (mut a, mut b) = two_lockers();
    for offset in [0, 4, 8] {
        a.lock(write_lock(offset, 2)).unwrap();
    }
    a.unlock(write_lock(1, 8)).unwrap();
    let w = Some(Write);
    assert_eq!(held(&mut b, 11), [w, None, None, None, None, None, None, None, None, w, None]);
}

/// §9.2: neighbours and overlapping locks of one type and owner become one lock.
#[test]
fn locks_of_one_type_merge() {
    let (mut a, mut b) = two_lockers();
    a.lock(write_lock(0, 10)).unwrap();
    a.lock(write_lock(20, 10)).unwrap();
    a.lock(write_lock(10, 10)).unwrap();
    let denied = b.lock_denied(read_lock(15, 1));
    assert_eq!((denied.offset, denied.length), (0, 30));
    a.lock(write_lock(25, TO_EOF)).unwrap();
    let denied = b.lock_denied(read_lock(15, 1));
    assert_eq!((denied.offset, denied.length), (0, TO_EOF));
}

/// §9.3: a WRITE lock over part of a READ lock changes that part.
#[test]
fn upgrade_of_a_part() {
    let (mut a, mut b) = two_lockers();
    a.lock(read_lock(0, 9)).unwrap();
    a.lock(write_lock(3, 3)).unwrap();
    let (r, w) = (Some(Read), Some(Write));
    assert_eq!(held(&mut b, 10), [r, r, r, w, w, w, r, r, r, None]);
    b.lock(read_lock(0, 3)).unwrap();
    b.lock_denied(read_lock(2, 2));
}

/// §9.3: a READ lock over part of a WRITE lock downgrades that part and lets readers in at once.
#[test]
fn downgrade_of_a_part() {
    let (mut a, mut b) = two_lockers();
    a.lock(write_lock(0, 9)).unwrap();
    a.lock(read_lock(3, 3)).unwrap();
    let (r, w) = (Some(Read), Some(Write));
    assert_eq!(held(&mut b, 10), [w, w, w, r, r, r, w, w, w, None]);
    b.lock(read_lock(3, 3)).unwrap();
}

/// §9.3: an upgrade that is denied leaves the READ lock as it was.
#[test]
fn denied_upgrade_keeps_the_old_lock() {
    let (mut a, mut b) = two_lockers();
    a.lock(read_lock(0, 10)).unwrap();
    b.lock(read_lock(5, 1)).unwrap();
    let denied = a.lock_denied(write_lock(0, 10));
    assert_eq!((denied.offset, denied.length, denied.kind), (5, 1, Read));
    let r = Some(Read);
    assert_eq!(held(&mut b, 11), [r, r, r, r, r, r, r, r, r, r, None]);
}

/// §9.3: upgrading one's own READ lock succeeds once nobody else reads.
#[test]
fn upgrade_after_the_other_reader_left() {
    let (mut a, mut b) = two_lockers();
    a.lock(read_lock(0, 10)).unwrap();
    b.lock(read_lock(0, 10)).unwrap();
    a.lock_denied(write_lock(0, 10));
    b.unlock(read_lock(0, 10)).unwrap();
    a.lock(write_lock(0, 10)).unwrap();
    b.lock_denied(read_lock(9, 1));
}

/// §16.12: bytes that are given up are free for others at once, byte by byte.
#[test]
fn unlocked_bytes_are_free() {
    let (mut a, mut b) = two_lockers();
    a.lock(write_lock(0, 100)).unwrap();
    for byte in [0, 50, 99] {
        a.unlock(write_lock(byte, 1)).unwrap();
        b.lock(write_lock(byte, 1)).unwrap();
        a.lock_denied(write_lock(byte, 1));
    }
}

/// §9.2: locks at the two ends of the 64-bit space are different locks.
#[test]
fn ends_of_the_space_are_apart() {
    let (mut a, mut b) = two_lockers();
    a.lock(write_lock(0, 1)).unwrap();
    a.lock(write_lock(TO_EOF, TO_EOF)).unwrap();
    b.lock(write_lock(1, TO_EOF - 1)).unwrap();
    a.unlock(write_lock(TO_EOF, TO_EOF)).unwrap();
    b.lock(write_lock(1, TO_EOF)).unwrap();
    assert_eq!(a.lock_denied(read_lock(1 << 63, 1)).length, TO_EOF);
}
