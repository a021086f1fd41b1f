//! RFC 8881 §2.10.6.1, §18.46.3: what a slot makes of a sequence id, in every state it can be in.

use crate::support::{Actor, Place};
use lockhouse::client::{CompoundReply, op};
use lockhouse::nfs4::Status;
use lockhouse::xdr::generated::nfs4::nfs_argop4;

/// What was done on a slot before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    /// Nothing.
    New,
    /// One request whose reply the server was asked to keep.
    Cached,
    /// One request whose reply it was not asked to keep.
    Uncached,
}

/// What comes then.
#[derive(Clone, Copy, Debug)]
struct Probe {
    before: Before,
    /// Distance from the last sequence id.
    step: u32,
    /// Whether the operations are those of the request before.
    same: bool,
    cache: bool,
}

/// What the server may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Want {
    /// Executes it.
    Executed,
    /// Gives the reply of before, byte by byte.
    Replayed,
    /// Gives the reply of before, or says that the request is another one: only `sa_cachethis` differs.
    ReplayedOrFalseRetry,
    /// Says that it did not keep the reply; or it kept it all the same.
    UncachedOrReplayed,
    /// Says that the request is another one; when it kept nothing it may not notice and say that instead.
    FalseRetry { may_be_uncached: bool },
    /// Refuses it.
    Misordered,
}

const BACK: u32 = u32::MAX;

fn want(probe: Probe) -> Want {
    match (probe.before, probe.step, probe.same) {
        (_, 1, _) => Want::Executed,
        // A new slot has the sequence id 0 and "misordered" for its reply.
        (_, 2 | BACK, _) | (Before::New, ..) => Want::Misordered,
        (Before::Cached, _, true) if probe.cache => Want::Replayed,
        (Before::Cached, _, true) => Want::ReplayedOrFalseRetry,
        (Before::Uncached, _, true) => Want::UncachedOrReplayed,
        (before, _, false) => Want::FalseRetry { may_be_uncached: before == Before::Uncached },
    }
}

fn make(actor: &Actor, name: &str) -> Vec<nfs_argop4> {
    vec![op::putfh(&actor.dir), op::mkdir(name)]
}

fn is_there(actor: &mut Actor, name: &str) -> bool {
    let dir = actor.dir.clone();
    actor.lookup(&dir, name).is_ok()
}

/// The slot that the cases use; the client itself uses the lowest free one.
const SLOT: u32 = 3;

fn check(probe: Probe) {
    let place = Place::new();
    let mut a = place.member("a");
    let (one, two) = (make(&a, "one"), make(&a, "two"));
    let (mut last, mut first) = (0, Vec::new());
    if probe.before != Before::New {
        last = 1;
        first = a.sequenced_bytes((SLOT, last, probe.before == Before::Cached), &one);
        assert_eq!(CompoundReply::decode(&first).unwrap().status, Status::Ok);
    }
    let sequence = last.wrapping_add(probe.step);
    let ops = if probe.same { &one } else { &two };
    let second = a.sequenced_bytes((SLOT, sequence, probe.cache), ops);
    let reply = CompoundReply::decode(&second).unwrap();
    let statuses = reply.statuses();
    let replayed = second == first;
    let executed = judge(probe, &statuses, replayed);
    if !executed && !probe.same {
        assert!(!is_there(&mut a, "two"), "{probe:?}: refused and done all the same");
    }
    // Whatever was refused, the next request is taken.
    let next = if executed { sequence } else { last }.wrapping_add(1);
    let after = make(&a, "after");
    let after = a.sequenced((SLOT, next, true), &after);
    assert_eq!(after.status, Status::Ok, "{probe:?}: the request after it");
}

/// Fails unless the reply is what it may be; whether the request was executed.
fn judge(probe: Probe, statuses: &[Status], replayed: bool) -> bool {
    let uncached = statuses.last() == Some(&Status::RetryUncachedRep);
    let false_retry = statuses == [Status::SeqFalseRetry];
    let good = match want(probe) {
        Want::Misordered => statuses == [Status::SeqMisordered],
        Want::Replayed => replayed,
        Want::ReplayedOrFalseRetry => replayed || false_retry,
        Want::UncachedOrReplayed => replayed || uncached || false_retry && probe.cache,
        Want::FalseRetry { may_be_uncached } => false_retry || may_be_uncached && uncached,
        Want::Executed if probe.before != Before::New && probe.same => {
            statuses == [Status::Ok, Status::Ok, Status::Exist]
        }
        Want::Executed => statuses == [Status::Ok; 3],
    };
    assert!(good, "{probe:?}: want {:?}, got {statuses:?}, replayed: {replayed}", want(probe));
    want(probe) == Want::Executed
}

/// The whole table.
#[test]
fn every_state_and_every_sequence_id() {
    let mut failures = Vec::new();
    for before in [Before::New, Before::Cached, Before::Uncached] {
        for step in [BACK, 0, 1, 2] {
            for (same, cache) in [(true, true), (true, false), (false, true), (false, false)] {
                let probe = Probe { before, step, same, cache };
                let outcome = std::panic::catch_unwind(|| check(probe));
                failures.extend(outcome.err().map(|_| probe));
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}
