//! Reading and writing.

use super::fixture::{Fixture, Kind, on_all_trees, run, size_only};
use crate::files::{CommitRequest, NewObject, Stability};
use crate::nfs4::Status;

on_all_trees! {
    what_is_written_is_read
    sizes_change
    only_files_have_data
    offsets_are_bounded
    every_write_shows_in_the_change_attribute
    stability_is_what_was_asked_for_or_better
    writing_takes_set_user_id_away
}

fn what_is_written_is_read(f: &Fixture) {
    let file = f.file(&f.root, "file", 0o644);
    assert_eq!(f.read(&file, 0, 10), Ok((vec![], true)));
    assert_eq!(f.write(&file, 3, b"hello"), Ok(5));
    assert_eq!(f.read(&file, 0, 100), Ok((b"\0\0\0hello".to_vec(), true)));
    assert_eq!(f.read(&file, 0, 4), Ok((b"\0\0\0h".to_vec(), false)));
    assert_eq!(f.read(&file, 4, 4), Ok((b"ello".to_vec(), true)));
    assert_eq!(f.read(&file, 8, 4), Ok((vec![], true)));
    assert_eq!(f.read(&file, u64::MAX, u32::MAX), Ok((vec![], true)));
    assert_eq!(f.write(&file, 4, b"EL"), Ok(2));
    assert_eq!(f.write(&file, 1000, b""), Ok(0));
    assert_eq!(f.read(&file, 3, 100), Ok((b"hELlo".to_vec(), true)));
    let big: Vec<u8> = (0..1_000_000u32).map(|number| number as u8).collect();
    assert_eq!(f.write(&file, 1 << 33, &big), Ok(1_000_000));
    assert_eq!(f.read(&file, 1 << 33, u32::MAX), Ok((big, true)));
    assert_eq!(f.attr(&file).size, (1 << 33) + 1_000_000);
    assert!(f.attr(&file).space_used < 1 << 24, "holes take no space");
}

fn sizes_change(f: &Fixture) {
    let file = f.file(&f.root, "file", 0o644);
    f.write(&file, 0, b"0123456789").unwrap();
    for (size, data) in [(4, &b"0123"[..]), (6, b"0123\0\0"), (0, b""), (2, b"\0\0")] {
        let before = f.attr(&file).change;
        assert_eq!(f.set(&file, &size_only(size)), Ok(()));
        assert_eq!(f.read(&file, 0, 100), Ok((data.to_vec(), true)));
        assert!(f.attr(&file).change > before);
    }
    assert_eq!(f.set(&file, &size_only(u64::MAX)), Err(Status::FBig));
    assert_eq!(f.set(&file, &size_only(1 << 63)), Err(Status::FBig));
    assert_eq!(f.set(&f.root, &size_only(0)), Err(Status::IsDir));
    let fifo = f.make(&f.root, "fifo", NewObject::Fifo, 0o644);
    assert_eq!(f.set(&fifo, &size_only(0)), Err(Status::Inval));
}

fn only_files_have_data(f: &Fixture) {
    let fifo = f.make(&f.root, "fifo", NewObject::Fifo, 0o666);
    let link = f.make(&f.root, "link", NewObject::Symlink(b"fifo"), 0o777);
    for (fh, status) in [(&f.root, Status::IsDir), (&fifo, Status::Inval), (&link, Status::Inval)] {
        assert_eq!(f.read(fh, 0, 1), Err(status));
        assert_eq!(f.write(fh, 0, b"x"), Err(status));
        assert_eq!(f.files.call(fh, CommitRequest), Err(status));
    }
}

fn offsets_are_bounded(f: &Fixture) {
    let file = f.file(&f.root, "file", 0o644);
    for offset in [u64::MAX, u64::MAX - 1, 1 << 63, i64::MAX as u64] {
        assert_eq!(f.write(&file, offset, b"xy"), Err(Status::FBig), "{offset}");
    }
    assert_eq!(f.attr(&file).size, 0);
}

fn every_write_shows_in_the_change_attribute(f: &Fixture) {
    let file = f.file(&f.root, "file", 0o644);
    let mut last = f.attr(&file).change;
    for round in 0..300u32 {
        match round % 3 {
            0 => drop(f.write(&file, 0, &[round as u8]).unwrap()),
            1 => f.set(&file, &size_only(u64::from(round))).unwrap(),
            _ => f.set(&file, &super::fixture::mode_only(0o600 + round % 8)).unwrap(),
        }
        let change = f.attr(&file).change;
        assert!(change > last, "round {round}: {change} after {last}");
        last = change;
    }
    let mut last = f.attr(&f.root).change;
    for round in 0..100 {
        f.file(&f.root, &format!("new {round}"), 0o644);
        let change = f.attr(&f.root).change;
        assert!(change > last, "round {round}: {change} after {last}");
        last = change;
    }
    assert_eq!(f.attr(&f.root).change, last, "looking changes nothing");
}

fn stability_is_what_was_asked_for_or_better(f: &Fixture) {
    let file = f.file(&f.root, "file", 0o644);
    for asked in [Stability::Unstable, Stability::DataSync, Stability::FileSync] {
        let (count, got) = f.files.write(&f.user, &file, 0, b"data", asked, false).unwrap();
        assert!(count == 4 && got >= asked);
    }
    assert_eq!(f.files.call(&file, CommitRequest), Ok(()));
    let write_only = f.file(&f.root, "write only", 0o200);
    assert_eq!(f.files.call(&write_only, CommitRequest), Ok(()));
}

fn writing_takes_set_user_id_away(f: &Fixture) {
    for has_open in [false, true] {
        let file = f.file(&f.root, &format!("program {has_open}"), 0o6777);
        f.files.write(&f.user, &file, 0, b"x", Stability::Unstable, has_open).unwrap();
        assert_eq!(f.attr(&file).mode, 0o777, "by an open: {has_open}");
        f.set(&file, &super::fixture::mode_only(0o6777)).unwrap();
        assert_eq!(f.files.setattr(&f.user, &file, &size_only(0), has_open).1, Ok(()));
        assert_eq!(f.attr(&file).mode, 0o777, "by an open: {has_open}");
    }
}
