//! Names that are not UTF-8: any bytes in a real directory, unless the export wants UTF-8.

use super::fixture::{Fixture, Kind, export, mode_only, run};
use crate::files::{
    Backend, CreateMode, ExportSpec, GetxattrRequest, HandleKind, ListxattrsRequest, NameRule, Namespace,
    NewObject, RemovexattrRequest, Secret,
};
use crate::nfs4::{Filehandle, Status, XattrMode};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

/// No UTF-8: an byte that never begins a character, half of one, a surrogate; and what is no character.
const NAMES: [&[u8]; 4] = [b"caf\xe9", b"\xc3", b"\xed\xa0\x80", b"\xef\xbf\xbe"];

fn listed(files: &Namespace, f: &Fixture, dir: &Filehandle) -> Vec<Vec<u8>> {
    let mut names = Vec::new();
    let end = files.readdir(&f.user, dir, 0, &mut |entry| {
        names.push(entry.name.to_vec());
        true
    });
    assert_eq!(end, Ok(true));
    names.sort();
    names
}

fn any_bytes(f: &Fixture) {
    let (files, user, set) = (&f.files, &f.user, mode_only(0o755));
    for name in NAMES {
        let dir = files.create(user, &f.root, name, NewObject::Directory, &set).unwrap().object;
        let file = files.create_file(user, &dir, name, CreateMode::Guarded, &set).unwrap().object;
        assert_eq!(files.lookup(user, &dir, name).as_ref(), Ok(&file));
        assert!(f.dir.path().join(OsStr::from_bytes(name)).join(OsStr::from_bytes(name)).exists());
        files.link(user, &file, &dir, b"\xff").unwrap();
        files.rename(user, &dir, name, &dir, b"\xfe").unwrap();
        assert_eq!(listed(files, f, &dir), [b"\xfe", b"\xff"]);
        files.remove(user, &dir, b"\xff").unwrap();
        // Found again by its handle, also after a restart.
        assert_eq!(f.restarted().getattr(&file).map(|attr| attr.numlinks), Ok(1));
        assert_eq!(f.restarted().lookup(user, &dir, b"\xfe").as_ref(), Ok(&file));
        match files.set_xattr(user, &file, name, b"1", XattrMode::Either) {
            Err(Status::NotSupp) => {}
            set => {
                set.unwrap();
                assert_eq!(files.call(&file, ListxattrsRequest { cred: user }).unwrap(), [name]);
                assert_eq!(files.call(&file, GetxattrRequest { cred: user, name }).as_deref(), Ok(&b"1"[..]));
                files.call(&file, RemovexattrRequest { cred: user, name }).unwrap();
            }
        }
    }
    assert_eq!(listed(files, f, &f.root).len(), NAMES.len());
    for (name, status) in [(&b""[..], Status::Inval), (b"..", Status::BadName), (b"\xff/", Status::BadChar)] {
        assert_eq!(files.lookup(user, &f.root, name), Err(status));
    }
}

#[test]
fn any_bytes_with_kernel_handles() {
    run(Kind::Kernel, any_bytes);
}

#[test]
fn any_bytes_with_an_index() {
    run(Kind::Index, any_bytes);
}

#[test]
fn any_bytes_for_a_user() {
    run(Kind::Unprivileged, any_bytes);
}

#[test]
fn utf8_where_it_is_wanted() {
    run(Kind::Index, |f| {
        std::fs::write(f.dir.path().join(OsStr::from_bytes(NAMES[0])), b"").unwrap();
        std::fs::write(f.dir.path().join("ü"), b"").unwrap();
        let spec = |name: &str, names| ExportSpec {
            names,
            ..export(name, Backend::Directory(f.dir.path().to_owned()), HandleKind::Index)
        };
        let specs = [spec("", NameRule::Utf8), spec("any", NameRule::Bytes)];
        let files = Namespace::new(&specs, &Secret::from_key([1; 16]), f.state.path()).unwrap();
        let (root, user, set) = (files.root(), &f.user, mode_only(0o755));
        let any = files.lookup(user, &root, b"any").unwrap();
        let umlaut = files.lookup(user, &root, "ü".as_bytes()).unwrap();
        for name in NAMES {
            let wrong = Err(Status::Inval);
            assert_eq!(files.lookup(user, &root, name), wrong);
            assert_eq!(files.create(user, &root, name, NewObject::Fifo, &set).map(|made| made.object), wrong);
            let made = files.create_file(user, &root, name, CreateMode::Unchecked, &set);
            assert_eq!(made.map(|made| made.object), wrong);
            assert_eq!(files.remove(user, &root, name).map(drop), Err(Status::Inval));
            assert_eq!(files.rename(user, &root, "ü".as_bytes(), &root, name).map(drop), Err(Status::Inval));
            assert_eq!(files.link(user, &umlaut, &root, name).map(drop), Err(Status::Inval));
        }
        // It is listed all the same, and the other export of the directory has it.
        assert!(listed(&files, f, &root).contains(&NAMES[0].to_vec()));
        assert!(files.lookup(user, &any, NAMES[0]).is_ok());
    });
}
