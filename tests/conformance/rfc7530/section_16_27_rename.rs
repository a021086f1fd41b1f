//! RFC 7530 §16.27: RENAME.

use crate::support::{Place, refused, refused_with, two_lockers};
use lockhouse::client::{Client, Error, attr, op, write_lock};
use lockhouse::nfs4::{Filehandle, Status};

fn rename(
    client: &mut Client,
    (from_dir, from): (&Filehandle, &str),
    (to_dir, to): (&Filehandle, &str),
) -> Result<(), Error> {
    let ops = [op::putfh(from_dir), op::savefh(), op::putfh(to_dir), op::rename(from, to)];
    client.compound_ok(&ops).map(drop)
}

/// §16.27.4: the object moves with its filehandle, its content and what is open.
#[test]
fn filehandle_and_state_move_along() {
    let place = Place::new();
    let mut a = place.actor("a");
    let file = a.open_new("f");
    a.write(&file.filehandle, file.stateid, 0, b"data").unwrap();
    let dir = a.mkdir(&place.dir, "dir").unwrap();
    rename(&mut a, (&place.dir, "f"), (&dir, "g")).unwrap();
    refused(a.lookup(&place.dir, "f"), Status::NoEnt);
    assert_eq!(a.lookup(&dir, "g").unwrap(), file.filehandle);
    assert_eq!(a.read(&file.filehandle, file.stateid, 0, 10).unwrap().data, b"data");
    let mut file = file;
    a.close(&mut file).unwrap();
}

/// §9, §16.27: locks belong to the file, not to its name.
#[test]
fn locks_move_along() {
    let (mut a, mut b) = two_lockers();
    a.lock(write_lock(0, 10)).unwrap();
    let dir = a.actor.dir.clone();
    a.actor.rename(&dir, "f", "g").unwrap();
    b.lock_denied(write_lock(0, 1));
    a.unlock(write_lock(0, 10)).unwrap();
    b.lock(write_lock(0, 1)).unwrap();
}

/// §16.27.4: a target of the same kind is replaced; a directory only if it is empty.
#[test]
fn target_is_replaced() {
    let place = Place::new();
    let mut a = place.actor("a");
    let f = a.open_new("f").filehandle;
    a.open_new("g");
    a.rename(&place.dir, "f", "g").unwrap();
    assert_eq!(a.lookup(&place.dir, "g").unwrap(), f);
    let d = a.mkdir(&place.dir, "d").unwrap();
    let e = a.mkdir(&place.dir, "e").unwrap();
    a.mkdir(&e, "inside").unwrap();
    refused_with(a.rename(&place.dir, "d", "e"), &[Status::Exist, Status::NotEmpty]);
    a.remove(&e, "inside").unwrap();
    a.rename(&place.dir, "d", "e").unwrap();
    assert_eq!(a.lookup(&place.dir, "e").unwrap(), d);
}

/// §16.27.4: a file does not replace a directory, nor a directory a file: `NFS4ERR_EXIST` (or what POSIX says).
#[test]
fn kinds_are_not_mixed() {
    let place = Place::new();
    let mut a = place.actor("a");
    a.open_new("f");
    a.mkdir(&place.dir, "d").unwrap();
    refused_with(a.rename(&place.dir, "f", "d"), &[Status::Exist, Status::IsDir]);
    refused_with(a.rename(&place.dir, "d", "f"), &[Status::Exist, Status::NotDir]);
    a.lookup(&place.dir, "f").unwrap();
    a.lookup(&place.dir, "d").unwrap();
}

/// §16.27.4: onto itself, and onto another name of the same file, nothing happens and both names stay.
#[test]
fn onto_itself() {
    let place = Place::new();
    let mut a = place.actor("a");
    let file = a.open_new("f").filehandle;
    a.rename(&place.dir, "f", "f").unwrap();
    let link = [op::putfh(&file), op::savefh(), op::putfh(&place.dir), op::link("g")];
    a.compound_ok(&link).unwrap();
    a.rename(&place.dir, "f", "g").unwrap();
    for name in ["f", "g"] {
        assert_eq!(a.lookup(&place.dir, name).unwrap(), file);
    }
    let links = a.getattr(&file, &[attr::number::NUMLINKS]).unwrap();
    assert_eq!(links.get_u32(attr::number::NUMLINKS), Some(2));
}

/// §16.27.5: a directory does not go below itself.
#[test]
fn directory_below_itself() {
    let place = Place::new();
    let mut a = place.actor("a");
    let d = a.mkdir(&place.dir, "d").unwrap();
    let e = a.mkdir(&d, "e").unwrap();
    refused(rename(&mut a, (&place.dir, "d"), (&d, "x")), Status::Inval);
    refused(rename(&mut a, (&place.dir, "d"), (&e, "x")), Status::Inval);
    assert_eq!(a.lookup(&place.dir, "d").unwrap(), d);
}

/// §16.27.5: sources and directories are checked.
#[test]
fn arguments_are_checked() {
    let place = Place::new();
    let mut a = place.actor("a");
    let file = a.open_new("f").filehandle;
    refused(a.rename(&place.dir, "missing", "x"), Status::NoEnt);
    refused(a.rename(&place.dir, "", "x"), Status::Inval);
    refused(a.rename(&place.dir, "..", "x"), Status::BadName);
    refused(a.rename(&place.dir, "f", "."), Status::BadName);
    refused(rename(&mut a, (&file, "f"), (&place.dir, "x")), Status::NotDir);
    refused(rename(&mut a, (&place.dir, "f"), (&file, "x")), Status::NotDir);
    refused(a.compound_ok(&[op::putfh(&place.dir), op::rename("f", "x")]), Status::NoFilehandle);
    refused(a.compound_ok(&[op::rename("f", "x")]), Status::NoFilehandle);
}
