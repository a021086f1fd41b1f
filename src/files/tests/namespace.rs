//! Exports side by side.

use super::fixture::{cred, export, mode_only, names};
use crate::files::{
    Backend, CreateMode, ExportSpec, HandleKind, Namespace, NewObject, Secret, SetAttr, SetupError,
};
use crate::nfs4::{Cred, FileType, Filehandle, Status};
use std::path::Path;

const ROOT: fn() -> Cred = || cred(0, 0);

fn memory(name: &str) -> ExportSpec {
    export(name, Backend::MEMORY, HandleKind::Auto)
}

fn namespace(exports: &[ExportSpec]) -> Namespace {
    Namespace::new(exports, &Secret::from_key([1; 16]), Path::new("/nonexistent")).unwrap()
}

fn mkdir(files: &Namespace, dir: &Filehandle, name: &str) -> Filehandle {
    files.create(&ROOT(), dir, name.as_bytes(), NewObject::Directory, &mode_only(0o755)).unwrap().object
}

#[test]
fn grafts_cover_entries_of_the_root() {
    let without = namespace(&[memory("")]);
    let files = namespace(&[memory(""), memory("a"), memory("b")]);
    let (root, all) = (files.root(), ROOT());
    assert_eq!(without.file_type(&root), Ok(FileType::Directory), "the root is the same export");
    mkdir(&files, &root, "own");
    let (a, b) = (files.lookup(&all, &root, b"a").unwrap(), files.lookup(&all, &root, b"b").unwrap());
    for batch in [1, 2, 100] {
        let mut names = names(&files, &all, &root, batch);
        names.sort();
        assert_eq!(names, ["a", "b", "own"], "by {batch}");
    }
    assert_eq!(files.parent(&all, &a).as_ref(), Ok(&root));
    assert_eq!(files.parent(&all, &root), Err(Status::NoEnt));
    let (attr, of_root, of_b) =
        (files.getattr(&a).unwrap(), files.getattr(&root).unwrap(), files.getattr(&b).unwrap());
    assert!(attr.fsid != of_root.fsid && attr.fsid != of_b.fsid);
    assert_ne!(attr.mounted_on_fileid, attr.fileid);
    assert_ne!(attr.mounted_on_fileid, of_b.mounted_on_fileid);
    assert_eq!(of_root.mounted_on_fileid, of_root.fileid);
    let sub = mkdir(&files, &a, "sub");
    assert_eq!(files.parent(&all, &sub).as_ref(), Ok(&a));
    assert_eq!(files.getattr(&sub).unwrap().fsid, attr.fsid);
    assert_eq!(files.lookup(&all, &sub, b"a"), Err(Status::NoEnt), "grafts are in the root alone");
}

#[test]
fn entries_covered_by_a_graft_are_shown_once() {
    let dir = tempfile::tempdir().unwrap();
    let state = tempfile::tempdir().unwrap();
    for name in ["a", "z", "m"] {
        std::fs::create_dir(dir.path().join(name)).unwrap();
    }
    let root = export("", Backend::Directory(dir.path().to_owned()), HandleKind::Auto);
    let files = Namespace::new(&[root, memory("a")], &Secret::from_key([1; 16]), state.path()).unwrap();
    let me = cred(rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw());
    for batch in [1, 2, 100] {
        let mut names = names(&files, &me, &files.root(), batch);
        names.sort();
        assert_eq!(names, ["a", "m", "z"], "by {batch}");
    }
    let graft = files.lookup(&me, &files.root(), b"a").unwrap();
    assert_ne!(files.getattr(&graft).unwrap().fsid, files.getattr(&files.root()).unwrap().fsid);
}

#[test]
fn grafts_stay() {
    let files = namespace(&[memory(""), memory("a")]);
    let (root, all, set) = (files.root(), ROOT(), mode_only(0o644));
    let file = files.create_file(&all, &root, b"file", CreateMode::Guarded, &set).unwrap().object;
    let open = |mode| files.create_file(&all, &root, b"a", mode, &set).map(|_| ());
    assert_eq!(open(CreateMode::Unchecked), Err(Status::IsDir));
    assert_eq!(open(CreateMode::Guarded), Err(Status::Exist));
    let made = files.create(&all, &root, b"a", NewObject::Fifo, &set);
    assert_eq!(made.map(|_| ()), Err(Status::Exist));
    assert_eq!(files.remove(&all, &root, b"a"), Err(Status::Access));
    assert_eq!(files.rename(&all, &root, b"a", &root, b"b"), Err(Status::Access));
    assert_eq!(files.rename(&all, &root, b"file", &root, b"a"), Err(Status::Exist));
    assert_eq!(files.link(&all, &file, &root, b"a"), Err(Status::Exist));
}

#[test]
fn nothing_moves_between_exports() {
    let files = namespace(&[memory(""), memory("a")]);
    let (root, all) = (files.root(), ROOT());
    let a = files.lookup(&all, &root, b"a").unwrap();
    let file =
        files.create_file(&all, &root, b"file", CreateMode::Guarded, &mode_only(0o644)).unwrap().object;
    assert_eq!(files.rename(&all, &root, b"file", &a, b"file"), Err(Status::Xdev));
    assert_eq!(files.link(&all, &file, &a, b"file"), Err(Status::Xdev));
}

#[test]
fn a_root_without_export_is_ours() {
    let files = namespace(&[memory("a"), memory("b")]);
    let (root, all, set) = (files.root(), ROOT(), SetAttr::default());
    assert_eq!(names(&files, &all, &root, 1), ["a", "b"]);
    let attr = files.getattr(&root).unwrap();
    assert_eq!((attr.kind, attr.mode, attr.numlinks), (FileType::Directory, 0o555, 4));
    let a = files.lookup(&all, &root, b"a").unwrap();
    assert_ne!(files.getattr(&a).unwrap().fsid, attr.fsid);
    assert_eq!(files.lookup(&all, &root, b"c"), Err(Status::NoEnt));
    assert_eq!(files.remove(&all, &root, b"c"), Err(Status::NoEnt));
    let made = files.create(&all, &root, b"c", NewObject::Directory, &set);
    assert_eq!(made.map(|_| ()), Err(Status::RoFs));
    assert_eq!(files.setattr(&all, &root, &mode_only(0o777), false).1, Err(Status::RoFs));
    assert!(!files.permission(&all, &root).unwrap().write);
    assert_eq!(files.readdir(&all, &root, 77, &mut |_| true), Err(Status::BadCookie));
    assert_eq!(files.readdir(&all, &root, u64::MAX, &mut |_| true), Err(Status::BadCookie));
    assert!(namespace(&[]).getattr(&namespace(&[]).root()).is_ok(), "nothing at all is a root too");
}

#[test]
fn root_is_squashed_where_it_is_told() {
    let mut squashed = memory("squashed");
    squashed.root_squash = true;
    let files = namespace(&[memory(""), squashed]);
    let mut all = ROOT();
    all.groups.extend([0, 7]);
    let root = files.root();
    let graft = files.lookup(&all, &root, b"squashed").unwrap();
    assert_eq!(files.squash(&root, all.clone()), all);
    let nobody = files.squash(&graft, all.clone());
    assert_eq!((nobody.uid, nobody.gid), (Cred::NOBODY, Cred::NOBODY));
    assert_eq!(nobody.groups.as_slice(), [Cred::NOBODY, 7]);
    assert_eq!(files.squash(&graft, cred(5, 6)), cred(5, 6));
    let forged = Filehandle::new(b"forged").unwrap();
    assert_eq!(files.squash(&forged, all).uid, Cred::NOBODY);
}

#[test]
fn handles_of_others_are_refused() {
    let files = namespace(&[memory(""), memory("a")]);
    let a = files.lookup(&ROOT(), &files.root(), b"a").unwrap();
    let fewer = namespace(&[memory("")]);
    assert_eq!(fewer.getattr(&a).map(|_| ()), Err(Status::Stale), "an export that is no more");
    assert_eq!(fewer.file_type(&a), Err(Status::Stale));
    assert_eq!(fewer.getattr(&files.root()).map(|_| ()), Err(Status::Stale), "memory of another start");
    let other = Namespace::memory().unwrap();
    assert_eq!(other.getattr(&a).map(|_| ()), Err(Status::BadHandle), "another secret");
    let empty = Filehandle::new(b"").unwrap();
    assert_eq!(files.file_type(&empty), Err(Status::BadHandle));
}

#[test]
fn bad_exports_are_refused_at_the_start() {
    let new = |exports: &[ExportSpec]| {
        Namespace::new(exports, &Secret::from_key([1; 16]), Path::new("/nonexistent")).map(|_| ())
    };
    for name in ["a/b", "..", ".", "a\0"] {
        assert!(matches!(new(&[memory(name)]), Err(SetupError::Name(_))), "{name:?}");
    }
    assert!(matches!(new(&[memory("a"), memory("a")]), Err(SetupError::Twice(..))));
    let missing = export("a", Backend::Directory("/nonexistent/directory".into()), HandleKind::Auto);
    assert!(matches!(new(&[missing]), Err(SetupError::Directory { .. })));
    let many: Vec<_> = (0..1025).map(|number| memory(&number.to_string())).collect();
    assert!(matches!(new(&many), Err(SetupError::TooMany)));
}

#[test]
fn the_memory_tree_has_a_limit() {
    let mut spec = memory("");
    spec.backend = Backend::Memory { bytes_max: 100_000 };
    let files = namespace(&[spec]);
    let (root, all, set) = (files.root(), ROOT(), SetAttr::default());
    let file = files.create_file(&all, &root, b"file", CreateMode::Guarded, &set).unwrap().object;
    let stability = crate::files::Stability::Unstable;
    let written = files.write(&all, &file, 0, &[1; 200_000], stability, true).unwrap().0;
    assert!((1..200_000).contains(&written), "as much as fits");
    assert_eq!(files.write(&all, &file, 1 << 40, b"x", stability, true), Err(Status::NoSpc));
    let full = (0..1000).find_map(|number| {
        files.create(&all, &root, number.to_string().as_bytes(), NewObject::Fifo, &set).err()
    });
    assert_eq!(full, Some(Status::NoSpc), "empty objects take space too");
    assert_eq!(files.setattr(&all, &file, &super::fixture::size_only(1 << 60), true).1, Ok(()));
    files.remove(&all, &root, b"file").unwrap();
    assert!(files.statfs(&root).unwrap().space_free > 60_000, "what is removed is free again");
}
