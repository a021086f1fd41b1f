//! The state core alone.

#[path = "../../benches/apply/driver.rs"]
#[allow(dead_code, reason = "what is done here is less than there")]
mod driver;

use super::counting::allocations;
use driver::{Driver, core, file, free, held};
use lockhouse::nfs4::{LockKind, Range};

const MANY: u64 = 2_000;

/// LOCK and LOCKU of an owner that has its lock stateid, with SEQUENCE and all that must be stored. What has grown to its
/// size stays there, so the first rounds may allocate.
fn lock_and_unlock(sessions: bool, each_its_own: bool) -> usize {
    let mut driver = Driver::new(core(), b"client", sessions);
    let fh = file(0);
    let open = driver.open(&fh, 0);
    let mut owner = driver.lock_new(&fh, open, MANY, 3, held(MANY), LockKind::Write);
    for number in 0..MANY {
        if each_its_own {
            driver.lock_new(&fh, open, number, 4 + number as u32, held(number), LockKind::Write);
        } else {
            assert!(driver.lock(&fh, &mut owner, held(number), LockKind::Write));
        }
    }
    let mut round = |number| {
        assert!(driver.lock(&fh, &mut owner, free(number), LockKind::Write));
        driver.unlock(&fh, &mut owner, free(number));
    };
    (0..MANY).for_each(&mut round);
    allocations(|| (0..MANY).for_each(&mut round))
}

#[test]
fn a_lock_and_an_unlock_of_a_known_owner_allocate_nothing() {
    for sessions in [true, false] {
        for each_its_own in [true, false] {
            let allocated = lock_and_unlock(sessions, each_its_own);
            assert_eq!(allocated, 0, "sessions: {sessions}, each its own owner: {each_its_own}");
        }
    }
}

/// What a database does for each transaction: the only owner on the file takes three ranges, upgrades one and gives all up.
#[test]
fn transactions_of_who_is_alone_on_a_file_allocate_nothing() {
    let mut driver = Driver::new(core(), b"client", true);
    let fh = file(0);
    let open = driver.open(&fh, 0);
    let mut owner = driver.lock_new(&fh, open, 0, 3, held(0), LockKind::Write);
    let mut round = |_| {
        let (read, write) = (LockKind::Read, LockKind::Write);
        for (place, kind) in [(1, read), (2, write), (3, write), (1, write)] {
            assert!(driver.lock(&fh, &mut owner, held(place), kind));
        }
        driver.unlock(&fh, &mut owner, Range::WHOLE);
    };
    (0..100).for_each(&mut round);
    assert_eq!(allocations(|| (0..100).for_each(&mut round)), 0);
}
