//! RFC 7530 §9.4: blocking locks. A 4.0 client that wants to wait polls with `READW_LT` or `WRITEW_LT`. The RFC lets
//! a server keep a queue and hold a free lock back for the one whose turn it is; a lock server does.

use crate::support::{Locker, Place, eventually, refused_with};
use lockhouse::client::{Error, LockOwner, LockRequest, OpenFile, read_lock, write_lock};
use lockhouse::nfs4::Status;

fn three() -> (Locker, Locker, Locker) {
    let place = Place::new();
    (place.locker("a"), place.locker("b"), place.locker("c"))
}

/// Whoever waits longer comes first: a later request, blocking or not, does not overtake.
#[test]
fn waiter_is_not_overtaken() {
    for late in [write_lock(0, 10), write_lock(0, 10).blocking(), read_lock(5, 1), read_lock(5, 1).blocking()]
    {
        let (mut a, mut b, mut c) = three();
        a.lock(write_lock(0, 10)).unwrap();
        b.lock_denied(write_lock(0, 10).blocking());
        a.unlock(write_lock(0, 10)).unwrap();
        c.lock_denied(late);
        b.lock(write_lock(0, 10).blocking()).unwrap();
    }
}

/// Two waiters get their locks in the order in which they asked.
#[test]
fn waiters_are_served_in_order() {
    let (mut a, mut b, mut c) = three();
    a.lock(write_lock(0, 10)).unwrap();
    b.lock_denied(write_lock(0, 10).blocking());
    c.lock_denied(write_lock(0, 10).blocking());
    a.unlock(write_lock(0, 10)).unwrap();
    c.lock_denied(write_lock(0, 10).blocking());
    b.lock(write_lock(0, 10).blocking()).unwrap();
    b.unlock(write_lock(0, 10)).unwrap();
    c.lock(write_lock(0, 10).blocking()).unwrap();
}

/// A writer that waits for readers is not starved by further readers.
#[test]
fn readers_do_not_overtake_a_waiting_writer() {
    let (mut a, mut b, mut c) = three();
    a.lock(read_lock(0, 10)).unwrap();
    b.lock_denied(write_lock(0, 10).blocking());
    c.lock_denied(read_lock(0, 10));
    a.unlock(read_lock(0, 10)).unwrap();
    b.lock(write_lock(0, 10).blocking()).unwrap();
}

/// Readers that wait together are served together.
#[test]
fn waiting_readers_do_not_hold_each_other_up() {
    let (mut a, mut b, mut c) = three();
    a.lock(write_lock(0, 10)).unwrap();
    b.lock_denied(read_lock(0, 10).blocking());
    c.lock_denied(read_lock(0, 10).blocking());
    a.unlock(write_lock(0, 10)).unwrap();
    c.lock(read_lock(0, 10).blocking()).unwrap();
    b.lock(read_lock(0, 10).blocking()).unwrap();
}

/// A waiter holds up only what conflicts with it.
#[test]
fn other_bytes_are_not_held_up() {
    let (mut a, mut b, mut c) = three();
    a.lock(write_lock(0, 10)).unwrap();
    b.lock_denied(write_lock(0, 20).blocking());
    c.lock(write_lock(20, 10)).unwrap();
    // What the waiter waits for is held up as a whole, also where it is free.
    c.lock_denied(write_lock(15, 1));
}

/// Who waits for an owner does not hold that owner up on the bytes it has: both would wait for each other.
#[test]
fn holder_is_not_held_up_by_who_waits_for_it() {
    let holds_and_asks = [
        (write_lock(0, 10), write_lock(0, 10)),
        (write_lock(0, 10), read_lock(0, 10)),
        (write_lock(0, 10), read_lock(2, 3)),
        (read_lock(0, 10), read_lock(0, 10)),
        (read_lock(0, 10), write_lock(0, 10)),
    ];
    for (holds, asks) in holds_and_asks {
        let (mut a, mut b, _) = three();
        a.lock(holds).unwrap();
        b.lock_denied(write_lock(0, 20).blocking());
        if let Err(error) = a.lock(asks) {
            panic!("{holds:?}, then {asks:?}: {error}");
        }
    }
}

/// A waiter that does not come back delays the others for a while, not for ever; whether they poll as waiters or not.
#[test]
fn waiter_that_never_returns_is_passed() {
    for request in [write_lock(0, 10), write_lock(0, 10).blocking()] {
        let (mut a, mut b, mut c) = three();
        a.lock(write_lock(0, 10)).unwrap();
        b.lock_denied(write_lock(0, 10).blocking());
        a.unlock(write_lock(0, 10)).unwrap();
        c.lock_denied(request);
        eventually("the lock that b does not fetch", || c.lock(request).ok());
    }
}

/// A waiter that closes its file waits no more.
#[test]
fn closing_leaves_the_queue() {
    let (mut a, mut b, mut c) = three();
    a.lock(write_lock(0, 10)).unwrap();
    b.lock_denied(write_lock(0, 10).blocking());
    b.actor.close(&mut b.file).unwrap();
    a.unlock(write_lock(0, 10)).unwrap();
    c.lock(write_lock(0, 10)).unwrap();
}

/// Bytes that the waiter turns out not to need are not kept for it: it asked for others since.
#[test]
fn waiter_that_locks_something_else_first_keeps_working() {
    let (mut a, mut b, _) = three();
    a.lock(write_lock(0, 10)).unwrap();
    b.lock_denied(write_lock(0, 10).blocking());
    b.lock(write_lock(50, 1)).unwrap();
    a.unlock(write_lock(0, 10)).unwrap();
    b.lock(write_lock(0, 10).blocking()).unwrap();
}

/// A second file and the lock of a party there.
struct Second {
    file: OpenFile,
}

impl Second {
    fn lock(&mut self, who: &mut Locker, request: LockRequest) -> Result<(), Error> {
        who.actor.lock(&mut self.file, &mut who.owner, request).map(drop)
    }
}

fn second(who: &mut Locker, name: &str) -> Second {
    Second { file: who.actor.open_new(name) }
}

/// §13.1.8 (NFS4ERR_DEADLOCK): a blocking request that closes a circle of waiters over two files is refused for good.
#[test]
fn deadlock_over_two_files() {
    let (mut a, mut b, _) = three();
    let (mut ga, mut gb) = (second(&mut a, "g"), second(&mut b, "g"));
    a.lock(write_lock(0, 1)).unwrap();
    gb.lock(&mut b, write_lock(0, 1)).unwrap();
    crate::support::denied(ga.lock(&mut a, write_lock(0, 1).blocking()));
    refused_with(b.lock(write_lock(0, 1).blocking()), &[Status::Deadlock]);
    // Who does not wait does not deadlock.
    b.lock_denied(write_lock(0, 1));
    // The one that was refused gives way, the other goes on.
    b.actor.unlock(&gb.file.filehandle, &mut b.owner, write_lock(0, 1)).unwrap();
    ga.lock(&mut a, write_lock(0, 1).blocking()).unwrap();
}

/// A circle of three.
#[test]
fn deadlock_of_three() {
    let (mut a, mut b, mut c) = three();
    for (who, byte) in [(&mut a, 0), (&mut b, 1), (&mut c, 2)] {
        who.lock(write_lock(byte, 1)).unwrap();
    }
    a.lock_denied(write_lock(1, 1).blocking());
    b.lock_denied(write_lock(2, 1).blocking());
    refused_with(c.lock(write_lock(0, 1).blocking()), &[Status::Deadlock]);
    c.unlock(write_lock(2, 1)).unwrap();
    b.lock(write_lock(2, 1).blocking()).unwrap();
}

/// Two readers that both want to write: the second upgrade would wait for ever.
#[test]
fn deadlock_of_two_upgrades() {
    let (mut a, mut b, _) = three();
    a.lock(read_lock(0, 1)).unwrap();
    b.lock(read_lock(0, 1)).unwrap();
    a.lock_denied(write_lock(0, 1).blocking());
    refused_with(b.lock(write_lock(0, 1).blocking()), &[Status::Deadlock]);
    b.unlock(read_lock(0, 1)).unwrap();
    a.lock(write_lock(0, 1).blocking()).unwrap();
}

/// Waiting for somebody who waits for nobody is no deadlock, nor is a chain.
#[test]
fn chain_is_no_deadlock() {
    let (mut a, mut b, mut c) = three();
    a.lock(write_lock(0, 1)).unwrap();
    b.lock(write_lock(1, 1)).unwrap();
    b.lock_denied(write_lock(0, 1).blocking());
    c.lock_denied(write_lock(1, 1).blocking());
    let mut other: LockOwner = a.actor.lock_owner("a's other owner");
    crate::support::denied(a.lock_as(&mut other, write_lock(1, 1).blocking()));
    a.unlock(write_lock(0, 1)).unwrap();
    b.lock(write_lock(0, 1).blocking()).unwrap();
}
