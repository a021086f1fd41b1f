//! Full and read-only disks, in a mount namespace of a child. Where no namespace can be created, the tests say so and test
//! nothing.

use super::*;
use std::fs;
use std::io::ErrorKind;
use std::process::Command;

/// Names the directory in which the child works.
const CHILD: &str = "LOCKHOUSE_TEST_STORE_NAMESPACE";

/// Runs the test `child` of this module with `dir` mounted by the shell command `mount`, which sees it as `$DIR`.
fn run(child: &str, dir: &Path, mount: &str) {
    let test = format!("store::embedded::tests::namespace::{child}");
    let script = format!("{mount} && exec \"$0\" --exact {test} --nocapture");
    let unshare = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]);
        command.arg(std::env::current_exe().unwrap()).env("DIR", dir).env(CHILD, dir);
        command.output()
    };
    match unshare(mount) {
        Ok(output) if output.status.success() => {
            let output = unshare(&script).unwrap();
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8_lossy(&said);
            assert!(output.status.success() && said.contains("1 passed"), "{said}");
        }
        Ok(output) => println!("not tested: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => println!("not tested: unshare: {error}"),
    }
}

#[test]
fn a_full_disk_fails_a_commit_and_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    run("child_on_a_small_disk", dir.path(), "mount -t tmpfs -o size=256k none \"$DIR\"");
}

#[test]
fn child_on_a_small_disk() {
    let Some(parent) = std::env::var_os(CHILD) else { return };
    let dir = Path::new(&parent).join("store");
    let filler = Path::new(&parent).join("filler");
    let mut done = 0;
    for round in 1..=5_usize {
        let mut store = open(&dir, BOOT);
        assert_eq!(steps(&records(&store)), done);
        // Almost no space is left, each time another size.
        let _ = fs::write(&filler, vec![1; 1 << 20]);
        let length = fs::metadata(&filler).unwrap().len();
        fs::File::options()
            .write(true)
            .open(&filler)
            .unwrap()
            .set_len(length - 4096 * (round as u64 - 1))
            .unwrap();
        let error = loop {
            match store.commit(&step(done + 1), Durability::Process) {
                Ok(()) => done += 1,
                Err(error) => break error,
            }
            // Compaction makes room again and again. Take the rest of the space as well.
            if done % 200 == 0 {
                let mut file = fs::File::options().append(true).open(&filler).unwrap();
                while std::io::Write::write(&mut file, &[1; 4096]).is_ok_and(|written| written > 0) {}
            }
            if done % 20_000 == 0 {
                // It can go on with the space it has, which is as good.
                println!("never failed");
                return;
            }
        };
        assert!(matches!(&error, StoreError::Io(error) if error.kind() == ErrorKind::StorageFull), "{error}");
        assert!(matches!(store.commit(&step(done + 1), Durability::Process), Err(StoreError::Failed)));
        drop(store);
        assert_eq!(steps(&read(&dir, BOOT).unwrap()), done);
        fs::remove_file(&filler).unwrap();
    }
}

#[test]
fn a_full_disk_is_tolerated_while_the_log_can_be_compacted() {
    let dir = tempfile::tempdir().unwrap();
    run("child_on_a_disk_without_room_for_a_log_file", dir.path(), "mount -t tmpfs -o size=1m none \"$DIR\"");
}

#[test]
fn child_on_a_disk_without_room_for_a_log_file() {
    let Some(parent) = std::env::var_os(CHILD) else { return };
    let sizes =
        Options { segment_bytes: 64 << 10, compact_bytes: 128 << 10, compact_bytes_max: 1 << 20, ..SMALL };
    let dir = Path::new(&parent).join("store");
    let mut store = open_with(&dir, BOOT, sizes).unwrap().store;
    go(&mut store, 0, 100);
    // All but a few pages, which are enough for the records.
    let filler = Path::new(&parent).join("filler");
    let _ = fs::write(&filler, vec![1; 1 << 20]);
    let length = fs::metadata(&filler).unwrap().len();
    fs::File::options().write(true).open(&filler).unwrap().set_len(length - (32 << 10)).unwrap();
    assert!(fs::write(Path::new(&parent).join("more"), vec![1; 64 << 10]).is_err());
    fs::remove_file(Path::new(&parent).join("more")).unwrap();
    go(&mut store, 100, 20_000);
    assert_eq!(steps(&records(&store)), 20_000);
}

#[test]
fn a_disk_without_room_for_all_records_takes_those_that_change() {
    let dir = tempfile::tempdir().unwrap();
    run(
        "child_on_a_disk_without_room_for_all_records",
        dir.path(),
        "mount -t tmpfs -o size=1m none \"$DIR\"",
    );
}

#[test]
fn child_on_a_disk_without_room_for_all_records() {
    let Some(parent) = std::env::var_os(CHILD) else { return };
    let sizes = Options {
        segment_bytes: 64 << 10,
        compact_bytes: 128 << 10,
        compact_bytes_max: 1 << 20,
        run_ratio: 1 << 40,
        ..SMALL
    };
    let dir = Path::new(&parent).join("store");
    let mut store = open_with(&dir, BOOT, sizes).unwrap().store;
    let mut all = Batch::new();
    (0..4000_u32).for_each(|key| all.put(format!("cold {key:05}").as_bytes(), &[1; 50]));
    store.replace_all(&all).unwrap();
    // All but a few pages, too few for a log file.
    let filler = Path::new(&parent).join("filler");
    let _ = fs::write(&filler, vec![1; 1 << 20]);
    let length = fs::metadata(&filler).unwrap().len();
    fs::File::options().write(true).open(&filler).unwrap().set_len(length - (32 << 10)).unwrap();
    go(&mut store, 0, 10_000);
    let mut seen = records(&store);
    seen.retain(|key, _| !key.starts_with(b"cold"));
    assert_eq!((steps(&seen), store.shared.files().runs.len()), (10_000, 2));
}

#[test]
fn a_read_only_disk_is_reported_and_can_be_read() {
    let parent = tempfile::tempdir().unwrap();
    let mut store = open(&parent.path().join("store"), BOOT);
    go(&mut store, 0, 100);
    drop(store);
    run(
        "child_on_a_read_only_disk",
        parent.path(),
        "mount --bind \"$DIR\" \"$DIR\" && mount -o remount,bind,ro \"$DIR\"",
    );
}

#[test]
fn child_on_a_read_only_disk() {
    let Some(parent) = std::env::var_os(CHILD) else { return };
    let dir = Path::new(&parent).join("store");
    let error = open_with(&dir, BOOT, SMALL).unwrap_err();
    assert!(
        matches!(&error, OpenError::Io { source, .. } if source.kind() == ErrorKind::ReadOnlyFilesystem),
        "{error}"
    );
    let error = open_with(&Path::new(&parent).join("new"), BOOT, SMALL).unwrap_err();
    assert!(
        matches!(&error, OpenError::Io { source, .. } if source.kind() == ErrorKind::ReadOnlyFilesystem),
        "{error}"
    );
    assert_eq!(steps(&read(&dir, BOOT).unwrap()), 100);
}
