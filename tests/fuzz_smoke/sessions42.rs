//! A dialogue of NFSv4.2: holes, copies, extended attributes.

use crate::dialogue::{Dialogue, Fate};
use crate::sessions::{Peer, at};
use lockhouse::client::op;
use lockhouse::xdr::generated::nfs4::*;

pub fn extents() -> Dialogue {
    let mut d = Dialogue::default();
    let mut a = Peer::new(&mut d, (0, 0), 2, "a");
    let (from, to) = (a.open(&mut d, "from"), a.open(&mut d, "to"));
    let data = op::write(from, 0, stable_how4::FILE_SYNC4, &[7; 100]);
    a.ok(&mut d, at("from", [data, op::allocate(from, 0, 10_000)]));
    a.ok(&mut d, at("from", [op::deallocate(from, 4096, 4096)]));
    for (what, offset) in [(data_content4::NFS4_CONTENT_DATA, 0), (data_content4::NFS4_CONTENT_HOLE, 10)] {
        a.ok(&mut d, at("from", [op::seek(from, offset, what)]));
    }
    let behind = op::seek(from, 1 << 40, data_content4::NFS4_CONTENT_DATA);
    a.send(&mut d, Fate::Again, at("from", [behind]), nfsstat4::NFS4ERR_NXIO);
    let both = |last: nfs_argop4| {
        [op::savefh(), op::putrootfh(), op::lookup("to"), last].into_iter().collect::<Vec<_>>()
    };
    a.ok(&mut d, at("from", both(op::copy((from, 0), (to, 50), 0))));
    a.send(&mut d, Fate::Again, at("from", both(op::clone((from, 0), (to, 0), 0))), nfsstat4::NFS4_OK);
    a.send(&mut d, Fate::Waits, at("from", [op::read_plus(from, 0, 100)]), nfsstat4::NFS4ERR_NOTSUPP);
    d
}

pub fn xattrs() -> Dialogue {
    let mut d = Dialogue::default();
    let mut a = Peer::new(&mut d, (0, 0), 2, "a");
    a.open(&mut d, "f");
    let set = |how, value| op::setxattr(how, "user.x", value);
    a.send(&mut d, Fate::Again, at("f", [set(setxattr_option4::SETXATTR4_CREATE, b"1")]), nfsstat4::NFS4_OK);
    let twice = at("f", [set(setxattr_option4::SETXATTR4_CREATE, b"2")]);
    a.send(&mut d, Fate::Waits, twice, nfsstat4::NFS4ERR_EXIST);
    a.ok(&mut d, at("f", [set(setxattr_option4::SETXATTR4_REPLACE, b"22")]));
    a.ok(&mut d, at("f", [op::getxattr("user.x"), op::listxattrs(0, 200)]));
    a.ok(&mut d, at("f", [op::removexattr("user.x")]));
    a.send(&mut d, Fate::Waits, at("f", [op::getxattr("user.x")]), nfsstat4::NFS4ERR_NOXATTR);
    d
}
