//! The lock generation, an extended attribute of our own: a fencing token. Other servers do not have it.

use crate::support::{Locker, Place, refused_with, server};
use lockhouse::client::{op, read_lock, write_lock};
use lockhouse::nfs4::Status;
use lockhouse::xdr::generated::nfs4::setxattr_option4;

const NAME: &str = "lockhouse.generation";

/// A locker of 4.2, unless the server is not ours.
fn locker(place: &Place, label: &str) -> Option<Locker> {
    server::is_ours().then(|| Locker::of(place.member_of(2, label), label))
}

fn generation(who: &mut Locker) -> u64 {
    let file = who.file.filehandle.clone();
    let value = super::value_of(&mut who.actor, &file, NAME).expect("the generation");
    String::from_utf8(value).unwrap().parse().expect("a decimal number")
}

/// It grows with each exclusive grant, whoever gets it, and with nothing else.
#[test]
fn grows_with_each_exclusive_grant() {
    let place = Place::new();
    let Some(mut a) = locker(&place, "a") else { return };
    let mut b = locker(&place, "b").unwrap();
    let mut last = generation(&mut a);
    for byte in 0..3 {
        a.lock(write_lock(byte, 1)).unwrap();
        let now = generation(&mut b);
        assert!(now > last, "{now} after {last}");
        last = now;
        b.lock_denied(write_lock(byte, 1));
        b.lock(read_lock(100, 1)).unwrap();
        b.unlock(read_lock(100, 1)).unwrap();
        a.test(write_lock(50, 1)).unwrap();
        a.unlock(write_lock(byte, 1)).unwrap();
        assert_eq!(generation(&mut a), last);
        b.lock(write_lock(byte, 1)).unwrap();
        b.unlock(write_lock(byte, 1)).unwrap();
        assert!(generation(&mut a) > last);
        last = generation(&mut a);
    }
}

/// Nobody sets or removes it.
#[test]
fn is_read_only() {
    let place = Place::new();
    let Some(mut a) = locker(&place, "a") else { return };
    a.lock(write_lock(0, 1)).unwrap();
    let before = generation(&mut a);
    let file = a.file.filehandle.clone();
    let no = [Status::Perm, Status::Access, Status::RoFs, Status::Inval];
    for option in [
        setxattr_option4::SETXATTR4_EITHER,
        setxattr_option4::SETXATTR4_CREATE,
        setxattr_option4::SETXATTR4_REPLACE,
    ] {
        refused_with(a.actor.compound_ok(&[op::putfh(&file), op::setxattr(option, NAME, b"0")]), &no);
    }
    refused_with(a.actor.compound_ok(&[op::putfh(&file), op::removexattr(NAME)]), &no);
    assert_eq!(generation(&mut a), before);
}
