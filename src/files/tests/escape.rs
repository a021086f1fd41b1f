//! Nothing outside of an export is reachable.

use super::fixture::{Fixture, Kind, run};
use crate::files::NewObject;
use crate::nfs4::Status;
use std::os::unix::fs::symlink;

macro_rules! on_directories {
    ($($test:ident)*) => {
        mod kernel { $(#[test] fn $test() { super::run(super::Kind::Kernel, super::$test); })* }
        mod index { $(#[test] fn $test() { super::run(super::Kind::Index, super::$test); })* }
        mod unprivileged { $(#[test] fn $test() { super::run(super::Kind::Unprivileged, super::$test); })* }
    };
}

on_directories! {
    links_lead_nowhere
    a_directory_moved_out_is_gone
    a_directory_replaced_by_a_link_is_gone
    dots_are_no_way_out
}

fn links_lead_nowhere(f: &Fixture) {
    let outside = f.state.path();
    symlink(outside, f.dir.path().join("out")).unwrap();
    symlink(outside.join("handle-secret"), f.dir.path().join("secret")).unwrap();
    let (out, secret) = (f.lookup(&f.root, "out").unwrap(), f.lookup(&f.root, "secret").unwrap());
    assert_eq!(f.lookup(&out, "handle-secret"), Err(Status::Symlink));
    assert_eq!(f.names(&f.root, 10).len(), 2);
    let mut take = |_: crate::files::DirEntry<'_>| panic!("no entries here");
    assert_eq!(f.files.readdir(&f.user, &out, 0, &mut take), Err(Status::NotDir));
    assert_eq!(f.read(&secret, 0, 100), Err(Status::Inval));
    let made = f.files.create(&f.user, &out, b"x", NewObject::Fifo, &Default::default());
    assert_eq!(made.map(|_| ()), Err(Status::NotDir));
    let open = f.files.create_file(
        &f.user,
        &f.root,
        b"secret",
        crate::files::CreateMode::Unchecked,
        &Default::default(),
    );
    assert_eq!(open.map(|_| ()), Err(Status::Symlink));
    // Whoever owns the link: what it points to stays as it is.
    let _ = f.files.setattr(&f.user, &secret, &super::fixture::mode_only(0o777), false);
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &outside.join("handle-secret").metadata().unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);
}

fn a_directory_moved_out_is_gone(f: &Fixture) {
    let dir = f.mkdir(&f.root, "dir", 0o755);
    let sub = f.mkdir(&dir, "sub", 0o755);
    f.file(&sub, "file", 0o644);
    std::fs::rename(f.dir.path().join("dir"), f.state.path().join("dir")).unwrap();
    for fh in [&dir, &sub] {
        assert_eq!(f.files.getattr(fh).map(|_| ()), Err(Status::Stale));
        assert_eq!(f.lookup(fh, "file"), Err(Status::Stale));
        assert_eq!(f.files.parent(&f.user, fh), Err(Status::Stale));
        assert_eq!(f.files.readdir(&f.user, fh, 0, &mut |_| true), Err(Status::Stale));
        let made = f.files.create(&f.user, fh, b"x", NewObject::Fifo, &Default::default());
        assert_eq!(made.map(|_| ()), Err(Status::Stale));
    }
    std::fs::rename(f.state.path().join("dir"), f.dir.path().join("back")).unwrap();
    assert_eq!(f.lookup(&f.root, "back").as_ref(), Ok(&dir), "and back it is itself");
    assert!(f.lookup(&sub, "file").is_ok());
}

fn a_directory_replaced_by_a_link_is_gone(f: &Fixture) {
    let dir = f.mkdir(&f.root, "dir", 0o755);
    let file = f.file(&dir, "file", 0o644);
    // Outside there is a file of the same name, even the very same file.
    std::fs::rename(f.dir.path().join("dir"), f.state.path().join("dir")).unwrap();
    symlink(f.state.path().join("dir"), f.dir.path().join("dir")).unwrap();
    assert_eq!(f.files.getattr(&dir).map(|_| ()), Err(Status::Stale));
    assert_eq!(f.lookup(&dir, "file"), Err(Status::Stale));
    if f.kind != Kind::Kernel {
        assert_eq!(f.files.getattr(&file).map(|_| ()), Err(Status::Stale));
    }
}

fn dots_are_no_way_out(f: &Fixture) {
    // Callers refuse such names; what if they did not?
    let dir = f.mkdir(&f.root, "dir", 0o755);
    let out = format!("../../{}", f.state.path().display());
    for (name, status) in [("..", Status::BadName), (".", Status::BadName), (&out, Status::BadChar)] {
        assert_eq!(f.lookup(&dir, name), Err(status));
        assert_eq!(f.files.remove(&f.user, &dir, name.as_bytes()), Err(status));
        let made = f.files.create(&f.user, &dir, name.as_bytes(), NewObject::Fifo, &Default::default());
        assert_eq!(made.map(|_| ()), Err(status));
        assert_eq!(f.rename(&f.root, "dir", &f.root, name), Err(status));
    }
    assert_eq!(f.files.parent(&f.user, &f.root), Err(Status::NoEnt));
    assert_eq!(f.files.parent(&f.user, &dir).as_ref(), Ok(&f.root));
}
