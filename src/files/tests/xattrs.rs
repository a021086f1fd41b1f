//! Extended attributes.

use super::fixture::{Fixture, Kind, cred, mode_only, on_all_trees, run, stranger};
use crate::files::{
    GetxattrRequest, ListxattrsRequest, NewObject, RemovexattrRequest, Result, XATTR_BYTES_MAX,
};
use crate::nfs4::{Cred, Filehandle, Status, XattrMode};

on_all_trees! {
    attributes_are_set_listed_and_removed
    names_and_values_are_bounded
    attributes_are_touched_by_permission
    only_files_and_directories_have_attributes
    attributes_stay_with_their_object
    other_namespaces_are_not_there
}

fn set(f: &Fixture, fh: &Filehandle, name: &str, value: &[u8], mode: XattrMode) -> Result<()> {
    let before = f.attr(fh).change;
    let change = f.files.set_xattr(&f.user, fh, name.as_bytes(), value, mode)?;
    assert!(change.before == before && change.after > before && change.after == f.attr(fh).change);
    Ok(())
}

fn get(f: &Fixture, fh: &Filehandle, name: &str) -> Result<Vec<u8>> {
    f.files.call(fh, GetxattrRequest { cred: &f.user, name: name.as_bytes() })
}

/// Whether the file system of the test has any: not all kinds that `/tmp` may be do.
fn there_are_any(f: &Fixture) -> bool {
    get(f, &f.root, "probe") != Err(Status::NotSupp)
}

fn list(f: &Fixture, fh: &Filehandle) -> Vec<String> {
    let names = f.files.call(fh, ListxattrsRequest { cred: &f.user }).unwrap();
    names.into_iter().map(|name| String::from_utf8(name).unwrap()).collect()
}

fn attributes_are_set_listed_and_removed(f: &Fixture) {
    if !there_are_any(f) {
        return;
    }
    for fh in [f.file(&f.root, "file", 0o600), f.mkdir(&f.root, "dir", 0o700)] {
        assert_eq!(get(f, &fh, "a"), Err(Status::NoXattr));
        assert_eq!(set(f, &fh, "a", b"1", XattrMode::Replace), Err(Status::NoXattr));
        assert_eq!(set(f, &fh, "b", b"", XattrMode::Create), Ok(()));
        assert_eq!(set(f, &fh, "b", b"1", XattrMode::Create), Err(Status::Exist));
        assert_eq!(set(f, &fh, "b", b"2", XattrMode::Replace), Ok(()));
        assert_eq!(set(f, &fh, "a", b"3", XattrMode::Either), Ok(()));
        assert_eq!(set(f, &fh, "a", b"\0\xff", XattrMode::Either), Ok(()));
        assert_eq!((get(f, &fh, "a"), get(f, &fh, "b")), (Ok(b"\0\xff".to_vec()), Ok(b"2".to_vec())));
        assert_eq!(list(f, &fh), ["a", "b"]);
        let before = f.attr(&fh).change;
        let change = f.files.call(&fh, RemovexattrRequest { cred: &f.user, name: b"a" }).unwrap();
        assert!(change.before == before && change.after > before);
        assert_eq!(f.files.call(&fh, RemovexattrRequest { cred: &f.user, name: b"a" }), Err(Status::NoXattr));
        assert_eq!(list(f, &fh), ["b"]);
    }
}

fn names_and_values_are_bounded(f: &Fixture) {
    if !there_are_any(f) {
        return;
    }
    let file = f.file(&f.root, "file", 0o644);
    for (name, status) in [("", Status::Inval), ("a\0b", Status::Inval)] {
        assert_eq!(set(f, &file, name, b"", XattrMode::Either), Err(status));
        assert_eq!(get(f, &file, name), Err(status));
        assert_eq!(
            f.files.call(&file, RemovexattrRequest { cred: &f.user, name: name.as_bytes() }),
            Err(status)
        );
    }
    let name = "x".repeat(250);
    assert_eq!(set(f, &file, &name, b"v", XattrMode::Either), Ok(()));
    assert_eq!(get(f, &file, &name), Ok(b"v".to_vec()));
    let name = "x".repeat(251);
    assert_eq!(set(f, &file, &name, b"v", XattrMode::Either), Err(Status::NameTooLong));
    assert_eq!(get(f, &file, &name), Err(Status::NameTooLong));
    let value = vec![1; XATTR_BYTES_MAX + 1];
    assert_eq!(set(f, &file, "big", &value, XattrMode::Either), Err(Status::Xattr2Big));
    match set(f, &file, "big", &value[1..], XattrMode::Either) {
        Ok(()) => assert!(get(f, &file, "big").is_ok_and(|got| got == value[1..])),
        // File systems have narrower bounds.
        other => assert!(f.kind != Kind::Memory && matches!(other, Err(Status::NoSpc | Status::Xattr2Big))),
    }
}

fn attributes_are_touched_by_permission(f: &Fixture) {
    if !there_are_any(f) {
        return;
    }
    let file = f.file(&f.root, "file", 0o600);
    set(f, &file, "a", b"1", XattrMode::Either).unwrap();
    let them = stranger();
    let get = |who: &Cred| f.files.call(&file, GetxattrRequest { cred: who, name: b"a" }).map(drop);
    let put = |who: &Cred| f.files.set_xattr(who, &file, b"a", b"2", XattrMode::Either).map(drop);
    let list = |who: &Cred| f.files.call(&file, ListxattrsRequest { cred: who }).map(drop);
    let access = Err(Status::Access);
    assert_eq!((get(&them), put(&them), list(&them)), (access, access, access));
    assert_eq!(f.files.call(&file, RemovexattrRequest { cred: &them, name: b"a" }).map(drop), access);
    f.set(&file, &mode_only(0o604)).unwrap();
    assert_eq!((get(&them), put(&them), list(&them)), (Ok(()), access, Ok(())));
    f.set(&file, &mode_only(0o606)).unwrap();
    assert_eq!((get(&them), put(&them)), (Ok(()), Ok(())));
    if f.knows_users() {
        f.set(&file, &mode_only(0o000)).unwrap();
        assert_eq!((get(&f.user), get(&cred(0, 0))), (access, Ok(())));
    }
    let dir = f.mkdir(&f.root, "tmp", 0o1777);
    let put = |who: &Cred| f.files.set_xattr(who, &dir, b"a", b"2", XattrMode::Either).map(drop);
    assert_eq!((put(&them), put(&f.user)), (Err(Status::Perm), Ok(())));
}

fn only_files_and_directories_have_attributes(f: &Fixture) {
    let fifo = f.make(&f.root, "fifo", NewObject::Fifo, 0o666);
    let link = f.make(&f.root, "link", NewObject::Symlink(b"fifo"), 0o777);
    for fh in [&fifo, &link] {
        assert_eq!(set(f, fh, "a", b"1", XattrMode::Either), Err(Status::Perm));
        assert_eq!(f.files.call(fh, RemovexattrRequest { cred: &f.user, name: b"a" }), Err(Status::Perm));
        assert_eq!(get(f, fh, "a"), Err(Status::NoXattr));
        assert!(list(f, fh).is_empty());
    }
}

fn attributes_stay_with_their_object(f: &Fixture) {
    if !there_are_any(f) {
        return;
    }
    let file = f.file(&f.root, "file", 0o644);
    set(f, &file, "a", b"1", XattrMode::Either).unwrap();
    f.rename(&f.root, "file", &f.root, "new name").unwrap();
    assert_eq!(get(f, &file, "a"), Ok(b"1".to_vec()));
    let other = f.file(&f.root, "file", 0o644);
    assert_eq!(get(f, &other, "a"), Err(Status::NoXattr));
    let free = f.files.statfs(&f.root).unwrap().space_free;
    f.files.remove(&f.user, &f.root, b"new name").unwrap();
    assert_eq!(get(f, &file, "a"), Err(Status::Stale));
    assert_eq!(f.files.set_xattr(&f.user, &file, b"a", b"1", XattrMode::Either), Err(Status::Stale));
    assert!(f.kind != Kind::Memory || f.files.statfs(&f.root).unwrap().space_free > free);
}

/// What the kernel keeps for itself or for root is neither shown nor reached by a name.
fn other_namespaces_are_not_there(f: &Fixture) {
    if !there_are_any(f) {
        return;
    }
    let file = f.file(&f.root, "file", 0o644);
    let own = f.dir.path().join("file");
    if f.kind != Kind::Memory && f.knows_users() {
        let flags = rustix::fs::XattrFlags::empty();
        rustix::fs::setxattr(&own, "trusted.lockhouse", b"secret", flags).unwrap();
        rustix::fs::setxattr(&own, "user.plain", b"1", flags).unwrap();
        assert_eq!(list(f, &file), ["plain"]);
    }
    for name in ["trusted.lockhouse", "security.selinux", "system.posix_acl_access"] {
        assert_eq!(
            f.files.call(&file, GetxattrRequest { cred: &cred(0, 0), name: name.as_bytes() }),
            Err(Status::NoXattr),
            "{name}"
        );
    }
}
