//! What the way of one hot COMPOUND costs between its record and the state core, part by part, and how often each part
//! allocates. `cargo bench --bench wire [-- PART OF A NAME]`.

#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark ends where it fails")]

mod counting;
#[path = "../tests/allocations/hot.rs"]
mod hot;

use counting::allocations;
use hot::{Hot, Kind};
use lockhouse::compound::classify;
use lockhouse::nfs4::{SessionId, Stateid};
use lockhouse::rpc::{
    Accepted, LastCredential, authenticate, begin_record, finish_record, parse_call, put_accepted,
};
use lockhouse::xdr::Encoder;
use lockhouse::xdr::decode;
use std::hint::black_box;
use std::time::Instant;

/// Requests between two times at which what is to be stored is taken: as many as may be in flight.
const COMMITTED_AT_ONCE: u64 = 64;

/// Decodes the arguments of a hot COMPOUND, whose operations are these.
fn decode_all(mut rest: &[u8]) {
    let (after, head) = decode::compound_head(rest).unwrap();
    rest = after;
    for _ in 0..black_box(head).count {
        let (after, number) = decode::u32_(rest).unwrap();
        rest = match number {
            12 => skip(decode::lock(after).unwrap()),
            14 => skip(decode::locku(after).unwrap()),
            22 => skip(decode::putfh(after).unwrap()),
            53 => skip(decode::sequence(after).unwrap()),
            other => panic!("operation {other}"),
        };
    }
    black_box(rest);
}

fn skip<T>((rest, args): (&[u8], T)) -> &[u8] {
    black_box(args);
    rest
}

/// Writes the reply to `[SEQUENCE] PUTFH LOCK`, RPC header included.
fn encode_all(out: &mut Vec<u8>, sessions: bool) {
    let (session, stateid) = (black_box(SessionId([1; 16])), black_box(Stateid::READ_BYPASS));
    begin_record(out);
    put_accepted(out, 1, Accepted::Success);
    let mut encoder = Encoder::on(std::mem::take(out));
    let start = encoder.pos();
    encoder.u32(0);
    encoder.opaque(black_box(b""));
    encoder.u32(0);
    if sessions {
        encoder.words([53, 0]);
        encoder.fixed(&session.0);
        encoder.words(black_box([1, 2, 3, 4, 5]));
    }
    encoder.words([22, black_box(0)]);
    encoder.words([12, black_box(0)]);
    encoder.stateid(&stateid);
    encoder.patch_u32(start, 0);
    encoder.patch_u32(start + 8, 3);
    *out = encoder.into_vec();
    assert!(finish_record(out));
}

/// How many samples are taken, and how often a part is run for one of them. A sample is so short that some are taken
/// while nobody else has the processor: the shortest is what the code costs.
const SAMPLES: usize = 4000;
const RUNS: u32 = 64;

/// Measures `run`, if its name was asked for, and prints how often it allocates when it has run often.
fn measure(name: &str, mut run: impl FnMut()) {
    if !std::env::args().skip(1).all(|word| word.starts_with("--") || name.contains(&word)) {
        return;
    }
    (0..10 * RUNS).for_each(|_| run());
    let allocated = allocations(|| (0..RUNS).for_each(|_| run()));
    let mut nanos: Vec<f64> = std::iter::repeat_with(|| {
        let start = Instant::now();
        (0..RUNS).for_each(|_| run());
        start.elapsed().as_nanos() as f64 / f64::from(RUNS)
    })
    .take(SAMPLES)
    .collect();
    nanos.sort_by(f64::total_cmp);
    let (shortest, median) = (nanos[SAMPLES / 1000], nanos[SAMPLES / 2]);
    let allocated = allocated as f64 / f64::from(RUNS);
    println!("{name:34} {shortest:8.1} ns  median {median:8.1}  {allocated:.2} allocations");
}

fn parts(name: &str, hot: &Hot, kind: Kind) {
    let request = hot.request(kind);
    let name = format!("{name} {kind:?}");
    measure(&format!("{name}: header"), || {
        let call = parse_call(black_box(&request.record)).unwrap();
        black_box(authenticate(call.cred, call.verf).unwrap());
    });
    let mut last = LastCredential::default();
    measure(&format!("{name}: header, known credential"), || {
        let call = parse_call(black_box(&request.record)).unwrap();
        black_box(last.authenticate(call.cred, call.verf).unwrap());
    });
    measure(&format!("{name}: class"), || {
        black_box(classify(black_box(request.args())));
    });
    measure(&format!("{name}: decode"), || decode_all(black_box(request.args())));
}

/// Carries out requests of these kinds in turn; a time is that of one of them.
fn whole(name: &str, hot: &mut Hot, run: fn(&mut Hot, Kind), kinds: &[Kind]) {
    let (mut count, mut turn) = (0, kinds.iter().cycle());
    measure(name, || {
        run(hot, *turn.next().unwrap());
        count += 1;
        if count % COMMITTED_AT_ONCE == 0 {
            hot.commit();
        }
    });
}

fn main() {
    let turns = [Kind::Lock, Kind::Locku];
    for (minor, cache, name) in [(0, false, "4.0"), (1, false, "4.1"), (1, true, "4.1 cached")] {
        let mut hot = Hot::new(minor, cache);
        if !cache {
            parts(name, &hot, Kind::Lock);
            parts(name, &hot, Kind::Locku);
            let mut out = Vec::with_capacity(512);
            measure(&format!("{name} Lock: encode"), || encode_all(&mut out, minor > 0));
        }
        whole(&format!("{name} Lock, Locku: execute"), &mut hot, Hot::execute, &turns);
        whole(&format!("{name} Lock, Locku: all"), &mut hot, Hot::answer, &turns);
        if minor > 0 {
            whole(&format!("{name} Sequence: execute"), &mut hot, Hot::execute, &[Kind::Sequence]);
            whole(&format!("{name} Sequence: all"), &mut hot, Hot::answer, &[Kind::Sequence]);
        }
    }
}
