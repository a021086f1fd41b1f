//! RFC 8881 §9.6, §20.11: blocking locks. One queue a file for all minor versions; who waits is called with
//! CB_NOTIFY_LOCK, and the lock is kept for it for a moment.

use crate::support::{Locker, Place, denied, judged};
use lockhouse::client::{Callback, LockRequest, Manner, Patience, read_lock, write_lock};
use lockhouse::nfs4::Status;
use lockhouse::xdr::generated::nfs4::{OPEN4_RESULT_MAY_NOTIFY_LOCK, nfsstat4};
use lockhouse::xdr::generated::nfs4_cb::nfs_cb_argop4;
use std::time::{Duration, Instant};

/// So much less than the 250 ms for which a free lock is kept for a waiter that does not answer its first call.
const TURN: Duration = Duration::from_millis(150);
/// A lock is kept 100 ms after the answer at most; the best of some attempts on a busy machine takes no longer than this.
const KEPT: Duration = Duration::from_millis(600);
/// A cycle of waiters must have stood for so long.
const STANDING: Duration = Duration::from_millis(2500);
/// A deadlock is answered within 5 s; more on a busy machine.
const BROKEN: Duration = Duration::from_secs(20);
/// Long enough for a callback that comes, on a busy machine.
const SOON: Duration = Duration::from_secs(10);
/// Between two requests that poll.
const POLL: Duration = Duration::from_millis(100);
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
fn fetch(who: &mut Locker, request: LockRequest) -> Duration {
    let start = Instant::now();
    while let Err(error) = who.lock(request) {
        denied::<()>(Err(error));
        assert!(start.elapsed() < SOON, "a free lock is kept for {:?}", start.elapsed());
        std::thread::sleep(Duration::from_millis(5));
    }
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
    for _ in 0..20 {
        let (mut a, mut b, _) = three();
        a.lock(write_lock(0, 10)).unwrap();
        b.lock_denied(write_lock(0, 20).blocking());
        let waiter = std::thread::spawn(move || {
            let patience = Patience { poll: Duration::from_secs(30), give_up: Duration::from_secs(60) };
            let Locker { actor, file, owner } = &mut b;
            let granted = actor.lock_wait(file, owner, write_lock(0, 20), patience).unwrap();
            (granted, b)
        });
        std::thread::sleep(POLL);
        let freed = Instant::now();
        a.unlock(write_lock(0, 10)).unwrap();
        let (granted, _b) = waiter.join().unwrap();
        assert!(granted.at - freed < SOON, "{:?}", granted.at - freed);
        if (granted.asked, granted.notified.len()) == (2, 1) {
            assert!(granted.notified[0] >= freed);
            return;
        }
    }
    panic!("the waiter does not ask because it was called");
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

/// A later request, blocking or not, does not overtake who was called.
#[test]
fn who_was_called_is_not_overtaken() {
    for late in [write_lock(0, 10), write_lock(0, 10).blocking(), read_lock(5, 1), read_lock(5, 1).blocking()]
    {
        judged(TURN, || {
            let (mut a, mut b, mut c) = three();
            // Nothing is known of its round trips.
            set_manner(&b, Manner::Silent);
            a.lock(write_lock(0, 10)).unwrap();
            b.lock_denied(write_lock(0, 10).blocking());
            let start = Instant::now();
            a.unlock(write_lock(0, 10)).unwrap();
            let overtakes = c.lock(late);
            (start.elapsed(), move || {
                denied(overtakes);
                b.lock(write_lock(0, 10).blocking()).unwrap();
            })
        });
    }
}

/// Three waiters are called in the order in which they asked, each when it is its turn, and get it.
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
    let mut before = Instant::now() - SOON;
    for waiter in &mut waiters {
        let called = notified(waiter, SOON).expect("CB_NOTIFY_LOCK");
        assert!(called.at >= before, "in order");
        before = called.at;
        waiter.lock(write_lock(0, 10).blocking()).unwrap();
        waiter.unlock(write_lock(0, 10)).unwrap();
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

/// A waiter that refuses its callback, says nothing to it, or is gone delays the others for a moment.
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
        fetch(&mut c, write_lock(0, 10).blocking());
    }
}

/// A waiter that answers its callback and never comes back: the next one is called.
#[test]
fn waiter_that_never_returns_is_passed() {
    let (mut a, mut b, mut c) = three();
    a.lock(write_lock(0, 10)).unwrap();
    b.lock_denied(write_lock(0, 10).blocking());
    c.lock_denied(write_lock(0, 10).blocking());
    a.unlock(write_lock(0, 10)).unwrap();
    assert!(notified(&mut b, SOON).is_some());
    assert!(notified(&mut c, SOON).is_some(), "the next one is called when the first one's time is over");
    c.lock(write_lock(0, 10).blocking()).unwrap();
}

/// The shortest time of some attempts for which a lock is kept from a request that does not wait, after `waits` of the
/// second client are called and do not come.
fn kept(waits: u32) -> Duration {
    let attempt = |_| {
        let (mut a, mut b, mut c) = three();
        a.lock(write_lock(0, 10)).unwrap();
        for number in 0..waits {
            let mut owner = b.actor.lock_owner(&format!("waiter {number}"));
            denied(b.lock_as(&mut owner, write_lock(0, 10).blocking()));
        }
        a.unlock(write_lock(0, 10)).unwrap();
        fetch(&mut c, write_lock(0, 10))
    };
    (0..5).map(attempt).min().unwrap()
}

/// `flock -n` after a waiter was interrupted: its client answers the call alike.
#[test]
fn interrupted_waiter_keeps_the_lock_for_a_moment() {
    let kept = kept(1);
    assert!(kept < KEPT, "{kept:?}");
}

/// Twenty of one client keep it no longer than one.
#[test]
fn many_interrupted_waiters_keep_it_no_longer() {
    let kept = kept(20);
    assert!(kept < KEPT, "{kept:?}");
}

/// A writer that was killed keeps readers out once, not each of them.
#[test]
fn killed_writer_keeps_no_reader_out() {
    let (mut a, mut b, mut c) = three();
    a.lock(write_lock(0, 10)).unwrap();
    b.lock_denied(write_lock(0, 10).blocking());
    a.unlock(write_lock(0, 10)).unwrap();
    fetch(&mut c, read_lock(0, 10));
    let start = Instant::now();
    while start.elapsed() < STANDING {
        a.lock(read_lock(0, 10)).unwrap();
        a.unlock(read_lock(0, 10)).unwrap();
        std::thread::sleep(POLL);
    }
}

/// An owner that does something else, or gives its state back, waits no more: nothing is kept for it.
#[test]
fn other_requests_end_the_wait() {
    for sign in ["LOCK", "LOCKU", "FREE_STATEID", "CLOSE"] {
        let (mut a, mut b, mut c) = three();
        set_manner(&b, Manner::Silent);
        a.lock(write_lock(0, 10)).unwrap();
        b.lock(write_lock(100, 1)).unwrap();
        b.unlock(write_lock(100, 1)).unwrap();
        b.lock_denied(write_lock(0, 10).blocking());
        match sign {
            "LOCK" => drop(b.lock(write_lock(200, 1)).unwrap()),
            "LOCKU" => drop(b.unlock(write_lock(300, 1)).unwrap()),
            "FREE_STATEID" => {
                let stateid = b.lock_stateid();
                b.actor.free_stateid(stateid).unwrap();
            }
            _ => b.actor.close(&mut b.file).unwrap(),
        }
        a.unlock(write_lock(0, 10)).unwrap();
        c.lock(write_lock(0, 10)).unwrap_or_else(|error| panic!("{sign}: {error}"));
    }
}

/// A client that leaves all calls unanswered, with more waiters than slots, slows nobody else.
#[test]
fn unanswered_calls_slow_nobody() {
    let (mut a, mut b, mut c) = three();
    let mut silent = Place::new().session_locker("silent");
    set_manner(&silent, Manner::Silent);
    silent.lock(write_lock(1000, 1)).unwrap();
    for number in 0..40 {
        let mut owner = silent.actor.lock_owner(&format!("waiter {number}"));
        denied(silent.lock_as(&mut owner, write_lock(1000, 1).blocking()));
    }
    silent.unlock(write_lock(1000, 1)).unwrap();
    a.lock(write_lock(0, 10)).unwrap();
    for _ in 0..5 {
        b.lock_denied(write_lock(0, 10).blocking());
        a.unlock(write_lock(0, 10)).unwrap();
        assert!(notified(&mut b, SOON).is_some());
        fetch(&mut b, write_lock(0, 10).blocking());
        std::mem::swap(&mut a, &mut b);
    }
    c.lock(write_lock(50, 1)).unwrap();
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

/// A 4.0 client and a 4.1 client wait in one queue. Whichever came first, the one that can be called is.
#[test]
fn both_minor_versions_share_a_queue() {
    for old_first in [true, false] {
        let place = Place::new();
        let mut holder = place.session_locker("holder");
        let (mut old, mut new) = (place.locker("old"), place.session_locker("new"));
        holder.lock(write_lock(0, 10)).unwrap();
        if old_first {
            old.lock_denied(write_lock(0, 10).blocking());
        }
        new.lock_denied(write_lock(0, 10).blocking());
        old.lock_denied(write_lock(0, 10).blocking());
        holder.unlock(write_lock(0, 10)).unwrap();
        assert!(notified(&mut new, SOON).is_some());
        new.lock(write_lock(0, 10).blocking()).unwrap();
        old.lock_denied(write_lock(0, 10).blocking());
        new.unlock(write_lock(0, 10)).unwrap();
        old.lock(write_lock(0, 10).blocking()).unwrap();
    }
}

/// §15.1.8.3 (NFS4ERR_DEADLOCK): owners that wait for each other over two files are denied first; then they are called,
/// and one of them is refused when it asks.
#[test]
fn deadlock_over_two_files() {
    let (mut a, mut b, _) = three();
    let (mut ga, mut gb) = (a.actor.open_new("g"), b.actor.open_new("g"));
    a.lock(write_lock(0, 1)).unwrap();
    b.actor.lock(&mut gb, &mut b.owner, write_lock(0, 1)).unwrap();
    denied(a.actor.lock(&mut ga, &mut a.owner, write_lock(0, 1).blocking()));
    let start = Instant::now();
    b.lock_denied(write_lock(0, 1).blocking());
    let (in_f, in_g) = (b.file.filehandle.clone(), ga.filehandle.clone());
    let a_refused = loop {
        assert!(start.elapsed() < BROKEN, "nobody is told of the deadlock");
        let name = a.owner.name.clone();
        let session = a.actor.session.as_mut().unwrap();
        if session.wait_notify(&in_g, &name, POLL).is_some() {
            match a.actor.lock(&mut ga, &mut a.owner, write_lock(0, 1).blocking()) {
                Err(error) if error.status() == Some(Status::Deadlock) => break true,
                other => drop(denied(other)),
            }
        }
        let name = b.owner.name.clone();
        let session = b.actor.session.as_mut().unwrap();
        if session.wait_notify(&in_f, &name, POLL).is_some() {
            match b.lock(write_lock(0, 1).blocking()) {
                Err(error) if error.status() == Some(Status::Deadlock) => break false,
                other => drop(denied(other)),
            }
        }
    };
    assert!(start.elapsed() > STANDING, "{:?}", start.elapsed());
    // The one that was refused gives way, the other goes on.
    if a_refused {
        a.unlock(write_lock(0, 1)).unwrap();
        fetch(&mut b, write_lock(0, 1).blocking());
    } else {
        b.actor.unlock(&in_g, &mut b.owner, write_lock(0, 1)).unwrap();
        a.actor.lock(&mut ga, &mut a.owner, write_lock(0, 1).blocking()).unwrap();
    }
}

/// There is none when one of the two has given up: it is called, and says nothing.
#[test]
fn no_deadlock_when_one_has_given_up() {
    let (mut a, mut b, _) = three();
    a.lock(write_lock(0, 1)).unwrap();
    b.lock(write_lock(1, 1)).unwrap();
    b.lock_denied(write_lock(0, 1).blocking());
    let start = Instant::now();
    while start.elapsed() < STANDING * 2 {
        a.lock_denied(write_lock(1, 1).blocking());
        notified(&mut a, POLL);
    }
}
