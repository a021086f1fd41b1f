//! The lock generation of a file, which programs read as `user.lockhouse.generation` and carry along as a fencing number.

use rustix::io::Errno;

use super::{cases, granted};
use crate::host::link::Pending;
use crate::host::stage::Stage;
use crate::host::worker::Kind::{Read, Write};
use crate::host::worker::{Fd, Worker, finish};

cases!("fencing" since "4.2":
    grows_with_each_grant, cannot_be_set, never_goes_back_without_a_lock, new_name_is_not_cached,
    no_two_holders_share_one,
);

const GENERATION: &str = "user.lockhouse.generation";
/// With anything behind it, another name of the same.
const GENERATION_DOT: &str = "user.lockhouse.generation.";

#[track_caller]
fn generation(worker: &Worker, file: Fd) -> u64 {
    number(&worker.must_on(file, "getxattr", GENERATION))
}

#[track_caller]
fn number(value: &str) -> u64 {
    value.parse().unwrap_or_else(|_| panic!("no number: {value}"))
}

#[track_caller]
fn numbers(pending: Pending) -> Vec<u64> {
    finish(pending).expect("values").split(',').map(number).collect()
}

/// Each holder sees a greater number than all before it, also when its client has read one before.
fn grows_with_each_grant(stage: &Stage<'_>) {
    let path = stage.file("file");
    let (a, b) = (stage.a(), stage.b());
    let (fa, fb) = (a.open(&path, "rw"), b.open(&path, "rw"));
    let mut last = generation(&a, fa).max(generation(&b, fb));
    for turn in 0..6 {
        // A, A, B, B, A, A: the one before is now oneself, now the other.
        let (holder, file) = if turn / 2 % 2 == 0 { (&a, fa) } else { (&b, fb) };
        granted(holder.lock(file, Write, 0..));
        let now = generation(holder, file);
        assert!(now > last, "turn {turn}: {now} after {last}");
        assert_eq!(generation(holder, file), now, "turn {turn}: the same grant");
        holder.unlock(file, 0..);
        last = now;
    }
}

/// It is the server's: no program sets it, and no copy of a file takes it along.
fn cannot_be_set(stage: &Stage<'_>) {
    let path = stage.file("file");
    let a = stage.a();
    let fa = a.open(&path, "rw");
    granted(a.lock(fa, Write, 0..));
    let before = generation(&a, fa);
    for name in [GENERATION, GENERATION_DOT, "user.lockhouse.generation.x"] {
        assert_eq!(a.on(fa, "setxattr", &format!("{name} 1")), Err(Errno::PERM), "{name}");
    }
    assert_eq!(generation(&a, fa), before);
    assert_eq!(a.on(fa, "listxattr", ""), Ok(String::new()));
}

/// Linux shows those without a lock what it has cached, be it old; any lock makes it fresh, also of a byte that nobody
/// else wants.
fn never_goes_back_without_a_lock(stage: &Stage<'_>) {
    let path = stage.file("file");
    let (a, b) = (stage.a(), stage.b());
    let (fa, fb) = (a.open(&path, "rw"), b.open(&path, "rw"));
    let mut last = generation(&a, fa);
    for _ in 0..3 {
        granted(b.lock(fb, Write, 0..=9));
        let now = generation(&b, fb);
        let seen = generation(&a, fa);
        assert!(last <= seen && seen <= now, "{seen} after {last}, and now it is {now}");
        granted(a.lock(fa, Read, 100..=100));
        assert_eq!(generation(&a, fa), now);
        a.unlock(fa, 100..=100);
        b.unlock(fb, 0..);
        last = now;
    }
}

/// Without any lock, the last grant is seen under a name that was not used before.
fn new_name_is_not_cached(stage: &Stage<'_>) {
    let path = stage.file("file");
    let (a, b) = (stage.a(), stage.b());
    let (fa, fb) = (a.open(&path, "r"), b.open(&path, "rw"));
    for turn in 0..5 {
        granted(b.lock(fb, Write, 0..));
        let now = generation(&b, fb);
        assert_eq!(number(&a.must_on(fa, "getxattr", &format!("{GENERATION_DOT}{turn}"))), now);
        b.unlock(fb, 0..);
    }
}

/// Four processes take the lock in turns, while others read without it and so put old numbers into the caches.
fn no_two_holders_share_one(stage: &Stage<'_>) {
    let path = stage.file("file");
    let watchers = [stage.a(), stage.b()];
    let watch =
        |worker: &Worker| worker.start_on(worker.open(&path, "r"), "watch", &format!("{GENERATION} 100000"));
    let watching: Vec<_> = watchers.iter().map(watch).collect();
    let holders = [stage.a(), stage.b(), stage.a(), stage.b()];
    let hold = |worker: &Worker| {
        worker.start_on(worker.open(&path, "rw"), "tokens", &format!("{GENERATION_DOT} 100"))
    };
    let holding: Vec<_> = holders.iter().map(hold).collect();
    let tokens: Vec<_> = holding.into_iter().map(numbers).collect();
    let seen: Vec<_> = watching.into_iter().map(numbers).collect();
    assert!(tokens.iter().chain(&seen).all(|list| list.is_sorted()), "a number goes back");
    let mut all = tokens.concat();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count, "two holders had the same number");
}
