//! Several mounts of one client, which share its clientid and nothing else.

use super::{cases, granted, refused};
use crate::host::stage::Stage;
use crate::host::worker::Kind::{Read, Write};
use crate::host::worker::{finish, held};

cases!("mounts": nosharecache_conflicts, nosharecache_waits, mount_again);

/// The same client's locks conflict at the server when they come from two mounts.
fn nosharecache_conflicts(stage: &Stage<'_>) {
    let path = stage.file("file");
    let second = format!("{}/file", stage.extra_mount(",nosharecache"));
    let (a, a2, b) = (stage.a(), stage.a(), stage.b());
    let (fa, fa2, fb) = (a.open(&path, "rw"), a2.open(&second, "rw"), b.open(&second, "rw"));
    granted(a.lock(fa, Write, 0..=9));
    refused(a2.lock(fa2, Read, 9..=9));
    assert_eq!(a2.test(fa2, Read, 0..), held(Write, 0..=9));
    granted(a2.lock(fa2, Write, 10..=19));
    assert_eq!(a.test(fa, Read, 5..), held(Write, 10..=19));
    granted(a.lock(fa, Read, 0..=9));
    granted(a2.lock(fa2, Read, 0..=9));
    a.close(fa);
    assert_eq!(b.test(fb, Write, 0..=9), held(Read, 0..=9));
    a2.close(fa2);
    granted(b.lock(fb, Write, 0..));
}

/// One process of a client waits for another process of the same client, through the server.
fn nosharecache_waits(stage: &Stage<'_>) {
    let path = stage.file("file");
    let second = format!("{}/file", stage.extra_mount(",nosharecache"));
    let (a, a2) = (stage.a(), stage.a());
    let (fa, fa2) = (a.open(&path, "rw"), a2.open(&second, "rw"));
    granted(a.lock(fa, Write, 0..=9));
    let waiter = a2.lock_wait(fa2, Write, 0..);
    a.test(fa, Write, 0..);
    assert!(waiter.ready().is_none(), "the holder has not let go");
    a.unlock(fa, 0..);
    finish(waiter).expect("granted");
    assert_eq!(a.test(fa, Write, 5..=5), held(Write, 0..));
}

/// Unmounting and mounting again, with locks taken in between.
fn mount_again(stage: &Stage<'_>) {
    let path = stage.file("file");
    let b = stage.b();
    let fb = b.open(&path, "rw");
    for _ in 0..2 {
        let target = stage.extra_mount(",nosharecache");
        let a = stage.a();
        let fa = a.open(&format!("{target}/file"), "rw");
        granted(a.lock(fa, Write, 0..));
        refused(b.lock(fb, Write, 0..));
        a.close(fa);
        granted(b.lock(fb, Write, 0..));
        b.unlock(fb, 0..);
        stage.unmount(&target);
    }
}
