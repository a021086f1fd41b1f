//! Who may do what.

use super::fixture::{Fixture, Kind, cred, mode_only, on_all_trees, run, size_only, stranger};
use crate::files::{CreateMode, NewObject, Permission, SetAttr, Stability};
use crate::nfs4::Status;

on_all_trees! {
    directories_are_searched_by_permission
    data_is_touched_by_permission
    an_open_is_a_right
    owners_always_touch_their_data
    sticky_directories_protect_entries
    permissions_are_told
    groups_count
    set_group_id_directories_hand_down_their_group
}

fn directories_are_searched_by_permission(f: &Fixture) {
    let dir = f.mkdir(&f.root, "dir", 0o700);
    let file = f.file(&dir, "file", 0o666);
    let them = stranger();
    assert_eq!(f.files.lookup(&them, &dir, b"file"), Err(Status::Access));
    assert_eq!(f.files.lookup(&them, &dir, b"nothing"), Err(Status::Access));
    assert_eq!(f.files.parent(&them, &dir), Err(Status::Access));
    assert_eq!(f.files.readdir(&them, &dir, 0, &mut |_| true), Err(Status::Access));
    assert_eq!(f.files.remove(&them, &dir, b"file"), Err(Status::Access));
    assert!(f.files.getattr(&file).is_ok(), "who has the handle may ask");
    f.set(&dir, &mode_only(0o755)).unwrap();
    assert_eq!(f.files.lookup(&them, &dir, b"file"), Ok(file.clone()));
    assert_eq!(f.files.readdir(&them, &dir, 0, &mut |_| true), Ok(true));
    let set = SetAttr::default();
    assert_eq!(f.files.remove(&them, &dir, b"file"), Err(Status::Access));
    assert_eq!(f.files.link(&them, &file, &dir, b"x"), Err(Status::Access));
    assert_eq!(f.files.rename(&them, &dir, b"file", &dir, b"x"), Err(Status::Access));
    assert_eq!(f.files.create(&them, &dir, b"x", NewObject::Fifo, &set).map(|_| ()), Err(Status::Access));
    let open = |name: &str, mode| f.files.create_file(&them, &dir, name.as_bytes(), mode, &set).map(|_| ());
    assert_eq!(open("x", CreateMode::Unchecked), Err(Status::Access));
    assert_eq!(open("file", CreateMode::Guarded), Err(Status::Exist));
    assert_eq!(open("file", CreateMode::Unchecked), Ok(()), "finding needs no right to write");
    assert_eq!(f.names(&dir, 9), ["file"]);
}

fn data_is_touched_by_permission(f: &Fixture) {
    let file = f.file(&f.root, "file", 0o600);
    let them = stranger();
    let write = || f.files.write(&them, &file, 0, b"x", Stability::Unstable, false).map(|(count, _)| count);
    let read = || f.files.read(&them, &file, 0, 1, false, &mut Vec::new()).map(|_| ());
    let cut = || f.files.setattr(&them, &file, &size_only(0), false).1;
    assert_eq!((read(), write(), cut()), (Err(Status::Access), Err(Status::Access), Err(Status::Access)));
    f.set(&file, &mode_only(0o604)).unwrap();
    assert_eq!((read(), write(), cut()), (Ok(()), Err(Status::Access), Err(Status::Access)));
    f.set(&file, &mode_only(0o602)).unwrap();
    assert_eq!((read(), write(), cut()), (Err(Status::Access), Ok(1), Ok(())));
}

fn an_open_is_a_right(f: &Fixture) {
    let file = f.file(&f.root, "file", 0o600);
    let them = stranger();
    assert_eq!(
        f.files.write(&them, &file, 0, b"x", Stability::Unstable, true).map(|(count, _)| count),
        Ok(1)
    );
    let mut data = Vec::new();
    assert_eq!(f.files.read(&them, &file, 0, 9, true, &mut data), Ok(true));
    assert_eq!(data, b"x");
    assert_eq!(f.files.setattr(&them, &file, &size_only(0), true).1, Ok(()));
    let set = SetAttr { mode: Some(0o777), ..size_only(3) };
    let (applied, result) = f.files.setattr(&them, &file, &set, true);
    assert!(applied.size && !applied.mode && result == Err(Status::Perm), "a right to the data alone");
}

fn owners_always_touch_their_data(f: &Fixture) {
    let file = f.file(&f.root, "file", 0o000);
    if f.knows_users() {
        assert_eq!(f.write(&file, 0, b"mine"), Ok(4));
        assert_eq!(f.read(&file, 0, 9), Ok((b"mine".to_vec(), true)));
        assert_eq!(f.set(&file, &size_only(1)), Ok(()));
    } else {
        // The server is this user, and a process cannot open its own file against its mode.
        assert_eq!(f.write(&file, 0, b"mine"), Err(Status::Access));
    }
    let nothing = f.files.permission(&f.user, &file).unwrap();
    assert_eq!(nothing, Permission::default(), "opening again is another matter");
}

fn sticky_directories_protect_entries(f: &Fixture) {
    let dir = f.mkdir(&f.root, "tmp", 0o1777);
    f.file(&dir, "theirs", 0o666);
    let them = stranger();
    assert_eq!(f.files.remove(&them, &dir, b"theirs"), Err(Status::Perm));
    assert_eq!(f.files.rename(&them, &dir, b"theirs", &dir, b"mine"), Err(Status::Perm));
    if f.knows_users() {
        let set = mode_only(0o600);
        let mine = f.files.create_file(&them, &dir, b"mine", CreateMode::Guarded, &set).unwrap();
        assert_eq!(f.attr(&mine.object).uid, them.uid);
        assert_eq!(f.files.rename(&them, &dir, b"mine", &dir, b"theirs"), Err(Status::Perm));
        assert!(f.files.remove(&them, &dir, b"mine").is_ok());
    }
    assert!(f.files.remove(&f.user, &dir, b"theirs").is_ok());
}

fn permissions_are_told(f: &Fixture) {
    let file = f.file(&f.root, "file", 0o754);
    let all = Permission { read: true, write: true, execute: true };
    assert_eq!(f.files.permission(&f.user, &file), Ok(all));
    let read = Permission { read: true, ..Permission::default() };
    assert_eq!(f.files.permission(&stranger(), &file), Ok(read));
    let group = cred(54_321, f.user.gid);
    assert_eq!(f.files.permission(&group, &file), Ok(Permission { read: true, write: false, execute: true }));
    f.set(&file, &mode_only(0o644)).unwrap();
    if f.knows_users() {
        let root = f.files.permission(&cred(0, 0), &file).unwrap();
        assert_eq!(root, Permission { execute: false, ..all });
    }
}

fn groups_count(f: &Fixture) {
    let file = f.file(&f.root, "file", 0o640);
    let mut them = stranger();
    let read = |them: &crate::nfs4::Cred| f.files.read(them, &file, 0, 1, false, &mut Vec::new()).map(|_| ());
    assert_eq!(read(&them), Err(Status::Access));
    them.groups.extend([5, f.user.gid, 6]);
    assert_eq!(read(&them), Ok(()));
    assert!(f.files.permission(&them, &file).unwrap().read);
    f.set(&file, &mode_only(0o604)).unwrap();
    assert_eq!(read(&them), Err(Status::Access), "the group's bits decide, not the others'");
}

fn set_group_id_directories_hand_down_their_group(f: &Fixture) {
    if !f.knows_users() {
        return;
    }
    let (root, them) = (cred(0, 0), stranger());
    let set = SetAttr { gid: Some(4242), mode: Some(0o2777), ..SetAttr::default() };
    let dir = f.files.create(&root, &f.root, b"dir", NewObject::Directory, &set).unwrap().object;
    assert_eq!(f.attr(&dir).mode, 0o2777);
    let sub = f.files.create(&them, &dir, b"sub", NewObject::Directory, &mode_only(0o755)).unwrap().object;
    assert_eq!((f.attr(&sub).gid, f.attr(&sub).mode), (4242, 0o2755));
    let file =
        f.files.create_file(&them, &dir, b"file", CreateMode::Guarded, &mode_only(0o644)).unwrap().object;
    assert_eq!((f.attr(&file).gid, f.attr(&file).mode), (4242, 0o644));
}
