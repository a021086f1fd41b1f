//! The lock generation of a file, which programs read as `user.lockhouse.generation` and carry along as a fencing number.

use rustix::io::Errno;

use super::{cases, granted};
use crate::host::stage::Stage;
use crate::host::worker::Kind::{Read, Write};
use crate::host::worker::{Fd, Worker};

cases!("fencing" since "4.2": grows_with_each_grant, cannot_be_set, seen_without_a_lock);

const GENERATION: &str = "user.lockhouse.generation";

#[track_caller]
fn generation(worker: &Worker, file: Fd) -> u64 {
    let value = worker.must_on(file, "getxattr", GENERATION);
    value.parse().unwrap_or_else(|_| panic!("no number: {value}"))
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
    assert_eq!(a.on(fa, "setxattr", &format!("{GENERATION} 1")), Err(Errno::PERM));
    assert_eq!(generation(&a, fa), before);
    assert_eq!(a.on(fa, "listxattr", ""), Ok(String::new()));
}

fn seen_without_a_lock(stage: &Stage<'_>) {
    let path = stage.file("file");
    let (a, b) = (stage.a(), stage.b());
    let (fa, fb) = (a.open(&path, "rw"), b.open(&path, "rw"));
    let mut seen = vec![generation(&a, fa)];
    for _ in 0..3 {
        granted(b.lock(fb, Write, 0..));
        seen.push(generation(&b, fb));
        seen.push(generation(&a, fa));
        b.unlock(fb, 0..);
        let fresh = a.open(&path, "r");
        seen.push(generation(&a, fresh));
    }
    granted(a.lock(fa, Read, 0..));
    seen.push(generation(&a, fa));
    stage.tell(&format!("{seen:?}"));
}
