//! Client records that are written, read again, damaged and lost.

use super::*;
use crate::host::client_records_format::{checksum, put_line};

fn name(text: &str) -> Box<[u8]> {
    text.as_bytes().into()
}

fn recorded(text: &str) -> ClientChange {
    ClientChange::ClientRecorded(name(text))
}

fn forgotten(text: &str) -> ClientChange {
    ClientChange::ClientForgotten(name(text))
}

fn names_in(dir: &Path) -> Vec<String> {
    let mut names = ClientRecords::open(dir).expect("open").names();
    // What became of it is asked for where that matters.
    names.remove(UNKNOWN);
    names.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect()
}

#[test]
fn records_outlive_the_server() {
    let dir = tempfile::tempdir().expect("temporary directory");
    let mut records = ClientRecords::open(dir.path()).expect("none yet");
    records.commit(&[recorded("a"), recorded("b"), recorded("")]).expect("commit");
    records.commit(&[forgotten("a"), recorded("c"), forgotten("never there")]).expect("commit");
    assert_eq!(names_in(dir.path()), ["", "b", "c"]);
    assert_eq!(names_in(dir.path()), ["", "b", "c"], "also when it was only read");
    records.replace(BTreeSet::from([name("z")])).expect("replace");
    assert_eq!(names_in(dir.path()), ["z"]);
}

#[test]
fn the_file_stays_short() {
    let dir = tempfile::tempdir().expect("temporary directory");
    let mut records = ClientRecords::open(dir.path()).expect("none yet");
    for round in 0..SPARE_LINES {
        records.commit(&[recorded("a"), recorded("b"), forgotten("a"), forgotten("b")]).expect("commit");
        assert!(records.lines <= SPARE_LINES + 4, "round {round}");
    }
    records.commit(&[recorded("b")]).expect("commit");
    assert_eq!(names_in(dir.path()), ["b"]);
}

#[test]
fn a_torn_line_was_never_relied_on_and_a_damaged_one_is_left_out() {
    let dir = tempfile::tempdir().expect("temporary directory");
    let mut records = ClientRecords::open(dir.path()).expect("none yet");
    records.commit(&[recorded("a"), recorded("b"), forgotten("a")]).expect("commit");
    let path = dir.path().join("clients");
    let whole = fs::read(&path).expect("read");
    fs::write(&path, &whole[..whole.len() - 1]).expect("write");
    assert_eq!(names_in(dir.path()), ["a", "b"]);
    for bit in 0..whole.len() * 8 {
        let mut damaged = whole.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        fs::write(&path, &damaged).expect("write");
        let names = ClientRecords::open(dir.path()).expect("open").names();
        let others = names.iter().filter(|name| ***name != *UNKNOWN);
        assert!(others.into_iter().all(|name| [&b"a"[..], b"b"].contains(&&**name)), "bit {bit}");
        // The very last byte ends a line that may not have been relied on.
        let last = bit / 8 == whole.len() - 1;
        assert!(last || names.contains(UNKNOWN), "bit {bit}");
    }
}

#[test]
fn lost_records_are_not_as_good_as_none() {
    let dir = tempfile::tempdir().expect("temporary directory");
    drop(ClientRecords::open(dir.path()).expect("none yet"));
    assert_eq!(names_in(dir.path()), Vec::<String>::new());
    let path = dir.path().join("clients");
    assert!(ClientRecords::open(dir.path()).expect("open").names().is_empty());
    fs::remove_file(&path).expect("remove");
    assert!(ClientRecords::open(dir.path()).expect("open").names().is_empty(), "nothing was there before");
    for witness in ["epoch", "store"] {
        fs::remove_file(&path).expect("remove");
        fs::write(dir.path().join(witness), "").expect("write");
        let names = ClientRecords::open(dir.path()).expect("open").names();
        assert!(names.contains(UNKNOWN), "{witness}");
        fs::remove_file(dir.path().join(witness)).expect("remove");
    }
}

#[test]
fn the_epoch_is_told() {
    let dir = tempfile::tempdir().expect("temporary directory");
    let mut records = ClientRecords::open(dir.path()).expect("none yet");
    assert_eq!(records.epoch(), None);
    records.begin(77, BTreeSet::new()).expect("write");
    records.commit(&[recorded("a")]).expect("commit");
    assert_eq!(ClientRecords::open(dir.path()).expect("open").epoch(), Some(77));
    assert_eq!(names_in(dir.path()), ["a"]);
}

#[test]
fn an_older_file_is_read_and_a_newer_one_is_refused() {
    let dir = tempfile::tempdir().expect("temporary directory");
    let path = dir.path().join("clients");
    fs::write(&path, "lockhouse clients 1\n6\u{fc}\n61\n6x\n").expect("write");
    assert_eq!(names_in(dir.path()), ["a"]);
    let mut second = "lockhouse clients 2\n".to_owned();
    put_line(&mut second, '+', b"b");
    fs::write(&path, second).expect("write");
    assert_eq!(names_in(dir.path()), ["b"]);
    let newer = "lockhouse clients 4 and more";
    fs::write(&path, format!("{newer} {:08x}\n+61\n", checksum(newer))).expect("write");
    assert!(matches!(ClientRecords::open(dir.path()), Err(ClientRecordsError::Version(..))));
}
