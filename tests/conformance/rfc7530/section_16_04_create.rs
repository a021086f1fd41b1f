//! RFC 7530 §16.4, §16.26, §16.9, §16.25: CREATE, REMOVE, LINK, READLINK.

use crate::support::{Place, refused, refused_with};
use lockhouse::client::{Attributes, attr, op};
use lockhouse::nfs4::{Stateid, Status};
use lockhouse::xdr::generated::nfs4::{createtype4, linktext4, nfs_ftype4, specdata4};

/// Every kind of object that CREATE makes.
fn kinds() -> [(createtype4, nfs_ftype4); 6] {
    let device = specdata4 { specdata1: 7, specdata2: 9 };
    [
        (createtype4::NF4DIR, nfs_ftype4::NF4DIR),
        (createtype4::NF4LNK(linktext4(b"target".to_vec())), nfs_ftype4::NF4LNK),
        (createtype4::NF4FIFO, nfs_ftype4::NF4FIFO),
        (createtype4::NF4SOCK, nfs_ftype4::NF4SOCK),
        (createtype4::NF4BLK(device), nfs_ftype4::NF4BLK),
        (createtype4::NF4CHR(device), nfs_ftype4::NF4CHR),
    ]
}

/// §16.4.4: each kind of object is made, is what it is, is found by its name, and is there once.
#[test]
fn every_kind_is_made() {
    let place = Place::new();
    let mut client = place.stranger();
    for (index, (what, kind)) in kinds().into_iter().enumerate() {
        let name = format!("object {index}");
        let create = || op::create(what.clone(), &name, &Attributes::new().mode(0o700));
        let made = client.create(&place.dir, create()).unwrap();
        assert_eq!(client.lookup(&place.dir, &name).unwrap(), made);
        let attributes = client.getattr(&made, &[attr::number::TYPE, attr::number::RAWDEV]).unwrap();
        assert_eq!(attributes.get_u32(attr::number::TYPE), Some(kind as u32));
        if matches!(kind, nfs_ftype4::NF4BLK | nfs_ftype4::NF4CHR) {
            assert_eq!(attributes.bytes(attr::number::RAWDEV), Some(&[0, 0, 0, 7, 0, 0, 0, 9][..]));
        }
        refused(client.create(&place.dir, create()), Status::Exist);
    }
}

/// §16.4.4: regular files are made by OPEN: `NFS4ERR_BADTYPE`; so are kinds that only named attributes have.
#[test]
fn regular_files_are_not_made() {
    let place = Place::new();
    let mut client = place.stranger();
    for kind in [nfs_ftype4::NF4REG, nfs_ftype4::NF4ATTRDIR, nfs_ftype4::NF4NAMEDATTR] {
        let create = op::create(createtype4::default(kind), "x", &Attributes::new());
        refused(client.create(&place.dir, create), Status::BadType);
    }
}

/// §16.4.4: the attributes are set at once.
#[test]
fn attributes_are_set() {
    let place = Place::new();
    let mut client = place.stranger();
    for mode in [0o755, 0o700, 0o1777] {
        let create = op::create(createtype4::NF4DIR, format!("d{mode}"), &Attributes::new().mode(mode));
        let made = client.create(&place.dir, create).unwrap();
        assert_eq!(client.getattr(&made, &[33]).unwrap().get_u32(attr::number::MODE), Some(mode));
    }
    let create = op::create(createtype4::NF4DIR, "bad", &Attributes::new().u64(attr::number::FILEID, 1));
    refused_with(client.create(&place.dir, create), &[Status::Inval, Status::AttrNotSupp]);
    refused(client.lookup(&place.dir, "bad"), Status::NoEnt);
}

/// §16.4.5: the current filehandle must be a directory.
#[test]
fn parent_must_be_a_directory() {
    let place = Place::new();
    let mut a = place.actor("a");
    let file = a.open_new("f").filehandle;
    refused(a.mkdir(&file, "x"), Status::NotDir);
    refused(a.remove(&file, "x"), Status::NotDir);
    refused(a.compound_ok(&[op::mkdir("x")]), Status::NoFilehandle);
    refused(a.compound_ok(&[op::remove("x")]), Status::NoFilehandle);
    let link = a.symlink(&place.dir, "link", "f").unwrap();
    refused_with(a.mkdir(&link, "x"), &[Status::NotDir, Status::Symlink]);
}

/// §12.7: names: empty is `NFS4ERR_INVAL`, `.` and `..` are `NFS4ERR_BADNAME`, `/` and NUL are `NFS4ERR_BADCHAR`,
/// bytes that are not UTF-8 are `NFS4ERR_INVAL` (servers that do not look at names may take them), too many are
/// `NFS4ERR_NAMETOOLONG`.
#[test]
fn names_are_checked() {
    let place = Place::new();
    let mut client = place.stranger();
    let too_long = vec![b'n'; 4000];
    for (name, allowed) in [
        (&b""[..], &[Status::Inval][..]),
        (b".", &[Status::BadName]),
        (b"..", &[Status::BadName]),
        (b"a/b", &[Status::BadChar, Status::BadName]),
        (b"a\0b", &[Status::BadChar, Status::Inval, Status::BadName]),
        (&too_long, &[Status::NameTooLong]),
    ] {
        refused_with(client.mkdir(&place.dir, name), allowed);
        refused_with(client.lookup(&place.dir, name), allowed);
        refused_with(client.remove(&place.dir, name), allowed);
        client.mkdir(&place.dir, "source").ok();
        refused_with(client.rename(&place.dir, "source", name), allowed);
    }
    match client.mkdir(&place.dir, b"\xff\xfe") {
        Ok(_) => {}
        refusal => refused(refusal, Status::Inval),
    }
}

/// §12.7: a name as long as `maxname` says works, one byte more does not.
#[test]
fn longest_name() {
    let place = Place::new();
    let mut client = place.stranger();
    let maxname = client.getattr(&place.dir, &[attr::number::MAXNAME]).unwrap();
    let length = maxname.get_u32(attr::number::MAXNAME).unwrap() as usize;
    client.mkdir(&place.dir, vec![b'n'; length]).unwrap();
    refused(client.mkdir(&place.dir, vec![b'n'; length + 1]), Status::NameTooLong);
}

/// §16.26.4: what is removed is gone, and only that.
#[test]
fn removed_is_gone() {
    let place = Place::new();
    let mut client = place.stranger();
    client.mkdir(&place.dir, "keep").unwrap();
    for (index, (what, _)) in kinds().into_iter().enumerate() {
        let name = format!("object {index}");
        client.create(&place.dir, op::create(what, &name, &Attributes::new())).unwrap();
        client.remove(&place.dir, &name).unwrap();
        refused(client.lookup(&place.dir, &name), Status::NoEnt);
        refused(client.remove(&place.dir, &name), Status::NoEnt);
    }
    client.lookup(&place.dir, "keep").unwrap();
}

/// §16.26.4: a directory must be empty.
#[test]
fn directory_must_be_empty() {
    let place = Place::new();
    let mut client = place.stranger();
    let dir = client.mkdir(&place.dir, "dir").unwrap();
    client.mkdir(&dir, "inside").unwrap();
    refused_with(client.remove(&place.dir, "dir"), &[Status::NotEmpty, Status::Exist]);
    client.remove(&dir, "inside").unwrap();
    client.remove(&place.dir, "dir").unwrap();
}

/// §16.9.4: a second name for the same object.
#[test]
fn hard_link() {
    let place = Place::new();
    let mut a = place.actor("a");
    let file = a.open_new("f");
    let link =
        |name: &str| [op::putfh(&file.filehandle), op::savefh(), op::putfh(&place.dir), op::link(name)];
    a.compound_ok(&link("g")).unwrap();
    assert_eq!(a.lookup(&place.dir, "g").unwrap(), file.filehandle);
    let links = a.getattr(&file.filehandle, &[attr::number::NUMLINKS]).unwrap();
    assert_eq!(links.get_u32(attr::number::NUMLINKS), Some(2));
    refused(a.compound_ok(&link("g")), Status::Exist);
    a.remove(&place.dir, "f").unwrap();
    a.write(&file.filehandle, file.stateid, 0, b"still here").unwrap();
    let links = a.getattr(&file.filehandle, &[attr::number::NUMLINKS]).unwrap();
    assert_eq!(links.get_u32(attr::number::NUMLINKS), Some(1));
}

/// §16.9.5: directories have one name; the target must be a directory; both filehandles are needed.
#[test]
fn links_that_cannot_be() {
    let place = Place::new();
    let mut a = place.actor("a");
    let file = a.open_new("f").filehandle;
    let dir = a.mkdir(&place.dir, "dir").unwrap();
    let put = op::putfh;
    let link = |name: &str| op::link(name);
    refused(a.compound_ok(&[put(&dir), op::savefh(), put(&place.dir), link("x")]), Status::IsDir);
    refused(a.compound_ok(&[put(&file), op::savefh(), put(&file), link("x")]), Status::NotDir);
    refused(a.compound_ok(&[put(&place.dir), link("x")]), Status::NoFilehandle);
    refused(a.compound_ok(&[put(&file), op::savefh(), put(&place.dir), link("")]), Status::Inval);
    refused(a.compound_ok(&[put(&file), op::savefh(), put(&place.dir), link("..")]), Status::BadName);
}

/// §16.25: the text of a link comes back as it was; what is no link is `NFS4ERR_INVAL` (a directory may be
/// `NFS4ERR_ISDIR`).
#[test]
fn link_text() {
    let place = Place::new();
    let mut a = place.actor("a");
    for (index, text) in
        [&b"f"[..], b"../up/and/away", b"/absolute", "täxt".as_bytes(), &[b'l'; 1000]].into_iter().enumerate()
    {
        let link = a.symlink(&place.dir, format!("link {index}"), text).unwrap();
        assert_eq!(a.readlink(&link).unwrap(), text);
        let size = a.getattr(&link, &[attr::number::SIZE]).unwrap();
        assert_eq!(size.get_u64(attr::number::SIZE), Some(text.len() as u64));
    }
    let file = a.open_new("f").filehandle;
    refused(a.readlink(&file), Status::Inval);
    refused_with(a.readlink(&place.dir), &[Status::Inval, Status::IsDir]);
    refused(a.compound_ok(&[op::readlink()]), Status::NoFilehandle);
    refused_with(a.symlink(&place.dir, "empty", ""), &[Status::Inval]);
}

/// §4.2.1: a filehandle of what was removed is `NFS4ERR_STALE`, once nobody has it open.
#[test]
fn filehandle_of_the_removed_is_stale() {
    let place = Place::new();
    let mut a = place.actor("a");
    let mut file = a.open_new("f");
    let dir = a.mkdir(&place.dir, "d").unwrap();
    a.close(&mut file).unwrap();
    a.remove(&place.dir, "f").unwrap();
    a.remove(&place.dir, "d").unwrap();
    refused(a.getattr(&dir, &[1]), Status::Stale);
    refused(a.read(&file.filehandle, Stateid::ANONYMOUS, 0, 1), Status::Stale);
    // The name can be used again, for something else.
    let again = a.mkdir(&place.dir, "d").unwrap();
    assert_ne!(again, dir);
    refused(a.getattr(&dir, &[1]), Status::Stale);
}
