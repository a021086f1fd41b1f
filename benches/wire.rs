//! What the way of one hot COMPOUND costs between its record and the state core, part by part, and how often each part
//! allocates. `cargo bench --bench wire`.

#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark ends where it fails")]

#[path = "../tests/allocations/counting.rs"]
mod counting;
#[path = "../tests/allocations/hot.rs"]
mod hot;

use counting::allocations;
use criterion::Criterion;
use hot::{Hot, Kind};
use lockhouse::compound::nature;
use lockhouse::nfs4::{SessionId, Stateid};
use lockhouse::rpc::{Accepted, authenticate, begin_record, finish_record, parse_call, put_accepted};
use lockhouse::xdr::Encoder;
use lockhouse::xdr::decode;
use std::hint::black_box;
use std::time::Duration;

/// Requests between two times at which what is to be stored is taken: as many as may be in flight.
const SETTLED_AT_ONCE: u64 = 64;

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
        encoder.u32(53);
        encoder.u32(0);
        encoder.fixed(&session.0);
        [1, 2, 3, 4, 5].into_iter().for_each(|word| encoder.u32(black_box(word)));
    }
    [22, 0, 12, 0].into_iter().for_each(|word| encoder.u32(black_box(word)));
    encoder.stateid(&stateid);
    encoder.patch_u32(start, 0);
    encoder.patch_u32(start + 8, 3);
    *out = encoder.into_vec();
    assert!(finish_record(out));
}

/// Measures `run`, and prints how often it allocates when it has run often.
fn measure(c: &mut Criterion, name: &str, mut run: impl FnMut()) {
    for _ in 0..10 * SETTLED_AT_ONCE {
        run();
    }
    let count = allocations(|| (0..SETTLED_AT_ONCE).for_each(|_| run()));
    println!("{name}: {:.2} allocations", count as f64 / SETTLED_AT_ONCE as f64);
    c.bench_function(name, |b| b.iter(&mut run));
}

fn parts(c: &mut Criterion, name: &str, hot: &Hot, kind: Kind) {
    let request = hot.request(kind);
    measure(c, &format!("{name}/header"), || {
        let call = parse_call(black_box(&request.record)).unwrap();
        black_box(authenticate(call.cred, call.verf).unwrap());
    });
    measure(c, &format!("{name}/nature"), || {
        black_box(nature(black_box(request.args())));
    });
    measure(c, &format!("{name}/decode"), || decode_all(black_box(request.args())));
}

/// Carries out requests of these kinds in turn; a time is that of one of them.
fn whole(c: &mut Criterion, name: &str, hot: &mut Hot, run: fn(&mut Hot, Kind), kinds: &[Kind]) {
    let (mut count, mut turn) = (0, kinds.iter().cycle());
    measure(c, name, || {
        run(hot, *turn.next().unwrap());
        count += 1;
        if count % SETTLED_AT_ONCE == 0 {
            hot.settle();
        }
    });
}

fn main() {
    let mut c = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800))
        .configure_from_args();
    for (minor, cache, name) in [(0, false, "4.0"), (1, false, "4.1"), (1, true, "4.1 cached")] {
        let mut hot = Hot::new(minor, cache);
        if !cache {
            parts(&mut c, &format!("{name}/LOCK"), &hot, Kind::Lock);
            parts(&mut c, &format!("{name}/LOCKU"), &hot, Kind::Locku);
            let mut out = Vec::with_capacity(512);
            measure(&mut c, &format!("{name}/encode"), || encode_all(&mut out, minor > 0));
        }
        let turns = [Kind::Lock, Kind::Locku];
        whole(&mut c, &format!("{name}/execute LOCK+LOCKU"), &mut hot, Hot::execute, &turns);
        whole(&mut c, &format!("{name}/answer LOCK+LOCKU"), &mut hot, Hot::answer, &turns);
        if minor > 0 {
            whole(&mut c, &format!("{name}/execute SEQUENCE"), &mut hot, Hot::execute, &[Kind::Sequence]);
            whole(&mut c, &format!("{name}/answer SEQUENCE"), &mut hot, Hot::answer, &[Kind::Sequence]);
        }
    }
    c.final_summary();
}
