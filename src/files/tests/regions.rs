//! Holes, reserved room, copies.

use super::fixture::{Fixture, Kind, export, on_all_trees, run, stranger};
use super::short::FileSide;
use crate::files::{
    AllocateRequest, Backend, COPY_BYTES_MAX, CreateMode, DeallocateRequest, Found, HandleKind, Namespace,
    NewObject, Result, Secret, SetAttr, Side, Stability,
};
use crate::nfs4::{Content, Filehandle, Status};

on_all_trees! {
    holes_are_found
    room_is_reserved_and_given_back
    impossible_regions_are_refused
    regions_are_copied
    copies_between_exports_are_read_and_written
    copies_are_checked
    clones_are_whole_or_refused
    regions_are_touched_by_permission
    changing_a_region_shows
}

const MIB: u64 = 1 << 20;

fn side<'a>(f: &'a Fixture, file: &'a Filehandle, offset: u64) -> FileSide<'a> {
    (file, Side { cred: &f.user, offset, has_open: false })
}

fn seek(f: &Fixture, file: &Filehandle, offset: u64, what: Content) -> Result<(bool, u64)> {
    let found = f.files.seek(&f.user, file, offset, what, false);
    found.map(|Found { eof, offset }| (eof, offset))
}

fn allocate(f: &Fixture, file: &Filehandle, offset: u64, length: u64) -> Result<()> {
    f.files.call(file, AllocateRequest { cred: &f.user, offset, length, has_open: false })
}

fn deallocate(f: &Fixture, file: &Filehandle, offset: u64, length: u64) -> Result<()> {
    f.files.call(file, DeallocateRequest { cred: &f.user, offset, length, has_open: false })
}

fn holes_are_found(f: &Fixture) {
    let file = f.file(&f.root, "file", 0o644);
    assert_eq!(seek(f, &file, 0, Content::Hole), Err(Status::Nxio), "it is empty");
    f.write(&file, 0, b"data").unwrap();
    f.write(&file, 2 * MIB, b"data").unwrap();
    f.set(&file, &super::fixture::size_only(4 * MIB)).unwrap();
    assert_eq!(seek(f, &file, 1, Content::Data), Ok((false, 1)));
    let (eof, hole) = seek(f, &file, 0, Content::Hole).unwrap();
    assert!(!eof && (4..=MIB).contains(&hole), "{hole}");
    assert_eq!(seek(f, &file, MIB, Content::Hole), Ok((false, MIB)));
    assert_eq!(seek(f, &file, MIB, Content::Data), Ok((false, 2 * MIB)));
    assert_eq!(seek(f, &file, 3 * MIB, Content::Data), Ok((true, 4 * MIB)), "there is none");
    assert_eq!(seek(f, &file, 3 * MIB, Content::Hole), Ok((false, 3 * MIB)));
    for what in [Content::Data, Content::Hole] {
        for offset in [4 * MIB, 4 * MIB + 1, u64::MAX] {
            assert_eq!(seek(f, &file, offset, what), Err(Status::Nxio), "{offset}");
        }
    }
    let full = f.file(&f.root, "full", 0o644);
    f.write(&full, 0, &[1; 5000]).unwrap();
    assert_eq!(seek(f, &full, 4999, Content::Hole), Ok((true, 5000)), "there is a hole at the end");
}

fn room_is_reserved_and_given_back(f: &Fixture) {
    let file = f.file(&f.root, "file", 0o644);
    f.write(&file, 0, b"data").unwrap();
    assert_eq!(allocate(f, &file, 2, MIB), Ok(()));
    assert_eq!(f.attr(&file).size, MIB + 2);
    assert!(f.attr(&file).space_used >= MIB);
    assert_eq!(f.read(&file, 0, 6), Ok((b"data\0\0".to_vec(), false)));
    f.write(&file, 0, &vec![7; MIB as usize]).unwrap();
    assert_eq!(deallocate(f, &file, 1, MIB / 2), Ok(()));
    assert_eq!(f.attr(&file).size, MIB + 2);
    assert!(f.attr(&file).space_used < MIB);
    let (data, _) = f.read(&file, 0, MIB as u32).unwrap();
    let want = |at: usize| if at == 0 || at > MIB as usize / 2 { 7 } else { 0 };
    assert!(data.iter().enumerate().all(|(at, byte)| *byte == want(at)));
    assert_eq!(deallocate(f, &file, 10, u64::MAX - 10), Ok(()), "to the end and beyond");
    assert_eq!(f.attr(&file).size, MIB + 2);
    assert_eq!(f.read(&file, 0, 1), Ok((vec![7], false)));
}

fn impossible_regions_are_refused(f: &Fixture) {
    let file = f.file(&f.root, "file", 0o644);
    for change in [allocate, deallocate] {
        assert_eq!(change(f, &file, 0, 0), Err(Status::Inval));
        assert_eq!(change(f, &file, u64::MAX, 2), Err(Status::Inval));
        assert_eq!(change(f, &file, 1 << 63, 1), Err(Status::FBig));
        assert_eq!(change(f, &f.root, 0, 1), Err(Status::IsDir));
        let fifo =
            f.lookup(&f.root, "fifo").unwrap_or_else(|_| f.make(&f.root, "fifo", NewObject::Fifo, 0o644));
        assert_eq!(change(f, &fifo, 0, 1), Err(Status::Inval));
        assert_eq!(seek(f, &fifo, 0, Content::Data), Err(Status::Inval));
    }
    let much = allocate(f, &file, 0, 1 << 60);
    assert!(matches!(much, Err(Status::NoSpc | Status::FBig)), "{much:?}");
    assert_eq!(f.attr(&file).size, 0);
}

fn regions_are_copied(f: &Fixture) {
    let (from, to) = (f.file(&f.root, "from", 0o644), f.file(&f.root, "to", 0o644));
    let data: Vec<u8> = (0..3 * MIB).map(|at| (at % 251) as u8).collect();
    f.write(&from, 0, &data).unwrap();
    f.write(&to, 0, b"head").unwrap();
    let (count, _) = f.files.copy(side(f, &from, 5), side(f, &to, 2), 2 * MIB).unwrap();
    assert_eq!((count, f.attr(&to).size), (2 * MIB, 2 * MIB + 2));
    let (copied, eof) = f.read(&to, 0, u32::MAX).unwrap();
    assert!(eof && copied[..2] == b"he"[..] && copied[2..] == data[5..2 * MIB as usize + 5]);
    let (count, _) = f.files.copy(side(f, &from, 3 * MIB - 9), side(f, &to, 0), 0).unwrap();
    assert_eq!((count, f.read(&to, 0, 9).unwrap().0), (9, data[3 * MIB as usize - 9..].to_vec()));
    let nothing = f.files.copy(side(f, &from, 3 * MIB), side(f, &to, 0), 0);
    assert_eq!(nothing.map(|(count, _)| count), Ok(0));
    let within = f.files.copy(side(f, &to, 0), side(f, &to, MIB), MIB).map(|(count, _)| count);
    assert_eq!(within, Ok(MIB), "of one file, apart");
    assert_eq!(f.read(&to, MIB, 9).unwrap().0, data[3 * MIB as usize - 9..]);
    f.set(&from, &super::fixture::size_only(2 * COPY_BYTES_MAX)).unwrap();
    let (count, _) = f.files.copy(side(f, &from, 0), side(f, &to, 0), 0).unwrap();
    assert!(count > 0 && count <= COPY_BYTES_MAX, "no copy takes long: {count}");
}

fn copies_between_exports_are_read_and_written(f: &Fixture) {
    let exports = [
        export("", Backend::MEMORY, HandleKind::Auto),
        export("real", Backend::Directory(f.dir.path().to_owned()), HandleKind::Auto),
    ];
    let files = Namespace::new(&exports, &Secret::ephemeral().unwrap(), f.state.path()).unwrap();
    let real = files.lookup(&f.user, &files.root(), b"real").unwrap();
    let make = |dir, name: &str| {
        let set = SetAttr { mode: Some(0o644), ..SetAttr::default() };
        files.create_file(&f.user, dir, name.as_bytes(), CreateMode::Guarded, &set).unwrap().object
    };
    let (from, to) = (make(&files.root(), "from"), make(&real, "to"));
    let data: Vec<u8> = (0..3 * MIB).map(|at| (at % 251) as u8).collect();
    files.write(&f.user, &from, 0, &data, Stability::Unstable, false).unwrap();
    let (count, _) = files.copy(side(f, &from, 0), side(f, &to, 7), 3 * MIB).unwrap();
    assert_eq!(count, 3 * MIB);
    let mut copied = Vec::new();
    files.read(&f.user, &to, 7, u32::MAX, false, &mut copied).unwrap();
    assert!(copied == data);
    assert_eq!(files.clone_region(side(f, &from, 0), side(f, &to, 0), 1), Err(Status::Xdev));
}

fn copies_are_checked(f: &Fixture) {
    let (from, to) = (f.file(&f.root, "from", 0o644), f.file(&f.root, "to", 0o644));
    f.write(&from, 0, b"0123456789").unwrap();
    let both = |from: (&Filehandle, u64), to: (&Filehandle, u64), count| {
        let copied = f.files.copy(side(f, from.0, from.1), side(f, to.0, to.1), count).map(drop);
        let cloned = f.files.clone_region(side(f, from.0, from.1), side(f, to.0, to.1), count);
        assert_eq!(copied, cloned);
        copied
    };
    assert_eq!(both((&from, 11), (&to, 0), 0), Err(Status::Inval), "it begins beyond the end");
    assert_eq!(both((&from, 5), (&to, 0), 6), Err(Status::Inval), "it ends beyond the end");
    assert_eq!(both((&from, 1), (&to, 0), u64::MAX), Err(Status::Inval));
    assert_eq!(both((&from, 0), (&from, 4), 5), Err(Status::Inval), "the regions overlap");
    assert_eq!(both((&from, 0), (&to, i64::MAX as u64), 1), Err(Status::FBig));
    assert_eq!(both((&from, 0), (&to, u64::MAX), 1), Err(Status::FBig));
    assert_eq!(both((&f.root, 0), (&to, 0), 1), Err(Status::IsDir));
    assert_eq!(both((&from, 0), (&f.root, 0), 1), Err(Status::IsDir));
    assert_eq!(f.attr(&to).size, 0);
}

fn clones_are_whole_or_refused(f: &Fixture) {
    let (from, to) = (f.file(&f.root, "from", 0o644), f.file(&f.root, "to", 0o644));
    let data: Vec<u8> = (0..200_000u32).map(|at| (at % 251) as u8).collect();
    f.write(&from, 0, &data).unwrap();
    match f.files.clone_region(side(f, &from, 0), side(f, &to, 0), 0) {
        Ok(()) => assert!(f.read(&to, 0, u32::MAX) == Ok((data, true))),
        other => {
            assert_ne!(f.kind, Kind::Memory);
            assert_eq!((other, f.attr(&to).size), (Err(Status::NotSupp), 0));
        }
    }
}

fn regions_are_touched_by_permission(f: &Fixture) {
    let (file, open) = (f.file(&f.root, "file", 0o600), f.file(&f.root, "open", 0o666));
    f.write(&file, 0, b"0123456789").unwrap();
    f.write(&open, 0, b"0123456789").unwrap();
    let them = stranger();
    let theirs = |file, has_open| (file, Side { cred: &them, offset: 0, has_open });
    for (has_open, want) in [(false, Err(Status::Access)), (true, Ok(()))] {
        assert_eq!(f.files.seek(&them, &file, 0, Content::Data, has_open).map(drop), want);
        assert_eq!(
            f.files.call(&file, AllocateRequest { cred: &them, offset: 0, length: 1, has_open }),
            want
        );
        assert_eq!(
            f.files.call(&file, DeallocateRequest { cred: &them, offset: 0, length: 1, has_open }),
            want
        );
        let copy = |from, to| f.files.copy(from, to, 1).map(drop);
        assert_eq!(copy(theirs(&file, has_open), theirs(&open, false)), want, "reads the source");
        assert_eq!(copy(theirs(&open, false), theirs(&file, has_open)), want, "writes the target");
        let clone = f.files.clone_region(theirs(&file, has_open), theirs(&open, false), 0);
        assert!(clone == want || has_open && clone == Err(Status::NotSupp), "{clone:?}");
    }
}

fn changing_a_region_shows(f: &Fixture) {
    let (from, file) = (f.file(&f.root, "from", 0o644), f.file(&f.root, "file", 0o644));
    f.write(&from, 0, b"data").unwrap();
    let changes: [&dyn Fn() -> Result<()>; 3] =
        [&|| allocate(f, &file, 0, 10), &|| deallocate(f, &file, 0, 10), &|| {
            f.files.copy(side(f, &from, 0), side(f, &file, 0), 4).map(drop)
        }];
    for change in changes {
        f.set(&file, &super::fixture::mode_only(0o6777)).unwrap();
        let before = f.attr(&file).change;
        assert_eq!(change(), Ok(()));
        assert!(f.attr(&file).change > before);
    }
    assert_eq!(f.attr(&file).mode, 0o777, "as for every write");
}
