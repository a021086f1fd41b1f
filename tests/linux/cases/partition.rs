//! Restarts that a client does not see because nothing reaches it: what it held goes to others and is not reclaimed
//! (the edge conditions of RFC 7530 §9.6.3.4 and RFC 8881 §8.4.3).

use super::restart::{is_lost, restart, write_through};
use super::{cases, granted, refused};
use crate::host::own::{End, Machine, Times};
use crate::host::stage::Stage;
use crate::host::worker::Kind::Write;

cases!("partition" with Times { lease: 60, grace: 12 }; too_late_to_reclaim, not_in_the_next_grace_either);

/// The client comes back when the grace period is over and another has its lock.
fn too_late_to_reclaim(stage: &Stage<'_>) {
    let path = stage.file("file");
    let (a, b) = (stage.a(), stage.b());
    let (fa, fb) = (a.open(&path, "rw"), b.open(&path, "rw"));
    granted(a.lock(fa, Write, 0..));
    stage.pair.a.pull_plug();
    restart(stage, End::Kill, Machine::Reboots);
    assert_eq!(write_through(&b, fb), Ok(()), "I/O of a client that came back");
    // In the grace period this waits, for A could come back.
    granted(b.lock(fb, Write, 0..));
    stage.pair.a.plug_in();
    is_lost(stage, &stage.pair.a, &a, fa);
    a.close(fa);
    let again = a.open(&path, "rw");
    refused(a.lock(again, Write, 0..));
    b.unlock(fb, 0..);
    granted(a.lock(again, Write, 0..));
}

/// Another had the lock for a while between two restarts. In the grace period of the second the client must not get it
/// back, although it held it when it last heard of the server and nobody holds it now.
fn not_in_the_next_grace_either(stage: &Stage<'_>) {
    let path = stage.file("file");
    let (a, b) = (stage.a(), stage.b());
    let (fa, fb) = (a.open(&path, "rw"), b.open(&path, "rw"));
    granted(a.lock(fa, Write, 0..));
    stage.pair.a.pull_plug();
    restart(stage, End::Kill, Machine::Reboots);
    assert_eq!(write_through(&b, fb), Ok(()), "I/O of a client that came back");
    granted(b.lock(fb, Write, 0..));
    b.unlock(fb, 0..);
    // B has the file open, so this server waits for B, which is unplugged too: A meets a grace period.
    stage.pair.b.pull_plug();
    restart(stage, End::Kill, Machine::Reboots);
    stage.pair.a.plug_in();
    is_lost(stage, &stage.pair.a, &a, fa);
    stage.pair.b.plug_in();
    assert_eq!(write_through(&b, fb), Ok(()), "I/O of a client that came back");
    granted(b.lock(fb, Write, 0..));
    a.close(fa);
}
