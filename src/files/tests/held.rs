//! Files that are in use when their names go.

use super::fixture::{Fixture, Kind, cred, mode_only, on_all_trees, run, size_only, stranger};
use crate::files::{CommitRequest, CreateMode, NewObject, Stability};
use crate::nfs4::{Filehandle, Status};

on_all_trees! {
    a_held_file_outlives_its_removal
    a_held_file_outlives_being_replaced
    a_held_file_without_a_name_gets_no_other
    what_is_gone_cannot_be_held
    holds_do_not_add_up
    what_is_not_held_can_be_released
    a_held_file_that_moves_stays_the_same
    a_held_file_may_be_lost_by_others
    holding_gives_nobody_rights
    a_number_used_again_is_another_file
    released_files_give_back_their_space
    a_file_can_be_used_while_it_is_held_and_removed
}

/// Holds a file of four bytes, and checks that it can be used.
fn held(f: &Fixture, dir: &Filehandle, name: &str) -> Filehandle {
    let file = f.file(dir, name, 0o644);
    assert_eq!(f.write(&file, 0, b"data"), Ok(4));
    assert_eq!(f.files.hold(&file), Ok(()));
    assert_eq!(f.read(&file, 0, 9), Ok((b"data".to_vec(), true)));
    file
}

/// All that can be done with a file that has no name.
fn use_nameless(f: &Fixture, file: &Filehandle, fileid: u64) {
    let before = f.attr(file);
    assert_eq!((before.numlinks, before.fileid, before.size), (0, fileid, 4));
    assert_eq!(f.read(file, 0, 9), Ok((b"data".to_vec(), true)));
    assert_eq!(f.write(file, 4, b" more"), Ok(5));
    let stable = f.files.write(&f.user, file, 0, b"D", Stability::FileSync, true);
    assert_eq!(stable, Ok((1, Stability::FileSync)));
    assert_eq!(f.files.call(file, CommitRequest), Ok(()));
    assert_eq!(f.read(file, 0, 99), Ok((b"Data more".to_vec(), true)));
    assert_eq!(f.set(file, &size_only(2)), Ok(()));
    assert_eq!(f.set(file, &mode_only(0o600)), Ok(()));
    let after = f.attr(file);
    assert_eq!((after.size, after.mode, after.numlinks), (2, 0o600, 0));
    assert!(after.change > before.change);
    assert!(f.files.permission(&f.user, file).unwrap().write);
    assert!(f.files.statfs(file).is_ok());
}

fn is_stale(f: &Fixture, file: &Filehandle) {
    assert_eq!(f.files.getattr(file).map(drop), Err(Status::Stale));
    assert_eq!(f.files.read(&f.user, file, 0, 1, true, &mut Vec::new()), Err(Status::Stale));
    let write = f.files.write(&f.user, file, 0, b"x", Stability::Unstable, true);
    assert_eq!(write, Err(Status::Stale));
    assert_eq!(f.files.hold(file), Err(Status::Stale));
}

fn a_held_file_outlives_its_removal(f: &Fixture) {
    let file = held(f, &f.root, "file");
    let (fileid, change) = (f.attr(&file).fileid, f.attr(&file).change);
    f.files.remove(&f.user, &f.root, b"file").unwrap();
    assert!(f.attr(&file).change > change, "its number of links changed");
    assert_eq!(f.lookup(&f.root, "file"), Err(Status::NoEnt));
    use_nameless(f, &file, fileid);
    f.files.release(&file);
    is_stale(f, &file);
}

fn a_held_file_outlives_being_replaced(f: &Fixture) {
    let dir = f.mkdir(&f.root, "dir", 0o755);
    let file = held(f, &dir, "file");
    let other = held(f, &f.root, "new");
    let fileid = f.attr(&file).fileid;
    f.rename(&f.root, "new", &dir, "file").unwrap();
    assert_eq!(f.write(&other, 0, b"DIFF"), Ok(4));
    use_nameless(f, &file, fileid);
    assert_eq!(f.lookup(&dir, "file").as_ref(), Ok(&other));
    assert_eq!(f.read(&other, 0, 9), Ok((b"DIFF".to_vec(), true)));
    f.files.release(&file);
    is_stale(f, &file);
    f.files.release(&other);
    assert_eq!(f.attr(&other).numlinks, 1);
    // The directory goes as if there had never been such a file.
    f.files.remove(&f.user, &dir, b"file").unwrap();
    f.files.remove(&f.user, &f.root, b"dir").unwrap();
}

fn a_held_file_without_a_name_gets_no_other(f: &Fixture) {
    let file = held(f, &f.root, "file");
    f.files.link(&f.user, &file, &f.root, b"second").unwrap();
    f.files.remove(&f.user, &f.root, b"file").unwrap();
    assert_eq!(f.lookup(&f.root, "second").as_ref(), Ok(&file));
    f.files.link(&f.user, &file, &f.root, b"third").unwrap();
    for name in ["second", "third"] {
        f.files.remove(&f.user, &f.root, name.as_bytes()).unwrap();
    }
    assert_eq!(f.files.link(&f.user, &file, &f.root, b"fourth").map(|_| ()), Err(Status::NoEnt));
    f.file(&f.root, "taken", 0o644);
    assert_eq!(f.files.link(&f.user, &file, &f.root, b"taken").map(|_| ()), Err(Status::Exist));
    assert_eq!(f.names(&f.root, 9), ["taken"]);
    assert_eq!(f.read(&file, 0, 9), Ok((b"data".to_vec(), true)));
    f.files.release(&file);
    is_stale(f, &file);
}

fn what_is_gone_cannot_be_held(f: &Fixture) {
    let file = f.file(&f.root, "file", 0o644);
    f.files.remove(&f.user, &f.root, b"file").unwrap();
    assert_eq!(f.files.hold(&file), Err(Status::Stale));
    is_stale(f, &file);
    // Only regular files are opened.
    let dir = f.mkdir(&f.root, "dir", 0o755);
    let fifo = f.make(&f.root, "fifo", NewObject::Fifo, 0o600);
    for (name, fh) in [("dir", &dir), ("fifo", &fifo)] {
        assert_eq!(f.files.hold(fh), Ok(()));
        f.files.remove(&f.user, &f.root, name.as_bytes()).unwrap();
        assert_eq!(f.files.getattr(fh).map(|_| ()), Err(Status::Stale), "{name}");
        f.files.release(fh);
    }
}

fn holds_do_not_add_up(f: &Fixture) {
    let file = held(f, &f.root, "file");
    assert_eq!(f.files.hold(&file), Ok(()));
    f.files.remove(&f.user, &f.root, b"file").unwrap();
    assert_eq!(f.files.hold(&file), Ok(()), "it is not gone");
    assert_eq!(f.attr(&file).numlinks, 0);
    f.files.release(&file);
    is_stale(f, &file);
}

fn what_is_not_held_can_be_released(f: &Fixture) {
    let file = f.file(&f.root, "file", 0o644);
    f.files.release(&file);
    f.files.release(&f.root);
    f.files.release(&Filehandle::new(b"no handle of ours").unwrap());
    assert_eq!(f.attr(&file).numlinks, 1);
    assert_eq!(f.files.hold(&file), Ok(()));
    f.files.release(&file);
    f.files.release(&file);
    assert_eq!(f.attr(&file).numlinks, 1, "with a name it stays");
    assert_eq!(f.lookup(&f.root, "file").as_ref(), Ok(&file));
    f.files.remove(&f.user, &f.root, b"file").unwrap();
    is_stale(f, &file);
    f.files.release(&file);
}

fn a_held_file_that_moves_stays_the_same(f: &Fixture) {
    let dir = f.mkdir(&f.root, "dir", 0o755);
    let file = held(f, &f.root, "file");
    f.rename(&f.root, "file", &dir, "moved").unwrap();
    assert_eq!(f.lookup(&dir, "moved").as_ref(), Ok(&file));
    f.rename(&f.root, "dir", &f.root, "renamed").unwrap();
    assert_eq!(f.write(&file, 0, b"DATA"), Ok(4));
    let again =
        f.files.create_file(&f.user, &dir, b"moved", CreateMode::Unchecked, &mode_only(0o644)).unwrap();
    assert!(!again.new && again.object == file);
    f.files.release(&file);
    assert_eq!(f.attr(&file).numlinks, 1);
    assert_eq!(f.read(&file, 0, 9), Ok((b"DATA".to_vec(), true)));
}

fn a_held_file_may_be_lost_by_others(f: &Fixture) {
    if f.kind == Kind::Memory {
        return; // Nobody else is there.
    }
    let path = f.dir.path();
    let removed = held(f, &f.root, "removed");
    let replaced = held(f, &f.root, "replaced");
    let moved = held(f, &f.root, "moved");
    std::fs::remove_file(path.join("removed")).unwrap();
    std::fs::write(path.join("new"), b"new").unwrap();
    std::fs::rename(path.join("new"), path.join("replaced")).unwrap();
    std::fs::rename(path.join("moved"), path.join("elsewhere")).unwrap();
    use_nameless(f, &removed, f.attr(&removed).fileid);
    use_nameless(f, &replaced, f.attr(&replaced).fileid);
    assert_ne!(f.lookup(&f.root, "replaced"), Ok(replaced.clone()));
    assert_eq!(f.attr(&moved).numlinks, 1);
    assert_eq!(f.lookup(&f.root, "elsewhere").as_ref(), Ok(&moved));
    for file in [&removed, &replaced, &moved] {
        f.files.release(file);
    }
    is_stale(f, &removed);
    is_stale(f, &replaced);
    assert_eq!(f.attr(&moved).numlinks, 1);
    for number in 0..20 {
        let new = f.file(&f.root, &number.to_string(), 0o644);
        assert!(new != removed && new != replaced, "whatever number it got");
    }
}

fn holding_gives_nobody_rights(f: &Fixture) {
    let file = held(f, &f.root, "file");
    assert_eq!(f.set(&file, &mode_only(0o600)), Ok(()));
    for removed in [false, true] {
        if removed {
            f.files.remove(&f.user, &f.root, b"file").unwrap();
        }
        let read = f.files.read(&stranger(), &file, 0, 4, false, &mut Vec::new());
        assert_eq!(read, Err(Status::Access), "removed: {removed}");
        let set = f.files.setattr(&stranger(), &file, &size_only(0), false);
        assert_eq!(set.1, Err(Status::Access), "removed: {removed}");
    }
    f.files.release(&file);
}

fn a_number_used_again_is_another_file(f: &Fixture) {
    let file = held(f, &f.root, "file");
    let fileid = f.attr(&file).fileid;
    f.files.remove(&f.user, &f.root, b"file").unwrap();
    for number in 0..20 {
        let new = f.file(&f.root, &format!("while held {number}"), 0o644);
        assert!(new != file && f.attr(&new).fileid != fileid);
    }
    f.files.release(&file);
    // Some file systems give the number out again at once, some do not: it must not matter.
    for number in 0..20 {
        let new = f.file(&f.root, &format!("later {number}"), 0o644);
        assert_ne!(new, file);
        assert_eq!(f.files.hold(&new), Ok(()));
        is_stale(f, &file);
    }
}

fn released_files_give_back_their_space(f: &Fixture) {
    if f.kind != Kind::Memory {
        return; // Others share the disk.
    }
    let free = || f.files.statfs(&f.root).unwrap().space_free;
    let (before, root) = (free(), cred(0, 0));
    let file = held(f, &f.root, "file");
    f.files.link(&f.user, &file, &f.root, b"second").unwrap();
    f.files.remove(&root, &f.root, b"file").unwrap();
    f.files.remove(&root, &f.root, b"second").unwrap();
    assert!(free() < before, "its data is still there");
    f.write(&file, 1 << 20, &[1; 100_000]).unwrap();
    f.files.release(&file);
    assert_eq!(free(), before);
    let file = held(f, &f.root, "file");
    f.files.release(&file);
    f.files.remove(&f.user, &f.root, b"file").unwrap();
    assert_eq!(free(), before);
}

fn a_file_can_be_used_while_it_is_held_and_removed(f: &Fixture) {
    for round in 0..30 {
        let name = format!("file {round}");
        let file = held(f, &f.root, &name);
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| {
                for _ in 0..20 {
                    let read = f.files.read(&f.user, &file, 0, 9, true, &mut Vec::new());
                    assert_eq!(read, Ok(true), "no moment in which it is gone");
                    assert_eq!(f.files.hold(&file), Ok(()));
                }
            });
            f.files.remove(&f.user, &f.root, name.as_bytes()).unwrap();
            reader.join().unwrap();
        });
        f.files.release(&file);
        is_stale(f, &file);
    }
}
