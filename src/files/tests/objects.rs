//! Making, finding, removing.

use super::fixture::{Fixture, Kind, mode_only, on_all_trees, run};
use crate::files::{CreateMode, Created, NewObject, ReadlinkRequest, Result, SetAttr};
use crate::nfs4::{FileType, SetTime, Status, Timespec};

on_all_trees! {
    objects_are_made_and_found
    modes_are_exact
    lookups_need_directories
    open_creates_as_told
    an_exclusive_create_can_be_repeated
    removed_objects_are_stale
    links_are_one_object
    symbolic_links_keep_their_text
    devices_are_roots
}

fn objects_are_made_and_found(f: &Fixture) {
    let long = "n".repeat(255);
    let made = [
        ("dir", f.mkdir(&f.root, "dir", 0o755), FileType::Directory),
        ("file", f.file(&f.root, "file", 0o644), FileType::Regular),
        ("link", f.make(&f.root, "link", NewObject::Symlink(b"to"), 0o777), FileType::Symlink),
        ("fifo", f.make(&f.root, "fifo", NewObject::Fifo, 0o600), FileType::Fifo),
        ("sock", f.make(&f.root, "sock", NewObject::Socket, 0o600), FileType::Socket),
        (long.as_str(), f.file(&f.root, &long, 0o644), FileType::Regular),
    ];
    for (name, fh, kind) in &made {
        assert_eq!(f.lookup(&f.root, name).as_ref(), Ok(fh), "{name}: one object, one handle");
        assert_eq!(f.files.file_type(fh), Ok(*kind));
        let attr = f.attr(fh);
        assert_eq!((attr.kind, attr.uid), (*kind, f.user.uid));
        assert_eq!(attr.mounted_on_fileid, attr.fileid);
        let again =
            f.files.create(&f.user, &f.root, name.as_bytes(), NewObject::Directory, &SetAttr::default());
        assert_eq!(again.map(|_| ()), Err(Status::Exist));
    }
    assert_eq!(f.lookup(&f.root, "nothing"), Err(Status::NoEnt));
    assert_eq!(f.attr(&made[0].1).fsid, f.attr(&made[1].1).fsid);
    let mut names = f.names(&f.root, 2);
    names.sort();
    assert_eq!(names, ["dir", "fifo", "file", "link", &long, "sock"]);
}

fn modes_are_exact(f: &Fixture) {
    // None of these is what a usual umask leaves.
    for (number, mode) in [0o777, 0o000, 0o666, 0o4711, 0o1777].into_iter().enumerate() {
        let file = f.file(&f.root, &format!("file {number}"), mode);
        assert_eq!(f.attr(&file).mode, mode);
        let dir = f.mkdir(&f.root, &format!("dir {number}"), mode);
        assert_eq!(f.attr(&dir).mode, mode);
        let fifo = f.make(&f.root, &format!("fifo {number}"), NewObject::Fifo, mode);
        assert_eq!(f.attr(&fifo).mode, mode);
    }
}

fn lookups_need_directories(f: &Fixture) {
    let file = f.file(&f.root, "file", 0o644);
    let link = f.make(&f.root, "link", NewObject::Symlink(b"."), 0o777);
    assert_eq!(f.lookup(&file, "x"), Err(Status::NotDir));
    assert_eq!(f.lookup(&link, "file"), Err(Status::Symlink));
    assert_eq!(f.files.parent(&f.user, &file), Err(Status::NotDir));
    assert_eq!(f.files.parent(&f.user, &f.root), Err(Status::NoEnt));
    assert_eq!(f.files.remove(&f.user, &file, b"x"), Err(Status::NotDir));
    let mut none = |_: crate::files::DirEntry<'_>| panic!("no entries here");
    assert_eq!(f.files.readdir(&f.user, &file, 0, &mut none), Err(Status::NotDir));
}

fn open(f: &Fixture, name: &str, mode: CreateMode) -> Result<Created> {
    f.files.create_file(&f.user, &f.root, name.as_bytes(), mode, &mode_only(0o640))
}

fn open_creates_as_told(f: &Fixture) {
    let new = open(f, "file", CreateMode::Unchecked).unwrap();
    assert!(new.new && new.applied.mode && new.change.after > new.change.before);
    f.write(&new.object, 0, b"data").unwrap();
    let old =
        f.files.create_file(&f.user, &f.root, b"file", CreateMode::Unchecked, &mode_only(0o600)).unwrap();
    assert!(!old.new && !old.applied.mode && old.change.after == old.change.before);
    assert_eq!((f.attr(&old.object).size, f.attr(&old.object).mode), (4, 0o640), "as it was");
    assert_eq!(open(f, "file", CreateMode::Guarded).map(|_| ()), Err(Status::Exist));
    f.mkdir(&f.root, "dir", 0o755);
    f.make(&f.root, "link", NewObject::Symlink(b"file"), 0o777);
    f.make(&f.root, "fifo", NewObject::Fifo, 0o777);
    for (name, status) in [("dir", Status::IsDir), ("link", Status::Symlink), ("fifo", Status::Symlink)] {
        assert_eq!(open(f, name, CreateMode::Unchecked).map(|_| ()), Err(status), "{name}");
        assert_eq!(open(f, name, CreateMode::Guarded).map(|_| ()), Err(Status::Exist), "{name}");
        assert_eq!(open(f, name, CreateMode::Exclusive([1; 8])).map(|_| ()), Err(Status::Exist), "{name}");
    }
    let set = SetAttr { size: Some(7), mode: Some(0o200), ..SetAttr::default() };
    let sized = f.files.create_file(&f.user, &f.root, b"sized", CreateMode::Guarded, &set).unwrap();
    assert!(sized.applied.size);
    assert_eq!(f.attr(&sized.object).size, 7);
}

fn an_exclusive_create_can_be_repeated(f: &Fixture) {
    let verifier = [0x12, 0x34, 0x56, 0x78, 0x1a, 0x1b, 0x1c, 0x1d];
    let first = open(f, "x", CreateMode::Exclusive(verifier)).unwrap();
    // The times keep the verifier; what else was asked for (`EXCLUSIVE4_1`) is set.
    assert!(first.new && first.applied.atime && first.applied.mtime && first.applied.mode);
    let second = open(f, "x", CreateMode::Exclusive(verifier)).unwrap();
    assert!(!second.new && second.applied == first.applied && second.object == first.object);
    assert_eq!(open(f, "x", CreateMode::Exclusive([7; 8])).map(|_| ()), Err(Status::Exist));
    // The client now sets what it wanted; after that the verifier is spent.
    let now = Some(SetTime::Now);
    let set = SetAttr { mode: Some(0o644), atime: now, mtime: now, ..SetAttr::default() };
    assert_eq!(f.set(&first.object, &set), Ok(()));
    assert!(f.attr(&first.object).mtime > Timespec { seconds: 1_600_000_000, nanos: 0 });
    assert_eq!(open(f, "x", CreateMode::Exclusive(verifier)).map(|_| ()), Err(Status::Exist));
}

fn removed_objects_are_stale(f: &Fixture) {
    let dir = f.mkdir(&f.root, "dir", 0o755);
    let file = f.file(&dir, "file", 0o644);
    assert_eq!(f.files.remove(&f.user, &f.root, b"dir"), Err(Status::NotEmpty));
    assert_eq!(f.files.remove(&f.user, &dir, b"nothing"), Err(Status::NoEnt));
    let before = f.attr(&dir).change;
    let change = f.files.remove(&f.user, &dir, b"file").unwrap();
    assert!(change.before >= before && change.after > change.before);
    assert_eq!(f.attr(&dir).change, change.after);
    assert_eq!(f.files.getattr(&file).map(|_| ()), Err(Status::Stale));
    assert_eq!(f.files.read(&f.user, &file, 0, 1, true, &mut Vec::new()), Err(Status::Stale));
    f.files.remove(&f.user, &f.root, b"dir").unwrap();
    assert_eq!(f.files.getattr(&dir).map(|_| ()), Err(Status::Stale));
    assert_eq!(f.lookup(&dir, "file"), Err(Status::Stale));
    let create = f.files.create_file(&f.user, &dir, b"file", CreateMode::Guarded, &mode_only(0o644));
    assert_eq!(create.map(|_| ()), Err(Status::Stale));
    // The next ones may get the same inode numbers; they are not the same objects.
    for number in 0..20 {
        assert_ne!(f.file(&f.root, &number.to_string(), 0o644), file);
    }
    assert_eq!(f.files.getattr(&file).map(|_| ()), Err(Status::Stale));
}

fn links_are_one_object(f: &Fixture) {
    let dir = f.mkdir(&f.root, "dir", 0o755);
    let file = f.file(&f.root, "file", 0o644);
    let change = f.attr(&file).change;
    let info = f.files.link(&f.user, &file, &dir, b"second").unwrap();
    assert!(info.after > info.before);
    assert_eq!(f.lookup(&dir, "second").as_ref(), Ok(&file));
    let attr = f.attr(&file);
    assert!(attr.numlinks == 2 && attr.change > change);
    assert_eq!(f.files.link(&f.user, &file, &dir, b"second").map(|_| ()), Err(Status::Exist));
    assert_eq!(f.files.link(&f.user, &dir, &f.root, b"dir2").map(|_| ()), Err(Status::IsDir));
    let symlink = f.make(&f.root, "link", NewObject::Symlink(b"file"), 0o777);
    f.files.link(&f.user, &symlink, &f.root, b"link 2").unwrap();
    assert_eq!(f.lookup(&f.root, "link 2").as_ref(), Ok(&symlink), "the link, not what it points to");
    f.files.remove(&f.user, &f.root, b"file").unwrap();
    let attr = f.attr(&file);
    assert_eq!(attr.numlinks, 1, "still there by its other name");
    f.files.remove(&f.user, &dir, b"second").unwrap();
    assert_eq!(f.files.getattr(&file).map(|_| ()), Err(Status::Stale));
}

fn symbolic_links_keep_their_text(f: &Fixture) {
    let long = vec![b'x'; 4000];
    for (name, text) in [("a", &b"../../etc/passwd"[..]), ("b", b"\xff\xfe"), ("c", &long)] {
        let link = f.make(&f.root, name, NewObject::Symlink(text), 0o777);
        assert_eq!(f.files.call(&link, ReadlinkRequest).as_deref(), Ok(text));
        assert_eq!(f.attr(&link).size, text.len() as u64);
    }
    assert_eq!(f.files.call(&f.root, ReadlinkRequest), Err(Status::Inval));
}

fn devices_are_roots(f: &Fixture) {
    for what in [NewObject::Character(0, 0), NewObject::Character(1, 3), NewObject::Block(7, 200)] {
        let made = f.files.create(&f.user, &f.root, b"device", what, &mode_only(0o600));
        assert_eq!(made.map(|_| ()), Err(Status::Perm));
    }
    if f.kind == Kind::Unprivileged {
        return;
    }
    let root = super::fixture::cred(0, 0);
    let made =
        f.files.create(&root, &f.root, b"device", NewObject::Block(7, 200), &mode_only(0o640)).unwrap();
    let attr = f.attr(&made.object);
    assert_eq!((attr.kind, attr.rawdev, attr.mode), (FileType::Block, (7, 200), 0o640));
    let set = f.files.setattr(&root, &made.object, &mode_only(0o600), false);
    assert!(set.0.mode && set.1 == Ok(()));
}
