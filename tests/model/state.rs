//! The state core against the RFC's text: random scripts of several clients with right and wrong seqids and stateids,
//! retransmissions, time that passes, now and then over the end of a lease, and restarts of the server.

#[path = "rfc/mod.rs"]
pub mod rfc;

use proptest::prelude::*;
use rfc::{Op, Run};

fn play(script: &[[u8; 8]]) {
    let mut run = Run::default();
    for bytes in script {
        run.step(&Op::from_bytes(*bytes));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn random_scripts(script in proptest::collection::vec(any::<[u8; 8]>(), 1..300)) {
        play(&script);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]

    #[test]
    fn long_scripts(script in proptest::collection::vec(any::<[u8; 8]>(), 3000..3001)) {
        play(&script);
    }
}

/// The scripts say something: in a long one each command has each outcome that it can have here.
#[test]
fn scripts_reach_every_outcome() {
    let mut run = Run::default();
    let mut state = 1u64;
    for _ in 0..60_000 {
        // Knuth's generator for 64 bits; its high bits are the good ones.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        run.step(&Op::from_bytes((state ^ (state >> 29)).to_be_bytes()));
    }
    for (operation, outcomes) in OUTCOMES {
        for outcome in outcomes.split_whitespace() {
            let seen = run.seen().contains_key(&(operation, outcome));
            assert!(seen, "no {operation} was answered {outcome}");
        }
    }
}

/// Operations, and the statuses that a script is to reach; and where restarts are to find the server.
const OUTCOMES: [(&str, &str); 14] = [
    ("SETCLIENTID", "OK CLID_INUSE"),
    ("SETCLIENTID_CONFIRM", "OK CLID_INUSE STALE_CLIENTID"),
    ("RENEW", "OK EXPIRED STALE_CLIENTID"),
    ("OPEN", "OK BAD_SEQID EXPIRED SHARE_DENIED STALE_CLIENTID"),
    ("OPEN_CONFIRM", "OK BAD_SEQID BAD_STATEID EXPIRED OLD_STATEID STALE_STATEID"),
    ("OPEN_DOWNGRADE", "OK BAD_SEQID BAD_STATEID INVAL OLD_STATEID STALE_STATEID"),
    ("CLOSE", "OK BAD_SEQID BAD_STATEID LOCKS_HELD OLD_STATEID STALE_STATEID"),
    ("READ or WRITE", "OK BAD_STATEID LOCKED OLD_STATEID OPENMODE"),
    ("LOCK by a new locker", "OK BAD_SEQID BAD_STATEID DENIED EXPIRED INVAL OLD_STATEID OPENMODE"),
    ("LOCK", "OK BAD_SEQID BAD_STATEID DENIED EXPIRED INVAL OLD_STATEID OPENMODE STALE_STATEID"),
    ("LOCKT", "OK DENIED EXPIRED INVAL STALE_CLIENTID"),
    ("LOCKU", "OK BAD_SEQID BAD_STATEID EXPIRED INVAL OLD_STATEID STALE_STATEID"),
    ("RELEASE_LOCKOWNER", "OK EXPIRED LOCKS_HELD"),
    ("a restart", "IDLE OPENING TEARDOWN"),
];
