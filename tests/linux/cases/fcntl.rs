//! F_SETLK, F_GETLK and unlock: ranges, types and who is named as the holder.

use rustix::io::Errno;

use super::{cases, granted, refused};
use crate::host::stage::Stage;
use crate::host::worker::Kind::{Read, Write};
use crate::host::worker::{Fd, Worker, held};

cases!("fcntl":
    write_excludes, read_shares, overlap_replaces, split, merge, upgrade, upgrade_refused, downgrade, to_end_of_file,
    offset_2_62, last_byte, whole_file, same_owner_never_conflicts, unlock_what_is_not_held, processes_are_owners,
    files_are_apart, many_ranges, read_only_open,
);

/// Two processes on two clients with the same file open.
fn both(stage: &Stage<'_>) -> (Worker, Fd, Worker, Fd) {
    let path = stage.file("file");
    let (a, b) = (stage.a(), stage.b());
    let (fa, fb) = (a.open(&path, "rw"), b.open(&path, "rw"));
    (a, fa, b, fb)
}

/// A write lock keeps the other client out of its bytes and no others.
fn write_excludes(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    granted(a.lock(fa, Write, 10..=19));
    refused(b.lock(fb, Write, 19..=19));
    refused(b.lock(fb, Read, 10..=10));
    assert_eq!(b.test(fb, Read, 0..=100), held(Write, 10..=19));
    granted(b.lock(fb, Write, 0..=9));
    granted(b.lock(fb, Write, 20..));
    assert_eq!(a.test(fa, Write, 0..), held(Write, 0..=9));
    assert_eq!(a.test(fa, Write, 15..), held(Write, 20..));
}

/// Read locks of many owners live together and keep writers out until the last is gone.
fn read_shares(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    granted(a.lock(fa, Read, 0..=99));
    granted(b.lock(fb, Read, 50..=149));
    assert_eq!(b.test(fb, Read, 0..), None);
    assert_eq!(b.test(fb, Write, 0..), held(Read, 0..=99));
    refused(b.lock(fb, Write, 99..=99));
    a.unlock(fa, 0..);
    granted(b.lock(fb, Write, 99..=99));
    assert_eq!(a.test(fa, Write, 0..=98), held(Read, 50..=98));
    assert_eq!(a.test(fa, Read, 0..), held(Write, 99..=99));
}

/// A lock over an own one of another type replaces the bytes they share.
fn overlap_replaces(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    granted(a.lock(fa, Write, 0..=9));
    granted(a.lock(fa, Read, 5..=14));
    assert_eq!(b.test(fb, Read, 0..), held(Write, 0..=4));
    assert_eq!(b.test(fb, Write, 5..), held(Read, 5..=14));
    granted(b.lock(fb, Read, 5..=20));
    granted(a.lock(fa, Write, 21..=30));
    refused(a.lock(fa, Write, 3..=30));
    assert_eq!(b.test(fb, Read, 0..=20), held(Write, 0..=4));
}

/// Unlocking, or retyping, the middle of a range leaves both ends.
fn split(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    granted(a.lock(fa, Write, 0..=99));
    a.unlock(fa, 40..=59);
    assert_eq!(b.test(fb, Write, 0..=50), held(Write, 0..=39));
    assert_eq!(b.test(fb, Write, 40..=59), None);
    assert_eq!(b.test(fb, Write, 50..=100), held(Write, 60..=99));
    granted(b.lock(fb, Write, 40..=59));
    refused(b.lock(fb, Write, 39..=39));
    refused(b.lock(fb, Write, 60..=60));
    granted(a.lock(fa, Read, 70..=79));
    assert_eq!(b.test(fb, Write, 70..=79), held(Read, 70..=79));
    assert_eq!(b.test(fb, Read, 62..=99), held(Write, 60..=69));
    assert_eq!(b.test(fb, Read, 75..=99), held(Write, 80..=99));
}

/// Neighbours and overlaps of one type become one range; only in one piece can it be named.
fn merge(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    granted(a.lock(fa, Write, 0..=9));
    granted(a.lock(fa, Write, 20..=29));
    granted(a.lock(fa, Write, 10..=19));
    assert_eq!(b.test(fb, Write, 15..=15), held(Write, 0..=29));
    granted(a.lock(fa, Write, 25..=39));
    assert_eq!(b.test(fb, Write, 0..), held(Write, 0..=39));
    a.unlock(fa, 0..=39);
    assert_eq!(b.test(fb, Write, 0..), None);
}

/// A read lock becomes a write lock in one step when nobody else reads.
fn upgrade(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    granted(a.lock(fa, Read, 0..=99));
    granted(a.lock(fa, Write, 0..=99));
    refused(b.lock(fb, Read, 50..=50));
    assert_eq!(b.test(fb, Read, 0..), held(Write, 0..=99));
}

/// A refused upgrade leaves the read lock as it was.
fn upgrade_refused(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    granted(a.lock(fa, Read, 0..=99));
    granted(b.lock(fb, Read, 90..=190));
    refused(a.lock(fa, Write, 0..=99));
    assert_eq!(b.test(fb, Write, 0..=99), held(Read, 0..=99));
    granted(a.lock(fa, Write, 0..=89));
    assert_eq!(b.test(fb, Write, 90..=99), held(Read, 90..=99));
}

/// A write lock becomes a read lock, and readers come in.
fn downgrade(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    granted(a.lock(fa, Write, 0..=99));
    granted(a.lock(fa, Read, 0..=49));
    granted(b.lock(fb, Read, 0..=49));
    refused(b.lock(fb, Read, 50..=50));
    refused(b.lock(fb, Write, 0..=0));
    assert_eq!(b.test(fb, Read, 0..), held(Write, 50..=99));
}

/// A range to the end reaches every later byte, and a part of it can be given up.
fn to_end_of_file(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    granted(a.lock(fa, Write, 100..));
    assert_eq!(b.test(fb, Read, 0..), held(Write, 100..));
    refused(b.lock(fb, Write, i64::MAX - 1..=i64::MAX - 1));
    granted(b.lock(fb, Write, 0..=99));
    a.unlock(fa, 200..=299);
    assert_eq!(b.test(fb, Write, 100..=250), held(Write, 100..=199));
    assert_eq!(b.test(fb, Write, 250..), held(Write, 300..));
    a.unlock(fa, 1000..);
    assert_eq!(b.test(fb, Write, 250..), held(Write, 300..=999));
    granted(b.lock(fb, Write, 1000..));
}

/// Offsets that do not fit 32 bits, nor a signed sum of two.
fn offset_2_62(stage: &Stage<'_>) {
    const FAR: i64 = 1 << 62;
    let (a, fa, b, fb) = both(stage);
    granted(a.lock(fa, Write, FAR..=FAR + 9));
    refused(b.lock(fb, Write, FAR + 9..=FAR + 9));
    assert_eq!(b.test(fb, Write, 0..), held(Write, FAR..=FAR + 9));
    granted(b.lock(fb, Write, FAR - 10..=FAR - 1));
    granted(b.lock(fb, Read, FAR + 10..=FAR + (FAR - 2)));
    assert_eq!(a.test(fa, Write, FAR - 1..=FAR - 1), held(Write, FAR - 10..=FAR - 1));
}

/// The last byte that a file can have.
fn last_byte(stage: &Stage<'_>) {
    const LAST: i64 = i64::MAX;
    let (a, fa, b, fb) = both(stage);
    granted(a.lock(fa, Write, LAST..=LAST));
    refused(b.lock(fb, Read, LAST..=LAST));
    refused(b.lock(fb, Write, 0..));
    granted(b.lock(fb, Write, 0..=LAST - 1));
    assert_eq!(a.test(fa, Write, 5..=5), held(Write, 0..=LAST - 1));
    assert_eq!(b.test(fb, Write, 1..), held(Write, LAST..=LAST));
    a.unlock(fa, LAST..=LAST);
    assert_eq!(b.test(fb, Write, 0..), None);
}

/// Start 0, length 0.
fn whole_file(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    granted(a.lock(fa, Write, 0..));
    refused(b.lock(fb, Read, 0..=0));
    assert_eq!(b.test(fb, Write, 7..=7), held(Write, 0..));
    a.unlock(fa, 0..);
    granted(b.lock(fb, Write, 0..));
}

/// An owner is never in its own way, whatever it does to its ranges.
fn same_owner_never_conflicts(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    for kind in [Read, Write, Write, Read] {
        granted(a.lock(fa, kind, 0..=49));
        granted(a.lock(fa, kind, 25..=74));
        assert_eq!(a.test(fa, Write, 0..), None);
    }
    assert_eq!(b.test(fb, Write, 0..), held(Read, 0..=74));
}

/// Unlocking succeeds on bytes that are free and on those of another, which it leaves alone.
fn unlock_what_is_not_held(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    a.unlock(fa, 0..);
    granted(a.lock(fa, Write, 10..=19));
    granted(b.lock(fb, Write, 30..=39));
    b.unlock(fb, 0..=29);
    refused(b.lock(fb, Write, 10..=19));
    a.unlock(fa, 15..=100);
    assert_eq!(b.test(fb, Write, 0..=29), held(Write, 10..=14));
    assert_eq!(a.test(fa, Write, 15..), held(Write, 30..=39));
}

/// Two processes of one client are two owners: the other client meets each of them.
fn processes_are_owners(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    let second = stage.a();
    let fs = second.open(&stage.path("file"), "rw");
    granted(a.lock(fa, Read, 0..=99));
    granted(second.lock(fs, Read, 50..=149));
    refused(b.lock(fb, Write, 75..=75));
    a.unlock(fa, 0..);
    assert_eq!(b.test(fb, Write, 0..), held(Read, 50..=149));
    second.unlock(fs, 0..);
    granted(b.lock(fb, Write, 0..));
    refused(second.lock(fs, Read, 0..=0));
    refused(a.lock(fa, Read, 0..=0));
}

/// Locks are of one file, even of one with two names.
fn files_are_apart(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    let other = stage.file("other");
    let name = stage.path("second-name");
    a.must(&format!("link {} {name}", stage.path("file")));
    granted(a.lock(fa, Write, 0..));
    let fo = b.open(&other, "rw");
    granted(b.lock(fo, Write, 0..));
    let fs = b.open(&name, "rw");
    refused(b.lock(fs, Read, 0..=0));
    refused(b.lock(fb, Read, 0..=0));
}

/// Many small ranges, then all of them given up in one step.
fn many_ranges(stage: &Stage<'_>) {
    const COUNT: i64 = 150;
    let (a, fa, b, fb) = both(stage);
    for number in 0..COUNT {
        granted(a.lock(fa, Write, number * 10..=number * 10 + 4));
    }
    for number in (0..COUNT).step_by(7) {
        let first = number * 10;
        assert_eq!(b.test(fb, Read, first + 4..=first + 9), held(Write, first..=first + 4));
        granted(b.lock(fb, Write, first + 5..=first + 9));
    }
    a.unlock(fa, 0..);
    granted(b.lock(fb, Write, 0..));
}

/// A file open for reading takes read locks, and only these.
fn read_only_open(stage: &Stage<'_>) {
    let path = stage.file("file");
    let (a, b) = (stage.a(), stage.b());
    let (fa, fb) = (a.open(&path, "r"), b.open(&path, "rw"));
    assert_eq!(a.lock(fa, Write, 0..=9), Err(Errno::BADF));
    granted(a.lock(fa, Read, 0..=9));
    refused(b.lock(fb, Write, 0..=9));
    granted(b.lock(fb, Read, 0..=9));
    a.unlock(fa, 0..);
    granted(b.lock(fb, Write, 0..=9));
}
