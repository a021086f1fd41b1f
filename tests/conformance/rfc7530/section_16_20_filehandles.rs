//! RFC 7530 §16.8, §16.13, §16.14, §16.20 to §16.22, §16.29 to §16.31, §16.1, §16.17, §16.5: moving between
//! filehandles, and asking about them.

use crate::support::{Place, refused, refused_with};
use lockhouse::client::filehandle_of;
use lockhouse::client::{Attributes, Credential, op};
use lockhouse::nfs4::{Filehandle, Stateid, Status};
use lockhouse::xdr::generated::nfs4::{SECINFO4res, nfs_resop4};

const READ: u32 = 0x01;
const LOOKUP: u32 = 0x02;
const MODIFY: u32 = 0x04;
const EXTEND: u32 = 0x08;
const DELETE: u32 = 0x10;
const EXECUTE: u32 = 0x20;

/// §16.22, §16.21: the root is always the same, and on most servers the public filehandle is it.
#[test]
fn root_and_public() {
    let mut client = Place::new().stranger();
    assert_eq!(client.root().unwrap(), client.root().unwrap());
    let public = client.compound_ok(&[op::putpubfh(), op::getfh()]).unwrap();
    let public = filehandle_of(&public).unwrap();
    client.compound_ok(&[op::putfh(&public), op::getattr(&[1])]).unwrap();
}

/// §16.20.5: bytes that no server gave out are `NFS4ERR_BADHANDLE` (or `NFS4ERR_STALE`, if they look like an old
/// one).
#[test]
fn invented_filehandles() {
    let place = Place::new();
    let mut client = place.stranger();
    let mut changed = place.dir.as_bytes().to_vec();
    changed.iter_mut().for_each(|byte| *byte ^= 0x55);
    for bytes in [&b""[..], b"x", &[0; 128], &[0xff; 64], &changed] {
        let reply = client.compound_ok(&[op::putfh_bytes(bytes), op::getattr(&[1])]);
        refused_with(reply, &[Status::BadHandle, Status::Stale]);
    }
}

/// §16.20: a filehandle with one changed bit is not one of ours, whichever bit it is. (No server must; one that can
/// be asked for any object by guessing is open to all.)
#[test]
fn filehandles_cannot_be_guessed() {
    let place = Place::new();
    let mut client = place.stranger();
    let good = place.dir.as_bytes().to_vec();
    for bit in (0..good.len() * 8).step_by(7) {
        let mut changed = good.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let reply = client.compound_ok(&[op::putfh_bytes(&changed), op::getattr(&[1])]);
        refused_with(reply, &[Status::BadHandle, Status::Stale]);
    }
}

/// §16.13: LOOKUP finds names in directories only.
#[test]
fn lookup() {
    let place = Place::new();
    let mut a = place.actor("a");
    let file = a.open_new("f").filehandle;
    let link = a.symlink(&place.dir, "link", "f").unwrap();
    assert_eq!(a.lookup(&place.dir, "f").unwrap(), file);
    refused(a.lookup(&place.dir, "missing"), Status::NoEnt);
    refused(a.lookup(&file, "x"), Status::NotDir);
    refused(a.lookup(&link, "x"), Status::Symlink);
    refused(a.compound_ok(&[op::lookup("x")]), Status::NoFilehandle);
}

/// §16.13 (NFS4ERR_ACCESS): searching needs the x bit.
#[test]
fn lookup_needs_search_permission() {
    let place = Place::new();
    let mut root = place.stranger();
    let dir = root.mkdir(&place.dir, "closed").unwrap();
    root.mkdir(&dir, "inside").unwrap();
    let mut user = place.stranger();
    user.credential = Credential::sys(4242, 4242);
    user.lookup(&dir, "inside").unwrap();
    root.setattr(&dir, Stateid::ANONYMOUS, &Attributes::new().mode(0o744)).unwrap();
    refused(user.lookup(&dir, "inside"), Status::Access);
    refused_with(user.mkdir(&dir, "more"), &[Status::Access]);
    refused_with(user.remove(&dir, "inside"), &[Status::Access]);
}

/// §16.14: LOOKUPP goes up, and from the root nowhere.
#[test]
fn lookupp() {
    let place = Place::new();
    let mut a = place.actor("a");
    let dir = a.mkdir(&place.dir, "d").unwrap();
    let reply = a.compound_ok(&[op::putfh(&dir), op::lookupp(), op::getfh()]).unwrap();
    assert_eq!(filehandle_of(&reply).unwrap(), place.dir);
    refused(a.compound_ok(&[op::putrootfh(), op::lookupp()]), Status::NoEnt);
    let file = a.open_new("f").filehandle;
    refused(a.compound_ok(&[op::putfh(&file), op::lookupp()]), Status::NotDir);
    refused(a.compound_ok(&[op::lookupp()]), Status::NoFilehandle);
}

/// §16.29, §16.30: SAVEFH keeps, RESTOREFH brings back, as often as one likes.
#[test]
fn save_and_restore() {
    let place = Place::new();
    let mut client = place.stranger();
    let ops =
        [op::putfh(&place.dir), op::savefh(), op::putrootfh(), op::restorefh(), op::getfh(), op::restorefh()];
    assert_eq!(filehandle_of(&client.compound_ok(&ops).unwrap()).unwrap(), place.dir);
    refused(client.compound_ok(&[op::putrootfh(), op::restorefh()]), Status::RestoreFh);
    refused(client.compound_ok(&[op::restorefh()]), Status::RestoreFh);
    refused(client.compound_ok(&[op::savefh()]), Status::NoFilehandle);
}

/// §4.2.2: a filehandle stays the same over lookups, renames and whatever happens around it.
#[test]
fn filehandles_are_persistent() {
    let place = Place::new();
    let mut client = place.stranger();
    let dir: Filehandle = client.mkdir(&place.dir, "a").unwrap();
    client.rename(&place.dir, "a", "b").unwrap();
    client.mkdir(&place.dir, "a").unwrap();
    assert_eq!(client.lookup(&place.dir, "b").unwrap(), dir);
    assert_ne!(client.lookup(&place.dir, "a").unwrap(), dir);
}

/// §16.31: SECINFO names at least one flavor; it needs a directory and a good name that is there.
#[test]
fn secinfo() {
    let place = Place::new();
    let mut a = place.actor("a");
    let file = a.open_new("f").filehandle;
    let reply = a.compound_ok(&[op::putfh(&place.dir), op::secinfo("f")]).unwrap();
    let flavors = reply.find(|result| match result {
        nfs_resop4::OP_SECINFO(SECINFO4res::NFS4_OK(ok)) => Some(ok.0.len()),
        _ => None,
    });
    assert!(flavors.unwrap() > 0);
    refused(a.compound_ok(&[op::putfh(&place.dir), op::secinfo("missing")]), Status::NoEnt);
    refused(a.compound_ok(&[op::putfh(&file), op::secinfo("x")]), Status::NotDir);
    refused(a.compound_ok(&[op::putfh(&place.dir), op::secinfo("")]), Status::Inval);
    refused(a.compound_ok(&[op::secinfo("x")]), Status::NoFilehandle);
}

/// §16.1: ACCESS tells by user, group and others what the mode allows, and judges only bits that make sense for the
/// object.
#[test]
fn access() {
    let place = Place::new();
    let mut a = place.actor("a");
    let file = a.open_new("f").filehandle;
    let owner = Attributes::new().mode(0o640).text(36, "4242").text(37, "4343");
    a.setattr(&file, Stateid::ANONYMOUS, &owner).unwrap();
    let all = READ | MODIFY | EXTEND | EXECUTE;
    for (uid, gid, allowed) in [(4242, 1, READ | MODIFY | EXTEND), (1, 4343, READ), (1, 1, 0)] {
        let mut user = place.stranger();
        user.credential = Credential::sys(uid, gid);
        let (supported, access) = user.access(&file, all).unwrap();
        assert_eq!(supported & all, supported, "more than was asked for");
        assert_eq!(access, allowed & supported, "{uid}/{gid}");
        assert_eq!(supported & (READ | MODIFY | EXTEND), READ | MODIFY | EXTEND);
    }
    // A supplementary group counts.
    let mut user = place.stranger();
    user.credential = Credential::Sys { machine: String::new(), uid: 1, gid: 1, gids: vec![7, 4343] };
    assert_eq!(user.access(&file, READ | MODIFY).unwrap().1, READ);
}

/// §16.1.4: for directories LOOKUP and DELETE matter; nothing asked, nothing told.
#[test]
fn access_of_directories() {
    let place = Place::new();
    let mut client = place.stranger();
    let (supported, access) = client.access(&place.dir, READ | LOOKUP | MODIFY | EXTEND | DELETE).unwrap();
    assert_eq!(supported & (READ | LOOKUP | MODIFY | EXTEND), READ | LOOKUP | MODIFY | EXTEND);
    assert_eq!(access, supported);
    assert_eq!(client.access(&place.dir, 0).unwrap(), (0, 0));
    refused(client.compound_ok(&[op::access(READ)]), Status::NoFilehandle);
}

/// §16.17: named attributes are `NFS4ERR_NOTSUPP` where there are none; where there are, there is a directory.
#[test]
fn openattr() {
    let place = Place::new();
    let mut client = place.stranger();
    match client.compound_ok(&[op::putfh(&place.dir), op::openattr(false), op::getfh()]) {
        Ok(reply) => assert!(filehandle_of(&reply).is_ok()),
        refusal => refused_with(refusal, &[Status::NotSupp, Status::NoEnt]),
    }
    refused_with(client.compound_ok(&[op::openattr(false)]), &[Status::NoFilehandle, Status::NotSupp]);
}

/// §16.5, §16.6: without delegations there is nothing to purge and nothing to return.
#[test]
fn delegations() {
    let place = Place::new();
    let mut a = place.actor("a");
    let purge = op::delegpurge(a.clientid);
    match a.compound_ok(&[purge]) {
        Ok(_) => {}
        refusal => refused(refusal, Status::NotSupp),
    }
    let file = a.open_new("f");
    let invented = Stateid { seqid: 1, other: [0x5a; 12] };
    let reply = a.compound_ok(&[op::putfh(&file.filehandle), op::delegreturn(invented)]);
    refused_with(reply, &[Status::BadStateid, Status::StaleStateid, Status::NotSupp]);
}
