//! Handles over restarts, and beside changes that others make.

use super::fixture::{Fixture, Kind, export, run};
use crate::files::{Backend, HandleKind, Namespace, Secret};
use crate::nfs4::{Filehandle, Status};
use siphasher::sip::SipHasher13;

/// Makes each function a test on each kind of tree that outlives a restart.
macro_rules! on_directories {
    ($($test:ident)*) => {
        mod kernel { $(#[test] fn $test() { super::run(super::Kind::Kernel, super::$test); })* }
        mod index { $(#[test] fn $test() { super::run(super::Kind::Index, super::$test); })* }
        mod unprivileged { $(#[test] fn $test() { super::run(super::Kind::Unprivileged, super::$test); })* }
    };
}

on_directories! {
    handles_outlive_a_restart
    removed_objects_stay_stale
    a_replaced_file_is_another
    names_made_by_others_are_found
    deep_trees_have_handles
    concurrent_renames_lose_nobody
}

fn data(files: &Namespace, f: &Fixture, fh: &Filehandle) -> crate::files::Result<Vec<u8>> {
    let mut data = Vec::new();
    files.read(&f.user, fh, 0, 100, false, &mut data).map(|_| data)
}

fn handles_outlive_a_restart(f: &Fixture) {
    let (a, b) = (f.mkdir(&f.root, "a", 0o755), f.mkdir(&f.root, "b", 0o755));
    let sub = f.mkdir(&a, "sub", 0o755);
    let file = f.file(&sub, "file", 0o644);
    f.write(&file, 0, b"data").unwrap();
    f.files.link(&f.user, &file, &b, b"second").unwrap();
    f.rename(&a, "sub", &b, "moved").unwrap();
    f.rename(&f.root, "b", &f.root, "c").unwrap();
    f.files.remove(&f.user, &sub, b"file").unwrap();
    let again = f.restarted();
    assert_eq!(again.root(), f.root);
    assert_eq!(data(&again, f, &file).as_deref(), Ok(&b"data"[..]));
    assert_eq!(again.parent(&f.user, &sub).as_ref(), Ok(&b));
    assert_eq!(again.lookup(&f.user, &f.root, b"c").as_ref(), Ok(&b));
    assert_eq!(again.lookup(&f.user, &b, b"second").as_ref(), Ok(&file));
    let change = f.attr(&file).change;
    assert!(again.getattr(&file).unwrap().change <= change);
}

fn removed_objects_stay_stale(f: &Fixture) {
    let file = f.file(&f.root, "file", 0o644);
    f.files.remove(&f.user, &f.root, b"file").unwrap();
    f.file(&f.root, "file", 0o644);
    let again = f.restarted();
    assert_eq!(again.getattr(&file).map(|_| ()), Err(Status::Stale));
}

fn a_replaced_file_is_another(f: &Fixture) {
    let path = f.dir.path();
    let file = f.file(&f.root, "file", 0o644);
    std::fs::write(path.join("new"), b"new").unwrap();
    std::fs::rename(path.join("new"), path.join("file")).unwrap();
    assert_eq!(f.files.getattr(&file).map(|_| ()), Err(Status::Stale));
    assert_ne!(f.lookup(&f.root, "file"), Ok(file.clone()));
    std::fs::remove_file(path.join("file")).unwrap();
    std::fs::create_dir(path.join("file")).unwrap();
    assert_eq!(f.files.getattr(&file).map(|_| ()), Err(Status::Stale));
}

fn names_made_by_others_are_found(f: &Fixture) {
    let path = f.dir.path();
    let dir = f.mkdir(&f.root, "dir", 0o755);
    let file = f.file(&dir, "file", 0o644);
    std::fs::rename(path.join("dir"), path.join("renamed")).unwrap();
    // With kernel handles nothing is lost; the index knows again once the new name is looked up.
    assert_eq!(f.lookup(&f.root, "renamed").as_ref(), Ok(&dir));
    assert_eq!(f.attr(&file).numlinks, 1);
    std::fs::hard_link(path.join("renamed/file"), path.join("other")).unwrap();
    assert_eq!(f.lookup(&f.root, "other").as_ref(), Ok(&file));
    std::fs::remove_file(path.join("other")).unwrap();
    assert_eq!(f.attr(&file).numlinks, 1, "the first name is still known");
}

fn deep_trees_have_handles(f: &Fixture) {
    let name = "a component of some length, so that all of them are longer than any path may be";
    let mut path = vec![f.root.clone()];
    for _ in 0..90 {
        let next = f.mkdir(path.last().unwrap(), name, 0o755);
        path.push(next);
    }
    let file = f.file(path.last().unwrap(), "file", 0o644);
    assert_eq!(f.restarted().getattr(&file).map(|attr| attr.numlinks), Ok(1));
    f.files.remove(&f.user, path.last().unwrap(), b"file").unwrap();
    while path.len() > 1 {
        path.pop();
        f.files.remove(&f.user, path.last().unwrap(), name.as_bytes()).unwrap();
    }
}

fn concurrent_renames_lose_nobody(f: &Fixture) {
    let (a, b) = (f.mkdir(&f.root, "a", 0o755), f.mkdir(&f.root, "b", 0o755));
    let dir = f.mkdir(&a, "dir", 0o755);
    let file = f.file(&dir, "file", 0o644);
    std::thread::scope(|scope| {
        let mover = scope.spawn(|| {
            for _ in 0..300 {
                f.rename_quietly(&a, "dir", &b, "other");
                f.rename_quietly(&b, "other", &a, "dir");
            }
        });
        while !mover.is_finished() {
            assert_eq!(f.files.getattr(&file).map(|attr| attr.numlinks), Ok(1));
            assert!(matches!(f.lookup(&a, "dir"), Ok(_) | Err(Status::NoEnt)));
        }
    });
    assert_eq!(f.lookup(&dir, "file").as_ref(), Ok(&file));
}

impl Fixture {
    /// A rename beside which other things happen.
    fn rename_quietly(&self, from_dir: &Filehandle, from: &str, to_dir: &Filehandle, to: &str) {
        self.files.rename(&self.user, from_dir, from.as_bytes(), to_dir, to.as_bytes()).unwrap();
    }
}

#[test]
fn an_index_of_a_newer_release_is_refused() {
    let (dir, state) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let spec = export("", Backend::Directory(dir.path().to_owned()), HandleKind::Index);
    let open = || Namespace::new(std::slice::from_ref(&spec), &Secret::from_key([1; 16]), state.path());
    drop(open().unwrap());
    let entries = std::fs::read_dir(state.path()).unwrap().map(|entry| entry.unwrap().path());
    let index = entries.into_iter().next().unwrap();
    let mut bytes = std::fs::read(&index).unwrap();
    bytes[11] = 9;
    let sum = SipHasher13::new_with_key(b"lockhouse  names").hash(&bytes[..36]);
    bytes[36..44].copy_from_slice(&sum.to_be_bytes());
    std::fs::write(&index, bytes).unwrap();
    let error = open().map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("version 9"), "{error}");
}
