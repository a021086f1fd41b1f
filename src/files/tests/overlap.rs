//! Exports that overlap: one file has one handle, whichever way it was found, and so one set of locks.

use super::fixture::{Fixture, Kind, export, mode_only, names, run, run_after};
use super::mounts::{bind, mount, own_mounts};
use crate::files::{Backend, CreateMode, ExportSpec, HandleKind, Namespace, Secret, SetAttr, SetupError};
use crate::nfs4::{Filehandle, Status};
use std::path::Path;

fn handles(kind: Kind) -> HandleKind {
    match kind {
        Kind::Kernel => HandleKind::Kernel,
        Kind::Index => HandleKind::Index,
        Kind::Memory | Kind::Unprivileged => HandleKind::Auto,
    }
}

/// Exports of these directories.
fn try_open(f: &Fixture, exports: &[(&str, &Path)]) -> Result<Namespace, SetupError> {
    let spec = |(name, path): &(&str, &Path)| -> ExportSpec {
        export(name, Backend::Directory(path.to_path_buf()), handles(f.kind))
    };
    let specs: Vec<_> = exports.iter().map(spec).collect();
    Namespace::new(&specs, &Secret::from_key([1; 16]), f.state.path())
}

fn open(f: &Fixture, exports: &[(&str, &Path)]) -> Namespace {
    try_open(f, exports).unwrap()
}

/// The object at this path.
fn walk(f: &Fixture, files: &Namespace, path: &str) -> Filehandle {
    let names = path.split('/').filter(|name| !name.is_empty());
    names.fold(files.root(), |dir, name| files.lookup(&f.user, &dir, name.as_bytes()).unwrap())
}

fn same(f: &Fixture, files: &Namespace, paths: [&str; 2]) {
    let [one, other] = paths.map(|path| walk(f, files, path));
    assert_eq!(one, other, "{paths:?}");
    assert_eq!(files.getattr(&one), files.getattr(&other));
}

fn nested(f: &Fixture) {
    let sub = f.mkdir(&f.root, "sub", 0o755);
    f.file(&sub, "f", 0o644);
    let top = f.dir.path().to_owned();
    let exports: [(&str, &Path); 2] = [("", &top), ("part", &top.join("sub"))];
    // In either order of first sight.
    for paths in [["sub/f", "part/f"], ["part/f", "sub/f"]] {
        same(f, &open(f, &exports), paths);
    }
    // And when each was seen by a server that exported it alone.
    let alone = open(f, &[("part", &top.join("sub"))]);
    let before = walk(f, &alone, "part/f");
    let files = open(f, &exports);
    let canonical = files.canonical(&before).unwrap_or(before);
    assert_eq!(canonical, walk(f, &files, "sub/f"));
    assert_eq!(files.canonical(&canonical), None);
}

fn twice(f: &Fixture) {
    f.file(&f.root, "f", 0o644);
    let link = f.state.path().join("link");
    std::os::unix::fs::symlink(f.dir.path(), &link).unwrap();
    let top = f.dir.path();
    let files = open(f, &[("a", top), ("b", top), ("c", &link)]);
    same(f, &files, ["a/f", "b/f"]);
    same(f, &files, ["c/f", "b/f"]);
    // Both are one file system to clients.
    let fsids = ["a", "b", "c", "a/f"].map(|path| files.getattr(&walk(f, &files, path)).unwrap().fsid);
    assert!(fsids.iter().all(|fsid| *fsid == fsids[0]), "{fsids:?}");
}

fn hard_links(f: &Fixture) {
    let [a, b] = ["a", "b"].map(|name| f.mkdir(&f.root, name, 0o755));
    let file = f.file(&a, "f", 0o644);
    f.files.link(&f.user, &file, &b, b"g").unwrap();
    let paths = ["a", "b"].map(|name| f.dir.path().join(name));
    let files = open(f, &[("a", &paths[0]), ("b", &paths[1])]);
    same(f, &files, ["b/g", "a/f"]);
    // A link inside the second export, made there by the handle that all share.
    let (fh, dir) = (walk(f, &files, "b/g"), walk(f, &files, "b"));
    files.link(&f.user, &fh, &dir, b"h").unwrap();
    same(f, &files, ["b/h", "a/f"]);
    let exclusive =
        files.create_file(&f.user, &dir, b"new", CreateMode::Guarded, &mode_only(0o644)).unwrap().object;
    assert_eq!(exclusive, walk(f, &files, "b/new"));
    files.remove(&f.user, &walk(f, &files, "a"), b"f").unwrap();
    for fh in [&fh, &exclusive] {
        assert_eq!(files.getattr(fh).map(|attr| attr.size), Ok(0), "found in the export that has it");
    }
    // The same after a restart, and it is gone when its last name is.
    let files = open(f, &[("a", &paths[0]), ("b", &paths[1])]);
    assert_eq!(walk(f, &files, "b/g"), fh);
    let dir = walk(f, &files, "b");
    files.hold(&fh).unwrap();
    for name in ["g", "h"] {
        files.remove(&f.user, &dir, name.as_bytes()).unwrap();
    }
    assert_eq!(files.getattr(&fh).map(|attr| attr.numlinks), Ok(0), "held");
    files.release(&fh);
    assert_eq!(files.getattr(&fh).map(drop), Err(Status::Stale));
}

fn changes_show_through_both(f: &Fixture) {
    f.file(&f.root, "f", 0o644);
    let files = open(f, &[("a", f.dir.path()), ("b", f.dir.path())]);
    let dirs = ["a", "b"].map(|name| walk(f, &files, name));
    let change = |fh: &Filehandle| files.getattr(fh).unwrap().change;
    let mut last = change(&dirs[1]);
    for round in 0..50 {
        let name = format!("n{round}");
        files
            .create_file(&f.user, &dirs[0], name.as_bytes(), CreateMode::Guarded, &SetAttr::default())
            .unwrap();
        let now = change(&dirs[1]);
        assert!(now > last, "round {round}");
        last = now;
    }
    assert_eq!(names(&files, &f.user, &dirs[1], 7).len(), 51);
}

macro_rules! on_directories {
    ($($test:ident)*) => {
        mod kernel { $(#[test] fn $test() { super::run(super::Kind::Kernel, super::$test); })* }
        mod index { $(#[test] fn $test() { super::run(super::Kind::Index, super::$test); })* }
        mod unprivileged { $(#[test] fn $test() { super::run(super::Kind::Unprivileged, super::$test); })* }
    };
}
on_directories! { nested twice hard_links changes_show_through_both }

/// The same directory by a bind mount: below the export, as an export of its own, and both.
fn bind_mounts(f: &Fixture) {
    let (sub, _) = (f.mkdir(&f.root, "sub", 0o755), f.mkdir(&f.root, "again", 0o755));
    f.file(&sub, "f", 0o644);
    let top = f.dir.path();
    assert!(bind(&top.join("sub"), &top.join("again"), false));
    let files = open(f, &[("", top), ("x", &top.join("again"))]);
    same(f, &files, ["sub/f", "again/f"]);
    same(f, &files, ["x/f", "again/f"]);
    let fh = walk(f, &files, "again/f");
    files.remove(&f.user, &walk(f, &files, "sub"), b"f").unwrap();
    assert_eq!(files.getattr(&fh).map(drop), Err(Status::Stale));
}

#[test]
fn bind_mounts_of_kernel_handles() {
    run_after(Kind::Kernel, own_mounts, bind_mounts);
}

#[test]
fn bind_mounts_of_an_index() {
    run_after(Kind::Index, own_mounts, bind_mounts);
}

/// Below one export, the same file system is another one's.
fn one_below_another(f: &Fixture) {
    f.mkdir(&f.root, "disk", 0o755);
    let (top, disk) = (f.dir.path(), f.dir.path().join("disk"));
    assert!(mount("tmpfs", &disk, "mode=777"));
    std::fs::write(disk.join("f"), b"").unwrap();
    let files = open(f, &[("a", top), ("b", &disk)]);
    assert!(files.lookup(&f.user, &walk(f, &files, "b"), b"f").is_ok());
    // The export that has it as its own serves it; the other does not lead there.
    assert_eq!(files.lookup(&f.user, &walk(f, &files, "a"), b"disk"), Err(Status::Access));
    // A handle from when it did leads nowhere.
    let before = open(f, &[("a", top)]);
    let old = walk(f, &before, "a/disk/f");
    assert_eq!(files.getattr(&old).map(drop), Err(Status::Stale));
}

#[test]
fn one_below_another_with_kernel_handles() {
    run_after(Kind::Kernel, own_mounts, one_below_another);
}

#[test]
fn one_below_another_with_an_index() {
    run_after(Kind::Index, own_mounts, one_below_another);
}

/// A file system that hangs below two exports of different ones belongs to the first of them.
fn below_both(f: &Fixture) {
    let top = f.dir.path();
    for name in ["one", "two"] {
        f.mkdir(&f.root, name, 0o755);
        assert!(mount("tmpfs", &top.join(name), "mode=777"));
        std::fs::create_dir(top.join(name).join("third")).unwrap();
    }
    assert!(mount("tmpfs", &top.join("one/third"), "mode=777"));
    std::fs::write(top.join("one/third/f"), b"").unwrap();
    assert!(bind(&top.join("one/third"), &top.join("two/third"), false));
    let files = open(f, &[("one", &top.join("one")), ("two", &top.join("two"))]);
    // Also when the other one is asked first.
    assert_eq!(files.lookup(&f.user, &walk(f, &files, "two"), b"third"), Err(Status::Access));
    walk(f, &files, "one/third/f");
}

#[test]
fn a_file_system_below_two_exports() {
    run_after(Kind::Index, own_mounts, below_both);
}

/// Without birth times files are told apart by what the index remembers, which the exports share.
fn overlays(f: &Fixture) {
    let base = f.dir.path();
    let place = |name: &str| base.join(name).display().to_string();
    for name in ["lower", "upper", "work", "merged"] {
        std::fs::create_dir(base.join(name)).unwrap();
    }
    std::fs::create_dir(base.join("lower/sub")).unwrap();
    std::fs::write(base.join("lower/sub/f"), b"").unwrap();
    let options =
        format!("lowerdir={},upperdir={},workdir={}", place("lower"), place("upper"), place("work"));
    let merged = base.join("merged");
    if !mount("overlay", &merged, &options) {
        return;
    }
    let exports: [(&str, &Path); 3] = [("", &merged), ("part", &merged.join("sub")), ("z", &merged)];
    let files = open(f, &exports);
    same(f, &files, ["part/f", "sub/f"]);
    same(f, &files, ["z/sub/f", "sub/f"]);
    let fh = walk(f, &files, "z/sub/f");
    assert_eq!(walk(f, &open(f, &exports), "part/f"), fh);
    let again = open(f, &exports);
    again.remove(&super::fixture::cred(0, 0), &walk(f, &again, "part"), b"f").unwrap();
    assert_eq!(again.getattr(&fh).map(drop), Err(Status::Stale));
}

#[test]
fn overlapping_exports_of_an_overlay() {
    run_after(Kind::Index, own_mounts, overlays);
}

/// Where only one way to a file is read-only, one handle would either refuse or allow too much.
fn read_only(f: &Fixture) {
    let (rw, ro) = (f.mkdir(&f.root, "rw", 0o755), f.mkdir(&f.root, "ro", 0o755));
    f.file(&rw, "f", 0o644);
    let top = f.dir.path();
    assert!(bind(&top.join("rw"), &top.join("ro"), true));
    let error = try_open(f, &[("a", &top.join("rw")), ("b", &top.join("ro"))]).err().unwrap();
    assert!(matches!(&error, SetupError::ReadOnly(..)), "{error}");
    let files = open(f, &[("a", top)]);
    assert_eq!(files.lookup(&f.user, &walk(f, &files, "a/ro"), b"f"), Err(Status::Access));
    drop(ro);
}

#[test]
fn read_only_bind_mounts() {
    run_after(Kind::Kernel, own_mounts, read_only);
}

#[test]
fn exports_that_share_a_file_system_treat_root_alike() {
    run(Kind::Index, |f| {
        let export = |name: &str, root_squash| ExportSpec {
            root_squash,
            ..export(name, Backend::Directory(f.dir.path().to_owned()), HandleKind::Index)
        };
        let open = |specs: &[ExportSpec]| Namespace::new(specs, &Secret::from_key([1; 16]), f.state.path());
        assert!(open(&[export("a", true), export("b", true)]).is_ok());
        let error = open(&[export("a", true), export("b", false)]).err().unwrap();
        assert!(matches!(error, SetupError::Squash(..)), "{error}");
    });
}
