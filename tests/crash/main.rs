//! `kill -9` of the server at random moments under load, and what its clients find when it is back: every lock that was
//! granted and not given up is held, nothing else is, and every request is answered once.
//!
//! `LOCKHOUSE_CRASH_SEED` and `LOCKHOUSE_CRASH_CYCLES` say how a run goes, `LOCKHOUSE_CRASH_MEASURE=LOCKS` measures a
//! restart with so many locks:
//!
//! ```text
//! LOCKHOUSE_CRASH_CYCLES=1000 cargo test --release --test crash survives -- --nocapture
//! LOCKHOUSE_CRASH_MEASURE=100000 cargo test --release --test crash measure -- --nocapture
//! ```
//!
//! - [`server`] the process and what outlives it
//! - [`load`] clients that keep many requests in flight, and judge each reply
//! - [`replay`] sending again
//! - [`verify`] looking at everything while nothing is in flight
//! - [`oracle`] what all clients together know must be true
//! - [`queue`] waiters over a restart
//! - [`damage`] parts of the state directory are lost or damaged
//! - [`run`] the cycles

mod damage;
mod load;
mod measure;
mod oracle;
#[path = "../it/overlay.rs"]
mod overlay;
mod queue;
mod random;
mod replay;
mod run;
mod server;
mod verify;

use run::{Interruption, Plan, run};

/// Cycles of a run when nothing is said.
const CYCLES: u64 = 15;

fn from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn plan(interruption: Interruption) -> Plan {
    let seed = from_environment("LOCKHOUSE_CRASH_SEED").unwrap_or(1);
    let cycles = from_environment("LOCKHOUSE_CRASH_CYCLES").unwrap_or(CYCLES);
    Plan { seed, cycles, interruption, sabotage: None, damage: false, store_delay: None }
}

/// Nothing that was granted is lost, whenever the server is killed; and nothing is granted twice, whatever becomes of its
/// state directory.
#[test]
fn survives_kills() {
    if let Some(found) = run(Plan { damage: true, ..plan(Interruption::Restart) }) {
        panic!("{found}");
    }
}

/// The same when the store takes 5 ms for each commit: what was answered is stored, and what was not is lost or asked again.
#[test]
fn survives_kills_with_a_slow_store() {
    if let Some(found) = run(Plan { store_delay: Some(5), ..plan(Interruption::Restart) }) {
        panic!("{found}");
    }
}

/// When only connections break, the oracle finds nothing.
#[test]
fn finds_nothing_when_only_connections_break() {
    if let Some(found) = run(plan(Interruption::Break)) {
        panic!("{found}");
    }
}

/// A lock that is given up behind the oracle's back is found, of a client of 4.0 and of 4.1.
#[test]
fn finds_a_lock_that_is_lost() {
    for client in [0, 1] {
        let cycles = 3;
        let sabotage = Some((cycles, client));
        let plan = Plan { seed: 3, cycles, sabotage, ..plan(Interruption::Break) };
        let found = run(plan).expect("the oracle finds that a lock was given up");
        assert!(found.contains("a granted lock is lost"), "{found}");
    }
}
