//! RFC 7530 §9.4: blocking locks. A 4.0 client that wants to wait polls with `READW_LT` or `WRITEW_LT`. A free lock is not
//! kept for somebody who may not come; docs/decisions/001-waiting.md tells who goes first all the same.

use crate::support::{Locker, Place, denied, judged};
use lockhouse::client::{Error, LockOwner, LockRequest, OpenFile, read_lock, write_lock};
use lockhouse::nfs4::Status;
use std::time::{Duration, Instant};

/// For so long, less a margin, the first of those that poll goes before some others when a lock has become free.
const TURN: Duration = Duration::from_millis(150);
/// A cycle of waiters must have stood for so long.
const STANDING: Duration = Duration::from_millis(2500);
/// A deadlock is answered within 5 s; more on a busy machine.
const BROKEN: Duration = Duration::from_secs(20);
/// Long enough to see that there is no deadlock.
const NO_DEADLOCK: Duration = Duration::from_millis(4500);
/// Between polls.
const POLL: Duration = Duration::from_millis(200);

fn three() -> (Locker, Locker, Locker) {
    let place = Place::new();
    (place.locker("a"), place.locker("b"), place.locker("c"))
}

/// Another owner of the same client, which opens the file now.
struct Process {
    file: OpenFile,
    owner: LockOwner,
}

impl Process {
    fn of(who: &mut Locker, label: &str) -> Self {
        let request = lockhouse::client::OpenRequest::create("f");
        let file = who.actor.open_as(label, &request).unwrap();
        Self { file, owner: who.actor.lock_owner(label) }
    }

    fn lock(&mut self, who: &mut Locker, request: LockRequest) -> Result<(), Error> {
        who.actor.lock(&mut self.file, &mut self.owner, request).map(drop)
    }
}

/// A lock that is free is whose request comes first, blocking or not, when others only poll: they may never come. LOCKT
/// says the same.
#[test]
fn free_lock_is_not_kept_for_one_that_polls() {
    for late in [write_lock(0, 10), write_lock(0, 10).blocking(), read_lock(5, 1), read_lock(5, 1).blocking()]
    {
        let (mut a, mut b, mut c) = three();
        a.lock(write_lock(0, 10)).unwrap();
        b.lock_denied(write_lock(0, 10).blocking());
        a.unlock(write_lock(0, 10)).unwrap();
        c.test(write_lock(0, 10)).unwrap();
        c.lock(late).unwrap();
        c.unlock(write_lock(0, 10)).unwrap();
        // The one that had it asks again at once, as a loop does.
        a.lock(late).unwrap();
        a.unlock(write_lock(0, 10)).unwrap();
        b.lock(write_lock(0, 10).blocking()).unwrap();
    }
}

/// pynfs LOCK21, LOCK22: those that ask all the time let the first of them go first, also when it asks seldom.
#[test]
fn those_that_ask_all_the_time_go_in_order() {
    judged(TURN, || {
        let (mut a, mut b, mut c) = three();
        a.lock(write_lock(0, 10)).unwrap();
        b.lock_denied(write_lock(0, 10).blocking());
        c.lock_denied(write_lock(0, 10).blocking());
        let start = Instant::now();
        c.lock_denied(write_lock(0, 10).blocking());
        a.unlock(write_lock(0, 10)).unwrap();
        let overtakes = c.lock(write_lock(0, 10).blocking());
        (start.elapsed(), move || {
            denied(overtakes);
            b.lock(write_lock(0, 10).blocking()).unwrap();
            b.unlock(write_lock(0, 10)).unwrap();
            c.lock(write_lock(0, 10).blocking()).unwrap();
        })
    });
}

/// pynfs LOCK18, LOCK19: a process that opens the file after another of its client waits comes after it.
#[test]
fn who_opens_after_another_of_its_client_comes_after_it() {
    judged(TURN, || {
        let (mut a, _, _) = three();
        let mut b = Process::of(&mut a, "b");
        let mut c = Process::of(&mut a, "c");
        a.lock(write_lock(0, 10)).unwrap();
        denied(b.lock(&mut a, write_lock(0, 10).blocking()));
        let start = Instant::now();
        a.unlock(write_lock(0, 10)).unwrap();
        let overtakes = c.lock(&mut a, write_lock(0, 10).blocking());
        (start.elapsed(), move || {
            denied(overtakes);
            b.lock(&mut a, write_lock(0, 10).blocking()).unwrap();
        })
    });
}

/// A writer that waited and was killed keeps no reader out, however many come.
#[test]
fn killed_writer_keeps_no_reader_out() {
    let (mut a, mut b, mut c) = three();
    a.lock(write_lock(0, 10)).unwrap();
    b.lock_denied(write_lock(0, 10).blocking());
    a.unlock(write_lock(0, 10)).unwrap();
    for _ in 0..5 {
        a.lock(read_lock(0, 10)).unwrap();
        c.lock(read_lock(0, 10).blocking()).unwrap();
        a.unlock(read_lock(0, 10)).unwrap();
        a.lock(read_lock(0, 10).blocking()).unwrap();
        c.unlock(read_lock(0, 10)).unwrap();
        a.unlock(read_lock(0, 10)).unwrap();
    }
}

/// Twenty waiters of one client that never come delay nobody.
#[test]
fn many_killed_waiters_delay_nobody() {
    for late in [write_lock(0, 10), write_lock(0, 10).blocking()] {
        let (mut a, mut b, mut c) = three();
        a.lock(write_lock(0, 10)).unwrap();
        for number in 0..20 {
            let mut owner = b.actor.lock_owner(&format!("waiter {number}"));
            denied(b.lock_as(&mut owner, write_lock(0, 10).blocking()));
        }
        a.unlock(write_lock(0, 10)).unwrap();
        c.lock(late).unwrap();
    }
}

/// An owner that does something else waits no more: a later process of its client need not let it go first.
#[test]
fn other_requests_end_the_wait() {
    for sign in ["LOCK", "LOCKU", "CLOSE"] {
        let (mut a, _, _) = three();
        let (mut b, mut c) = (Process::of(&mut a, "b"), Process::of(&mut a, "c"));
        a.lock(write_lock(0, 10)).unwrap();
        b.lock(&mut a, write_lock(100, 1)).unwrap();
        denied(b.lock(&mut a, write_lock(0, 10).blocking()));
        match sign {
            "LOCK" => b.lock(&mut a, write_lock(200, 1)).unwrap(),
            "LOCKU" => drop(a.actor.unlock(&b.file.filehandle, &mut b.owner, write_lock(300, 1)).unwrap()),
            _ => {
                a.actor.unlock(&b.file.filehandle, &mut b.owner, write_lock(100, 1)).unwrap();
                a.actor.close(&mut b.file).unwrap();
            }
        }
        a.unlock(write_lock(0, 10)).unwrap();
        c.lock(&mut a, write_lock(0, 10).blocking()).unwrap_or_else(|error| panic!("{sign}: {error}"));
    }
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

/// Asks in turn, each of them as often as a client that polls, until one is told that it is in a deadlock: which one. The
/// others are denied.
fn until_deadlock(asks: &mut [&mut dyn FnMut() -> Result<(), Error>]) -> usize {
    let start = Instant::now();
    loop {
        for (index, ask) in asks.iter_mut().enumerate() {
            match ask() {
                Err(error) if error.status() == Some(Status::Deadlock) => {
                    assert!(start.elapsed() > STANDING, "{:?}", start.elapsed());
                    return index;
                }
                other => drop(denied(other)),
            }
        }
        assert!(start.elapsed() < BROKEN, "nobody is told of the deadlock");
        std::thread::sleep(POLL);
    }
}

/// §13.1.8 (NFS4ERR_DEADLOCK): owners that wait for each other over two files are denied first; when all of them keep
/// asking, one of them is refused until it ends its wait.
#[test]
fn deadlock_over_two_files() {
    let (mut a, mut b, _) = three();
    let (mut ga, mut gb) = (second(&mut a, "g"), second(&mut b, "g"));
    a.lock(write_lock(0, 1)).unwrap();
    gb.lock(&mut b, write_lock(0, 1)).unwrap();
    let refused = until_deadlock(&mut [&mut || ga.lock(&mut a, write_lock(0, 1).blocking()), &mut || {
        b.lock(write_lock(0, 1).blocking()).map(drop)
    }]);
    // The one that was refused gives way, the other goes on.
    if refused == 0 {
        a.unlock(write_lock(0, 1)).unwrap();
        b.lock(write_lock(0, 1).blocking()).unwrap();
    } else {
        b.actor.unlock(&gb.file.filehandle, &mut b.owner, write_lock(0, 1)).unwrap();
        ga.lock(&mut a, write_lock(0, 1).blocking()).unwrap();
    }
}

/// A circle of three.
#[test]
fn deadlock_of_three() {
    let (mut a, mut b, mut c) = three();
    for (who, byte) in [(&mut a, 0), (&mut b, 1), (&mut c, 2)] {
        who.lock(write_lock(byte, 1)).unwrap();
    }
    until_deadlock(&mut [
        &mut || a.lock(write_lock(1, 1).blocking()).map(drop),
        &mut || b.lock(write_lock(2, 1).blocking()).map(drop),
        &mut || c.lock(write_lock(0, 1).blocking()).map(drop),
    ]);
}

/// Two readers that both want to write: the upgrades would wait for ever.
#[test]
fn deadlock_of_two_upgrades() {
    let (mut a, mut b, _) = three();
    a.lock(read_lock(0, 1)).unwrap();
    b.lock(read_lock(0, 1)).unwrap();
    until_deadlock(&mut [&mut || a.lock(write_lock(0, 1).blocking()).map(drop), &mut || {
        b.lock(write_lock(0, 1).blocking()).map(drop)
    }]);
}

/// There is none when one of the two has given up, or does something else meanwhile.
#[test]
fn no_deadlock_when_one_is_not_stuck() {
    for acts in [false, true] {
        let (mut a, mut b, _) = three();
        a.lock(write_lock(0, 1)).unwrap();
        b.lock(write_lock(1, 1)).unwrap();
        b.lock_denied(write_lock(0, 1).blocking());
        let start = Instant::now();
        while start.elapsed() < NO_DEADLOCK {
            a.lock_denied(write_lock(1, 1).blocking());
            if acts {
                // Another task that shares the open file.
                b.lock(write_lock(7, 1)).unwrap();
                b.unlock(write_lock(7, 1)).unwrap();
                b.lock_denied(write_lock(0, 1).blocking());
            }
            std::thread::sleep(POLL);
        }
    }
}

/// Who does not wait does not deadlock.
#[test]
fn no_deadlock_of_who_does_not_wait() {
    let (mut a, mut b, _) = three();
    a.lock(write_lock(0, 1)).unwrap();
    b.lock(write_lock(1, 1)).unwrap();
    let start = Instant::now();
    while start.elapsed() < NO_DEADLOCK {
        a.lock_denied(write_lock(1, 1).blocking());
        b.lock_denied(write_lock(0, 1));
        std::thread::sleep(POLL);
    }
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
    denied(a.lock_as(&mut other, write_lock(1, 1).blocking()));
    a.unlock(write_lock(0, 1)).unwrap();
    b.lock(write_lock(0, 1).blocking()).unwrap();
}
