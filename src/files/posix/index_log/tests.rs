//! Tests of the log of the index of names.

use super::*;
use crate::files::index_mark::IndexMark;
use crate::files::index_mark::index_continues;
use crate::files::posix::id::Id;
use crate::files::posix::index_record::{MAGIC, VERSION_1, checksum};

fn records() -> Vec<Record> {
    let id = |byte| Id::from_slice(&[byte; 25]);
    let link =
        |n: u8| Record::Link { id: id(n), parent: id(0), name: format!("name {n}").into_bytes().into() };
    vec![
        link(1),
        link(2),
        Record::Unlink { id: id(1), parent: id(0), name: b"name 1"[..].into() },
        Record::Forget { id: id(2) },
        Record::Link { id: id(3), parent: id(0), name: [0xff; 255].into() },
    ]
}

fn read_all(path: &Path) -> Result<Vec<Record>, IndexError> {
    let mut all = Vec::new();
    Log::read(path, &mut |record| all.push(record)).map(|_| all)
}

fn written(path: &Path) -> IndexMark {
    let mut log = Log::read(path, &mut |_| {}).unwrap();
    let all = records();
    log.rewrite(&mut all[..2].iter().cloned()).unwrap();
    all[2..].iter().for_each(|record| log.append(record).unwrap());
    log.mark()
}

/// Tells whether the log at `path` has everything that had the mark `before`.
fn continues(before: IndexMark, path: &Path) -> bool {
    let now = Log::read(path, &mut |_| {}).unwrap().mark();
    index_continues(&before.to_bytes(), &now.to_bytes())
}

#[test]
fn records_come_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log");
    assert_eq!(read_all(&path).unwrap(), []);
    let mark = written(&path);
    assert_eq!(read_all(&path).unwrap(), records());
    let mut log = Log::read(&path, &mut |_| {}).unwrap();
    assert_eq!(log.mark(), mark);
    log.rewrite(&mut records().into_iter().take(1)).unwrap();
    assert_eq!(log.mark(), mark, "rewritten it is the same");
    assert_eq!(Log::read(&path, &mut |_| {}).unwrap().mark(), mark);
    log.append(&records()[0]).unwrap();
    assert!(continues(mark, &path));
    std::fs::remove_file(&path).unwrap();
    assert!(!continues(mark, &path), "another one");
}

#[test]
fn a_torn_tail_is_cut_off_at_every_length() {
    let dir = tempfile::tempdir().unwrap();
    let (path, torn) = (dir.path().join("log"), dir.path().join("torn"));
    let mark = written(&path);
    let bytes = std::fs::read(&path).unwrap();
    let mut counts = Vec::new();
    for cut in 0..=bytes.len() {
        std::fs::write(&torn, &bytes[..cut]).unwrap();
        let read = read_all(&torn).unwrap();
        assert_eq!(read, records()[..read.len()]);
        assert_eq!(continues(mark, &torn), read.len() == 5, "cut at {cut}");
        counts.push(read.len());
    }
    assert!(counts.is_sorted() && counts.last() == Some(&5));
}

#[test]
fn damage_is_noticed_at_every_bit() {
    let dir = tempfile::tempdir().unwrap();
    let (path, bad) = (dir.path().join("log"), dir.path().join("bad"));
    let mark = written(&path);
    let bytes = std::fs::read(&path).unwrap();
    for bit in 0..bytes.len() * 8 {
        let mut bytes = bytes.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(&bad, bytes).unwrap();
        assert!(!continues(mark, &bad), "bit {bit}");
    }
}

#[test]
fn the_first_form_is_read_and_a_newer_one_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log");
    let all: Vec<u8> = records().iter().flat_map(encode).collect();
    std::fs::write(&path, [&MAGIC[..], &VERSION_1.to_be_bytes(), &all].concat()).unwrap();
    assert_eq!(read_all(&path).unwrap(), records());
    let mut newer = header(IndexMark { id: 1, changes: 2 }, 0);
    newer[11] = 3;
    let sum = checksum(&newer[..36]).to_be_bytes();
    newer[36..].copy_from_slice(&sum);
    std::fs::write(&path, newer).unwrap();
    assert!(matches!(read_all(&path), Err(IndexError::Newer(_, 3))));
}

#[test]
fn what_there_is_no_space_for_is_pending() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log");
    let mark = written(&path);
    let mut log = Log::read(&path, &mut |_| {}).unwrap();
    // Every write to it fails.
    let (file, full) = (log.file.take(), File::options().write(true).open("/dev/full").unwrap());
    log.file = Some(full);
    assert_eq!(log.append(&records()[0]).unwrap_err().kind(), io::ErrorKind::StorageFull);
    assert!(log.is_behind() && log.mark() == mark);
    // /dev/full cannot be cut off either, so the file has to be rewritten.
    assert!(log.is_incomplete() && log.append(&records()[1]).is_err());
    drop(file);
    log.rewrite(&mut records().into_iter()).unwrap();
    assert!(!log.is_behind() && log.mark().changes > mark.changes);
    assert!(continues(mark, &path));
}
