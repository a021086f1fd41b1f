//! RFC 8881 §9.6, §20.11: blocking locks. One queue a file for all minor versions; who waits is called with
//! CB_NOTIFY_LOCK, and the lock is held back for a while for the one whose turn it is.

use crate::support::{Locker, Place, denied, refused_with};
use lockhouse::client::{Callback, Manner, OpenFile, Patience, read_lock, write_lock};
use lockhouse::nfs4::Status;
use lockhouse::xdr::generated::nfs4::{OPEN4_RESULT_MAY_NOTIFY_LOCK, nfsstat4};
use lockhouse::xdr::generated::nfs4_cb::nfs_cb_argop4;
use std::time::{Duration, Instant};

/// Longest time that a free lock is held back for a waiter who does not fetch it, with a margin for a busy machine.
const RESERVATION: Duration = Duration::from_secs(5 + 3);
/// Long enough for a callback that comes, on a busy machine.
const SOON: Duration = Duration::from_secs(10);
/// Long enough to see that none comes.
const A_WHILE: Duration = Duration::from_millis(300);

fn three() -> (Locker, Locker, Locker) {
    let place = Place::new();
    (place.session_locker("a"), place.session_locker("b"), place.session_locker("c"))
}

/// The next CB_NOTIFY_LOCK for this locker's file and owner.
fn notified(who: &mut Locker, timeout: Duration) -> Option<Callback> {
    let (file, owner) = (who.file.filehandle.clone(), who.owner.name.clone());
    who.actor.session.as_mut().unwrap().wait_notify(&file, &owner, timeout)
}

fn set_manner(who: &Locker, manner: Manner) {
    who.actor.session.as_ref().unwrap().set_manner(manner);
}

/// Asks until granted; how long that took.
fn fetch(who: &mut Locker, request: lockhouse::client::LockRequest) -> Duration {
    let start = Instant::now();
    crate::support::eventually("a lock that is free", || who.lock(request).ok());
    start.elapsed()
}

/// §18.16.3: OPEN says that waiters are called, to a client with a back channel.
#[test]
fn open_promises_to_notify() {
    let (a, _, _) = three();
    assert_ne!(a.file.result_flags & OPEN4_RESULT_MAY_NOTIFY_LOCK, 0);
}

/// §18.16.3: and does not to one that has none.
#[test]
fn open_promises_nothing_without_a_back_channel() {
    let place = Place::new();
    let mut a =
        place.member_as(1, "a", lockhouse::client::Credential::sys(0, 0), |request| request.flags = 0);
    assert_eq!(a.open_new("f").result_flags & OPEN4_RESULT_MAY_NOTIFY_LOCK, 0);
}

/// §20.11: the waiter is called when the lock becomes free, with the filehandle and the owner as it sent them.
#[test]
fn waiter_is_notified() {
    let (mut a, mut b, _) = three();
    a.lock(write_lock(0, 10)).unwrap();
    b.lock_denied(write_lock(0, 10).blocking());
    assert_eq!(notified(&mut b, A_WHILE), None);
    a.unlock(write_lock(0, 10)).unwrap();
    let callback = notified(&mut b, SOON).expect("CB_NOTIFY_LOCK");
    let Some(nfs_cb_argop4::OP_CB_NOTIFY_LOCK(args)) = callback.ops.first() else { panic!("{callback:?}") };
    assert_eq!(args.cnla_lock_owner.clientid, b.actor.clientid);
    assert_eq!(callback.answered, Some(nfsstat4::NFS4_OK));
    b.lock(write_lock(0, 10).blocking()).unwrap();
}

/// The same with the client's own call for it, which asks again because it was called, long before its poll is due.
#[test]
fn waiting_call_is_woken() {
    let (mut a, mut b, mut c) = three();
    a.lock(write_lock(0, 10)).unwrap();
    let waiter = std::thread::spawn(move || {
        let patience = Patience { poll: Duration::from_secs(30), give_up: Duration::from_secs(60) };
        let Locker { actor, file, owner } = &mut b;
        let granted = actor.lock_wait(file, owner, write_lock(0, 20), patience).unwrap();
        (granted, b)
    });
    // What the waiter waits for is held up as a whole, also where it is free.
    crate::support::eventually("b in the queue", || match c.lock(write_lock(15, 1)) {
        Ok(_) => c.unlock(write_lock(15, 1)).ok().and(None),
        Err(_) => Some(()),
    });
    let freed = Instant::now();
    a.unlock(write_lock(0, 10)).unwrap();
    let (granted, _b) = waiter.join().unwrap();
    assert_eq!((granted.asked, granted.notified.len()), (2, 1));
    assert!(granted.notified[0] >= freed && granted.at - freed < SOON);
}

/// §9.6: a lock that is made weaker frees what it no longer covers.
#[test]
fn downgrade_notifies() {
    let (mut a, mut b, _) = three();
    a.lock(write_lock(0, 10)).unwrap();
    b.lock_denied(read_lock(0, 10).blocking());
    a.lock(read_lock(0, 10)).unwrap();
    assert!(notified(&mut b, SOON).is_some());
    b.lock(read_lock(0, 10).blocking()).unwrap();
}

/// A later request, blocking or not, does not overtake who waits.
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

/// Three waiters are called and served in the order in which they asked.
#[test]
fn waiters_are_served_in_order() {
    let place = Place::new();
    let mut holder = place.session_locker("holder");
    let mut waiters = ["1", "2", "3"].map(|label| place.session_locker(label));
    holder.lock(write_lock(0, 10)).unwrap();
    for waiter in &mut waiters {
        waiter.lock_denied(write_lock(0, 10).blocking());
    }
    holder.unlock(write_lock(0, 10)).unwrap();
    for turn in 0..waiters.len() {
        let (_, rest) = waiters.split_at_mut(turn);
        let (first, later) = rest.split_first_mut().unwrap();
        assert!(notified(first, SOON).is_some(), "waiter {turn}");
        for waiter in later {
            waiter.lock_denied(write_lock(0, 10).blocking());
            assert_eq!(notified(waiter, Duration::ZERO), None);
        }
        first.lock(write_lock(0, 10).blocking()).unwrap();
        first.unlock(write_lock(0, 10)).unwrap();
    }
}

/// Readers that wait together are called together.
#[test]
fn waiting_readers_are_served_together() {
    let (mut a, mut b, mut c) = three();
    a.lock(write_lock(0, 10)).unwrap();
    b.lock_denied(read_lock(0, 10).blocking());
    c.lock_denied(read_lock(0, 10).blocking());
    a.unlock(write_lock(0, 10)).unwrap();
    assert!(notified(&mut b, SOON).is_some() && notified(&mut c, SOON).is_some());
    c.lock(read_lock(0, 10).blocking()).unwrap();
    b.lock(read_lock(0, 10).blocking()).unwrap();
}

/// A waiter that refuses its callback, says nothing to it, or is gone delays the others for the reservation at most.
#[test]
fn waiter_that_cannot_be_reached_is_passed() {
    let manners = [Some(Manner::Refuse(nfsstat4::NFS4ERR_BADHANDLE)), Some(Manner::Silent), None];
    for manner in manners {
        let (mut a, mut b, mut c) = three();
        a.lock(write_lock(0, 10)).unwrap();
        b.lock_denied(write_lock(0, 10).blocking());
        c.lock_denied(write_lock(0, 10).blocking());
        match manner {
            Some(manner) => set_manner(&b, manner),
            None => drop(b),
        }
        a.unlock(write_lock(0, 10)).unwrap();
        let took = fetch(&mut c, write_lock(0, 10).blocking());
        assert!(took < RESERVATION, "{manner:?}: {took:?}");
    }
}

/// A waiter that answers its callback and never comes back.
#[test]
fn waiter_that_never_returns_is_passed() {
    let (mut a, mut b, mut c) = three();
    a.lock(write_lock(0, 10)).unwrap();
    b.lock_denied(write_lock(0, 10).blocking());
    c.lock_denied(write_lock(0, 10).blocking());
    a.unlock(write_lock(0, 10)).unwrap();
    let start = Instant::now();
    assert!(notified(&mut b, SOON).is_some());
    assert!(
        notified(&mut c, RESERVATION).is_some(),
        "the next one is called when the first one's time is over"
    );
    c.lock(write_lock(0, 10).blocking()).unwrap();
    assert!(start.elapsed() < RESERVATION, "{:?}", start.elapsed());
}

/// A client whose session ends leaves the queue.
#[test]
fn ending_the_client_leaves_the_queue() {
    let (mut a, mut b, mut c) = three();
    a.lock(write_lock(0, 10)).unwrap();
    b.lock_denied(write_lock(0, 10).blocking());
    b.actor.close(&mut b.file).unwrap();
    b.actor.end_session().unwrap();
    a.unlock(write_lock(0, 10)).unwrap();
    c.lock(write_lock(0, 10)).unwrap();
}

/// A 4.0 client and a 4.1 client wait in one queue, whichever came first.
#[test]
fn both_minor_versions_share_a_queue() {
    for old_first in [true, false] {
        let place = Place::new();
        let mut holder = place.session_locker("holder");
        let (old, new) = (place.locker("old"), place.session_locker("new"));
        let (mut first, mut second) = if old_first { (old, new) } else { (new, old) };
        holder.lock(write_lock(0, 10)).unwrap();
        first.lock_denied(write_lock(0, 10).blocking());
        second.lock_denied(write_lock(0, 10).blocking());
        holder.unlock(write_lock(0, 10)).unwrap();
        second.lock_denied(write_lock(0, 10).blocking());
        first.lock(write_lock(0, 10).blocking()).unwrap();
        first.unlock(write_lock(0, 10)).unwrap();
        second.lock(write_lock(0, 10).blocking()).unwrap();
    }
}

/// §15.1.8.3 (NFS4ERR_DEADLOCK): a blocking request that closes a circle of waiters over two files.
#[test]
fn deadlock_over_two_files() {
    let (mut a, mut b, _) = three();
    let second = |who: &mut Locker| -> OpenFile { who.actor.open_new("g") };
    let (mut ga, mut gb) = (second(&mut a), second(&mut b));
    a.lock(write_lock(0, 1)).unwrap();
    b.actor.lock(&mut gb, &mut b.owner, write_lock(0, 1)).unwrap();
    denied(a.actor.lock(&mut ga, &mut a.owner, write_lock(0, 1).blocking()));
    refused_with(b.lock(write_lock(0, 1).blocking()), &[Status::Deadlock]);
    b.lock_denied(write_lock(0, 1));
    b.actor.unlock(&gb.filehandle, &mut b.owner, write_lock(0, 1)).unwrap();
    a.actor.lock(&mut ga, &mut a.owner, write_lock(0, 1).blocking()).unwrap();
}
