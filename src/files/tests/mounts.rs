//! File systems mounted below an export, and overlays as exports. Needs root and a mount namespace of its own.

use super::fixture::{Fixture, Kind, export, mode_only, names, run_after};
use crate::files::{Backend, CreateMode, DependencyKind, HandleKind, Namespace, Secret};
use crate::nfs4::Status;
use std::ffi::CString;
use std::path::Path;

/// Gives this thread mounts of its own; false where that is not allowed.
pub(super) fn own_mounts() -> bool {
    #[allow(unsafe_code, reason = "no safe wrapper among our libraries")]
    // SAFETY: changes the mount namespace of this thread alone; all pointers are strings or null.
    unsafe {
        let flags = libc::MS_REC | libc::MS_PRIVATE;
        let nothing = std::ptr::null();
        libc::unshare(libc::CLONE_NEWNS) == 0
            && libc::mount(nothing, c"/".as_ptr(), nothing, flags, nothing.cast()) == 0
    }
}

pub(super) fn mount(kind: &str, target: &Path, options: &str) -> bool {
    let text = |text: &str| CString::new(text).unwrap();
    let (kind, target, options) = (text(kind), text(target.to_str().unwrap()), text(options));
    #[allow(unsafe_code, reason = "no safe wrapper among our libraries")]
    // SAFETY: all pointers are strings that outlive the call.
    let result =
        unsafe { libc::mount(c"none".as_ptr(), target.as_ptr(), kind.as_ptr(), 0, options.as_ptr().cast()) };
    result == 0
}

fn unmount(target: &Path) {
    let target = CString::new(target.to_str().unwrap()).unwrap();
    #[allow(unsafe_code, reason = "no safe wrapper among our libraries")]
    // SAFETY: the pointer is a string that outlives the call.
    let result = unsafe { libc::umount2(target.as_ptr(), libc::MNT_DETACH) };
    assert_eq!(result, 0);
}

/// Shows `from` at `to` too.
pub(super) fn bind(from: &Path, to: &Path, read_only: bool) -> bool {
    let text = |path: &Path| CString::new(path.to_str().unwrap()).unwrap();
    let (from, to) = (text(from), text(to));
    let mount = |flags| {
        let nothing = std::ptr::null();
        #[allow(unsafe_code, reason = "no safe wrapper among our libraries")]
        // SAFETY: all pointers are strings that outlive the call, or null.
        let result = unsafe { libc::mount(from.as_ptr(), to.as_ptr(), nothing, flags, nothing.cast()) };
        result == 0
    };
    mount(libc::MS_BIND) && (!read_only || mount(libc::MS_BIND | libc::MS_REMOUNT | libc::MS_RDONLY))
}

fn mounts_belong_to_the_export(f: &Fixture) {
    let point = f.mkdir(&f.root, "point", 0o755);
    let covered = f.attr(&point).fileid;
    if !mount("tmpfs", &f.dir.path().join("point"), "mode=777") {
        return;
    }
    let mounted = f.lookup(&f.root, "point").unwrap();
    assert_ne!(mounted, point);
    let attr = f.attr(&mounted);
    assert_ne!(attr.fsid, f.attr(&f.root).fsid);
    assert_eq!(attr.mounted_on_fileid, covered);
    let sub = f.mkdir(&mounted, "sub", 0o755);
    let file = f.file(&sub, "file", 0o644);
    assert_eq!(f.attr(&file).fsid, attr.fsid);
    assert_eq!(f.attr(&file).mounted_on_fileid, f.attr(&file).fileid);
    assert_eq!(f.write(&file, 0, b"data"), Ok(4));
    assert_eq!(f.rename(&mounted, "sub", &mounted, "other"), Ok(()));
    assert_eq!(f.read(&file, 0, 9), Ok((b"data".to_vec(), true)));
    assert_eq!(f.files.parent(&f.user, &sub).as_ref(), Ok(&mounted));
    assert_eq!(f.files.parent(&f.user, &mounted).as_ref(), Ok(&f.root));
    f.file(&f.root, "outer", 0o644);
    assert_eq!(f.rename(&f.root, "outer", &mounted, "inner"), Err(Status::Xdev));
    assert_eq!(f.files.remove(&f.user, &f.root, b"point"), Err(Status::FileOpen));
    let again = f.restarted();
    assert_eq!(again.getattr(&file).map(|attr| attr.size), Ok(4));
}

#[test]
fn mounts_below_kernel_handles() {
    run_after(Kind::Kernel, own_mounts, mounts_belong_to_the_export);
}

#[test]
fn mounts_below_an_index() {
    run_after(Kind::Index, own_mounts, mounts_belong_to_the_export);
}

fn overlays_can_be_exported(f: &Fixture) {
    let base = f.dir.path();
    for name in ["lower", "upper", "work", "merged"] {
        std::fs::create_dir(base.join(name)).unwrap();
    }
    std::fs::write(base.join("lower/old"), b"old").unwrap();
    std::fs::write(base.join("lower/gone"), b"gone").unwrap();
    let place = |name: &str| base.join(name).display().to_string();
    let options =
        format!("lowerdir={},upperdir={},workdir={}", place("lower"), place("upper"), place("work"));
    if !mount("overlay", &base.join("merged"), &options) {
        return;
    }
    let spec = export("", Backend::Directory(base.join("merged")), HandleKind::Auto);
    let open =
        || Namespace::new(std::slice::from_ref(&spec), &Secret::from_key([1; 16]), f.state.path()).unwrap();
    let (files, root) = (open(), super::fixture::cred(0, 0));
    let old = files.lookup(&root, &files.root(), b"old").unwrap();
    let new = files
        .create_file(&root, &files.root(), b"new", CreateMode::Guarded, &mode_only(0o644))
        .unwrap()
        .object;
    let stability = crate::files::Stability::Unstable;
    assert!(files.write(&root, &new, 0, b"new", stability, true).is_ok());
    assert!(files.write(&root, &old, 0, b"OLD", stability, true).is_ok(), "copied up");
    files.rename(&root, &files.root(), b"old", &files.root(), b"older").unwrap();
    files.remove(&root, &files.root(), b"gone").unwrap();
    let again = open();
    for (fh, data) in [(&old, b"OLD"), (&new, b"new")] {
        let mut read = Vec::new();
        assert_eq!(again.read(&root, fh, 0, 9, true, &mut read), Ok(true));
        assert_eq!(&read, data);
    }
    let mut names = names(&again, &root, &again.root(), 1);
    names.sort();
    assert_eq!(names, ["new", "older"]);
}

#[test]
fn overlays() {
    run_after(Kind::Index, own_mounts, overlays_can_be_exported);
}

fn an_unmounted_file_system_is_missed(f: &Fixture) {
    f.mkdir(&f.root, "disk", 0o755);
    let disk = f.dir.path().join("disk");
    let spec = export("a", Backend::Directory(disk.clone()), HandleKind::Auto);
    let secret = Secret::from_key([1; 16]);
    let directory = || {
        let files = Namespace::new(std::slice::from_ref(&spec), &secret, f.state.path()).unwrap();
        let mut all = files.dependencies(&secret);
        all.retain(|one| one.kind == DependencyKind::Directory);
        all.pop().unwrap()
    };
    let empty = directory();
    assert!(mount("tmpfs", &disk, "mode=777"));
    let mounted = directory();
    assert!(directory().continues(&mounted.mark), "it is known again");
    assert!(!mounted.continues(&empty.mark) && !mounted.is_unmounted(&empty.mark));
    unmount(&disk);
    let unmounted = directory();
    assert!(unmounted.is_unmounted(&mounted.mark) && unmounted.continues(&empty.mark));
    assert!(mount("tmpfs", &disk, "mode=777"));
    let another = directory();
    assert!(!another.is_unmounted(&mounted.mark) && !another.continues(&mounted.mark));
    // Another directory in its place.
    unmount(&disk);
    std::fs::remove_dir(&disk).unwrap();
    std::fs::create_dir(f.dir.path().join("keeps its number")).unwrap();
    std::fs::create_dir(&disk).unwrap();
    let new = directory();
    assert!(!new.continues(&unmounted.mark) && !new.is_unmounted(&unmounted.mark));
}

#[test]
fn unmounted_file_systems() {
    run_after(Kind::Kernel, own_mounts, an_unmounted_file_system_is_missed);
}
