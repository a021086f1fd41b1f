//! The way of a hot COMPOUND, from its record to its reply, allocates nothing.
//!
//! Plain counts, the same on every machine; times are measured by `benches/wire.rs` and `benches/apply`.

mod apply;
#[path = "../../benches/counting.rs"]
mod counting;
mod hot;

use counting::allocations;
use hot::{Hot, Kind};
use lockhouse::compound::classify;
use lockhouse::rpc::{Accepted, LastCredential, authenticate, begin_record, parse_call, put_accepted};

/// Minor version, and whether replies are kept for a retry.
const CLIENTS: [(u32, bool); 3] = [(0, false), (1, false), (1, true)];
/// Requests between two times at which what is to be stored is taken.
const AT_ONCE: usize = 64;

/// How often `run` allocates for requests of these kinds in turn, when it has run often: buffers have then their size.
fn in_the_long_run(hot: &mut Hot, run: fn(&mut Hot, Kind), kinds: &[Kind]) -> usize {
    let mut round = || {
        kinds.iter().cycle().take(AT_ONCE).for_each(|kind| run(hot, *kind));
        hot.commit();
    };
    (0..10).for_each(|_| round());
    allocations(|| (0..10).for_each(|_| round()))
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(std::hint::black_box(Box::new(1)))), 1);
    assert_eq!(allocations(|| drop(std::hint::black_box(vec![0u8; 9]))), 1);
    assert_eq!(allocations(|| ()), 0);
}

#[test]
fn headers_and_classes_are_read_in_place() {
    for (minor, cache) in CLIENTS {
        let hot = Hot::new(minor, cache);
        let mut last = LastCredential::default();
        for kind in [Kind::Lock, Kind::Locku, Kind::Sequence] {
            let request = hot.request(kind);
            let call = parse_call(&request.record).expect("a call");
            assert!(last.authenticate(call.cred, call.verf).is_ok());
            let mut out = Vec::with_capacity(64);
            let count = allocations(|| {
                let call = parse_call(&request.record).expect("a call");
                assert!(authenticate(call.cred, call.verf).is_ok());
                assert!(last.authenticate(call.cred, call.verf).is_ok());
                assert!(classify(request.args()).nonblocking);
                begin_record(&mut out);
                put_accepted(&mut out, call.xid, Accepted::Success);
            });
            assert_eq!(count, 0, "{kind:?} of 4.{minor}");
        }
    }
}

#[test]
fn lock_and_unlock_allocate_nothing() {
    for (minor, cache) in CLIENTS {
        let mut hot = Hot::new(minor, cache);
        let turns = [Kind::Lock, Kind::Locku];
        assert_eq!(in_the_long_run(&mut hot, Hot::execute, &turns), 0, "4.{minor}, kept: {cache}");
        assert_eq!(
            in_the_long_run(&mut hot, Hot::answer, &turns),
            0,
            "4.{minor}, kept: {cache}, with headers"
        );
    }
}

#[test]
fn sequence_alone_allocates_nothing() {
    for cache in [false, true] {
        let mut hot = Hot::new(1, cache);
        assert_eq!(in_the_long_run(&mut hot, Hot::answer, &[Kind::Sequence]), 0, "kept: {cache}");
    }
}
