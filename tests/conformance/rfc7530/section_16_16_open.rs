//! RFC 7530 §16.16: OPEN.

use crate::support::{Place, refused, refused_with};
use lockhouse::client::{Attributes, Claim, Credential, OpenHow, OpenRequest, attr, op};
use lockhouse::nfs4::{Stateid, Status};
use lockhouse::xdr::generated::nfs4::{OPEN4res, nfs_ftype4, nfs_resop4, open_delegation4};

/// §16.16.4: without creation the file must be there.
#[test]
fn missing_file() {
    let mut a = Place::new().actor("a");
    refused(a.open_as("o", &OpenRequest::existing("missing")), Status::NoEnt);
}

/// §16.16.4: UNCHECKED4 creates, and opens what is there without touching its attributes, but for a size of 0.
#[test]
fn unchecked_creation() {
    let mut a = Place::new().actor("a");
    let attributes = Attributes::new().mode(0o600);
    let create = OpenRequest::create("f").how(OpenHow::Unchecked(attributes));
    let file = a.open_as("one", &create).unwrap();
    a.write(&file.filehandle, file.stateid, 0, b"hello").unwrap();
    let again = OpenRequest::create("f").how(OpenHow::Unchecked(Attributes::new().mode(0o777)));
    let same = a.open_as("two", &again).unwrap();
    assert_eq!(same.filehandle, file.filehandle);
    let now = a.getattr(&file.filehandle, &[attr::number::SIZE, attr::number::MODE]).unwrap();
    assert_eq!((now.get_u64(attr::number::SIZE), now.get_u32(attr::number::MODE)), (Some(5), Some(0o600)));
    let truncate = OpenRequest::create("f").how(OpenHow::Unchecked(Attributes::new().size(0)));
    a.open_as("three", &truncate).unwrap();
    let now = a.getattr(&file.filehandle, &[attr::number::SIZE]).unwrap();
    assert_eq!(now.get_u64(attr::number::SIZE), Some(0));
}

/// §16.16.4: GUARDED4 wants the name to be free.
#[test]
fn guarded_creation() {
    let mut a = Place::new().actor("a");
    let create = OpenRequest::create("f").how(OpenHow::Guarded(Attributes::new().mode(0o640)));
    let file = a.open_as("one", &create).unwrap();
    let now = a.getattr(&file.filehandle, &[attr::number::MODE]).unwrap();
    assert_eq!(now.get_u32(attr::number::MODE), Some(0o640));
    refused(a.open_as("two", &create), Status::Exist);
}

/// §16.16.4: EXCLUSIVE4 with the verifier that created the file opens it again, with another one it is
/// `NFS4ERR_EXIST`.
#[test]
fn exclusive_creation() {
    let place = Place::new();
    let (mut a, mut b) = (place.actor("a"), place.actor("b"));
    let create = OpenRequest::create("f").how(OpenHow::Exclusive(*b"verifier"));
    let file = a.open_as("one", &create).unwrap();
    let again = a.open_as("two", &create).unwrap();
    assert_eq!(again.filehandle, file.filehandle);
    let other = OpenRequest::create("f").how(OpenHow::Exclusive(*b"another "));
    refused(b.open_as("b", &other), Status::Exist);
    // The client sets the attributes afterwards; the file works like any other.
    let mode = Attributes::new().mode(0o644);
    a.setattr(&file.filehandle, file.stateid, &mode).unwrap();
    a.write(&file.filehandle, file.stateid, 0, b"x").unwrap();
}

/// §16.16.4: EXCLUSIVE4 over a file that was made otherwise is `NFS4ERR_EXIST`.
#[test]
fn exclusive_over_an_ordinary_file() {
    let mut a = Place::new().actor("a");
    a.open_new("f");
    let create = OpenRequest::create("f").how(OpenHow::Exclusive([0; 8]));
    refused(a.open_as("o", &create), Status::Exist);
}

/// §16.16.4: an attribute that cannot be set at creation is `NFS4ERR_INVAL` or `NFS4ERR_ATTRNOTSUPP`, and no file is
/// made.
#[test]
fn attributes_of_creation_are_checked() {
    let place = Place::new();
    let mut a = place.actor("a");
    for (name, attributes) in
        [("type", Attributes::new().u32(attr::number::TYPE, 1)), ("fileid", Attributes::new().u64(20, 7))]
    {
        let create = OpenRequest::create(name).how(OpenHow::Guarded(attributes));
        refused_with(a.open_as(name, &create), &[Status::Inval, Status::AttrNotSupp]);
        refused(a.lookup(&place.dir, name), Status::NoEnt);
    }
}

/// §16.16.5: OPEN is for regular files: `NFS4ERR_ISDIR`, `NFS4ERR_SYMLINK`, and `NFS4ERR_INVAL` or `NFS4ERR_SYMLINK`
/// for others.
#[test]
fn only_regular_files_are_opened() {
    let place = Place::new();
    let mut a = place.actor("a");
    a.mkdir(&place.dir, "dir").unwrap();
    a.symlink(&place.dir, "link", "f").unwrap();
    refused(a.open_as("1", &OpenRequest::existing("dir")), Status::IsDir);
    refused(a.open_as("2", &OpenRequest::existing("link")), Status::Symlink);
    let create = OpenRequest::create("dir");
    refused_with(a.open_as("3", &create), &[Status::IsDir, Status::Exist]);
    refused_with(a.open_as("4", &OpenRequest::create("link")), &[Status::Symlink, Status::Exist]);
}

/// §16.16.5: the current filehandle must be a directory.
#[test]
fn current_filehandle_must_be_a_directory() {
    let place = Place::new();
    let mut a = place.actor("a");
    let file = a.open_new("f");
    let link = a.symlink(&place.dir, "link", "f").unwrap();
    let mut owner = a.open_owner("o");
    refused(a.open(&mut owner, &file.filehandle, &OpenRequest::existing("x")), Status::NotDir);
    refused_with(a.open(&mut owner, &link, &OpenRequest::existing("x")), &[Status::NotDir, Status::Symlink]);
    refused(a.compound_ok(&[OpenRequest::existing("f").op(&owner)]), Status::NoFilehandle);
}

/// §16.16.5, §12.7: names are checked.
#[test]
fn names_are_checked() {
    let mut a = Place::new().actor("a");
    let too_long = vec![b'n'; 4000];
    for (name, allowed) in [
        (&b""[..], &[Status::Inval][..]),
        (b".", &[Status::BadName]),
        (b"..", &[Status::BadName]),
        (b"a/b", &[Status::BadChar, Status::BadName]),
        (&too_long, &[Status::NameTooLong]),
    ] {
        refused_with(a.open_as("o", &OpenRequest::create(name)), allowed);
    }
}

/// §16.16.4: `CLAIM_PREVIOUS` outside the grace period is `NFS4ERR_NO_GRACE`.
#[test]
fn reclaim_without_grace() {
    let mut a = Place::new().actor("a");
    let file = a.open_new("f");
    let reclaim = OpenRequest { claim: Claim::Previous, ..OpenRequest::existing("") };
    let mut owner = a.open_owner("o");
    refused(a.open(&mut owner, &file.filehandle, &reclaim), Status::NoGrace);
}

/// §16.16.5: an unknown clientid is `NFS4ERR_STALE_CLIENTID`.
#[test]
fn unknown_clientid() {
    let place = Place::new();
    let mut a = place.actor("a");
    let mut owner = a.open_owner("o");
    owner.clientid ^= 0x0123_4567_89ab_cdef;
    refused(a.open(&mut owner, &place.dir, &OpenRequest::create("f")), Status::StaleClientid);
}

/// §16.16.4: OPEN asks for the permissions of the file, whatever the open owner.
#[test]
fn permissions_are_asked_for() {
    let place = Place::new();
    let mut root = place.actor("root");
    let file = root.open_new("f");
    root.setattr(&file.filehandle, Stateid::ANONYMOUS, &Attributes::new().mode(0o640)).unwrap();
    let mut user = place.actor_as("user", Credential::sys(4242, 4242));
    for access in [1, 2, 3] {
        let owner = format!("o{access}");
        refused(user.open_as(&owner, &OpenRequest::existing("f").share(access, 0)), Status::Access);
    }
    root.setattr(&file.filehandle, Stateid::ANONYMOUS, &Attributes::new().mode(0o644)).unwrap();
    user.open_as("reader", &OpenRequest::existing("f").share(1, 0)).unwrap();
    refused(user.open_as("writer", &OpenRequest::existing("f").share(2, 0)), Status::Access);
}

/// §16.16.4: the creator owns the file and may write it whatever mode it gave.
#[test]
fn creator_may_write_what_it_made() {
    let place = Place::new();
    let mut user = place.actor_as("user", Credential::sys(4242, 4343));
    let create = OpenRequest::create("f").how(OpenHow::Guarded(Attributes::new().mode(0o444)));
    let file = user.open_as("o", &create).unwrap();
    user.write(&file.filehandle, file.stateid, 0, b"x").unwrap();
    let now = user.getattr(&file.filehandle, &[attr::number::OWNER, attr::number::OWNER_GROUP]).unwrap();
    let numeric = |number| now.get_opaque(number).map(<[u8]>::to_vec);
    assert_eq!(numeric(attr::number::OWNER), Some(b"4242".to_vec()));
    assert_eq!(numeric(attr::number::OWNER_GROUP), Some(b"4343".to_vec()));
}

/// §16.16.4: OPEN makes the file the current filehandle.
#[test]
fn current_filehandle_is_the_file() {
    let place = Place::new();
    let mut a = place.actor("a");
    let file = a.open_new("f");
    assert_eq!(file.filehandle, a.lookup(&place.dir, "f").unwrap());
    let kind = a.getattr(&file.filehandle, &[attr::number::TYPE]).unwrap();
    assert_eq!(kind.get_u32(attr::number::TYPE), Some(nfs_ftype4::NF4REG as u32));
}

/// §10.4: a client whose callback cannot be reached is given no delegation, so that nobody is held up by one.
#[test]
fn no_delegation_without_callback() {
    let place = Place::new();
    let mut a = place.actor("a");
    let owner = a.open_new("f").owner;
    let open = OpenRequest::existing("f").share(1, 0).op(&owner);
    let reply = a.compound_ok(&[op::putfh(&place.dir), open]).unwrap();
    let delegation = reply.find(|result| match result {
        nfs_resop4::OP_OPEN(OPEN4res::NFS4_OK(ok)) => Some(ok.delegation.clone()),
        _ => None,
    });
    assert_eq!(delegation.unwrap(), open_delegation4::OPEN_DELEGATE_NONE);
}
