//! Locks that are names, as mailers, package managers and shell scripts make them.

use rustix::io::Errno;

use super::cases;
use super::exclusion::count_up;
use crate::host::stage::Stage;
use crate::host::worker::finish;

cases!("lockfile": exclusive_create_once, exclusive_create, link, mkdir, rename, replace_is_atomic);

/// Increments of each of four processes.
const COUNT: u32 = 8;

/// Of many who create at the same time exactly one succeeds.
fn exclusive_create_once(stage: &Stage<'_>) {
    let workers = [stage.a(), stage.b(), stage.a(), stage.b()];
    for round in 0..10 {
        let path = stage.path(&format!("lock{round}"));
        let running: Vec<_> =
            workers.iter().map(|worker| worker.start(&format!("open {path} wcx"))).collect();
        let outcomes: Vec<_> = running.into_iter().map(finish).collect();
        let made = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let late = outcomes.iter().filter(|outcome| **outcome == Err(Errno::EXIST)).count();
        assert_eq!((made, late), (1, 3), "{outcomes:?}");
    }
}

/// open(O_CREAT | O_EXCL), unlink.
fn exclusive_create(stage: &Stage<'_>) {
    count_up(stage, "excl", &stage.path("count"), COUNT);
}

/// link(2) to a common name, which is atomic everywhere.
fn link(stage: &Stage<'_>) {
    count_up(stage, "link", &stage.path("count"), COUNT);
}

/// mkdir(2), rmdir(2).
fn mkdir(stage: &Stage<'_>) {
    count_up(stage, "mkdir", &stage.path("count"), COUNT);
}

/// A token that is renamed to a name of one's own. A client may believe for a minute that a name is missing, so
/// the mount does not cache names.
fn rename(stage: &Stage<'_>) {
    let directory = stage.extra_mount(",lookupcache=none");
    let maker = stage.a();
    maker.close(maker.open(&format!("{directory}/count.lock"), "wcx"));
    count_up(stage, "rename", &format!("{directory}/count"), COUNT);
}

/// A file replaced by rename is seen old or new, never empty or missing.
fn replace_is_atomic(stage: &Stage<'_>) {
    let (path, new) = (stage.path("settings"), stage.path("settings.new"));
    let (writer, reader) = (stage.a(), stage.b());
    for version in 0..12 {
        let file = writer.open(&new, "wct");
        writer.must_on(file, "fill", &format!("0 9000 {version}"));
        writer.close(file);
        let reading = (version > 0).then(|| reader.start(&format!("open {path} r")));
        writer.must(&format!("rename {new} {path}"));
        if let Some(reading) = reading {
            let file: u32 = finish(reading).expect("the name is always there").parse().expect("a number");
            // The old version stays readable for who has it open.
            let check = |version| reader.start(&format!("verify {file} 0 9000 {version}")).wait();
            if let (Err(old), Err(new)) = (check(version - 1), check(version)) {
                panic!("version {version}: not the old one ({old:?}), not the new one ({new:?})");
            }
            reader.must(&format!("close {file}"));
        }
    }
}
