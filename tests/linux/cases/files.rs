//! Contents and attributes of files, written by one client and read by the other (close-to-open).

use rustix::io::Errno;

use super::cases;
use crate::host::stage::{Stage, until};
use crate::host::worker::{Fd, Worker};

cases!("files":
    write_and_read_back, append, sparse, truncate, overwrite, map_and_read, direct, chmod_and_access, owner, times,
    removed_while_open, removed_by_another_while_open,
);

/// Writes `length` bytes of the pattern and closes the file.
fn write(worker: &Worker, path: &str, length: u64, seed: u64) {
    let file = worker.open(path, "wct");
    worker.must_on(file, "fill", &format!("0 {length} {seed}"));
    worker.close(file);
}

/// The words of `stat`: kind, mode, links, uid, gid, size, inode, mtime.
pub fn stat(worker: &Worker, path: &str) -> Vec<String> {
    worker.must(&format!("stat {path}")).split(' ').map(str::to_owned).collect()
}

/// The same, from the server: stat alone may answer for seconds from what the client has cached, opening asks again.
pub fn fresh_stat(worker: &Worker, path: &str) -> Vec<String> {
    let file = worker.open(path, "r");
    let words = worker.must_on(file, "fstat", "");
    worker.close(file);
    words.split(' ').map(str::to_owned).collect()
}

fn size(worker: &Worker, file: Fd) -> u64 {
    let words = worker.must_on(file, "fstat", "");
    words.split(' ').nth(5).and_then(|size| size.parse().ok()).expect("fstat names a size")
}

fn write_and_read_back(stage: &Stage<'_>) {
    let (a, b) = (stage.a(), stage.b());
    // Nothing, less than a page, not a multiple of a page, more than one request takes.
    for (length, seed) in [(0, 1), (1, 2), (5000, 3), (3_500_001, 4)] {
        let path = stage.path(&format!("file{seed}"));
        write(&a, &path, length, seed);
        let file = b.open(&path, "r");
        assert_eq!(size(&b, file), length);
        b.must_on(file, "verify", &format!("0 {length} {seed}"));
        assert_eq!(b.must_on(file, "read", &format!("{length} 10")), "", "there is nothing after the end");
    }
}

fn append(stage: &Stage<'_>) {
    let path = stage.file("file");
    for (worker, text) in [(stage.a(), "one"), (stage.b(), "two"), (stage.a(), "six")] {
        let file = worker.open(&path, "a");
        worker.must_on(file, "write", &format!("0 {text}"));
        worker.close(file);
    }
    let reader = stage.b();
    let file = reader.open(&path, "r");
    assert_eq!(reader.must_on(file, "read", "0 100"), "6f6e6574776f736978");
}

/// A byte far beyond 4 GiB, and zeros before it.
fn sparse(stage: &Stage<'_>) {
    const FAR: u64 = 5 << 30;
    let path = stage.file("file");
    let (a, b) = (stage.a(), stage.b());
    let file = a.open(&path, "w");
    a.must_on(file, "write", &format!("{FAR} z"));
    a.close(file);
    let file = b.open(&path, "r");
    assert_eq!(size(&b, file), FAR + 1);
    assert_eq!(b.must_on(file, "read", &format!("{} 4", FAR - 3)), "0000007a");
    assert_eq!(b.must_on(file, "read", "0 4"), "00000000");
}

fn truncate(stage: &Stage<'_>) {
    let path = stage.path("file");
    let (a, b) = (stage.a(), stage.b());
    write(&a, &path, 10_000, 1);
    let file = a.open(&path, "w");
    a.must_on(file, "size", "6000");
    a.must_on(file, "size", "6004");
    a.close(file);
    let file = b.open(&path, "r");
    assert_eq!(size(&b, file), 6004);
    b.must_on(file, "verify", "0 6000 1");
    assert_eq!(b.must_on(file, "read", "6000 10"), "00000000");
    a.close(a.open(&path, "wt"));
    b.close(file);
    let file = b.open(&path, "r");
    assert_eq!(size(&b, file), 0);
}

/// What one client has cached is read again after the other has changed it.
fn overwrite(stage: &Stage<'_>) {
    let path = stage.path("file");
    let (a, b) = (stage.a(), stage.b());
    for seed in 1..8 {
        let (writer, reader) = if seed % 2 == 0 { (&a, &b) } else { (&b, &a) };
        write(writer, &path, 9000, seed);
        let file = reader.open(&path, "r");
        reader.must_on(file, "verify", &format!("0 9000 {seed}"));
        reader.close(file);
    }
}

fn map_and_read(stage: &Stage<'_>) {
    let path = stage.path("file");
    write(&stage.a(), &path, 300_000, 9);
    let reader = stage.b();
    let file = reader.open(&path, "r");
    reader.must_on(file, "map", "300000 9");
}

/// Without the client's cache: what is written is at the server when write(2) returns.
fn direct(stage: &Stage<'_>) {
    let path = stage.file("file");
    let (a, b) = (stage.a(), stage.b());
    let (fa, fb) = (a.open(&path, "rwd"), b.open(&path, "rwd"));
    for seed in 1..5 {
        a.must_on(fa, "fill", &format!("0 65536 {seed}"));
        b.must_on(fb, "verify", &format!("0 65536 {seed}"));
    }
}

/// Mode bits are kept and bind users other than root.
fn chmod_and_access(stage: &Stage<'_>) {
    let path = stage.path("file");
    let (a, user) = (stage.a(), stage.b());
    write(&a, &path, 100, 1);
    user.must("become 1000");
    a.must(&format!("chmod {path} 600"));
    assert_eq!(user.try_open(&path, "r").err(), Some(Errno::ACCESS));
    assert_eq!(user.run(&format!("chmod {path} 666")), Err(Errno::PERM));
    a.must(&format!("chmod {path} 4644"));
    assert_eq!(stat(&stage.a(), &path)[1], "4644");
    let reader = stage.b();
    reader.must("become 1001");
    let file = reader.open(&path, "r");
    reader.must_on(file, "verify", "0 100 1");
    assert_eq!(reader.try_open(&path, "w").err(), Some(Errno::ACCESS));
}

/// A file belongs to whom made it; ids travel as numbers.
fn owner(stage: &Stage<'_>) {
    let directory = stage.path("open");
    let (a, user) = (stage.a(), stage.b());
    a.must(&format!("mkdir {directory}"));
    a.must(&format!("chmod {directory} 777"));
    user.must("become 4321");
    let path = format!("{directory}/file");
    write(&user, &path, 10, 1);
    assert_eq!(stat(&a, &path)[..5], ["file", "644", "1", "4321", "4321"]);
    assert_eq!(stat(&a, &stage.path(""))[3], "0");
}

fn times(stage: &Stage<'_>) {
    let path = stage.file("file");
    let a = stage.a();
    a.must(&format!("utimes {path} 1234567890"));
    assert_eq!(stat(&stage.b(), &path)[7], "1234567890");
}

/// The client that has the file open keeps it under another name until it closes it.
fn removed_while_open(stage: &Stage<'_>) {
    let path = stage.path("file");
    let a = stage.a();
    write(&a, &path, 100, 1);
    let file = a.open(&path, "rw");
    a.must(&format!("unlink {path}"));
    assert_eq!(a.try_open(&path, "r").err(), Some(Errno::NOENT));
    a.must_on(file, "verify", "0 100 1");
    a.must_on(file, "fill", "0 200 2");
    a.must_on(file, "verify", "0 200 2");
    a.close(file);
    // Linux sends that REMOVE without waiting for it, and a listing may overtake it.
    let list = format!("list {}", stage.path(""));
    until("the other name is gone", || a.must(&list).is_empty());
}

/// The other client does not know of the open; then it is the server that keeps the file until it is closed.
fn removed_by_another_while_open(stage: &Stage<'_>) {
    let (path, other) = (stage.path("file"), stage.path("other"));
    let (a, b) = (stage.a(), stage.b());
    for remove in [format!("unlink {path}"), format!("rename {other} {path}")] {
        write(&a, &path, 9000, 1);
        write(&a, &other, 9000, 2);
        let file = b.open(&path, "rw");
        a.must(&remove);
        b.must_on(file, "verify", "0 9000 1");
        b.must_on(file, "fill", "9000 100 1");
        b.must_on(file, "sync", "");
        b.must_on(file, "verify", "0 9100 1");
        b.close(file);
    }
}
