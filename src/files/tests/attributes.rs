//! SETATTR.

use super::fixture::{Fixture, Kind, cred, mode_only, on_all_trees, run, size_only, stranger};
use crate::files::{Applied, NewObject, SetAttr};
use crate::nfs4::{SetTime, Status, Timespec};

on_all_trees! {
    modes_are_set_on_everything
    times_are_set
    what_was_set_before_a_failure_is_told
    owners_are_roots_to_give
    strangers_set_nothing
    file_systems_have_figures
}

fn modes_are_set_on_everything(f: &Fixture) {
    let (file, dir) = (f.file(&f.root, "file", 0o644), f.mkdir(&f.root, "dir", 0o755));
    let fifo = f.make(&f.root, "fifo", NewObject::Fifo, 0o644);
    let sock = f.make(&f.root, "sock", NewObject::Socket, 0o644);
    for fh in [&file, &dir, &fifo, &sock, &f.root] {
        let before = f.attr(fh).change;
        let (applied, result) = f.files.setattr(&f.user, fh, &mode_only(0o711), false);
        assert_eq!((applied, result), (Applied { mode: true, ..Applied::default() }, Ok(())));
        assert_eq!(f.attr(fh).mode, 0o711);
        assert!(f.attr(fh).change > before);
    }
    // A symbolic link has a mode that nobody can change: it is not claimed to be set, and all else is.
    let link = f.make(&f.root, "link", NewObject::Symlink(b"file"), 0o777);
    let changes = f.attr(&link).change;
    for mode in [0o600, 0o755] {
        let nothing = (Applied::default(), Ok(()));
        assert_eq!(f.files.setattr(&f.user, &link, &mode_only(mode), false), nothing);
    }
    assert_eq!((f.attr(&link).mode, f.attr(&link).change), (0o777, changes));
    let time = Some(SetTime::To(Timespec { seconds: 1_000_000_000, nanos: 0 }));
    let set = SetAttr { mtime: time, ..mode_only(0) };
    let time_alone = (Applied { mtime: true, ..Applied::default() }, Ok(()));
    assert_eq!(f.files.setattr(&f.user, &link, &set, false), time_alone);
    assert_eq!(f.attr(&link).mode, 0o777);
    let as_it_is = f.files.setattr(&f.user, &link, &mode_only(0o777), false);
    assert_eq!(as_it_is, (Applied { mode: true, ..Applied::default() }, Ok(())));
    let made =
        f.files.create(&f.user, &f.root, b"other", NewObject::Symlink(b"x"), &mode_only(0o600)).unwrap();
    assert_eq!(
        (made.applied.mode, f.attr(&made.object).mode),
        (false, 0o777),
        "it is made, and what is not so is not told"
    );
    assert_eq!(f.attr(&file).mode, 0o711, "what it points to is untouched");
}

fn times_are_set(f: &Fixture) {
    let file = f.file(&f.root, "file", 0o644);
    let link = f.make(&f.root, "link", NewObject::Symlink(b"file"), 0o777);
    let (atime, mtime) = (
        Timespec { seconds: 1_000_000_000, nanos: 123_000_000 },
        Timespec { seconds: 1_100_000_000, nanos: 0 },
    );
    let set =
        SetAttr { atime: Some(SetTime::To(atime)), mtime: Some(SetTime::To(mtime)), ..SetAttr::default() };
    for fh in [&file, &link] {
        let (applied, result) = f.files.setattr(&f.user, fh, &set, false);
        assert_eq!((applied.atime, applied.mtime, result), (true, true, Ok(())));
        assert_eq!((f.attr(fh).atime, f.attr(fh).mtime), (atime, mtime));
    }
    f.set(&file, &SetAttr { mtime: Some(SetTime::Now), ..SetAttr::default() }).unwrap();
    assert_eq!(f.attr(&file).atime, atime);
    assert!(f.attr(&file).mtime > mtime);
    f.write(&file, 0, b"x").unwrap();
    assert!(f.attr(&file).mtime > mtime);
}

fn what_was_set_before_a_failure_is_told(f: &Fixture) {
    let file = f.file(&f.root, "file", 0o644);
    let set = SetAttr { size: Some(5), uid: Some(f.user.uid + 1), mode: Some(0o600), ..SetAttr::default() };
    let (applied, result) = f.files.setattr(&f.user, &file, &set, false);
    assert_eq!((applied, result), (Applied { size: true, ..Applied::default() }, Err(Status::Perm)));
    assert_eq!((f.attr(&file).size, f.attr(&file).mode), (5, 0o644));
}

fn owners_are_roots_to_give(f: &Fixture) {
    let file = f.file(&f.root, "file", 0o644);
    let owner = |uid, gid| SetAttr { uid, gid, ..SetAttr::default() };
    assert_eq!(f.set(&file, &owner(Some(f.user.uid), Some(f.user.gid))), Ok(()), "nothing changes");
    assert_eq!(f.set(&file, &owner(Some(4242), None)), Err(Status::Perm));
    assert_eq!(f.set(&file, &owner(None, Some(4242))), Err(Status::Perm));
    let made = f.files.create(&f.user, &f.root, b"given", NewObject::Directory, &owner(Some(4242), None));
    assert_eq!(made.map(|_| ()), Err(Status::Perm));
    assert_eq!(f.lookup(&f.root, "given"), Err(Status::NoEnt));
    if !f.knows_users() {
        return;
    }
    let root = cred(0, 0);
    assert_eq!(f.files.setattr(&root, &file, &owner(Some(4242), Some(4343)), false).1, Ok(()));
    assert_eq!((f.attr(&file).uid, f.attr(&file).gid), (4242, 4343));
    let link = f.make(&f.root, "link", NewObject::Symlink(b"file"), 0o777);
    assert_eq!(f.files.setattr(&root, &link, &owner(Some(4141), None), false).1, Ok(()));
    assert_eq!((f.attr(&link).uid, f.attr(&file).uid), (4141, 4242), "the link itself");
    let set = SetAttr { mode: Some(0o640), ..owner(Some(7), Some(8)) };
    let made = f.files.create(&root, &f.root, b"given", NewObject::Fifo, &set).unwrap();
    let attr = f.attr(&made.object);
    assert_eq!((attr.uid, attr.gid, attr.mode), (7, 8, 0o640));
    assert!(made.applied.owner && made.applied.group && made.applied.mode);
}

fn strangers_set_nothing(f: &Fixture) {
    let file = f.file(&f.root, "file", 0o666);
    let to = Some(SetTime::To(Timespec::default()));
    let try_to = |set: SetAttr| f.files.setattr(&stranger(), &file, &set, false);
    let nothing = (Applied::default(), Err(Status::Perm));
    assert_eq!(try_to(mode_only(0o777)), nothing);
    assert_eq!(try_to(SetAttr { mtime: to, ..SetAttr::default() }), nothing);
    assert_eq!(try_to(SetAttr { uid: Some(stranger().uid), ..SetAttr::default() }), nothing);
    let now = SetAttr { mtime: Some(SetTime::Now), atime: Some(SetTime::Now), ..SetAttr::default() };
    assert_eq!(try_to(now).1, Ok(()), "who may write may touch");
    f.set(&file, &mode_only(0o644)).unwrap();
    assert_eq!(try_to(now).1, Err(Status::Access));
}

fn file_systems_have_figures(f: &Fixture) {
    let stat = f.files.statfs(&f.root).unwrap();
    assert!(stat.space_total >= stat.space_free && stat.space_free >= stat.space_avail);
    assert!(stat.files_total >= stat.files_free && stat.maxname >= 255 && stat.maxlink > 1);
    // As long as it says, and no longer.
    let file = f.file(&f.root, "file", 0o644);
    let longest = stat.maxfilesize;
    assert_eq!(f.files.statfs(&file).unwrap().maxfilesize, longest);
    f.set(&file, &size_only(longest)).unwrap();
    assert_eq!(f.set(&file, &size_only(longest + 1)), Err(Status::FBig));
    assert_eq!(f.write(&file, longest, b"x"), Err(Status::FBig));
}
