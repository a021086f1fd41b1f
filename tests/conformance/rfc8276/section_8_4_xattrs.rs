//! RFC 8276 §8.4: GETXATTR, SETXATTR, LISTXATTRS, REMOVEXATTR.

use crate::support::{Actor, Place, offered, refused, refused_with};
use lockhouse::client::attr::number;
use lockhouse::client::{Error, op};
use lockhouse::nfs4::{Filehandle, Status};
use lockhouse::xdr::generated::nfs4::setxattr_option4::{self, *};
use lockhouse::xdr::generated::nfs4::*;

/// A file and its owner, if the server has extended attributes.
fn with_xattrs() -> Option<(Actor, Filehandle)> {
    let mut a = Place::new().member_of(2, "a");
    let file = a.open_new("f").filehandle;
    offered(set(&mut a, &file, SETXATTR4_EITHER, "first", b"1"))?;
    Some((a, file))
}

fn set(
    actor: &mut Actor,
    file: &Filehandle,
    option: setxattr_option4,
    name: &str,
    value: &[u8],
) -> Result<change_info4, Error> {
    let reply = actor.compound_ok(&[op::putfh(file), op::setxattr(option, name, value)])?;
    reply.find(|result| match result {
        nfs_resop4::OP_SETXATTR(SETXATTR4res::NFS4_OK(change)) => Some(*change),
        _ => None,
    })
}

fn get(actor: &mut Actor, file: &Filehandle, name: &str) -> Result<Vec<u8>, Error> {
    super::value_of(actor, file, name)
}

fn list(actor: &mut Actor, file: &Filehandle, cookie: u64, maxcount: u32) -> Result<LISTXATTRS4resok, Error> {
    let reply = actor.compound_ok(&[op::putfh(file), op::listxattrs(cookie, maxcount)])?;
    reply.find(|result| match result {
        nfs_resop4::OP_LISTXATTRS(LISTXATTRS4res::NFS4_OK(ok)) => Some(ok.clone()),
        _ => None,
    })
}

fn remove(actor: &mut Actor, file: &Filehandle, name: &str) -> Result<(), Error> {
    actor.compound_ok(&[op::putfh(file), op::removexattr(name)]).map(drop)
}

/// §8.4.1, §8.4.2, §8.4.4: what is set is there until it is removed.
#[test]
fn set_get_remove() {
    let Some((mut a, file)) = with_xattrs() else { return };
    assert_eq!(get(&mut a, &file, "first").unwrap(), b"1");
    set(&mut a, &file, SETXATTR4_EITHER, "first", &[0xff, 0, 7]).unwrap();
    assert_eq!(get(&mut a, &file, "first").unwrap(), [0xff, 0, 7]);
    set(&mut a, &file, SETXATTR4_EITHER, "empty", b"").unwrap();
    assert_eq!(get(&mut a, &file, "empty").unwrap(), b"");
    remove(&mut a, &file, "first").unwrap();
    refused(get(&mut a, &file, "first"), Status::NoXattr);
    refused(remove(&mut a, &file, "first"), Status::NoXattr);
}

/// §8.4.2: to create is not to replace.
#[test]
fn options() {
    let Some((mut a, file)) = with_xattrs() else { return };
    refused(set(&mut a, &file, SETXATTR4_CREATE, "first", b"2"), Status::Exist);
    refused(set(&mut a, &file, SETXATTR4_REPLACE, "second", b"2"), Status::NoXattr);
    set(&mut a, &file, SETXATTR4_CREATE, "second", b"2").unwrap();
    set(&mut a, &file, SETXATTR4_REPLACE, "first", b"3").unwrap();
    assert_eq!(get(&mut a, &file, "first").unwrap(), b"3");
}

/// §8.4.2: the change attribute moves, and the result says from what to what.
#[test]
fn change_moves() {
    let Some((mut a, file)) = with_xattrs() else { return };
    let change =
        |a: &mut Actor| a.getattr(&file, &[number::CHANGE]).unwrap().get_u64(number::CHANGE).unwrap();
    let before = change(&mut a);
    let told = set(&mut a, &file, SETXATTR4_EITHER, "first", b"2").unwrap();
    let after = change(&mut a);
    assert_ne!(before, after);
    assert_eq!(told.after, after);
}

/// §8.4.3: all names, also in small steps; the cookie goes on where the last answer ended.
#[test]
fn list_in_steps() {
    let Some((mut a, file)) = with_xattrs() else { return };
    let mut want: Vec<String> = (0..20).map(|number| format!("name-{number}")).collect();
    for name in &want {
        set(&mut a, &file, SETXATTR4_EITHER, name, b"x").unwrap();
    }
    want.push("first".into());
    want.sort();
    let (mut cookie, mut got) = (0, Vec::new());
    loop {
        let step = list(&mut a, &file, cookie, 64).unwrap();
        assert!(step.lxr_eof || !step.lxr_names.is_empty());
        got.extend(step.lxr_names.into_iter().map(|name| String::from_utf8(name.0).unwrap()));
        cookie = step.lxr_cookie;
        if step.lxr_eof {
            break;
        }
    }
    got.retain(|name| !name.starts_with("lockhouse."));
    got.sort();
    assert_eq!(got, want);
    refused(list(&mut a, &file, 0, 1), Status::TooSmall);
}

/// §8.4.1, §8.4.2: names and values that cannot be.
#[test]
fn limits() {
    let Some((mut a, file)) = with_xattrs() else { return };
    refused_with(set(&mut a, &file, SETXATTR4_EITHER, "", b"x"), &[Status::Inval, Status::NameTooLong]);
    let long = "n".repeat(3000);
    refused_with(set(&mut a, &file, SETXATTR4_EITHER, &long, b"x"), &[Status::NameTooLong, Status::Inval]);
    refused_with(get(&mut a, &file, &long), &[Status::NameTooLong, Status::Inval, Status::NoXattr]);
}

/// §8.2: a server that has them says so, of each file system.
#[test]
fn support_is_an_attribute() {
    let mut a = Place::new().member_of(2, "a");
    let file = a.open_new("f").filehandle;
    let said = a.getattr(&file, &[number::XATTR_SUPPORT]).unwrap().get_u32(number::XATTR_SUPPORT);
    let has = set(&mut a, &file, SETXATTR4_EITHER, "n", b"v").is_ok();
    assert_eq!(said.unwrap_or(0) != 0, has);
}
