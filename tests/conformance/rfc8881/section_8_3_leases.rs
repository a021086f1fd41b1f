//! RFC 8881 §8.3, §9.6: the lease of a holder that died ends, and who waits is told at once.

use crate::support::{Locker, Place, server};
use lockhouse::client::{Patience, write_lock};
use std::time::{Duration, Instant};

const LEASE: Duration = Duration::from_secs(4);
/// Long enough for a callback that comes, on a busy machine.
const SOON: Duration = Duration::from_secs(20);

/// A holder that is not heard of again, without or with sessions, and a waiter that asks just often enough to renew its
/// own lease: it is called before it would ask again.
#[test]
fn end_of_a_lease_calls_the_waiter() {
    let Some(server) = server::special(&["--lease-time", &LEASE.as_secs().to_string()]) else { return };
    for sessions in [false, true] {
        let place = Place::on(server.target());
        let mut waiter = place.session_locker("waiter");
        let mut dead = if sessions { place.session_locker("dead") } else { place.locker("dead") };
        let held = Instant::now();
        dead.lock(write_lock(0, 10)).unwrap();
        let patience = Patience { poll: LEASE * 3 / 4, give_up: SOON };
        let Locker { actor, file, owner } = &mut waiter;
        let granted = actor.lock_wait(file, owner, write_lock(5, 10), patience).unwrap();
        assert_eq!(granted.notified.len(), 1, "{sessions}");
        assert!(granted.at - held >= LEASE, "{sessions}: before its lease ended");
    }
}
